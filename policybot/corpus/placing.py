"""Where a numbered clause hangs: beside its like, below the division it stands in, by its heading's level."""

from __future__ import annotations

from collections.abc import Iterator

from policybot.corpus.numbering import Number, han_to_int, roman
from policybot.corpus.tree import Node

# Divisions hang below the nearest higher one, wherever they stand.
_RANK = {"root": -1, "annex": 0, "division": 1, "chapter": 2, "section-number": 3, "article": 4}
_UNDER_SECTIONS = ("han-comma", *_RANK)
_ITEMS = frozenset({"han-paren", "arabic-paren", "circled"})
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
    """Whether a decimal number may stand here: the first below its division, or the next one. Others are
    amounts."""
    *above, own = number.value.split(".")
    if own == "1" and (not above or _stands_below(".".join(above), current)):
        return True
    last = next((n.number for n in _backwards(root_of(current)) if _is_decimal(n, above)), None)
    return last is not None and int(last.split(".")[-1]) + 1 == int(own)


def _is_decimal(node: Node, above: list[str]) -> bool:
    return node.number_kind == "decimal" and node.number.split(".")[:-1] == above


def _backwards(node: Node) -> Iterator[Node]:
    """The clauses of a tree, the last one read first."""
    for child in reversed(node.children):
        yield from _backwards(child)
    yield node


def _stands_below(number: str, current: Node) -> bool:
    """Whether a clause of that number is around `current`, or no numbered one is."""
    node: Node | None = current
    numbered = False
    while node is not None:
        if node.number and node.number_kind not in ("paragraph", "bullet"):
            numbered = True
            if number in (node.number, _arabic(node.number)):
                return True
        node = node.parent
    return not numbered


def _arabic(number: str) -> str:
    try:
        return str(han_to_int(number))
    except ValueError:
        return number


def closes_list(node: Node) -> bool:
    """Whether a clause is the last item of a list that its parent introduces: the items before it end in
    semicolons, and it ends the sentence. What stands below it belongs to the parent."""
    if node.parent is None or node.number_kind not in _ITEMS or not node.parent.pieces:
        return False
    *before, own = [c for c in node.parent.children if c.number_kind == node.number_kind]
    ends = [c.pieces[-1].text.rstrip() for c in before if c.pieces]
    led = node.parent.pieces[-1].text.rstrip().endswith(("：", ":"))
    return (
        led
        and own is node
        and bool(ends)
        and all(end.endswith(("；", ";", "; and", "; or")) for end in ends)
        and node.pieces[-1].text.rstrip().endswith(("。", "."))
    )


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
