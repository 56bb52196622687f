"""The data files of this package: words and patterns that may be corrected without touching code."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from policybot.errors import CorpusError
from policybot.retrieve.datafile import bad_data

DATA = Path(__file__).resolve().parent / "data"


def pattern_fault(path: Path, where: str) -> Callable[[re.error], CorpusError]:
    """Makes the error for a pattern of a data file that is not a regular expression."""
    return lambda error: bad_data(path, f"{where}: {error.pattern!r} ({error})")
