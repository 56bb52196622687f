"""What a question leaves out: "apart from Haikou", "除海口外"."""

from __future__ import annotations

import re

from policybot.patterns import lazy_pattern

_EXCEPT = lazy_pattern(
    r"除(?:了|去|开|掉)?(?P<zh>[^，。？]{2,24}?)(?:之外|以外|外(?!地)|[，,还]|的?其他|其余)"
    r"|(?:不算|不含|不包括|不计|扣除|去掉|刨去|剔除|排除)(?P<zh2>[^，。？]{2,16})"
    r"|\b(?:apart from|aside from|except(?:ing)?(?: for)?|other than|besides|excluding|not counting"
    r"|leaving out|not including|ignoring|disregarding)\s+(?P<en>[^,.?;:]+?)"
    r"(?=[,.?;:]|$|\s(?:which|what|who|how|is|are|was|were|has|have|had|does|do|did|with)\b)",
    re.IGNORECASE,
)


def exceptions(text: str) -> list[tuple[int, int]]:
    """Where a question names what is to be left out."""
    return [m.span(m.lastgroup or 0) for m in _EXCEPT.finditer(text)]
