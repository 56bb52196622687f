"""Two documents set against each other: what each of them says of the same thing, one cited line each.

"Does the magazine's figure match Article 3?", "《意见》和《行动方案》各怎么说": the question is asked of each
document without the words that name the other one and those that compare.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from policybot.answer.comparing.compare import Side, compare
from policybot.answer.confidence.scale import confidence
from policybot.answer.evidence.excerpt import tidy
from policybot.answer.evidence.pool import Pool
from policybot.answer.evidence.quoting import Quoter
from policybot.answer.evidence.sentences import Sentence
from policybot.answer.matching.match import Concept, Weigher, covers, norm, pairs
from policybot.answer.model import Step
from policybot.answer.question.ask import Ask
from policybot.answer.question.asks import Asks
from policybot.answer.wording.draft import Draft, Finding
from policybot.patterns import lazy_pattern
from policybot.text import is_han

# What says that documents are set against each other.
_AGAINST = lazy_pattern(
    r"一样|一致|相同|同样|吻合|相符|对得上|出入|矛盾"
    r"|差(?:别|异|距|在哪)|区别|不同|相比|对比|对照"
    r"|各[自怎如是有说提]|分别"
    r"|又(?:交|由|是|要|怎|哪|规|让)|比.{0,12}(?:更|多|少|高|低|早|晚|严|宽)|没有?[提说讲写包列]"
    r"|未[提列写]|不[提讲写说含包]"
    r"|\b(?:match\w*|agree\w*|same|consistent|coincide\w*|differ\w*|contrast\w*|compar\w+|tally|tallies|conflict\w*"
    r"|contradict\w*|deviate\w*|as (?:many|much|few|high|low|large|long|early|late|strict)"
    r"|than|each|respectively|both"
    r"|whereas|while|missing|absent|lacks?|lacking|omit\w*"
    r"|leaves? out|left out"
    r"|but|extra|additional"
    r"|versus|vs|against|next to"
    r"|(?:does|do|did|is|are|has|have)(?: not|n.t)"
    r"|and (?:to |by |for )?(?:what|whom?|how|when|where|which))\b"
)
_EITHER = lazy_pattern(
    r"哪[份个一]|谁|更|多少|几|\b(?:which|who|whose|more|less|\w+er)\b"
)  # … of two that are joined
_JOINED = lazy_pattern(
    r"[》”\"’'\s]*(?:和|与|跟|同|及|、|比|以及|相比|and|or|than|vs\.?|versus|against"
    r"|compared (?:with|to))[《“\"\s]*(?:the\s)?"
)
# Words of comparing, which no document repeats.
_WORDS = lazy_pattern(
    r"一样|一致|相同|同样|吻合|相符|符合|对得上|出入|矛盾|差别|差异|差距|区别|不同|相比|对比|比较|对照"
    r"|文章|写|说|讲|种数|说法|提法"
    r"|match\w*|agree\w*|same|consistent|coincid\w*|differ\w*|contrast\w*|compar\w*|tally|tallies|conflict\w*"
    r"|contradict\w*|deviat\w*|missing|absent|lack\w*|omit\w*|treaty|article|says?|said|gives?|figures?"
    r"|lists?|names?|counts?|number|many|text|speaks?|extra|additional|ones?"
)
_SAME = 1.5  # places in the order of answers that it is worth to be of one kind
_LOOKED = 5  # answers of a document looked at
_STRETCH = lazy_pattern(r"[，,；;。：:]")
_TWO = 2
_OPERATORS = frozenset({"compare", "difference", "which_more", "which_less", "missing"})
_COUNTED = lazy_pattern(r"几[种个项类]|种数|个数|数量|\b(?:as (?:many|few)|number of|how many)\b")
_PAIRS = 8  # pairs of characters that a text must have to be looked for in another document
_SHARED, _AHEAD = 0.42, 1.6  # share of them that its counterpart has, and how far ahead of any other it is
_TELLING, _TOLD = 0.35, 0.7  # weight of a word that says something, share of it that must be carried
_SURE = 0.6  # least confidence in the answer of one document where the other has none
_VALUES = ("percent", "power", "mass", "count", "money", "year", "date", "area", "volume", "duration")


def document_sides(ask: Ask) -> list[tuple[str, Ask]]:
    """The question asked of each of two documents that it sets against each other; empty for none."""
    documents = tuple(dict.fromkeys([*(name for name, _ in ask.mentioned), *ask.documents]))
    if len(documents) < 2 or ask.only:
        return []
    joined = _joined(ask)
    if not (_AGAINST.search(ask.text) or ask.wants("comparison") or (joined and _EITHER.search(ask.text))):
        return []
    if len(documents) > _TWO and not joined:
        documents = ask.documents  # without those that an everyday word may name
    if len(joined or documents) != _TWO:
        return []
    return [(name, _part(ask, name)) for name in joined or documents]


def _joined(ask: Ask) -> tuple[str, ...]:
    """The first two documents that are named one right after the other."""
    mentions = sorted(zip(ask.named, ask.mentioned, strict=False))
    for ((_, end), (one, _)), ((start, _), (two, _)) in pairwise(mentions):
        if one != two and _JOINED.fullmatch(ask.text, end, start):
            return one, two
    return ()


def _part(ask: Ask, document: str, named: bool = False) -> Ask:
    """The question about one document only; with its own name where `named`."""
    words = [m.span() for m in _WORDS.finditer(ask.text)]
    own = [s for s, (name, _) in zip(ask.named, ask.mentioned, strict=False) if named and name == document]
    kept = tuple(
        c for c in ask.concepts if (_within(c, own) if c.kind == "document" else not _within(c, words))
    )
    moved = {i: kept.index(c) for i, c in enumerate(ask.concepts) if c in kept}
    types = tuple(t for t in ask.types if t not in ("comparison", "yes_no", "rank")) or ("other",)
    expects = ask.expects
    if not expects and _COUNTED.search(ask.text):
        expects, types = ("count",), ("count",)
    elif expects[:1] and expects[0] in _VALUES and types == ("other",):
        types = ("value",)
    return replace(
        ask,
        concepts=kept,
        types=types,
        expects=expects,
        asks=Asks(ask.asks.names - _OPERATORS),
        documents=(document,),
        only=(document,),
        clauses=tuple(clause for name, clause in ask.mentioned if name == document and clause),
        asked=frozenset(moved[i] for i in ask.asked if i in moved),
        after=frozenset(moved[i] for i in ask.after if i in moved),
        heads=frozenset(moved[i] for i in ask.heads if i in moved),
    )


def _within(concept: Concept, spans: Sequence[tuple[int, int]]) -> bool:
    """True for a word of which more than half stands in words of comparing (法一样 of 说法一样)."""
    said = sum(any(a <= at < b for a, b in spans) for at in range(concept.start, concept.end))
    return 2 * said > concept.end - concept.start


class DocumentMaker:
    """Answers the question of each document; `answers` are drafts for one of them, best first."""

    def __init__(self, pool: Pool, quoter: Quoter, weigh: Weigher) -> None:
        self.pool, self.quoter, self.weigh = pool, quoter, weigh

    def draft(
        self, ask: Ask, answers: Callable[[Ask], Sequence[Draft]], name: Callable[[str], str]
    ) -> Draft | None:
        """What each document says; None when no two are set against each other or one cannot be told.

        `name` gives a document's name in the answer's language.
        """
        parts = document_sides(ask)
        if not parts:
            return None
        found = []
        for name_of, part in parts:
            made = self._under(part, answers(part))
            # A document's name may be what is asked about (the five-year plan).
            found.append(made or self._under(part, answers(_part(ask, name_of, named=True))))
        told = next((made[0] for made in found if made), None)
        if told is None:
            return None
        for i, (_, part) in enumerate(parts):
            if found[i]:
                continue
            if confidence(told) < _SURE:
                return None
            counterpart = self._counterpart(part, told)
            if counterpart is not None:
                found[i] = [counterpart]
            elif not self._lacks(part, told):
                return None
        chosen = _alike(found)
        both = compare(ask, [Side(label, d) for (label, _), d in zip(parts, chosen, strict=True)], name)
        return replace(both, features={**both.features, "pair": 1.0}) if both is not None else None

    @staticmethod
    def _under(part: Ask, made: Sequence[Draft]) -> list[Draft]:
        """The first answers, of the clauses that the question names where it names some."""
        return [d for d in made[:_LOOKED] if any(_under(e.clause, part.clauses) for e in d.evidence)]

    def _counterpart(self, part: Ask, told: Draft) -> Draft | None:
        """The sentence of a document that says what another one's answer says, in nearly the same words."""
        text = self._core(part, _quoted(self.pool, told))
        wanted = {p for p in pairs(text) if is_han(p[0]) and is_han(p[-1])}
        total = sum(map(self.weigh, wanted))
        if len(wanted) < _PAIRS or not total:
            return None
        best: dict[str, tuple[float, Sentence]] = {}
        for clause in self.pool.corpus.clauses.values():
            if (
                clause.document not in part.only
                or clause.kind == "row"
                or not _under(clause.id, part.clauses)
            ):
                continue
            for sentence in self.pool.sentences(clause):
                share = sum(self.weigh(p) for p in wanted if p in sentence.norm) / total
                if not sentence.heading and share > best.get(clause.id, (0.0,))[0]:
                    best[clause.id] = (share, sentence)
        ordered = sorted(best.values(), key=lambda pair: -pair[0])[:2]
        if (
            not ordered
            or ordered[0][0] < _SHARED
            or (len(ordered) > 1 and ordered[0][0] < _AHEAD * ordered[1][0])
        ):
            return None
        share, sentence = ordered[0]
        lines = self.quoter.lines(part, sentence)
        return Draft(
            "statement",
            lines,
            share,
            findings=(Finding("quoted", tidy(sentence.text), evidence=lines[0].evidence[0]),),
            steps=(Step("choose_sentence", {"like": told.evidence[0].clause}, sentence.clause.id),),
            features=told.features,
        )

    def _lacks(self, part: Ask, told: Draft) -> bool:
        """True when no clause of a document says any of the words of the question that the other one says."""
        text = _quoted(self.pool, told)
        telling = [c for c in part.concepts if c.weight >= _TELLING and c.kind in ("term", "latin", "place")]
        if not telling or not all(covers(c, text, self.weigh) >= _TOLD for c in telling):
            return False
        return not any(
            covers(c, self.pool.body(clause), self.weigh) >= _TOLD
            for clause in self.pool.corpus.clauses.values()
            if clause.document in part.only
            for c in telling
        )

    def _core(self, part: Ask, text: str) -> str:
        """The stretch of a text, between commas, that carries most of a question, or what it lists."""
        listing = part.wants("list")

        def worth(stretch: str) -> tuple[float, int]:
            carried = sum(c.weight * covers(c, stretch, self.weigh) for c in part.concepts)
            return carried + (listing and "、" in stretch), len(stretch)

        return max(_STRETCH.split(text), key=worth)


def _quoted(pool: Pool, draft: Draft) -> str:
    """The normalised text that a draft's first citation quotes."""
    evidence = draft.evidence[0]
    return norm(pool.corpus.clauses[evidence.clause].text.text[evidence.start : evidence.end])


def _under(clause: str, named: Sequence[str]) -> bool:
    return not named or any(clause == name or clause.startswith(f"{name}/") for name in named)


def _alike(found: Sequence[Sequence[Draft]]) -> list[Draft | None]:
    """The best answers of the documents, rather of one kind and unit."""
    if not all(found):
        return [made[0] if made else None for made in found]
    ordered = [
        (i + j - _SAME * (_kind(one) == _kind(two)), i, one, two)
        for i, one in enumerate(found[0])
        for j, two in enumerate(found[1])
    ]
    _, _, one, two = min(ordered, key=lambda pair: pair[:2])
    return [one, two]


def _kind(draft: Draft) -> tuple[str, str]:
    unit = next((f.unit for f in draft.findings if isinstance(f.value, (int, float))), "")
    return draft.maker, unit if draft.maker == "value" else ""
