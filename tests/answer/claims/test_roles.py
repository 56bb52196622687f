"""Places, bodies, counts and years that a question takes for granted; steps that it leaves out."""

from __future__ import annotations

import pytest

from policybot.answer.bot import PolicyBot


@pytest.mark.parametrize(
    ("question", "claimed", "part"),
    [
        ("厦门的“碳惠宜”平台怎么激励市民？", "并非厦门", "镇江建设“碳惠宜”平台"),
        ("How does Xiamen's Tanhuiyi (碳惠宜) platform reward residents?", "not Xiamen", "镇江"),
        ("议定书在日内瓦开放签署，为什么选那里？", "并非日内瓦", "纽约联合国总部"),
        ("Why was Geneva chosen as the place where the Protocol was open for signature?", "not Geneva", "纽约"),
        ("金昌建了国内首个百兆瓦塔式光热电站，每年减碳多少？", "并非金昌", "敦煌"),
        ("试点建议名单要报生态环境部确认，对吧？", "并非生态环境部", "国家发展改革委"),
        ("白皮书在人均碳排放上是拿美国当标杆的吧？", "并非美国", "欧盟"),
        # an amount, a count or a year
        ("深圳既然把达峰年定在2030年，是不是太晚了？", "不是2030年", "2022"),
        ("Since Shenzhen only plans to peak in 2030, isn't that rather late?", "not 2030", "2022"),
        ("低碳城市试点既然分五批铺开，第五批是哪年的？", "不是五批", "三批"),
        ("The low-carbon city pilots came in five batches, didn't they?", "not five", "三批"),
        ("Why does each Party have two votes?", "not two", "一票表决权"),
        ("退出通知六个月后生效，那退出方这半年还有义务吗？", "不是六个月", "一年"),
        ("附件一国家2008年之前要拿出可证实的进展，怎么证实？", "不是2008年", "2005年"),
        ("How should Annex I parties show the demonstrable progress they owe by 2008?", "not 2008", "2005"),
        ("为什么《意见》说2050年实现碳中和？", "不是2050年", "2060年"),
        ("Why do the Opinions put carbon neutrality at 2050?", "not 2050", "2060"),
    ],
)  # fmt: skip
def test_what_is_taken_for_granted_is_corrected(
    bot: PolicyBot, question: str, claimed: str, part: str
) -> None:
    answer = bot.ask(question)
    assert answer.status == "answered"
    assert claimed in answer.answer
    assert part in answer.answer


@pytest.mark.parametrize(
    "question",
    [
        "镇江搞的氢燃料公交有多少辆？",
        "镇江的“碳惠宜”平台怎么激励市民？",
        "嘉兴为什么能有135台氢燃料公交车？",
        "Why does Haikou have such a low PM2.5?",
    ],
)
def test_nothing_is_corrected_where_nothing_is_wrong(bot: PolicyBot, question: str) -> None:
    answer = bot.ask(question)
    assert not answer.answer.startswith(("并非", "不对", "No"))


@pytest.mark.parametrize(
    ("question", "opening", "part"),
    [
        ("省里的达峰行动方案写好就能自己发吗？", "不能直接", "审核通过后"),
        ("Can a pilot city issue its plan without NDRC review?", "No, not directly", "国家发展改革委审核"),
        ("缔约方三年内就能退出议定书吗？", "否", "三年后"),
    ],
)
def test_a_step_or_a_time_in_between_decides(bot: PolicyBot, question: str, opening: str, part: str) -> None:
    answer = bot.ask(question).answer
    assert answer.startswith(opening)
    assert part in answer.replace(" ", "")


def test_equal_and_later_are_comparisons(bot: PolicyBot) -> None:
    same = bot.ask("福州跟厦门的PM2.5是不是一样？").answer
    assert same.count("24.0") == 2
    later = bot.ask("宁波的达峰年份比北京晚，对吗？").answer
    assert "2018" in later
    assert "2020" in later
