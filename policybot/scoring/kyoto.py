"""Assigned amounts under the Kyoto Protocol: base-year emissions × the party's percentage × 5."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from policybot.corpus.model import Cell, Corpus, Table
from policybot.errors import PolicybotError

DOCUMENT = "kyoto-protocol"
RULE = "kyoto-protocol/第三条/7"  # the clause that gives the formula
BASE_YEAR_RULE = "kyoto-protocol/第三条/8"  # 1995 for HFCs, PFCs and SF6
TRANSITION_RULE = "kyoto-protocol/第三条/5"
YEARS = 5  # the factor printed in Article 3(7), for the five years 2008–2012


@dataclass(frozen=True, slots=True)
class Commitment:
    """A party's line in Annex B: percentage of the base year or period, and whether it is marked as
    undergoing the transition to a market economy."""

    party: str
    percent: Decimal
    transition: bool
    name_cell: Cell
    percent_cell: Cell
    clause: str


@dataclass(frozen=True, slots=True)
class AssignedAmount:
    """`amount` = `base` × percent ÷ 100 × 5, in the unit of `base` (which is the user's input)."""

    commitment: Commitment
    base: Decimal
    unit: str
    amount: Decimal
    calculation: str


def annex_b(corpus: Corpus) -> dict[str, Commitment]:
    """All commitments by the party's printed name without the mark."""
    table = _table(corpus)
    found = {}
    for row in table.rows:
        name, percent = row.cells[0], row.cells[1]
        if percent.value is None:
            continue
        party = name.text.rstrip("*").strip()
        found[party] = Commitment(
            party, Decimal(str(percent.value)).normalize(), name.text.endswith("*"), name, percent, row.id
        )
    return found


def _table(corpus: Corpus) -> Table:
    for table in corpus.tables.values():
        if table.document == DOCUMENT and "附件B" in table.id:
            return table
    raise PolicybotError(
        "The corpus has no Annex B of the Kyoto Protocol.",
        "Restore the built-in corpus.",
        what_zh="语料库中没有《京都议定书》附件B。",
        hint_zh="请恢复内置语料库。",
    )


def assigned_amount(corpus: Corpus, party: str, base: Decimal, unit: str = "") -> AssignedAmount:
    """The assigned amount of a party for 2008–2012.

    Args:
        party: the name printed in Annex B (other spellings are resolved by the caller).
        base: emissions in the base year or period, at least 0.
        unit: of `base`, as the user gave it.

    Raises:
        PolicybotError: a party outside Annex B, or a base that is negative or not finite.
    """
    commitments = annex_b(corpus)
    if party not in commitments:
        raise PolicybotError(
            f"{party} has no commitment in Annex B, so it has no assigned amount.",
            f"Annex B lists {len(commitments)} parties; `policybot kyoto` shows them.",
            what_zh=f"{party}不在附件B之列，没有分配数量。",
            hint_zh=f"附件B列有 {len(commitments)} 个缔约方，可用 `policybot kyoto` 查看。",
        )
    if not base.is_finite() or base < 0:
        raise PolicybotError(
            "Base-year emissions must be a number of at least 0.",
            what_zh="基准年排放量须为不小于 0 的数。",
        )
    commitment = commitments[party]
    amount = base * commitment.percent / 100 * YEARS
    text = f"{base:f} × {commitment.percent:f}% × {YEARS} = {amount.normalize():f}"
    return AssignedAmount(commitment, base, unit, amount, f"{text} {unit}".strip())
