"""Names of rows and places as they are matched."""

from __future__ import annotations

from policybot.answer.matching.match import bare, norm
from policybot.patterns import lazy_pattern

_NUMBERED = lazy_pattern(r"^[a-z]?\d+(\.\d+)*[.、]?(?=[^\d.])")
_ENDINGS = lazy_pattern(
    r"(维吾尔自治区|壮族自治区|回族自治区|自治区|特别行政区|黎族苗族自治县|土家族自治县|省|(?<!城)市|地区)$"
)


def plain_name(text: str) -> str:
    """A name as rows are matched: no white space, marks or leading number ("1. ", "A1")."""
    name = norm(text).strip("*●·")
    shorter = _NUMBERED.sub("", name)
    return bare(shorter or name)


def place_stem(name: str) -> str:
    """A place name without its administrative ending (湖北省 → 湖北)."""
    stem = _ENDINGS.sub("", name)
    return stem if len(stem) >= 2 else name
