"""A part of a whole: shares, and what is left; values added up over numbered sets."""

from __future__ import annotations

import pytest

from policybot.answer.bot import PolicyBot


@pytest.mark.parametrize(
    ("question", "wanted", "inputs"),
    [
        ("编制了低碳发展专项规划的城市里，由发展改革委或生态环境局发布的占百分之几？", "40%", (10, 25)),
        ("制定发布了试点工作方案的城市中，多大比例是由市政府发布的？", "64.7%", (22, 34)),
        ("Of the 34 cities with a published pilot work plan, what share was issued by the people's government?",
         "64.7%", (22, 34)),
        ("What share of all pilot cities has a routine for compiling greenhouse gas inventories?", "40.7%", (33, 81)),
        ("保定气候投融资项目库里拿到信贷支持的项目占多大比例？", "41.8%", (38, 91)),
        ("91个入库项目里还有多少个没拿到信贷支持？", "53", (91, 38)),
        ("How many of the 81 pilot cities have no routine for compiling inventories?", "48", (81, 33)),
        ("三批试点城市一共提出了多少项创新举措？", "225项", (127, 98)),
        ("三批试点城市合计完成或部分完成了多少项创新举措", "113项", (68, 45)),
    ],
)  # fmt: skip
def test_parts_and_wholes(bot: PolicyBot, question: str, wanted: str, inputs: tuple[float, float]) -> None:
    answer = bot.ask(question)
    assert answer.status == "answered" and wanted in answer.answer
    assert any(r.inputs == inputs for r in answer.results if r.operation)
    assert all(any(f"{n:g}" in c.quote for c in answer.citations) for n in inputs)


@pytest.mark.parametrize(
    "question",
    [
        "公布了碳排放数据的城市占几成？",
        "81个试点城市里有多少个没有达峰目标？",
        "建立考核制度的城市占全部试点的百分之几？",
        "What share of the pilot cities has a carbon market?",
        "How many of the 81 pilot cities have no metro?",
    ],
)
def test_a_part_that_is_not_printed_gives_nothing(bot: PolicyBot, question: str) -> None:
    assert not any(s.tool == "compute" for s in bot.ask(question).steps)
