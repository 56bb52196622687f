"""Which clauses of two copies are the same clause: by place in the structure and by likeness of text.

Neither alone will do: a clause left out shifts the numbers of all that follow, and boilerplate makes
different clauses alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from policybot.corpus.difference import Folded, likeness
from policybot.corpus.model import Clause
from policybot.patterns import lazy_pattern

_OWN_NUMBER = lazy_pattern(
    r"第[一二三四五六七八九十百\d]+[章条节款][,.:]?|附[件录][a-z一二三四五六七八九十\d]*|-{1,2}|[·●]"
    r"|\(?[一二三四五六七八九十百]{1,4}[),、.]+|\(?\d{1,3}[).、](?!\d)|\([a-z]{1,2}\)|[一二三四五六七八九十]是"
)
_SAME_PLACE, _SAME_PARENT = 0.25, 0.1
_LIKE = 0.5  # likeness that makes two clauses in different places the same clause
_LIKE_IN_PLACE = 0.2  # … in the same place
_CONTAINED = 0.7  # share of a clause's bigrams that makes it part of a longer one


@dataclass(frozen=True)
class Reading:
    """A clause of one copy, prepared for comparison."""

    clause: Clause

    @cached_property
    def folded(self) -> Folded:
        """The text as it is compared."""
        return Folded.of(self.clause.text.text)

    @cached_property
    def number_units(self) -> int:
        """Units of the clause's own number at the start of its text."""
        match = _OWN_NUMBER.match(self.folded.key)
        return match.end() if match else 0

    @cached_property
    def body(self) -> str:
        """The text without its own number, in folded form."""
        return "".join(self.folded.units[self.number_units :])

    @cached_property
    def place(self) -> tuple[str, ...]:
        """The clause's place in the document's structure."""
        return tuple(self.clause.id.split("/")[1:])


@dataclass(frozen=True, slots=True)
class Match:
    """Clauses left (numbers in the first list) are the clauses right (in the second).

    Usually one and one; one and none where the other copy lacks it; several where one copy runs
    together what the other keeps apart. `moved` says that it stands in another order.
    """

    left: tuple[int, ...]
    right: tuple[int, ...]
    moved: bool = False

    def mirrored(self) -> Match:
        """The same match seen from the other copy."""
        return Match(self.right, self.left, self.moved)


def align(left: Sequence[Reading], right: Sequence[Reading]) -> list[Match]:
    """Matches that hold every clause of both copies exactly once, in the order of the left copy."""
    if [r.folded.units for r in right] < [r.folded.units for r in left]:
        matches = [match.mirrored() for match in align(right, left)]
    else:
        pairs = _pairs(left, right)
        matches = _with_moves(_with_leftovers(pairs, left, right), len(left))
    return sorted(matches, key=lambda m: (m.left or (_before(m, matches),), m.right))


def _before(lone: Match, matches: list[Match]) -> float:
    """Where a clause that only the right copy has belongs among the left: after its predecessor."""
    lefts = [
        m.left[-1] for m in matches if m.left and m.right and not m.moved and m.right[-1] < lone.right[0]
    ]
    return max(lefts, default=-1) + 0.5


def _pairs(left: Sequence[Reading], right: Sequence[Reading]) -> dict[int, int]:
    pairs: dict[int, int] = {}
    taken: set[int] = set()

    def take(i: int, j: int) -> None:
        pairs[i] = j
        taken.add(j)

    at_place: dict[tuple[tuple[str, ...], tuple[str, ...]], list[int]] = defaultdict(list)
    by_body: dict[str, list[int]] = defaultdict(list)
    for j, reading in enumerate(right):
        at_place[reading.place, reading.folded.units].append(j)
        by_body[reading.body].append(j)
    for i, reading in enumerate(left):
        if free := [j for j in at_place[reading.place, reading.folded.units] if j not in taken]:
            take(i, free[0])
    bodies_left: dict[str, list[int]] = defaultdict(list)
    for i, reading in enumerate(left):
        bodies_left[reading.body].append(i)
    for body, indexes in bodies_left.items():
        # The same words once in each copy, wherever they stand; short headings repeat and must wait.
        if len(body) >= 8 and len(indexes) == 1 == len(by_body[body]):
            i, j = indexes[0], by_body[body][0]
            if i not in pairs and j not in taken:
                take(i, j)
    for _, i, j in sorted(_candidates(left, right, pairs, taken)):
        if i not in pairs and j not in taken:
            take(i, j)
    return pairs


def _candidates(
    left: Sequence[Reading], right: Sequence[Reading], pairs: dict[int, int], taken: set[int]
) -> list[tuple[float, int, int]]:
    """(minus the score, left, right) of clauses that may be the same, best first when sorted."""
    holders: dict[str, list[int]] = defaultdict(list)
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for j, reading in enumerate(right):
        if j not in taken:
            places[reading.place].append(j)
            for bigram in reading.folded.bigrams:
                holders[bigram].append(j)
    found = []
    for i, reading in enumerate(left):
        if i in pairs:
            continue
        shared: dict[int, int] = defaultdict(int)
        for bigram in reading.folded.bigrams:
            for j in holders[bigram]:
                shared[j] += 1
        for j in {*shared, *places[reading.place]}:
            other = right[j]
            alike = likeness(reading.folded, other.folded)
            same_place = reading.place == other.place
            if alike < (_LIKE_IN_PLACE if same_place else _LIKE):
                continue
            score = alike + _SAME_PLACE * same_place + _SAME_PARENT * (reading.place[:-1] == other.place[:-1])
            found.append((-score, i, j))
    return found


def _with_leftovers(pairs: dict[int, int], left: Sequence[Reading], right: Sequence[Reading]) -> list[Match]:
    """Pairs as matches, with clauses that one copy runs together joined to the match they are part of."""
    groups = {i: ([i], [j]) for i, j in pairs.items()}
    by_right = {j: groups[i] for i, j in pairs.items()}
    lone_left = [i for i in range(len(left)) if i not in pairs]
    lone_right = [j for j in range(len(right)) if j not in by_right]
    _absorb(lone_left, left, right, groups, side=0)
    _absorb(lone_right, right, left, by_right, side=1)
    unique = {id(group): group for group in (*groups.values(), *by_right.values())}
    matches = [Match(tuple(sorted(a)), tuple(sorted(b))) for a, b in unique.values()]
    matches += [Match((i,), ()) for i in lone_left] + [Match((), (j,)) for j in lone_right]
    return matches


def _absorb(
    lone: list[int],
    mine: Sequence[Reading],
    others: Sequence[Reading],
    groups: dict[int, tuple[list[int], list[int]]],
    side: int,
) -> None:
    """Joins a lone clause to a neighbour's match when the other copy carries its text in there."""
    changed = True
    while changed:
        changed = False
        for index in list(lone):
            for near in (index - 1, index + 1):
                group = groups.get(near)
                if group is None or not mine[index].body:
                    continue
                own, theirs = group[side], group[1 - side]
                accounted = frozenset[str]().union(*(mine[k].folded.bigrams for k in own))
                offered = frozenset[str]().union(*(others[k].folded.bigrams for k in theirs)) - accounted
                wanted = mine[index].folded.bigrams
                if len(wanted & offered) >= _CONTAINED * len(wanted - accounted or wanted):
                    own.append(index)
                    groups[index] = group
                    lone.remove(index)
                    changed = True
                    break


def _with_moves(matches: list[Match], size: int) -> list[Match]:
    """The matches with those marked that stand out of the common order."""
    both = sorted((m for m in matches if m.left and m.right), key=lambda m: m.left)
    kept = _longest_rising([m.right[0] for m in both])
    moved = {id(m) for index, m in enumerate(both) if index not in kept}
    return [Match(m.left, m.right, True) if id(m) in moved else m for m in matches]


def _longest_rising(values: list[int]) -> set[int]:
    """Indexes of a longest rising subsequence."""
    tails: list[int] = []
    before: list[int] = []
    for index, value in enumerate(values):
        low, high = 0, len(tails)
        while low < high:
            middle = (low + high) // 2
            if values[tails[middle]] < value:
                low = middle + 1
            else:
                high = middle
        before.append(tails[low - 1] if low else -1)
        tails[low : low + 1] = [index]
    kept, index = set(), tails[-1] if tails else -1
    while index >= 0:
        kept.add(index)
        index = before[index]
    return kept
