"""Where a numbered clause hangs: beside its like, below the division it stands in, by its heading's level."""

from __future__ import annotations

from policybot.corpus.numbering import Number, roman
from policybot.corpus.tree import Node

# Divisions hang below the nearest higher one, wherever they stand.
_RANK = {"root": -1, "annex": 0, "division": 1, "chapter": 2, "section-number": 3, "article": 4}
_UNDER_SECTIONS = ("han-comma", *_RANK)
_FIRST = "i"
UNMARKED = 9  # the level of what is not marked as a heading


def place(root: Node, current: Node, kind: str, level: int) -> Node:
    """The clause that a number of this kind hangs below.

    Args:
        current: the last clause read.
        level: of the heading, 1 for the highest; 0 where the line is not marked as one.
    """
    if level and (above := marked_above(current, level)):
        return above
    node: Node | None = current
    while node is not None and node.number_kind != "root":
        if node.number_kind == kind and (level or node.level == UNMARKED):
            assert node.parent is not None
            return node.parent
        if not level and node.level != UNMARKED and kind not in _RANK:
            break  # numbers below a heading begin anew
        node = node.parent
    base = current
    if kind in _RANK:
        while base is not root and _RANK.get(base.number_kind, 9) >= _RANK[kind]:
            assert base.parent is not None
            base = base.parent
        return base
    while base.kind in ("paragraph", "row", "table", "list-item") or (
        base.number_kind in ("section", "bullet") and kind in _UNDER_SECTIONS
    ):
        assert base.parent is not None
        base = base.parent
    return base


def marked_above(current: Node, level: int) -> Node | None:
    """The clause that a marked heading hangs below: the nearest higher heading, else what the highest
    one hangs below; None where no heading around `current` is marked."""
    node, top = current, None
    while node.parent is not None:
        if node.level < level:
            return node
        top = node if node.level != UNMARKED else top
        node = node.parent
    return top.parent if top is not None else None


def follows(number: Number, current: Node) -> bool:
    """Whether a decimal number may stand here: the first of its kind, or the next one. Others are amounts."""
    *above, own = number.value.split(".")
    if own == "1":
        return True
    node: Node | None = current
    while node is not None:
        for child in reversed(node.children):
            if child.number_kind == "decimal" and child.number.split(".")[:-1] == above:
                return int(child.number.split(".")[-1]) + 1 == int(own)
        node = node.parent
    return False


def root_of(node: Node) -> Node:
    """The root of the tree in which a clause stands."""
    while node.parent is not None:
        node = node.parent
    return node


def in_sequence(number: Number, current: Node) -> Number:
    """(i) is the letter after (h), else a Roman number; so is Part I after part H."""
    if number.kind == "division":
        above = place(root_of(current), current, "division", 0)
        last = next((c.number for c in reversed(above.children) if c.number_kind == "division"), "")
        if last.isalpha() and last.isascii() and number.value.isdigit():
            return Number("division", roman(int(number.value)), number.length)
    if number.kind != "alpha" or not set(number.value) <= set("ivx"):
        return number
    node: Node | None = current
    while node is not None and node.number_kind != "root":
        if node.number_kind == "roman-paren":
            return Number("roman-paren", number.value, number.length)
        if node.number_kind == "alpha":
            follows = len(node.number) == 1 and chr(ord(node.number) + 1) == number.value
            return number if follows or number.value != _FIRST else _as_roman(number)
        node = node.parent
    return _as_roman(number) if number.value == _FIRST else number


def _as_roman(number: Number) -> Number:
    return Number("roman-paren", number.value, number.length)
