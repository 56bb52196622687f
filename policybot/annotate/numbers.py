"""Numbers of a gist beside those of its clause.

Every number in digits that a gist states must stand in the clause (for a table: in one of its rows too),
in whatever unit and script: 284亿吨 and "28.4 billion tonnes" are one. A small number spelled out ("five
cities") may count what the clause lists, so it is let pass.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from policybot.corpus.model import Clause, Corpus
from policybot.facts.measure import Quantity, same_measure
from policybot.facts.quantities import find_numbers
from policybot.patterns import lazy_pattern
from policybot.text import fold

# A clause with at most so many measured values should have all of them in its gist.
FEW = 2
MEASURED = frozenset({"quantity", "percent", "points", "money"})
_DIGITS = lazy_pattern(r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_HAN = lazy_pattern(r"[一二三四五六七八九十百千]+")


def stated(corpus: Corpus, clause: Clause) -> str:
    """The text whose numbers a gist of the clause may state: its own, for a table its caption and rows."""
    if not clause.table:
        return "\n".join((clause.label, clause.text.text))
    texts = [clause.label, clause.text.text]
    table = corpus.tables.get(clause.table)
    if table is not None:
        texts += [table.label, table.caption, *table.header, *(cell.text for cell in table.header_cells)]
        texts += [f"{cell.text}{cell.unit}" for row in table.rows for cell in row.cells]
    todo = list(clause.children)
    while todo:
        below = corpus.clauses[todo.pop()]
        texts.append(below.text.text)
        todo.extend(below.children)
    return "\n".join(texts)


def invented(gist: str, text: str) -> list[str]:
    """Numbers of the gist, as written there, that do not stand in the text."""
    have = find_numbers(text)
    values = _values(have) | _plain(text)
    dates = {q.date for q in have if q.date}
    missing = []
    for q in find_numbers(gist):
        if q.date and q.first is None:
            fits = q.date in dates
        elif not any(char.isdigit() for char in q.text):
            fits = True
        else:
            wanted = (q.amount,) if q.upper_amount is None else (q.amount, q.upper_amount)
            fits = any(same_measure(q, other) for other in have) or values.issuperset(wanted)
        if not fits:
            missing.append(q.text)
    return missing


def dropped(gist: str, text: str) -> list[str]:
    """Measured values of the text, as printed, that the gist leaves out; each once."""
    have = find_numbers(gist)
    values = _values(have) | _plain(gist)
    left = [
        q.text
        for q in find_numbers(text)
        if q.kind in MEASURED
        and q.amount not in values
        and exact_of(q) not in values
        and not any(same_measure(q, other) for other in have)
    ]
    return list(dict.fromkeys(left))


def measured(text: str) -> int:
    """How many different measured values a text states."""
    return len({(q.kind, q.amount, q.unit) for q in find_numbers(text) if q.kind in MEASURED})


def exact_of(q: Quantity) -> Decimal:
    """The value in the base unit of its dimension."""
    return q.measures()[0]


def _values(found: list[Quantity]) -> set[Decimal]:
    values: set[Decimal] = set()
    for q in found:
        values.update((q.amount, *([q.upper_amount] if q.upper_amount is not None else ())))
        if q.first is None:
            values.update(q.measures())
        else:
            values.update(Decimal(year) for year in (q.first, q.last) if year is not None)
        if q.date[:4].isdigit():
            values.add(Decimal(q.date[:4]))
    return values


def _plain(text: str) -> set[Decimal]:
    """Numbers in digits, also those that name something (图表16, A1), and short Chinese numerals."""
    values = set()
    for digits in _DIGITS.findall(fold(text)):
        try:
            values.add(Decimal(digits.replace(",", "")))
        except InvalidOperation:  # digits of another script
            continue
    for numeral in set(_HAN.findall(text)):
        values.update(q.amount for q in find_numbers(f"{numeral}个"))
    return values
