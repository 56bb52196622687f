"""The words around a number: qualifiers before and after it, the base year, the direction of a change."""

from __future__ import annotations

from dataclasses import dataclass, field

from policybot.facts.numerals import DIGITS
from policybot.facts.qualifiers import SPACES, Comparator, Direction, Found, ending_at, starting_at
from policybot.facts.years import YEAR
from policybot.patterns import lazy_pattern

_LEVEL = r"(?:的?水平|的?标准|同期|的?基准)"
_BASE = lazy_pattern(
    rf"(?:(?:比|较|相比于?|相较于?|对比)[ ]?(?P<a>{YEAR})[ ]?年?[底末]?{_LEVEL}?(?:的[ ]?{DIGITS}[ ]?%)?"
    rf"|与[ ]?(?P<b>{YEAR})[ ]?年?{_LEVEL}?[ ]?相比[，,]?"
    rf"|从[ ]?(?P<c>{YEAR})[ ]?年?{_LEVEL}"
    rf"|在[ ]?(?P<d>{YEAR})[ ]?年?{_LEVEL}?的?基础[之]?上[，,]?"
    r"|(?:比|较|与)(?:上年|上一年|去年|前一年)(?:同期)?(?:相比)?[，,]?"
    r"|(?:高于|低于|比)工业化前(?:水平)?"
    rf"|(?:compared[ ](?:with|to)|relative[ ]to|from|against)[ ](?:the[ ])?"
    rf"(?:levels?[ ](?:of|in)[ ])?(?P<e>{YEAR})(?:[ ]levels?)?,?)"
    rf"[ \u3000]?$"
)
_BASE_AFTER = lazy_pattern(
    r"[ ]?,?[ ]?(?P<how>from|below|above|over|under|compared[ ](?:with|to)|relative[ ]to|against|than[ ]in"
    r"|than|on)[ ](?:(?:its|the|their)[ ])?(?:levels?[ ](?:of|in)[ ])?"
    rf"(?P<year>{YEAR})(?:[ ](?P<level>levels?|baseline))?(?![0-9]|[ ]?(?:to|-|–)[ ]?[0-9])"
)
_REFERENCE = lazy_pattern(
    rf"以[ ]?(?P<year>{YEAR})[ ]?年?(?:[ ]?[-–—~至到][ ]?{YEAR}[ ]?年?)?[ ]?作?为(?:参照|基准|基期|基年)"
)
# 至少占 … 总量的 55%: the bound stands before the whole that the share is taken of.
_SHARE = lazy_pattern(
    r"(?P<word>至少|至多|最多|约|大约|超过|不低于|不超过|接近|近)[占达]"
    r"(?:[^，。；、？！%\n]{1,40}的|[^，。；、？！\n0-9]{1,10})[ ]?$"
)
_TIME = lazy_pattern(rf"(?:[到至在于]?[ ]?{YEAR}[ ]?年[底末前]?)[ ]?$")
_WINDOW = 48
_SIDES: dict[str, Direction] = {"below": "down", "under": "down", "above": "up", "over": "up"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """What the words around a number say; start:end is the stretch to show with the number in it."""

    start: int
    end: int
    qualifiers: tuple[str, ...] = ()
    comparator: Comparator = "="
    direction: Direction = ""
    base_year: int | None = None


@dataclass(slots=True)
class _Reading:
    start: int
    found: list[Found] = field(default_factory=list)
    base_year: int | None = None


def read_phrase(plain: str, start: int, end: int, dimension: str, inside: str) -> Phrase:
    """The qualifiers of the number start:end of `plain` (half-width digits), `inside` being 多 or 余."""
    before = _read_before(plain, start)
    if dimension in ("duration", "days") and any(f.qualifier.direction for f in before.found):
        before = _Reading(start)  # 减排 30 年 is no change by thirty years
    finish, after = _read_after(plain, end, dimension)
    bounds = [f.qualifier for f in after + list(reversed(before.found)) if f.qualifier.comparator]
    comparator: Comparator = ">" if inside else "="
    if bounds:
        # 以上 after the value outranks 达到约 before it; of several before, the nearest counts.
        comparator = bounds[0].comparator  # type: ignore[assignment]  # one of them: checked at load
    directions: list[Direction] = [f.qualifier.direction for f in before.found if f.qualifier.direction]
    direction: Direction = directions[-1] if directions else ""
    if any(f.qualifier.role == "level" for f in before.found):
        direction = ""
    words = [plain[f.start : f.end] for f in before.found]
    if inside:
        words.append(inside)
    words += [plain[f.start : f.end] for f in after]
    base_year = before.base_year
    if base_year is None and (base := _BASE_AFTER.match(plain, finish)) is not None:
        measured_from = base["level"] or base["how"] not in ("over", "above", "under", "on", "than")
        if measured_from and (direction or base["level"] or base["how"] in ("below", "above")):
            base_year, finish = int(base["year"]), base.end()
            if not direction:
                direction = _SIDES.get(base["how"], "")
    if base_year is None and direction:
        base_year = _reference_year(plain, start)
    return Phrase(before.start, finish, tuple(words), comparator, direction, base_year)


def _read_before(plain: str, start: int) -> _Reading:
    """Qualifiers and base year read leftwards from the number; the phrase starts at the first telling one."""
    reading = _Reading(start)
    share = _SHARE.search(plain, max(0, start - _WINDOW), start)
    if share is not None and (word := ending_at(plain, share.end("word"))) is not None:
        reading.found.append(word)
        reading.start = word.start
        return reading
    at = start
    chain: list[Found] = []
    while True:
        found = ending_at(plain, at)
        base = None if reading.base_year is not None else _BASE.search(plain, max(0, at - _WINDOW), at)
        if base is not None and (found is None or base.start() < found.start):
            year = next((g for g in base.groups() if g), None)
            reading.base_year = int(year) if year else reading.base_year
            if at == reading.start or _touching(plain, base.end(), reading.start) or chain:
                at = reading.start = base.start()
                if year is None:
                    break
                continue
            break
        if found is None:
            time = _TIME.search(plain, max(0, at - 16), at) if chain else None
            aim = ending_at(plain, time.start()) if time else None
            if aim is None or aim.qualifier.role != "aim":
                break
            found = aim  # 力争到2025年达到 50%
        chain.append(found)
        at = found.start
        if found.qualifier.role != "plain":
            reading.start = found.start
    reading.found = list(reversed(chain))
    return reading


def _read_after(plain: str, end: int, dimension: str) -> tuple[int, list[Found]]:
    found = starting_at(plain, end, dimension)
    return (end, []) if found is None else (found.end, [found])


def _reference_year(plain: str, at: int) -> int | None:
    """The base year that the sentence sets for all its changes: 以 1986-2005 年作为参照期."""
    begin = max(plain.rfind(stop, 0, at) for stop in "。！？\n") + 1
    found = None
    for match in _REFERENCE.finditer(plain, begin, at):
        found = int(match["year"])
    return found


def _touching(plain: str, left: int, right: int) -> bool:
    return not plain[left:right].strip(SPACES)
