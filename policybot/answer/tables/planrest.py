"""Numbers that start from one given outside the table: what is left of it, what a percentage makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from policybot.answer.matching.match import covers, norm
from policybot.answer.model import Step
from policybot.answer.question.ask import Ask
from policybot.answer.question.operations import plain
from policybot.answer.tables.planlines import Made, PlanLines, computed
from policybot.answer.tables.reading.columns import ColumnUse
from policybot.answer.tables.reading.match import TableBook
from policybot.answer.tables.reading.views import RowView
from policybot.answer.wording.cite import Evidence
from policybot.answer.wording.compose import line
from policybot.answer.wording.draft import Finding
from policybot.facts.quantities import find_numbers
from policybot.facts.render import amount_text
from policybot.patterns import lazy_pattern
from policybot.text import sentence_spans

_HUNDRED = lazy_pattern(r"\b(?:a|one) hundred\b|一百")


def rest_of(ask: Ask, uses: Sequence[ColumnUse], book: TableBook, lines: PlanLines) -> Made | None:
    """What is left of a number that the question gives and a sentence prints, after a column's sum."""
    use = uses[0]
    values = lines.values(use, use.view.rows)
    spent = sum(values, Decimal(0))
    whole = next((q for q in ask.quantities if q.kind in ("count", "number") and q.amount > spent), None)
    if whole is None and _HUNDRED.search(ask.text):
        whole = next((q for q in find_numbers("100个") if q.amount > spent), None)
    said = _printed(ask, use, book, whole.amount) if whole is not None else None
    if whole is None or said is None or not values or len(uses) > 1:
        return None
    left = whole.amount - spent
    made = Made()
    calculation = f"{plain(whole.amount)} - {plain(spent)} = {plain(left)}"
    made.lines.append(line("plan_rest", (), value=plain(left), calculation=calculation))
    made.lines.append(line("plan_rest_whole", (said,), value=plain(whole.amount)))
    evidence = lines.rows_evidence(use, use.view.rows)
    column = lines.labels.short(use.column.name, ask.language)
    slots = {"name": column, "value": plain(spent), "count": str(len(values))}
    made.lines.append(line("plan_rest_part", evidence, **slots))
    made.findings.append(computed(left, "rest", (whole.amount, spent)))
    made.findings += [computed(spent, "sum", values), computed(Decimal(len(values)))]
    made.findings.append(Finding("quoted", float(whole.amount), text=plain(whole.amount), evidence=said))
    inputs = [plain(whole.amount), *(plain(v) for v in values)]
    made.steps.append(Step("compute", {"operation": "rest", "inputs": inputs}, plain(left)))
    return made


def _printed(ask: Ask, use: ColumnUse, book: TableBook, amount: Decimal) -> Evidence | None:
    """The sentence of the table's document that prints a count and says most of what was asked."""
    corpus, digits = book.corpus, plain(amount)
    best: tuple[float, Evidence] | None = None
    for clause in corpus.of(use.view.table.document):
        if clause.table or digits not in clause.text.text:
            continue
        text = clause.text.text
        for start, end in sentence_spans(text):
            held = any(q.kind == "count" and q.amount == amount for q in find_numbers(text[start:end]))
            if not held:
                continue
            plain_text = norm(text[start:end])
            share = sum(c.weight * covers(c, plain_text, book.weigh) for c in ask.concepts)
            if best is None or share > best[0]:
                best = (share, Evidence(clause.id, start, end))
    return best[1] if best is not None else None


def carried_over(ask: Ask, made: Made, use: ColumnUse, row: RowView) -> None:
    """What a row's percentage makes of an amount of the base that the question supposes."""
    naming, value = use.naming, row.cells[use.column.index].value
    amount = next((q for q in ask.quantities if q.kind == "quantity" and q.dimension == "mass"), None)
    if naming is None or naming.base != 100 or value is None or amount is None:
        return
    share = Decimal(repr(value))
    result = amount.amount * share / 100
    if result == result.to_integral_value():
        result = result.to_integral_value()
    shown = amount_text(amount, result, ask.language)
    slots = {
        "value": shown,
        "share": plain(share),
        "amount": amount_text(amount, amount.amount, ask.language),
    }
    made.lines.append(line("base_part", (), **slots))
    made.findings.append(computed(result, "part", (amount.amount, share), shown, amount.unit))
    made.steps.append(
        Step("compute", {"operation": "part", "inputs": [plain(amount.amount), plain(share)]}, shown)
    )
