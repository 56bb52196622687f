"""Follow-ups that say one thing otherwise, stay with the clause before, or point into a list."""

from __future__ import annotations

import pytest

from policybot.answer.bot import PolicyBot
from policybot.answer.conversation.context import Context, carrying
from policybot.answer.conversation.swap import numbers_of, other_number, without_lead
from policybot.answer.question.clean import last_answer


@pytest.mark.parametrize(
    ("turns", "part"),
    [
        # another number of the same things, another amount, base year, superlative, document
        (("一类城市有什么特点？", "第四类呢？"), "能源基地"),
        (("一类城市有哪些？", "二类呢？"), "重庆"),
        (("评估报告的第一条建议是什么？", "第二个建议呢？"), "发挥目标引领作用"),
        (("What is the first recommendation of the evaluation report?", "And the second one?"), "目标引领"),
        (("升温1.5度珊瑚礁会怎样？", "那要是2度呢？"), "99%"),
        (("What happens to coral reefs at 1.5°C?", "What if it is 2 degrees?"), "99%"),
        (("2020年碳强度比2005年降了多少？", "跟2015年比呢？"), "18.8%"),
        (("2019年PM2.5最低的城市是哪座？", "反过来，最脏的是哪座城市？"), "石家庄"),
        (("附件B里欧洲共同体的数字是多少？", "加拿大是多少？"), "94"),
        (
            (
                "What share do a province's three biggest emitting cities cover on average?",
                "And the top five cities?",
            ),
            "69%",
        ),
        (("What marks class-one cities?", "What about class four?"), "能源基地"),
        (("低碳试点评估的最高分是多少？", "最低分呢？"), "68.9"),
        (("What was the highest score in the low-carbon pilot evaluation?", "And the lowest?"), "68.9"),
        # the clause of the answer before, and those beside it
        (("碳达峰试点的建议名单由谁提出？", "最晚什么时候报？"), "2023年11月15日"),
        (("议定书怎么退出？", "多久之后生效？"), "一年"),
        (("京都议定书的修正要怎么通过？", "没达成一致怎么办？"), "四分之三"),
        (("《意见》的投资政策对高碳项目怎么说？", "国企要做什么？"), "绿色低碳投资"),
        # a thing of the list before
        (("《意见》的工作原则有哪些？", "第二条具体怎么讲的？"), "把节约能源资源放在首位"),
        (("What are the working principles of the Opinions?", "What does the second one say?"), "节约能源资源"),
        (("高耗能行业能享受优惠电价吗？", "这是哪份文件哪一条写的？"), "十二（三十二）"),
    ],
)  # fmt: skip
def test_one_thing_said_otherwise(bot: PolicyBot, turns: tuple[str, ...], part: str) -> None:
    answer = bot.ask(turns[-1], [{"question": turn} for turn in turns[:-1]])
    assert answer.status == "answered"
    assert part in answer.answer


def test_an_answer_given_before_tells_what_it_listed(bot: PolicyBot) -> None:
    told = [{"question": "双碳发展水平前五名是谁？", "answer": "深圳、海口、北京、厦门和广州。"}]
    assert "16.9" in bot.ask("排第二的那个，PM2.5多少？", told).answer
    assert last_answer(told) == "深圳、海口、北京、厦门和广州。"
    assert last_answer([{"role": "user", "content": "?"}, {"role": "assistant", "content": "25%"}]) == "25%"
    assert last_answer([{"role": "user", "content": "?"}]) == last_answer(None) == ""


def test_an_answer_given_before_tells_where_it_stood(bot: PolicyBot) -> None:
    decision = bot.decide("试点评估的平均得分是多少？")
    corpus = bot.index.corpus
    assert carrying(corpus, decision.draft, decision.drafts, "") is decision.draft
    stood = carrying(corpus, decision.draft, decision.drafts, "最高得分为93.7分，最低得分为68.9分")
    assert any("93.7" in corpus.clauses[e.clause].text.text for e in stood.evidence)
    gains = Context(corpus, stood).gains
    assert gains[stood.evidence[0].clause] == max(gains.values())


def test_numbers_that_tell_things_apart() -> None:
    assert [n.n for n in numbers_of("领域2考察哪几个指标")] == [2]
    assert [n.n for n in numbers_of("what marks class-one cities?")] == [1]
    assert [n.n for n in numbers_of("the top five cities and the three largest ones")] == [5, 3]
    assert numbers_of("十大行动是哪些？") == []
    assert other_number("二类呢？", "一类城市有哪些？")
    assert not other_number("第二个呢？", "十大行动是哪些？")
    assert without_lead("反过来，最高的呢？") == "最高的呢？"
    assert without_lead("反过来") == "反过来"
