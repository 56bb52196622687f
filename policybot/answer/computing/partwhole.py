"""A part of a whole, both printed: its share in percent, or what is left of the whole without it.

The whole stands before the part in its sentence or in the one before it ("25个城市出台…。其中14个…"), or it
is the number of all that the question speaks of, printed elsewhere in the document ("81个低碳城市试点").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from policybot.answer.computing.accounted import Accountant, Span
from policybot.answer.computing.reckoned import share_of
from policybot.answer.evidence.labelled import Labelled, evidence_of, labelled, quoted
from policybot.answer.evidence.pool import Pool, Scored
from policybot.answer.matching.match import Concept, Weigher, covers, norm
from policybot.answer.model import Step
from policybot.answer.question.ask import Ask
from policybot.answer.question.operations import plain, read_operations
from policybot.answer.tables.planlines import computed
from policybot.answer.wording.cite import Evidence
from policybot.answer.wording.compose import line
from policybot.answer.wording.draft import Draft, Finding, accounting
from policybot.corpus.model import Clause
from policybot.facts.render import amount_text, plain_number
from policybot.patterns import lazy_pattern

_SENTENCES = 10
_LEAST = 0.6  # share of the question that part, whole and operation must account for
_GAIN = 0.55  # gained over makers of one value
_TIE = 0.02
_SHARE = lazy_pattern(
    r"占多少(?![分吨个])|(?:占|有)?(?:几成|百分之几|百分之多少|几分之几|多[大少高]?的?(?:比例|比重|百分比|份额)|(?:比例|比重|占比)(?:是|有|为|达)?(?:多少|多大|几))"
    r"|\b(?:what|which|how (?:large|big|high))\b[^.?!]{0,12}\b(?:share|percentage|proportion"
    r"|fraction|per ?cent|part)\b"
    r"|\bas a (?:share|percentage|proportion|fraction)\b|\bhow many per ?cent\b"
)
_BRACKETS = lazy_pattern(r"[（(][^（）()]*[）)]")
_OF_ALL = lazy_pattern(
    r"(?:全部|所有|全体|总共|共)(?:的)?(?:[^，。？的]{0,8})|\b(?:all|total|every|entire)\b(?: \w+){0,4}"
)
_NOT = lazy_pattern(
    r"没有?|未|尚未|还没|不曾|并非|不是由|不由|除[^，。？]{1,12}外"
    r"|\b(?:no|not|never|without|lack\w*|yet to|fail\w*"
    r"|remain\w*|left|still|other than|rather than)\b|n't\b"
)
_REST = lazy_pattern(r"(?:几|多少)|\bhow (?:many|much)\b")
_DONE = lazy_pattern(r"已|实际|其中|完成|落实|对")
_ALL = lazy_pattern(r"(?:共|开展|选择|确定|共有|总数|已)")
_NEGATIVE = lazy_pattern(r"没有|未|尚未|不")


_OF = lazy_pattern(
    r"(?P<p>[^，。？]+?)占(?:了|到)?(?P<w>(?:全部|所有|全体|总)[^，。？]*?|[^，。？几多百]{3,}?)的?(?:几成|百分之|几分之|多[大少高]|比例|比重)"
    r"|(?P<w2>[^。？]+?)(?:之中|当中|里头|里面|中|里)，?(?P<p2>[^。？]+)"
    r"|(?P<w3>[^。？]+?)，(?P<p3>[^，。？]+?)的?占(?:几成|百分之|几分之|多[大少高])"
)
_VERBS = r"has|have|had|was|were|is|are|did|do|does|gets?|got|receives?|received|made|makes?|go|went|[a-z]+ed"
_OF_ENGLISH = lazy_pattern(
    rf"\b(?:share|percentage|proportion|fraction|per ?cent|part) of (?P<w>.+?) (?P<p>(?:{_VERBS}) .+)"
    r"|\bof (?P<w2>[^,]+), (?P<p2>.+)"
    rf"|\bhow many of (?P<w3>.+?) (?P<p3>(?:{_VERBS}) .+)"
)
_VERB_AT = lazy_pattern(r"\b(?:has|have|had|was|were|is|are|did|do|does|gets?|got|receives?|received)\b")
_PREDICATE = 0.45  # share of what is said of the part that must stand next to it
_WHOLE = 0.5  # … of the words for the whole that its sentence must carry
_RELATIVE = lazy_pattern(r"\b(?:that|which|who|whose)$")


@dataclass(frozen=True)
class Pair:
    """A part and its whole; `score` is what of the question the part's own words carry."""

    part: Labelled
    whole: Labelled
    score: float


class PartMaker:
    """Makes drafts from a part and a whole."""

    def __init__(self, pool: Pool, weigh: Weigher) -> None:
        self.pool = pool
        self.weigh = weigh
        self.accountant = Accountant(pool, weigh)

    def drafts(self, ask: Ask, ranked: Sequence[Scored]) -> list[Draft]:
        """At most one draft; none unless a share or a rest is asked for."""
        share = _SHARE.search(ask.text)
        operations = read_operations(ask.text)
        negated = _NOT.search(ask.text) if share is None else None
        rest = "rest" in operations or (negated is not None and _REST.search(ask.text) is not None)
        if share is None and not rest:
            return []
        spans = [share.span()] if share is not None else []
        spans += [m.span() for m in _NOT.finditer(ask.text)] + [m.span() for m in _OF_ALL.finditer(ask.text)]
        spans += [(low, high) for _, low, high in operations.spans]
        phrases = _phrases(ask.text)
        if phrases is None and share is not None:
            return []
        pair = self._best(ask, ranked, phrases)
        if pair is None:
            return []
        sentences = list(dict.fromkeys((pair.part.scored.sentence, pair.whole.scored.sentence)))
        account = self.accountant.of(ask, sentences, spans)
        if account.cover < _LEAST or account.lacking:
            return []
        return [self._draft(ask, pair, account.cover, share is not None)]

    def _best(self, ask: Ask, ranked: Sequence[Scored], phrases: tuple[Span, Span] | None) -> Pair | None:
        """The pair whose part says most of what is asked; None when two parts say it equally."""
        pairs = [
            pair
            for scored in ranked[:_SENTENCES]
            if not scored.sentence.heading
            for pair in self._pairs(ask, scored, phrases)
        ]
        pairs.sort(key=lambda p: -p.score)
        if not pairs or pairs[0].score <= 0.0:
            return None
        first = pairs[0]
        rivals = [
            p
            for p in pairs[1:]
            if p.score >= first.score - _TIE and p.part.quantity.amount != first.part.quantity.amount
        ]
        return None if rivals else first

    def _pairs(self, ask: Ask, scored: Scored, phrases: tuple[Span, Span] | None) -> Iterator[Pair]:
        values = [v for v in labelled(self.pool, scored) if v.quantity.kind == "count"]
        given = [q.amount for q in ask.quantities if q.kind in ("count", "number")]
        for place, part in enumerate(values):
            if _NEGATIVE.search(part.near) or part.quantity.qualifier or part.quantity.upper_amount:
                continue
            whole = self._whole(ask, scored, values[:place], part)
            if whole is None or whole.quantity.amount <= part.quantity.amount:
                continue
            if any(n > part.quantity.amount for n in given) and whole.quantity.amount not in given:
                continue
            concepts: Sequence[Concept] = ask.concepts
            if phrases is not None:
                whole_words = _inside(ask, phrases[0])
                concepts = [c for c in _inside(ask, phrases[1]) if c not in whole_words]
                if concepts and self._said(concepts, part) < _PREDICATE:
                    continue
                if whole_words and self._near(whole_words, whole) < _WHOLE:
                    continue
                own = self._share(whole_words, whole.scored.sentence.norm, whole.scored.sentence.clause)
                yield Pair(part, whole, self._said(concepts, part) + own)
                continue
            far = self._share(concepts, part.far, scored.sentence.clause)
            yield Pair(part, whole, max(far, self._said(concepts, part)) + 0.1 * scored.cover)

    def _whole(self, ask: Ask, scored: Scored, before: Sequence[Labelled], part: Labelled) -> Labelled | None:
        """The whole of a part: before it in the sentence, in the sentence before, or all there are."""
        all_asked = _OF_ALL.search(ask.text) is not None or self._names_number(ask, part)
        spot = scored.sentence.text.find("其中")
        same = [w for w in before if w.quantity.unit == part.quantity.unit]
        same = [w for w in same if spot < 0 or w.quantity.end <= spot]
        inside = next((w for w in same if w.quantity.amount > part.quantity.amount), None)
        if inside is not None and (_DONE.search(part.near) or 0 <= spot < part.quantity.start):
            return inside
        sentence = scored.sentence
        if "其中" in sentence.norm[:4]:
            earlier = self._before(scored)
            values = [
                v
                for v in (labelled(self.pool, earlier) if earlier is not None else [])
                if v.quantity.kind == "count" and v.quantity.unit == part.quantity.unit
            ]
            if len(values) == 1:
                return values[0]
        return self._number_of_all(ask, scored, part) if all_asked or inside is None else None

    def _before(self, scored: Scored) -> Scored | None:
        sentences = list(self.pool.sentences(scored.sentence.clause))
        at = sentences.index(scored.sentence)
        return scored._replace(sentence=sentences[at - 1]) if at else None

    def _names_number(self, ask: Ask, part: Labelled) -> bool:
        """True when the question itself prints the number of the whole."""
        return any(q.kind in ("count", "number") and q.amount > part.quantity.amount for q in ask.quantities)

    def _number_of_all(self, ask: Ask, scored: Scored, part: Labelled) -> Labelled | None:
        """The first count of the document that says how many there are in all of what the part counts."""
        document = scored.sentence.clause.document
        noun = self._noun(part)
        given = [q.amount for q in ask.quantities if q.kind in ("count", "number")]
        for clause in self.pool.corpus.of(document):
            if clause.table or not noun:
                continue
            for sentence in self.pool.sentences(clause):
                if noun not in sentence.text or sentence is scored.sentence:
                    continue
                for value in labelled(self.pool, scored._replace(sentence=sentence)):
                    q = value.quantity
                    if q.kind != "count" or q.qualifier or q.unit != part.quantity.unit:
                        continue
                    after = re.split(r"[，,。；;]", sentence.text[q.end : q.end + 14])[0]
                    named = [
                        c for c in self._set_words(ask) if covers(c, value.near + after, self.weigh) >= 0.7
                    ]
                    total = _ALL.search(value.near) is not None and noun in after
                    if total and named and (not given or q.amount in given or len(given) > 1):
                        return value
        return None

    @staticmethod
    def _noun(part: Labelled) -> str:
        """What a count counts: the two characters behind its unit (33个城市)."""
        text, q = part.scored.sentence.text, part.quantity
        match = re.match(r"[\u4e00-\u9fff]{2}", text[q.end :].lstrip())
        return match[0] if match else ""

    def _set_words(self, ask: Ask) -> list[Concept]:
        return [c for c in ask.concepts if c.kind in ("term", "document") and c.weight >= 0.1]

    def _near(self, concepts: Sequence[Concept], value: Labelled) -> float:
        """What of the words for the whole its sentence carries, with the headings above."""
        sentence = value.scored.sentence
        text = f"{sentence.norm}|{self.pool.head(sentence.clause)}|{self.pool.title(sentence.clause)}"
        return self._share(concepts, text, sentence.clause)

    def _share(self, concepts: Sequence[Concept], text: str, clause: Clause) -> float:
        total = sum(c.weight for c in concepts)
        said = sum(c.weight * max(covers(c, text, self.weigh), self.pool.voiced(c, clause)) for c in concepts)
        return said / total if total else 1.0

    def _said(self, concepts: Sequence[Concept], part: Labelled) -> float:
        """What of the question stands next to the part, up to the value before and the next comma."""
        text = part.scored.sentence.text
        q = part.quantity
        stop = re.search(r"[，,；;。（(]\s*(?=\d|其|另|$)|[；;。]", text[q.end :])
        end = q.end + stop.start() if stop else len(text)
        start = max((m.end() for m in re.finditer(r"[，,；;。]", text[: q.start])), default=0)
        plain_text = norm(_BRACKETS.sub("", text[start:end]))
        total = sum(c.weight for c in concepts)
        said = sum(c.weight * covers(c, plain_text, self.weigh) for c in concepts)
        return said / total if total else 0.0

    def _draft(self, ask: Ask, pair: Pair, cover: float, share: bool) -> Draft:
        part, whole = pair.part, pair.whole
        evidence = [evidence_of(part), evidence_of(whole)]
        if part.scored.sentence is whole.scored.sentence:
            sentence = part.scored.sentence
            low = min(part.quantity.start, whole.quantity.start)
            high = max(part.quantity.end, whole.quantity.end)
            focus = (sentence.start + low, sentence.start + high)
            evidence = [Evidence(sentence.clause.id, sentence.start, sentence.end, focus)] * 2
        inputs = (part.quantity.amount, whole.quantity.amount)
        if share:
            value, calculation = share_of(part.quantity, whole.quantity)
            shown, operation = f"{plain_number(value)}%", "share"
            said = line("arithmetic_share", (), value=plain_number(value), calculation=calculation)
            finding = computed(value, "share", inputs, shown, "%")
        else:
            left = whole.quantity.amount - part.quantity.amount
            shown, operation = amount_text(whole.quantity, left, ask.language), "rest"
            calculation = f"{plain(whole.quantity.amount)} - {plain(part.quantity.amount)} = {plain(left)}"
            said = line("arithmetic_rule", (), value=shown, calculation=calculation)
            finding = computed(left, "rest", inputs[::-1], shown, whole.quantity.unit)
        lines = [said]
        for own in dict.fromkeys(evidence):
            text = self.pool.corpus.clauses[own.clause].text.text[own.start : own.end]
            lines.append(line("arithmetic_quote", (own,), sentence=free(text)))
        findings: list[Finding] = [finding, quoted(whole, evidence[1]), quoted(part, evidence[0])]
        step = Step(
            "compute", {"operation": operation, "inputs": [part.quantity.text, whole.quantity.text]}, shown
        )
        features = accounting(cover)
        return Draft(
            "arithmetic",
            tuple(lines),
            cover + _GAIN,
            findings=tuple(findings),
            steps=(step,),
            features=features,
        )


def _phrases(text: str) -> tuple[Span, Span] | None:
    """Where the question names the whole and what is said of the part."""
    for pattern in (_OF, _OF_ENGLISH):
        match = pattern.search(text)
        while match is not None:
            groups = [(w, p) for w, p in (("w", "p"), ("w2", "p2"), ("w3", "p3")) if match[w] is not None]
            whole, part = match.span(groups[0][0]), match.span(groups[0][1])
            relative = _RELATIVE.search(text, whole[0], whole[1])
            if relative is None:
                return whole, part
            # "the cities that issued a plan had it published": the verb behind "that" is the whole's own.
            verb = _VERB_AT.search(text, part[0] + 1)
            later = verb
            while later is not None and later.start() <= part[0]:
                later = _VERB_AT.search(text, later.end())
            if later is None:
                return None
            return (whole[0], later.start()), (later.start(), part[1])
    return None


def _inside(ask: Ask, span: Span) -> list[Concept]:
    return [
        c
        for c in ask.concepts
        if span[0] <= c.start and c.end <= span[1] and c.kind in ("term", "latin", "place")
    ]


def free(text: str) -> str:
    """A sentence without the blanks of typesetting, and without its full stop."""
    return re.sub(r"\s", "", text).rstrip("。；;，,")
