"""Text that comes in pieces is wrapped as if it had come at once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from policybot.cli.chat.screen import Flow
from policybot.cli.wrap import cells

WORDS = st.lists(
    st.text(alphabet="ab 中，。(（“”%1", min_size=1, max_size=12).map(lambda t: f"a{t}。"), max_size=12
)


@given(WORDS, st.integers(8, 60))
def test_nothing_is_lost_and_no_line_is_too_wide(pieces: list[str], width: int) -> None:
    flow = Flow(width)
    shown = "".join(flow.feed(piece) for piece in pieces)
    assert shown.replace("\n", "").replace(" ", "") == "".join(pieces).replace(" ", "")
    assert all(cells(line) <= width + 2 for line in shown.split("\n"))  # a closing mark may hang over


def test_pieces_wrap_like_the_whole() -> None:
    flow = Flow(10)
    assert flow.feed("一二三四。") + flow.feed("五六七八。") == "一二三四。\n五六七八。"
    flow = Flow(12)
    assert flow.feed("one two. ") + flow.feed("three four.") == "one two.\nthree four."
    flow = Flow(80)
    assert flow.feed("first.\n") + flow.feed("second. ") + flow.feed("[1]") == "first.\nsecond. [1]"
