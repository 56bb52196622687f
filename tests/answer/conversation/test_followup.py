"""Conversations: what a turn leaves out comes from the turns before it."""

from __future__ import annotations

import pytest

from policybot.answer.bot import PolicyBot
from policybot.answer.conversation.turns import listed, plain_item
from policybot.answer.model import Answer
from policybot.errors import PolicybotError


def talk(bot: PolicyBot, *turns: str) -> Answer:
    """The answer to the last turn after the others."""
    return bot.ask(turns[-1], [{"question": turn} for turn in turns[:-1]])


@pytest.mark.parametrize(
    ("turns", "part"),
    [
        (("2030年非化石能源消费比重达到多少？", "那2060年呢？"), "80%以上"),
        (("2030年非化石能源消费比重达到多少？", "那2060年呢？", "2025？"), "20%左右"),
        (("2030年非化石能源消费比重达到多少？", "不对，我问的是2060年"), "80%以上"),
        (("2030年非化石能源消费比重达到多少？", "给我看原文", "那2060年呢？"), "80%以上"),
        (("2025年森林覆盖率目标是多少？", "森林蓄积量呢？", "2030年？"), "190亿立方米"),
        (("石家庄2019年PM2.5是多少？", "海口？"), "16.9"),
        (("武汉计划哪年达峰？", "PM2.5呢？"), "45.4"),
        (("PM2.5浓度是多少？", "第一个", "石家庄"), "63.2"),
        (("河北首批试点有几个名额？", "给我看原文", "新疆呢"), "2"),
        (("What is Germany's figure in Annex B?", "and Japan?", "Canada?"), "94"),
        (("What is the 2030 target for the share of non-fossil energy?", "no, I meant 2060"), "80%"),
        (("What is the forest coverage target for 2025?", "forest stock volume?"), "180亿立方米"),
        # another column of the same city, another subject, so many years later
        (("大连单位GDP能耗年降幅是多少？", "它的服务业比重呢，涨了多少？"), "服务业比重年增幅"),
        (("厦门服务业比重年增幅是多少？", "空气质量优良天数呢？"), "-1.93%"),
        (("What was Ningbo's services share growth?", "And its good-air days?"), "-4.50%"),
        (("2025年森林覆盖率目标是多少？", "再过五年呢？"), "25%左右"),
        (("2030年非化石能源消费比重达到多少？", "三十年后呢？"), "80%以上"),
        (("How large is the forest stock target for 2030?", "and five years earlier?"), "180亿立方米"),
        (("How much new hydropower is planned for 2025?", "and pumped storage in 2030?"), "1.2亿千瓦"),
        # the same asked of another place too, of the lowest instead of the mean, of another batch or period
        (
            ("By how much did Changsha cut energy use per unit of GDP?", "is that better than Chongqing?"),
            "5.67%",
        ),
        (("What is the PM2.5 level of Nanchang?", "how does that compare with Guiyang?"), "26.7"),
        (("How many pilots does Hebei get?", "does that exceed Shanxi?"), "2"),
        (("贵阳的PM2.5年均浓度是多少？", "跟昆明比呢？"), "26.1"),
        (("河北有几个试点名额？", "比山西多吗？"), "相差1"),
        (("低碳试点城市评估的平均分是多少？", "垫底的呢？"), "68.9分"),
        (("What was the average score of the pilots in the evaluation?", "the highest?"), "93.7"),
        (("How long did the first Kyoto commitment period run?", "the second one?"), "2013年1月1日"),
        (("第一个承诺期是哪几年？", "第二个呢？"), "2013年1月1日"),
        (("第三批试点城市提出了多少项创新举措？", "前两批呢？"), "127项"),
        (("What is the coal policy in the 14th five-year plan period?", "and the next one?"), "十五五"),
        # another question about the same place
        (("杭州2019年PM2.5年均浓度多少？", "它自己打算哪年达峰？"), "2020"),
        (("What is the PM2.5 of Kunming?", "And in which year does it plan to peak?"), "2028"),
        (("武汉哪年达峰？", "它属于哪一类城市？"), "二类城市"),
    ],
)
def test_a_turn_takes_the_rest_from_those_before(bot: PolicyBot, turns: tuple[str, ...], part: str) -> None:
    answer = talk(bot, *turns)
    assert answer.status == "answered"
    assert part in answer.answer.replace(" ", "")


def test_chat_messages_are_a_history_too(bot: PolicyBot) -> None:
    history = [
        {"role": "user", "content": "2030年非化石能源消费比重达到多少？"},
        {"role": "assistant", "content": "25%左右。"},
    ]
    assert "80%" in bot.ask("那2060年呢？", history).answer


def test_a_question_of_its_own_is_left_alone(bot: PolicyBot) -> None:
    alone = bot.ask("什么是碳达峰？")
    after = talk(bot, "石家庄2019年PM2.5是多少？", "什么是碳达峰？")
    assert after.answer == alone.answer


def test_a_document_can_be_meant(bot: PolicyBot) -> None:
    answer = talk(bot, "2030年非化石能源消费比重达到多少？", "意见里怎么说？")
    assert {c.document for c in answer.citations} == {"opinions-2021"}
    answer = talk(bot, "What is the 2030 target for the share of non-fossil energy?", "I mean the Opinions")
    assert {c.document for c in answer.citations} == {"opinions-2021"}


@pytest.mark.parametrize("turn", ["show me the clause", "给我看原文", "出处？", "why?", "为什么？"])
def test_the_clause_of_the_last_answer(bot: PolicyBot, turn: str) -> None:
    question = "新建公共机构建筑屋顶光伏覆盖率2025年目标是多少？"
    cited = bot.ask(question).citations[0].clause_id
    answer = talk(bot, question, turn)
    assert answer.citations[0].clause_id == cited
    assert "光储直柔" in answer.answer  # the clause, not only the sentence quoted before


def test_the_next_clause(bot: PolicyBot) -> None:
    answer = talk(bot, "行动方案 三（四）3的原文是什么？", "下一条呢？")
    assert answer.citations[0].clause_id.startswith("action-plan-2030/三/（四）/4")


@pytest.mark.parametrize("turn", ["show me the clause", "为什么？"])
def test_a_turn_about_no_answer_is_refused_in_words(bot: PolicyBot, turn: str) -> None:
    with pytest.raises(PolicybotError) as caught:
        bot.ask(turn)
    assert "answer before" in caught.value.sentence("en")
    assert "上一个答案" in caught.value.sentence("zh")


def test_things_listed_can_be_counted_off(bot: PolicyBot) -> None:
    assert "全面提升节能管理能力" in talk(bot, "十大行动是哪些？", "第二个呢？").answer
    assert "防范风险" in talk(bot, "工作原则有哪些？", "第二个呢", "最后一个").answer
    assert "甲烷" in talk(bot, "Which gases does Annex A list?", "the second one?").citations[0].quote


def test_a_number_of_an_earlier_question_may_be_repeated(bot: PolicyBot) -> None:
    answer = talk(bot, "2060年非化石能源消费比重是多少？", "不对，我问的是森林覆盖率")
    assert "2060" in answer.answer
    assert not any("2060" in warning for warning in answer.warnings)


@pytest.mark.parametrize(
    ("turns", "language"),
    [
        (("2030年非化石能源消费比重达到多少？", "2060?"), "zh"),
        (("石家庄2019年PM2.5是多少？", "PM2.5呢？"), "zh"),
        (("What is Germany's figure in Annex B?", "2060?"), "en"),
        (("2030年非化石能源消费比重达到多少？", "and 2060?"), "en"),
    ],
)
def test_the_language_of_a_turn_without_words(bot: PolicyBot, turns: tuple[str, ...], language: str) -> None:
    assert talk(bot, *turns).language == language


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("工作原则（3项）：全国统筹[1]、节约优先[2]、双轮驱动[3]。", ["全国统筹", "节约优先", "双轮驱动"]),
        ("gases (2): methane (CH4) (甲烷(CH4)), carbon dioxide (二氧化碳) [1].", ["甲烷(CH4)", "二氧化碳"]),
        ("分别列出浓度（海口、福州、厦门等），请指明[1]。", ["海口", "福州", "厦门等"]),
        ("25%左右。到2030年，比重达到25%左右，顺利实现目标。[1]", []),
    ],
)
def test_lists_in_answers(text: str, items: list[str]) -> None:
    assert [plain_item(item) for item in listed(text)] == items
