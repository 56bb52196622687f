"""Values of sentences side by side, and what is computed from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from policybot.answer.bot import PolicyBot
from policybot.answer.question.operations import load_operations, read_operations, short_places, summed
from policybot.errors import CorpusError


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("试点城市评估的平均得分比最低得分高几分？", "10.3分"),
        ("“低碳发展基本进展”和“低碳发展体制机制建设”的平均得分率各是多少？", "17.7个百分点"),
        ("How many of the innovation measures of the first two batches were not completed?", "59"),
        ("By how much did the world's fossil emissions rise between 1990 and 2008, per the magazine?", "8.3"),
    ],
)
def test_values_of_sentences_are_computed_with(bot: PolicyBot, question: str, wanted: str) -> None:
    answer = bot.ask(question)
    assert answer.status == "answered" and wanted in answer.answer
    assert any(r.operation and r.inputs for r in answer.results)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("评得最好的试点城市比平均分高出多少分？比最后一名又高多少？", ("14.5分", "24.8分")),
        ("Between the top and the bottom pilot city in the evaluation: how many points apart?", ("24.8",)),
        ("风电太阳能2030年的装机目标是抽水蓄能2030年目标的几倍？", ("10倍",)),
        (
            "What multiple of the 2025 new energy storage target is the 2030 pumped hydro target?",
            ("4 times",),
        ),
        ("大宗固废年利用量2030年比2025年增加百分之几？", ("12.5%",)),
        ("By what percentage did global fossil CO2 rise between 1990 and 2019 per the magazine?", ("89.1%",)),
        ("再生资源循环利用量从2025年到2030年要增多少？涨幅百分之几？", ("0.6亿吨", "13.3%")),
        ("森林蓄积量2030年目标比2025年高百分之几？", ("5.6%",)),
        ("How far above the average did the best pilot city score?", ("14.5",)),
    ],
)
def test_differences_ratios_and_growth(bot: PolicyBot, question: str, wanted: tuple[str, ...]) -> None:
    answer = bot.ask(question)
    assert answer.status == "answered" and all(w in answer.answer for w in wanted)


@pytest.mark.parametrize(
    "question",
    [
        "试点园区的最高得分和最低得分差几分？",
        "What is the gap between the best and the worst province in the evaluation?",
        "What is the average score of the three best pilot cities?",
        "How many times larger is the US than the EU in emissions?",
        "煤电和工业2017年的排放占比加起来是多少",
    ],
)
def test_values_of_other_things_are_not_computed_with(bot: PolicyBot, question: str) -> None:
    assert not any(s.tool == "compute" for s in bot.ask(question).steps)


def test_values_of_different_kinds_are_not_computed_with(bot: PolicyBot) -> None:
    answer = bot.ask("试点城市创新举措的项数和平均得分率相差多少？")
    assert not any(s.tool == "compute" for s in answer.steps)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("两市相差多少", "difference"),
        ("by how much did it grow", "difference"),
        ("加在一起是几项", "total"),
        ("what is the sum of the two", "total"),
        ("是后者的几倍", "ratio"),
        ("占总分的百分之几", "share"),
        ("还剩几个", "rest"),
        ("how many were not completed", "rest"),
    ],
)
def test_operations_are_read_in_both_languages(text: str, name: str) -> None:
    assert name in read_operations(text)


def test_short_names_of_places_count_in_a_row_only() -> None:
    assert [name for name, _, _ in short_places("京沪两地的pm2.5")] == ["北京", "上海"]
    assert short_places("京都议定书") == [] and short_places("天津市的pm2.5") == []


def test_a_sum_is_shown_with_its_numbers() -> None:
    from decimal import Decimal

    assert summed([Decimal("1.5"), Decimal(-2), Decimal(3)]) == "1.5 + (-2) + 3 = 2.5"


def test_a_wrong_operations_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "operations.toml"
    path.write_text("[total]\nzh = []\nen = []\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"operations\.toml"):
        load_operations(path)
