"""Where a string that a model quotes stands in a clause: character by character, blanks and width aside."""

from __future__ import annotations

from functools import lru_cache

from policybot.text import fold_char

# Marks that are set in one form or another without a change in the words.
_ALIKE = str.maketrans("，。；：！？（）“”‘’—–－·", ",.;:!?()\"\"''---.")


@lru_cache(maxsize=256)
def _folded(text: str) -> tuple[str, tuple[int, ...]]:
    """The comparable form, and for each of its characters the place in `text`."""
    out: list[str] = []
    places: list[int] = []
    for at, char in enumerate(text):
        for folded in fold_char(char).translate(_ALIKE):
            if not folded.isspace():
                out.append(folded)
                places.append(at)
    return "".join(out), tuple(places)


def folded(text: str) -> str:
    """`text` in the form that is compared."""
    return _folded(text)[0]


def locate(quoted: str, text: str) -> tuple[int, int] | None:
    """Span of `text` that reads like `quoted`, None when it does not stand there."""
    wanted = folded(quoted).strip(",.;:")
    if not wanted:
        return None
    form, places = _folded(text)
    at = form.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        # A number must not be cut: 3% is not a quotation of 33%.
        if not (_cuts(form, at) or _cuts(form, end)):
            return places[at], places[end - 1] + 1
        at = form.find(wanted, at + 1)
    return None


def _cuts(form: str, at: int) -> bool:
    """True when a place lies inside a number."""
    before, after = form[at - 1 : at] if at else "", form[at : at + 1]
    if before.isdigit() and (after.isdigit() or (after in (".", ",") and form[at + 1 : at + 2].isdigit())):
        return True
    return before in (".", ",") and after.isdigit() and at >= 2 and form[at - 2].isdigit()
