"""What is computed from the amounts of sentences: remainders, amounts a head, paces, sums, changes, two sides."""

from __future__ import annotations

from pathlib import Path

import pytest

from policybot.answer.bot import PolicyBot
from policybot.answer.prose.words import found, load_words, says
from policybot.errors import CorpusError

LEFT = [
    ("照《意见》算，2060年化石能源最多还能占多大比重？", "至多20%"),
    ("If the 2025 goal is reached, what share of energy consumption is fossil?", "80%"),
    ("2030年生活垃圾里还有百分之多少可以不被资源化利用？", "35%"),
    ("By 2025, what percentage of urban building energy need not come from renewables?", "92%"),
    ("除电力行业以外，其他行业2017年占总排放的多少？", "53.4%"),
    ("到2020年，碳排放强度还剩2005年的百分之几？", "51.6%"),
    ("第一、二批试点答应过的创新举措里，还有多少项没完成？", "59项"),
    ("How many of the third batch's promised innovations remain undone?", "53 items"),
    ("Of Baoding's 91 screened projects, how many got no loan support?", "53"),
    ("34个发布试点工作方案的城市中，几个不是由政府发布的？", "12个"),
]
RATES = [
    ("北京绿色出行碳普惠人均减了多少碳？", "0.102吨"),
    ("How much credit did each supported climate project in Baoding get on average?", "219 million yuan"),
    ("平均每个签约国签了几份备忘录？", "1.11"),
    ("每座加氢站平均服务多少台氢能公交？", "33.8台"),
    ("照那个每十年的速度，北极海冰三十年会少掉多少？", "321万平方公里"),
    ("How much CO2 would the Dunhuang solar thermal plant avoid over twenty years?", "7 million"),
    ("从1901到2010年平均每年海平面上升多少？", "0.174厘米"),
    ("On average, how much must forest stock grow per year between 2025 and 2030?", "200 million"),
    ("Added over both five-year periods, how much new hydropower capacity is planned?", "80 million kW"),
    ("工业、交通、建筑三个行业2017年占比加起来是多少？", "42.6%"),
]
PAIRS = [
    ("烟台绿色采购占比一年提高了几个百分点？", "4.7个百分点"),
    ("Work out the one-year gain, in percentage points, of Yantai's green procurement share.", "4.7"),
    ("大宗固废年利用量五年里目标提高了百分之几？", "12.5%"),
    ("主要再生资源利用量，2025到2030年要增加多少亿吨？", "0.6亿吨"),
    ("How do global fossil emissions of 2019 compare with 1990 in the magazine?", "17.9"),
    ("谅解备忘录比签约的发展中国家多几份？", "4份"),
    ("How many more climate memoranda are there than developing countries that signed them?", "4"),
    ("2017到2022年，试点城市GDP年增速比碳排放年增速快几个百分点？", "4.5个百分点"),
    (
        "In 2017-2022, by how many percentage points a year did the pilots' GDP outpace their emissions?",
        "4.5",
    ),
    ("安康碳汇增幅比琼中高多少个百分点？", "20.8个百分点"),
    ("“基础工作”与“体制机制”得分率差多少？", "18.4个百分点"),
    ("青岛气候基金规模是碳减排贷款的几倍？", "19.91"),
]


@pytest.mark.parametrize(("question", "wanted"), [*LEFT, *RATES, *PAIRS])
def test_amounts_of_sentences_are_computed_with(bot: PolicyBot, question: str, wanted: str) -> None:
    answer = bot.ask(question)
    assert answer.status == "answered" and wanted in answer.answer
    assert any(s.tool == "compute" for s in answer.steps)
    assert any(r.kind == "computed" for r in answer.results) and answer.citations


@pytest.mark.parametrize(
    "question",
    [
        "欧盟2025年化石能源还能占多大比重？",
        "What share of methane is not turned into a resource?",
        "上海绿色出行碳普惠人均减了多少碳？",
        "How much does each citizen of Shanghai pay on average?",
        "On average how many people did each training session for developing countries have?",
        "照每十年的速度，南极冰盖三十年会少掉多少？",
        "What percentage of greenhouse gases is something other than CO2 under Article 25?",
        "核电装机2025年到2030年要增加多少万千瓦？",
        "过些年路上跑的车，得有几成不靠纯汽油？",
        "Does 1.2 billion kilowatts cover wind and solar together?",
        "If these plans are made, who gains besides China itself?",
    ],
)
def test_without_certain_operands_nothing_is_computed(bot: PolicyBot, question: str) -> None:
    assert not any(s.tool == "compute" for s in bot.ask(question).steps)


def test_one_number_printed_twice_is_not_set_against_itself(bot: PolicyBot) -> None:
    answer = bot.ask("GDP年均增速是碳排放增速的几倍？")
    assert "4.46" in answer.answer


def test_words_are_found_in_both_languages() -> None:
    assert says("each", "人均减了多少") and says("each", "how much per head")
    assert not says("without", "不低于多少") and not says("without", "must not exceed what share")
    assert found("share", "占多大比重") and found("share", "what share of it")


@pytest.mark.parametrize("content", ["[share]\nzh = []\nen = []\n", "no toml ["])
def test_faulty_words_are_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "prose.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CorpusError):
        load_words(path)
