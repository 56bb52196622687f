"""One named row and a superlative ("is Haikou the cleanest?"): where the row stands among all of the table.

Whether a row is the highest of its table is read from the whole column, never from the rows that the
question happens to name. Where the question claims it, the claim is confirmed or denied; where it
compares the row with the extreme one, both are shown and their difference.
"""

from __future__ import annotations

from collections.abc import Sequence

from policybot.answer.model import Step
from policybot.answer.question.ask import Ask
from policybot.answer.question.claimed import asserted
from policybot.answer.tables.planlines import Made, PlanLines
from policybot.answer.tables.reading.parsed import Named, Order, TableQuestion
from policybot.answer.tables.reading.views import RowView
from policybot.answer.wording.compose import line


def placed(
    ask: Ask, question: TableQuestion, order: Order, rows: Sequence[RowView], lines: PlanLines
) -> Made | None:
    """The answer on one named row and the extreme ones; None when the row has no value in the column.

    Args:
        ask: the question; `question` its parts, with one named row and `order` the superlative.
        rows: all rows that the superlative is over.
        lines: words the lines.
    """
    named = question.named[0]
    own = named.rows.get(order.use.view.table.id)
    if own is None or lines.value(order.use, own) is None:
        return None
    top = extreme(rows, order)
    word = lines.word(ask, order)
    step = {
        "table": order.use.view.table.id,
        "column": order.use.column.name,
        "order": "highest" if order.high else "lowest",
        "n": order.n,
    }
    made = Made(steps=[Step("select_rows", step, "、".join(r.key.strip("* ") for r in top))])
    is_top = any(r is own for r in top)
    if _claims(ask, named):
        slots = {"name": lines.cells.row_name(own, ask.language), "word": word}
        made.lines.append(line("plan_is_extreme" if is_top else "plan_not_extreme", (), **slots))
    shown = [(use, "") for use in question.shown]
    for row in top:
        lines.row(ask, made, row, [(order.use, word), *(shown if row is own else ())], False)
    if not is_top:
        lines.row(ask, made, own, [(order.use, ""), *shown], question.show_class)
        if "difference" in question.operations and len(top) == 1:
            lines.difference(
                ask, made, order.use, [(top[0].key.strip("* "), top[0]), (own.key.strip("* "), own)]
            )
    return made if len(made.lines) <= 8 else None


def extreme(rows: Sequence[RowView], order: Order) -> list[RowView]:
    """The first `n` rows of an order, ties with the last one included; or those in its `nth` place."""
    index = order.use.column.index
    ranked = [(v, r) for r in rows if (v := r.cells[index].value) is not None]
    ranked.sort(key=lambda pair: -pair[0] if order.high else pair[0])
    if not ranked or order.nth > len(ranked):
        return []
    if order.nth:
        return [r for v, r in ranked if v == ranked[order.nth - 1][0]]
    edge = ranked[min(order.n, len(ranked)) - 1][0]
    return [r for v, r in ranked if (v >= edge if order.high else v <= edge)]


def _claims(ask: Ask, named: Named) -> bool:
    """True when the question says or asks whether the row is the extreme one."""
    if "difference" in ask.asks or "compare" in ask.asks:
        return False
    return ask.wants("yes_no") or "confirm" in ask.asks or asserted(ask.text, ask.asks.at(*_SUPERLATIVES))


_SUPERLATIVES = ("max", "min", "earliest", "latest")
