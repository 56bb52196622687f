"""Compares the targets ledger with an inventory made by hand: prints what was found, missed and extra.

Run: python evals/check_ledger.py. Exits 1 when a target of the inventory is missed. Extras are printed with
their clause; those of other documents than the inventory's are counted only.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "facts"))


def main() -> int:
    """Print the comparison."""
    checked: Any = importlib.import_module("test_targets")  # the test's own matching, not a second one
    rows, ledger = checked.inventory(), checked.LEDGER
    pairs = [(row, checked.match(row)) for row in rows]
    found = {target.id for _, target in pairs if target is not None}
    documents = {row["document"] for row in rows}
    extra = [t for t in ledger if t.document in documents and t.id not in found]
    missed = [row for row, target in pairs if target is None]
    print(f"found {len(rows) - len(missed)} of {len(rows)}, missed {len(missed)}, extra {len(extra)}")
    for row in missed:
        print(f"  missed  {row['document']}  {row['quote']}")
    for target in extra:
        print(f"  extra   {target.document} {target.label}  {target.quote.text}")
    others = [t for t in ledger if t.document not in documents]
    print(f"{len(others)} further targets in documents that the inventory leaves out:")
    for target in others:
        print(f"  {target.status:9} {target.document} {target.label}  {target.quote.text}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
