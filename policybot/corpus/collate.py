"""The copies (witnesses) of one document laid side by side: the reading shown, and how the others differ.

`collate` takes the clauses of every copy and gives one clause tree. For each clause the reading that
agrees most with the others is shown; every other copy's departures from it become `Variant`s. Nothing
here knows a particular document, and the copies themselves are never changed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from policybot.corpus.alignment import Match, Reading, align
from policybot.corpus.difference import Folded, Words, distance, stretches
from policybot.corpus.model import Clause, SourceFile, Variant
from policybot.corpus.variation import classify, reason
from policybot.corpus.wordlists import reasons


@dataclass(frozen=True)
class Collation:
    """One document put together from its copies.

    `clauses` are the readings shown, in reading order; `readings[id][witness]` are that copy's own
    clauses for it (none where it lacks the clause, several where it divides it differently; every
    clause of every copy is there exactly once, as parsed); `variants[id]` the departures from the
    clause shown, in the order of the witnesses and then of the text. `base` is the copy whose
    structure is shown.
    """

    base: str
    clauses: tuple[Clause, ...]
    readings: Mapping[str, Mapping[str, tuple[Clause, ...]]]
    variants: Mapping[str, tuple[Variant, ...]]


def collate(
    witnesses: Mapping[str, Sequence[Clause]],
    order: Sequence[str],
    sources: Mapping[str, SourceFile] | None = None,
) -> Collation:
    """The copies of one document collated clause by clause.

    Args:
        witnesses: witness id → its clauses in reading order; ids of clauses show their place in the
            structure (`document/三/（四）/3`) and may or may not agree between the copies.
        order: witness ids by preference; decides where copies agree equally well.
        sources: the files by name, for exact lines; without them the lines of the clause are given.

    Raises:
        ValueError: no witness, or `order` and `witnesses` name different ones.
    """
    if not order or set(order) != set(witnesses) or len(set(order)) != len(order):
        raise ValueError(f"order {list(order)} must name each of the witnesses {sorted(witnesses)} once")
    copies = {w: [Reading(clause) for clause in witnesses[w]] for w in order}
    alignments = _Alignments(copies, order)
    base = _base(copies, alignments)
    rows = _Rows(base, copies, alignments).build()
    words = Words(r.folded.key for copy in copies.values() for r in copy) if len(order) > 1 else None
    return _Edition(base, tuple(order), rows, words, sources or {}).build()


def reading_of(clause: Clause, variants: Iterable[Variant], witness: str) -> str:
    """The text of a clause as another copy has it, put together from the clause shown and its variants."""
    text, parts, at = clause.text.text, list[str](), 0
    for variant in variants:
        if variant.witness == witness:
            parts += (text[at : variant.start], variant.other)
            at = variant.end
    return "".join((*parts, text[at:]))


@dataclass
class _Alignments:
    """Every pair of copies aligned, each pair once."""

    copies: Mapping[str, Sequence[Reading]]
    order: Sequence[str]
    _found: dict[tuple[str, str], list[Match]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for i, one in enumerate(self.order):
            for other in self.order[i + 1 :]:
                matches = align(self.copies[one], self.copies[other])
                self._found[one, other] = matches
                self._found[other, one] = [match.mirrored() for match in matches]

    def between(self, one: str, other: str) -> list[Match]:
        return self._found[one, other]


def _base(copies: Mapping[str, Sequence[Reading]], alignments: _Alignments) -> str:
    """The copy that departs least from the others in all; the first of two."""
    order = alignments.order
    if len(order) < 3:
        return order[0]

    def departure(one: str, other: str) -> int:
        total = 0
        for match in alignments.between(one, other):
            left = [copies[one][i].folded for i in match.left]
            right = [copies[other][j].folded for j in match.right]
            if len(left) == 1 == len(right):
                total += distance(left[0], right[0])
            else:
                total += abs(sum(len(f.units) for f in left) - sum(len(f.units) for f in right))
        return total

    return min(order, key=lambda one: sum(departure(one, other) for other in order if other != one))


@dataclass(eq=False)
class _Row:
    """One place in the document, with the clauses of each copy that stand there."""

    readings: dict[str, tuple[Reading, ...]]
    moved: set[str] = field(default_factory=set)

    def single(self, witness: str) -> Reading | None:
        """The copy's clause, None where it has none or several."""
        found = self.readings.get(witness, ())
        return found[0] if len(found) == 1 else None

    def add(self, witness: str, readings: Sequence[Reading]) -> None:
        self.readings[witness] = (*self.readings.get(witness, ()), *readings)


@dataclass
class _Rows:
    """Builds the rows in reading order: those of the base copy, and in their places what it lacks."""

    base: str
    copies: Mapping[str, Sequence[Reading]]
    alignments: _Alignments

    def build(self) -> list[_Row]:
        rows = [_Row({self.base: (reading,)}) for reading in self.copies[self.base]]
        self.home: dict[str, list[_Row | None]] = {w: [None] * len(copy) for w, copy in self.copies.items()}
        self.home[self.base] = list(rows)
        others = [w for w in self.alignments.order if w != self.base]
        for witness in others:
            for match in self.alignments.between(self.base, witness):
                if match.left and match.right:
                    self._place(rows, witness, match)
        for witness in others:
            self._add_lacking(rows, witness, others)
        return rows

    def _place(self, rows: list[_Row], witness: str, match: Match) -> None:
        places = [row for i in match.left if (row := self.home[self.base][i]) is not None]
        row = places[0]
        for extra in places[1:]:
            if extra is not row:
                self._merge(rows, row, extra)
        row.add(witness, [self.copies[witness][j] for j in match.right])
        if match.moved:
            row.moved.add(witness)
        for j in match.right:
            self.home[witness][j] = row

    def _merge(self, rows: list[_Row], into: _Row, gone: _Row) -> None:
        """Two rows made one, because another copy runs their clauses together."""
        for witness, found in gone.readings.items():
            into.add(witness, found)
        into.moved |= gone.moved
        rows.remove(gone)
        for place in self.home.values():
            place[:] = [into if row is gone else row for row in place]

    def _add_lacking(self, rows: list[_Row], witness: str, others: Sequence[str]) -> None:
        """Rows for the clauses that the base copy lacks, after the row they follow in their own copy."""
        place = self.home[witness]
        for j, reading in enumerate(self.copies[witness]):
            if place[j] is not None:
                continue
            before = next((row for row in reversed(place[:j]) if row is not None), None)
            row = _Row({witness: (reading,)})
            rows.insert(rows.index(before) + 1 if before else 0, row)
            place[j] = row
            for other in others:
                if other == witness:
                    continue
                pairs = self.alignments.between(witness, other)
                partners = next((m.right for m in pairs if m.left == (j,)), ())
                if partners and all(self.home[other][k] is None for k in partners):
                    row.add(other, [self.copies[other][k] for k in partners])
                    for k in partners:
                        self.home[other][k] = row


@dataclass(frozen=True)
class _Joined:
    """The clauses of one copy in a row as one text; `starts` are their offsets in it."""

    readings: tuple[Reading, ...]
    folded: Folded
    starts: tuple[int, ...]

    @staticmethod
    def of(readings: tuple[Reading, ...]) -> _Joined:
        if len(readings) == 1:
            return _Joined(readings, readings[0].folded, (0,))
        text, starts = "", []
        for reading in readings:
            text += "\n" if text else ""
            starts.append(len(text))
            text += reading.clause.text.text
        return _Joined(readings, Folded.of(text), tuple(starts))

    def pieces(self, start: int, end: int) -> list[tuple[int, int, int]]:
        """(which clause, start and end in its text) of a stretch; one piece at least."""
        lengths = [len(reading.clause.text) for reading in self.readings]
        found = [
            (which, max(start - offset, 0), min(end - offset, length))
            for which, (offset, length) in enumerate(zip(self.starts, lengths, strict=True))
            if max(start - offset, 0) < min(end - offset, length)
        ]
        if found:
            return found
        which = max(bisect_right(self.starts, start) - 1, 0)
        at = min(start - self.starts[which], lengths[which])
        return [(which, at, at)]


@dataclass
class _Edition:
    """Turns rows into the clauses shown and their variants."""

    base: str
    order: tuple[str, ...]
    rows: list[_Row]
    words: Words | None
    sources: Mapping[str, SourceFile]

    def build(self) -> Collation:
        ids: dict[tuple[str, str], str] = {}  # (witness, its id) → id shown
        used = {r.clause.id for row in self.rows for r in row.readings.get(self.base, ())}
        clauses: list[Clause] = []
        readings: dict[str, dict[str, tuple[Clause, ...]]] = {}
        variants: dict[str, list[Variant]] = {}
        for index, row in enumerate(self.rows):
            witness, frame, parts = self._shown(row)
            home = self.base if self.base in row.readings else witness
            names = self._names(frame, home, ids, used)
            for other, found in row.readings.items():
                for place, reading in enumerate(found):
                    ids[other, reading.clause.id] = names[min(place, len(names) - 1)]
            for name, own, part in zip(names, frame, parts, strict=True):
                path = tuple(ids.get((home, step), step) for step in own.clause.path)
                clauses.append(
                    replace(
                        part.clause, id=name, path=path, children=(), number=own.clause.number,
                        label=own.clause.label, label_en=own.clause.label_en, table=own.clause.table,
                    )
                )  # fmt: skip
                readings[name] = dict.fromkeys(self.order, ())
                readings[name][witness] = (part.clause,)
                variants[name] = []
            for other in self.order:
                if other != witness:
                    found = row.readings.get(other, ())
                    readings[names[0]][other] = tuple(r.clause for r in found)
                    for which, variant in self._variants(index, parts, other, found):
                        variants[names[which]].append(replace(variant, clause=names[which]))
        below: dict[str, list[str]] = {}
        for clause in clauses:
            below.setdefault(clause.parent, []).append(clause.id)
        return Collation(
            self.base,
            tuple(replace(clause, children=tuple(below.get(clause.id, ()))) for clause in clauses),
            readings,
            {name: tuple(found) for name, found in variants.items() if found},
        )

    def _shown(self, row: _Row) -> tuple[str, tuple[Reading, ...], tuple[Reading, ...]]:
        """(copy shown, clauses that give number and place, clauses whose text is shown)."""
        present = [w for w in self.order if row.readings.get(w)]
        home = self.base if self.base in present else present[0]
        frame = row.readings[home]
        own = row.single(home)
        # A reading with another number or kind would contradict the label, so it is not shown.
        able = {
            w: reading for w in present
            if own is not None and (reading := row.single(w)) is not None
            and (reading.clause.number, reading.clause.kind) == (own.clause.number, own.clause.kind)
        }  # fmt: skip
        if len(able) < 3:
            return home, frame, frame
        total = {
            w: sum(distance(reading.folded, other.folded) for other in able.values())
            for w, reading in able.items()
        }
        best = min(able, key=lambda w: total[w])
        return best, frame, (able[best],)

    def _names(
        self, frame: tuple[Reading, ...], home: str, ids: Mapping[tuple[str, str], str], used: set[str]
    ) -> list[str]:
        """The ids shown: the base copy's own; others stand under their parent as shown, never twice."""
        if home == self.base:
            return [reading.clause.id for reading in frame]
        names = []
        for clause in (reading.clause for reading in frame):
            name = ids.get((home, clause.parent), clause.parent) + clause.id[len(clause.parent) :]
            while name in used:
                name += f"@{home}"
            used.add(name)
            names.append(name)
        return names

    def _variants(
        self, index: int, parts: tuple[Reading, ...], other: str, found: tuple[Reading, ...]
    ) -> list[tuple[int, Variant]]:
        """(which clause shown, variant) for one other copy of a row."""
        if not found:
            return [(which, self._absent(index, part, other)) for which, part in enumerate(parts)]
        result = []
        if other in self.rows[index].moved:
            result.append((0, self._moved(parts[0], found[0], other)))
        mine, theirs = _Joined.of(parts), _Joined.of(found)
        number_units = max(parts[0].number_units, found[0].number_units)
        for stretch in stretches(mine.folded, theirs.folded, self.words, number_units):
            shown_text = mine.folded.text[stretch.start : stretch.end]
            other_text = theirs.folded.text[stretch.other_start : stretch.other_end]
            code = classify(stretch, shown_text, other_text)
            lines = self._lines(theirs, stretch.other_start, stretch.other_end)
            for which, start, end in mine.pieces(stretch.start, stretch.end):
                text = parts[which].clause.text
                variant = Variant(
                    "", other, start, end, text.text[start:end], other_text, reasons()[code].meaning,
                    reason(code), found[0].clause.text.file, *lines,
                )  # fmt: skip
                result.append((which, variant))
                other_text = ""  # what the other copy has instead stands with the first piece
        return result

    def _lines(self, joined: _Joined, start: int, end: int) -> tuple[int, int]:
        """First and last line of a stretch in the file of its copy."""
        which, low, high = joined.pieces(start, end)[0]
        last, _, last_high = joined.pieces(start, end)[-1]
        clause, last_clause = joined.readings[which].clause, joined.readings[last].clause
        source = self.sources.get(clause.text.file)
        if source is None or not clause.text:
            return clause.line_start, last_clause.line_end
        if low == high:  # a gap stands where the character before it stands
            at = clause.text.source_range(*((low - 1, low) if low else (0, 1)))[0]
            return source.line_of(at), source.line_of(at)
        first = clause.text.source_range(low, low + 1)[0]
        final = last_clause.text.source_range(last_high - 1, last_high)[0]
        return source.line_of(first), source.line_of(final)

    def _absent(self, index: int, part: Reading, other: str) -> Variant:
        """The variant of a copy that lacks the clause altogether; its line is where it would follow."""
        before = [r.readings[other][-1].clause for r in self.rows[:index] if r.readings.get(other)]
        after = [r.readings[other][0].clause for r in self.rows[index:] if r.readings.get(other)]
        near = before[-1] if before else (after[0] if after else None)
        line = 0 if near is None else (near.line_end if before else near.line_start)
        code = "note" if part.clause.kind == "note" else "clause"
        text = part.clause.text.text
        return Variant(
            "", other, 0, len(text), text, "", reasons()[code].meaning, reason(code),
            near.text.file if near else "", line, line,
        )  # fmt: skip

    @staticmethod
    def _moved(shown: Reading, found: Reading, other: str) -> Variant:
        code = "numbering" if shown.place[:-1] == found.place[:-1] else "moved"
        clause = found.clause
        return Variant(
            "", other, 0, 0, "", "", reasons()[code].meaning, f"{reason(code)} ({clause.label})",
            clause.text.file, clause.line_start, clause.line_end,
        )  # fmt: skip
