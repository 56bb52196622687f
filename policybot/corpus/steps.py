"""Which clause a written place means: numbers as documents print them, and as people say them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

from policybot.corpus.locators import HAN_DIGITS, ROMAN, Step, number, plain, value_of
from policybot.corpus.model import Clause
from policybot.patterns import lazy_pattern

# Which kinds of number a written step may mean, and how far-fetched that is.
_MEANS: Mapping[str, Mapping[str, float]] = {
    "article": {"article": 0, "paren": 2},
    "para": {"arabic": 0, "paren": 2, "paragraph": 3},
    "item": {"alpha": 0, "paren": 1, "arabic": 1, "bullet": 2},
    "sub": {"paren": 0, "arabic": 1},
    "part": {"han": 0, "chapter": 0, "paren": 3},
    "section": {"han": 1, "paren": 1},
    "point": {"paren": 0, "arabic": 1, "shi": 1, "alpha": 1},
    "han": {"han": 0, "paren": 1, "chapter": 1, "article": 2, "shi": 3},
    "paren": {"paren": 0, "arabic": 0, "alpha": 0, "shi": 1, "han": 2},
    "arabic": {"arabic": 0, "paren": 1, "article": 2, "han": 2},
    "roman": {"han": 0, "chapter": 0, "paren": 2},
    "alpha": {"alpha": 0},
    "shi": {"shi": 0},
    "paragraph": {"paragraph": 0},
    "bullet": {"bullet": 0},
    "annex": {"annex": 0},
    "annex-table": {"annex-table": 0},
    "chart": {"chart": 0, "figure": 0},
    "figure": {"figure": 0, "chart": 0},
    "table": {"table": 0, "chart": 1},
}
_SKIPPED = 1.5  # for each level left out above the first step
_GAP = 3.0  # for each level left out between two steps

_OWN = lazy_pattern(
    rf"第(?P<article>[{HAN_DIGITS}\d]+)条|第(?P<chapter>[{HAN_DIGITS}\d]+)章"
    rf"|附件(?P<annex>[a-z]|[{HAN_DIGITS}]+|\d+)|(?P<appendix>附录)"
    rf"|[(](?P<paren>[{HAN_DIGITS}]+)[)]|(?P<han>[{HAN_DIGITS}]+)|(?P<arabic>\d+)|[(](?P<alpha>[a-z]+)[)]"
    rf"|(?P<shi>[{HAN_DIGITS}]+)是|¶(?P<paragraph>\d+)|·(?P<bullet>\d+)"
)
_OWN_TABLE = lazy_pattern(
    r"(?P<chart>图表)(?P<n1>\d+)|(?P<figure>图)(?P<n2>\d+)|(?P<table>表)(?P<n3>\d+)|(?P<annex>附表)"
)


def own_step(clause: Clause) -> Step:
    """The last step of a clause's own place."""
    if clause.kind == "table":
        # Tables without a caption have a made-up number in their id, but not in their label.
        match = _OWN_TABLE.match(plain(clause.label))
        if match is None:
            return Step("name", "表")
        if match["annex"]:
            return Step("annex-table", "")
        kind = "chart" if match["chart"] else "figure" if match["figure"] else "table"
        return Step(kind, int(match["n1"] or match["n2"] or match["n3"]))  # type: ignore[arg-type]
    part = plain(clause.id[len(clause.parent) + 1 :] if clause.parent else clause.id.split("/", 1)[-1])
    match = _OWN.fullmatch(part.partition("#")[0])
    if match is None or clause.kind == "row":
        return Step("name", part)
    kind, value = next((k, v) for k, v in match.groupdict().items() if v)
    if kind == "appendix":
        return Step("annex", "")
    if kind == "annex":
        return Step("annex", str(value_of(value)))
    return Step(kind, value if kind == "alpha" else number(value))  # type: ignore[arg-type]


class StepIndex:
    """Finds the clauses of documents by steps."""

    def __init__(self, clauses: Iterable[Clause]) -> None:
        self.chain: dict[str, tuple[Step, ...]] = {}
        self.parent: dict[str, str] = {}
        self.order: dict[str, int] = {}
        self._last: dict[tuple[str, Step], list[str]] = defaultdict(list)
        for clause in clauses:
            step = own_step(clause)
            self.parent[clause.id] = clause.parent
            self.order[clause.id] = len(self.order)
            self.chain[clause.id] = (*self.chain.get(clause.parent, ()), step)
            self._last[clause.document, step].append(clause.id)

    def find(
        self, document: str, steps: tuple[Step, ...], within: str = "", literal: bool = False
    ) -> list[tuple[float, str]]:
        """(cost, clause id) of the clauses of a document that the steps may mean, likeliest first.

        Args:
            within: id of a clause below which to look.
            literal: leave out what the steps mean only in another way of numbering.
        """
        if not steps:
            return []
        found = []
        for own in {own for own, _ in _meanings(steps[-1])}:
            for name in self._last.get((document, own), ()):
                if within and not name.startswith(within + "/"):
                    continue
                chain = self.chain[name][len(self.chain[within]) if within else 0 :]
                cost = _cost(steps, chain, literal)
                if cost is not None:
                    found.append((cost, name))
        return sorted(found, key=lambda pair: (pair[0], self.order[pair[1]]))

    def like(self, documents: Iterable[str], step: Step) -> list[str]:
        """Clauses numbered in the way of a step that no clause fits, in reading order."""
        wanted = set(documents)
        for kind, _ in sorted(_MEANS.get(step.kind, {}).items(), key=lambda pair: pair[1]):
            found = [
                n for (d, own), ids in self._last.items() if d in wanted and own.kind == kind for n in ids
            ]
            if found:
                return sorted(found, key=self.order.__getitem__)
        return []

    def likeliest(
        self, documents: Iterable[str], steps: tuple[Step, ...], literal: bool = False
    ) -> list[str]:
        """The clauses of the documents that the steps mean most likely, all equally likely."""
        costs = [pair for d in documents for pair in self.find(d, steps, literal=literal)]
        least = min((cost for cost, _ in costs), default=0.0)
        return [name for cost, name in costs if cost == least]


@lru_cache(maxsize=1024)
def _meanings(step: Step) -> tuple[tuple[Step, float], ...]:
    """The own steps that a written step may mean, and how far-fetched each is."""
    found: list[tuple[Step, float]] = []
    for kind, cost in _MEANS.get(step.kind, {}).items():
        found.append((Step(kind, step.value), cost))  # type: ignore[arg-type]
        if isinstance(step.value, str) and step.value and kind not in ("alpha", "annex-table"):
            # (i) is a letter or a Roman one; 附件一 and Annex I may be annex 1, or another document's.
            if step.kind == "annex" and step.value[0] in HAN_DIGITS:
                found.append((Step("annex", str(number(step.value))), 2.0))
            elif ROMAN.fullmatch(step.value):
                value = number(step.value)
                other: int | str = str(value) if kind == "annex" else value
                found.append((Step(kind, other), 2.0 if kind == "annex" else cost))  # type: ignore[arg-type]
    return tuple(found)


def _cost(steps: tuple[Step, ...], chain: tuple[Step, ...], literal: bool) -> float | None:
    """How far-fetched it is that the steps mean the chain, None where they cannot."""
    if not chain:
        return None
    prices = [cost for own, cost in _meanings(steps[-1]) if own == chain[-1] and not (literal and cost >= 2)]
    if not prices:
        return None
    if len(steps) == 1:
        return min(prices) + _SKIPPED * sum(step.kind != "name" for step in chain[:-1])
    rests = (
        (rest, gap) for gap in range(len(chain) - 1)
        if (rest := _cost(steps[:-1], chain[: len(chain) - 1 - gap], literal)) is not None
    )  # fmt: skip
    return min((min(prices) + rest + _GAP * gap for rest, gap in rests), default=None)
