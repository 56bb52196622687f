"""Yes-or-no questions: a verdict only where a word of the clause decides it, else the clause without one."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from policybot.answer.datafiles import DATA
from policybot.answer.evidence.pool import Scored, segments
from policybot.answer.evidence.sentences import Sentence
from policybot.answer.matching.match import Weigher, covers, norm
from policybot.answer.question.ask import Ask
from policybot.patterns import lazy_pattern
from policybot.retrieve.datafile import bad_data

DOES = ("ban", "limit", "oblige", "allow", "promote")
_LEAST = 0.5  # share of the question that the segment with the deciding word must carry


_CONDITION = lazy_pattern(r"(?:\d+[.．]\s*)?(?:但是?|在此情况下)?(?:如果?|若是?|凡|一旦|倘若|假如|当)")
_THEN = lazy_pattern(r"则|就|即|不得|不应|不能|不可|应当?|可以?|须|必须")
_TIED = 0.08  # segments this close in what they carry are tied; one with a ban is then taken
_WORST = 0.55  # weight of a concept the sentence lacks, from which on no verdict is given


@dataclass(frozen=True, slots=True)
class Decision:
    """A word that decides: what it does, where it stands in the clause, and the wording of the verdict."""

    does: str
    start: int
    end: int
    wording: str


def decide(
    ask: Ask, scored: Scored, around: Sequence[float], weigh: Weigher | None = None
) -> Decision | None:
    """The verdict that a sentence gives on a yes-or-no question, or None when it gives none.

    `around` is the worth of each concept of the question by the headings above the sentence.
    """
    found = _deciding_word(ask, scored.sentence, around, weigh) if scored.worst < _WORST else None
    if found is None:
        return None
    does, start, end = found
    wording = _verdict(ask, does)
    return Decision(does, start, end, wording) if wording else None


# "As soon as it is written", "without review", 自己就能发: asks whether a step may be left out.
_SKIPS = lazy_pattern(
    r"直接|自行|自己|自主|马上|立刻|立即|擅自|一?[写编做定][好完成]了?就|就(?:能|可以|行|算)|不[用必经需]|无[须需]|单独|随意|想.{1,4}就"
    r"|\b(?:without|as soon as|once|directly|straight ?away|right away|immediately|on (?:its|their) own"
    r"|by (?:itself|themselves)|at once|alone|skip|at will|whenever|freely|simply|just)\b"
)
_STEP = lazy_pattern(
    r"(?:经|报|须经|应经|由)[^，。；]{0,30}(?:审核|审议|审批|批准|同意|确认|核准|平衡)[^，。；]{0,14}"
    r"|(?:审核|审议|审批|批准|同意|确认|核准)(?:通过)?(?:之?后|方可|才)"
)
_OPPOSED = lazy_pattern(
    r"^(?!.*\bwithout\b).*\b(?:reject|refuse|deny|approve[sd]?|reviewed)\b.*\?$|(?:审核|批准|同意|审批)(?:吗|么)?[?？]?$"
)


def skips(ask: Ask) -> bool:
    """True for a question that asks whether something may be done without more ado."""
    asks = ask.wants("yes_no") and "permission" in ask.asks
    return asks and _SKIPS.search(ask.text) is not None and _OPPOSED.search(ask.text) is None


def step_in(sentence: Sentence) -> Decision | None:
    """The step that a sentence puts before what is done (经…审核通过后), None where it puts none."""
    found = _STEP.search(sentence.text)
    if found is None:
        return None
    return Decision("step", sentence.start + found.start(), sentence.start + found.end(), "verdict_step")


def _deciding_word(
    ask: Ask, sentence: Sentence, around: Sequence[float], weigh: Weigher | None
) -> tuple[str, int, int] | None:
    """The strongest marker in the segment that carries most of the question, or before it."""
    spans = segments(sentence.text)
    if not spans:
        return None
    terms = list(ask.concepts)
    total = sum(c.weight for c in terms) or 1.0

    def share(text: str) -> float:
        tight = norm(text)
        return (
            sum(c.weight * max(covers(c, tight, weigh), o) for c, o in zip(terms, around, strict=True))
            / total
        )

    worth = [share(sentence.text[a:b]) for a, b in spans]
    best = max(range(len(spans)), key=lambda i: (worth[i], -i))
    if worth[best] < _LEAST:
        return None
    for i in sorted(range(len(spans)), key=lambda i: (-worth[i], i)):
        if worth[i] >= worth[best] - _TIED and any(
            w in sentence.text[slice(*spans[i])] for w in markers()["ban"]
        ):
            best = i
            break
    if _CONDITION.match(sentence.text[slice(*spans[best])].strip()):
        # What holds under the condition is said behind it (如果…，则…不得…).
        best = next(
            (i for i in range(best + 1, len(spans)) if _THEN.search(sentence.text[slice(*spans[i])])), best
        )
    a, b = spans[best]
    segment = sentence.text[a:b]
    touched = [
        at
        for c in terms
        for option, value in c.options
        if value >= 0.3 and (at := norm(segment).find(option)) >= 0
    ]
    for does in DOES:
        for word in markers()[does]:
            at = segment.find(word)
            if at < 0:
                continue
            if does in ("promote", "allow", "oblige") and touched and at > max(touched) + 12:
                continue
            return does, sentence.start + a + at, sentence.start + a + at + len(word)
    return None


def _verdict(ask: Ask, does: str) -> str:
    asks = ask.asks
    words = f" {ask.text} "
    ban_asked = _has(words, "asks_ban") and "permission" not in asks
    ban_asked = ban_asked or _has(words, "asks_ban", latin=True)
    limit_asked = _has(words, "asks_limit")
    if does == "ban":
        if ban_asked or "mention" in asks:
            return "verdict_yes"
        if "permission" in asks:
            return "verdict_cannot"
        if "future" in asks:
            return "verdict_no"
        return ""
    if does == "limit":
        if limit_asked:
            return "verdict_yes"
        if "mention" in asks:
            return "verdict_yes"
        if "permission" in asks or "future" in asks or ban_asked:
            return "verdict_partly"
        return ""
    if does == "allow":
        return "verdict_can" if "permission" in asks and not ban_asked else ""
    if does == "oblige":
        if "requirement" in asks:
            return "verdict_must"
        return "verdict_yes" if "mention" in asks else ""
    if ban_asked or limit_asked:
        return ""
    if "permission" in asks:
        return "verdict_can"
    if "mention" in asks or "future" in asks:
        return "verdict_yes"
    return ""


def _has(text: str, section: str, *, latin: bool = False) -> bool:
    for word in markers()[section]:
        if word.isascii():
            if f" {word} " in text.replace("?", " ").replace(",", " "):
                return True
        elif not latin and word in text:
            return True
    return False


@cache
def markers(path: Path = DATA / "markers.toml") -> dict[str, Sequence[str]]:
    """The deciding words by what they do, longest first.

    Raises:
        CorpusError: the file is missing, not TOML, or has other sections.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise bad_data(path, str(error)) from error
    names = {*DOES, "asks_ban", "asks_limit"}
    if set(data) != names:
        raise bad_data(path, f"sections must be exactly {', '.join(sorted(names))}")
    for name, entry in data.items():
        words = entry.get("words")
        if (
            set(entry) != {"words"}
            or not isinstance(words, list)
            or not all(isinstance(w, str) and w for w in words)
        ):
            raise bad_data(path, f"[{name}] must hold a list of words")
    return {name: sorted(entry["words"], key=len, reverse=True) for name, entry in data.items()}
