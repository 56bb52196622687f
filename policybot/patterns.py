"""Regular expressions that are compiled when they are first used.

Compiling takes longer than searching a question: a process that answers one question must not compile
the hundreds of expressions that this question never reaches. `lazy_pattern` stands for `re.compile`
wherever an expression is made at import or read from a data file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, cast

from policybot.text import is_han


class _LazyPattern:
    """Behaves as the compiled expression; only code that asks for `re.Pattern` by name sees a difference."""

    def __init__(self, pattern: str, flags: int, fault: Callable[[re.error], Exception] | None) -> None:
        self.pattern = pattern
        self._source = (flags, fault)
        self._compiled: re.Pattern[str] | None = None

    def __getattr__(self, name: str) -> Any:
        if self._compiled is None:
            flags, fault = self._source
            try:
                self._compiled = re.compile(self.pattern, flags)
            except re.error as error:
                raise (fault(error) if fault is not None else error) from error
        found = getattr(self._compiled, name)
        self.__dict__[name] = found  # from now on found without coming here
        return found

    def __repr__(self) -> str:
        return f"lazy_pattern({self.pattern!r})"


def lazy_pattern(
    pattern: str, flags: int = 0, fault: Callable[[re.error], Exception] | None = None
) -> re.Pattern[str]:
    """`re.compile`, put off until the pattern is used.

    Args:
        fault: makes the error that is raised, on first use, for a pattern that cannot be compiled.
    """
    return cast("re.Pattern[str]", _LazyPattern(pattern, flags, fault))


def scripts_of(text: str) -> frozenset[str]:
    """Which kinds of patterns can occur in a folded text: "zh" when it has Chinese, "en" when Latin letters.

    In data files that give patterns as `zh` and `en`, every one of the former needs a Chinese character
    and every one of the latter a Latin letter.
    """
    return frozenset(
        name
        for name, held in (("zh", any(map(is_han, text))), ("en", any("a" <= c <= "z" for c in text)))
        if held
    )


def check_patterns(patterns: Iterable[re.Pattern[str] | None]) -> None:
    """Compiles patterns now.

    Raises:
        Exception: the `fault` of the first one that cannot be compiled, `re.error` where it has none.
    """
    for pattern in patterns:
        if pattern is not None:
            _ = pattern.flags
