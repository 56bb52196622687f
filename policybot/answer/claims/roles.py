"""A place, body or scope that a question takes for granted, held against the sentence about the rest of it.

"How does Xiamen's 碳惠宜 platform reward residents?" presupposes that the platform is Xiamen's; the one
sentence that carries all the rest names Zhenjiang. "The pilot list goes to the environment ministry, doesn't
it?" names another body than the clause does. Corrected only where the question asserts the thing (says it
aside, asks why or how, or asks to confirm it), where one sentence carries nearly everything else of that, has
another one of the kind, and no sentence with the claimed one comes near.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from policybot.answer.evidence.excerpt import tidy
from policybot.answer.evidence.pool import Pool, Scored
from policybot.answer.evidence.quoting import Quoter
from policybot.answer.matching.match import Concept, Weigher, covers
from policybot.answer.model import Step
from policybot.answer.question.ask import Ask
from policybot.answer.question.claimed import assertion
from policybot.answer.wording.compose import line
from policybot.answer.wording.draft import Draft, Finding
from policybot.answer.wording.labels import Labels
from policybot.patterns import lazy_pattern

_COVER = 0.74  # share of the rest of what is asserted that the sentence and what stands around it must carry
_OWN = 0.5  # … that the sentence itself must carry
_TELLING = 0.62  # weight of a word in the sentence that says what it is about
_APART = 0.25  # a sentence with the claimed one must carry less than the chosen one by this much
_SENTENCES = 12
_WORST = 0.6  # weight of a word that the sentence lacks, from which on nothing is corrected
_UNIQUE = 0.9  # weight of a word that hardly another clause has
_COVER_UNIQUE, _WORST_UNIQUE = 0.55, 0.8  # … and what is then asked of the sentence that has it
_SAYS = 0.8  # weight of what is asserted beside the claimed thing
_DECIDED = 0.35
_BODY = lazy_pattern(
    r"(?:部|委员会|改革委|银行|规划署|开发署|总局|能源局|秘书处|秘书长|理事会|气象组织|国务院|财政部|领导小组|办公室|人民政府)$"
)
_BODIES = lazy_pattern(
    r"(?:[\u4e00-\u9fff]{1,6}(?:部|委员会|改革委|银行|规划署|总局|能源局|秘书处|秘书长|理事会|组织)|国务院|领导小组|人民政府)(?!门|分|署|件|委)"
)
_OPPOSITES = (
    ("农村", "城镇"),
    ("农房", "城镇"),
    ("乡村", "城镇"),
    ("既有", "新建"),
    ("发达", "发展中"),
    ("强制", "自愿"),
    ("未列入附件一", "附件一所列"),
)
_PUT = lazy_pattern(
    r"^(?:选择?|挑选?|定|放|地[方点]|城市|建|搞|拿|拿出|choos\w*|chose\w*|pick\w*|select\w*|place|places|venue|site|city"
    r"|province|country|goes|go|went|come|comes|held|based|panel|body|one|there|here|rather|already|uses?|used|using|拿|当|上|goes)$"
)
_SAID = 0.3  # weight factor of a word that says how something is put


class RoleClaimMaker:
    """Finds a place, body or scope that a question asserts and the documents give to another one."""

    def __init__(self, pool: Pool, quoter: Quoter, labels: Labels, weigh: Weigher) -> None:
        self.pool = pool
        self.quoter = quoter
        self.labels = labels
        self.weigh = weigh

    def draft(self, ask: Ask, ranked: Sequence[Scored]) -> tuple[Draft, Ask] | None:
        """The correction with the part of the question that it is about; None where nothing is wrong."""
        kinds = [(c, kind) for c in ask.concepts if (kind := self._kind(c))]
        if not kinds:
            return None
        top = next((s.sentence.norm for s in ranked if not s.sentence.heading), "")
        kinds = [(c, kind) for c, kind in kinds if covers(c, top, self.weigh) < 0.5 or kind == "place"]
        zones = [(c, kind, zone) for c, kind in kinds if (zone := assertion(ask, c)) is not None]
        if not zones:
            return None
        kind, zone = zones[0][1:]
        names = [c for c, k, _ in zones if k == kind and zone(c)]
        if not names or len(names) > (1 if kind == "place" else 2):
            return None
        rest = tuple(self._weighed(c) for c in ask.concepts if c not in names and zone(c))
        total = sum(c.weight for c in rest)
        terms = [c for c in rest if c.kind in ("term", "latin")]
        if total < _SAYS or (len(terms) < 2 and max((c.weight for c in terms), default=0.0) < _UNIQUE):
            return None
        plain = "yes_no" in ask.types and "confirm" not in ask.asks
        found: list[tuple[float, Scored]] = []
        rival = 0.0
        for scored in ranked[:_SENTENCES]:
            sentence = scored.sentence
            if sentence.heading or sentence.clause.table:
                continue
            around = self.pool.around(rest, sentence)
            own = [covers(c, sentence.norm, self.weigh) for c in rest]
            value = sum(c.weight * max(a, b) for c, a, b in zip(rest, own, around, strict=True)) / total
            if self._names(kind, names, scored):
                rival = max(rival, value)
                continue
            lacking = max(
                (c.weight for c, a, b in zip(rest, own, around, strict=True) if max(a, b) < 0.3), default=0.0
            )
            inside = sum(c.weight * a for c, a in zip(rest, own, strict=True)) / total
            telling = max((c.weight for c, a in zip(rest, own, strict=True) if a >= 0.8), default=0.0)
            unique = telling >= _UNIQUE and not plain
            if value < (_COVER_UNIQUE if unique else _COVER) or inside < _OWN or telling < _TELLING:
                continue
            if lacking >= (_WORST_UNIQUE if unique else _WORST):
                continue
            if self._other(kind, names[0], scored, plain=plain):
                found.append((value + 0.2 * inside, scored))
        if not found:
            return None
        value, best = max(found, key=lambda pair: pair[0])
        if rival > value - _APART:
            return None
        return self._corrected(ask, names, best, value), replace(
            ask, concepts=rest, heads=frozenset(), places=(), years=(), spans=(), expects=(), amount=False
        )

    def _names(self, kind: str, names: Sequence[Concept], scored: Scored) -> bool:
        """True for a sentence that has the claimed thing, or is about it."""
        sentence = scored.sentence
        text = sentence.norm
        if kind == "place":
            text += self.pool.subject(sentence)
        elif kind == "body":
            text = self.pool.body(sentence.clause)
        return any(covers(c, text, self.weigh) >= 0.5 for c in names)

    def _kind(self, concept: Concept) -> str:
        if concept.kind == "place":
            return "" if any(o == "中国" for o, _ in concept.options) else "place"
        likely = [o for o, v in concept.options if v >= 0.8]
        if any(_BODY.search(o) for o in likely):
            return "body"
        return "scope" if any(o.startswith(pair) for o in likely for pair in _OPPOSITES) else ""

    def _other(self, kind: str, claimed: Concept, scored: Scored, *, plain: bool) -> bool:
        """True where the sentence has another one of the kind that is claimed."""
        text = scored.sentence.text
        if kind == "place":
            named = {name for _, _, name in self.pool.places(text) if name != "中国"}
            # What one city does says nothing of another, where the question only asks whether it does so too.
            return len(named) == 1 and not (plain and self.pool.subject(scored.sentence))
        if kind == "body":
            return _BODIES.search(text) is not None
        options = [o for o, v in claimed.options if v >= 0.8]
        return any(
            other in text and own not in text
            for pair in _OPPOSITES
            for own, other in (pair, pair[::-1])
            if any(o.startswith(own) for o in options)
        )

    @staticmethod
    def _weighed(concept: Concept) -> Concept:
        vague = _PUT.match(concept.surface) is not None or (not concept.known and concept.kind != "place")
        vague = vague or concept.kind == "document"
        return replace(concept, weight=concept.weight * _SAID) if vague else concept

    def _corrected(self, ask: Ask, names: Sequence[Concept], best: Scored, value: float) -> Draft:
        said = "、".join(c.surface for c in names)
        if ask.language == "en":
            said = " / ".join(
                self.labels.short(c.options[0][0], "en") if c.kind == "place" else c.surface for c in names
            )
        quoted = self.quoter.lines(ask, best.sentence, "sentence", None)
        first = quoted[0]
        slots = {**first.slots, "claimed": said}
        made = line("premise_other", first.evidence, **slots)
        sure = min(1.0, value)
        return Draft(
            "claim",
            (made, *quoted[1:]),
            sure + _DECIDED,
            findings=(Finding("quoted", tidy(best.sentence.text), text="", evidence=first.evidence[0]),),
            steps=(Step("check_claim", {"claimed": said}, best.sentence.clause.id),),
            features={
                "cover": sure,
                "own": best.own,
                "wide": best.wide,
                "found": best.found,
                "margin": 0.1,
                "worst": 0.0,
                "decided": 1.0,
            },
        )
