"""Documents of others, in English and in Markdown, without annotations: what is shown of them, and how."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest

from policybot.answer.bot import PolicyBot
from policybot.answer.evidence.excerpt import excerpt
from policybot.answer.lists.enumerations import runs_on
from policybot.home import Home
from policybot.index.encoder.meaning import sentence_text
from policybot.index.open import ensure_index

RULES = """RULES ON METHANE

CHAPTER I
GENERAL PROVISIONS

Article 1
Scope

1. These rules apply to oil and gas installations, coal mines and landfills in all provinces of the Union.

2. These rules do not apply to:
(a) installations used for research only;
(b) biogas plants on farms with a capacity below 500 kW;
(c) installations of the armed forces.

Article 2 – Registry

1. A Common Registry of Certificates is hereby established. It shall be hosted by the Tilian Metrology Institute and shall be in operation no later than 1 July 2027.

Article 3 – Venting

1. Venting of methane through ventilation shafts shall be prohibited in mines, other than coking coal mines, which emit more than 5 tonnes of methane per kilotonne of coal mined, except where this is needed to keep workers safe.
"""
PLAN = """# City of Tarrenford Climate Plan

Adopted in 2024.

## 1. Delivery

### 1.1 Bodies

- **The Climate Delivery Board**, chaired by the Deputy Mayor, settles disputes between departments.
- **The Audit Office** reports to the Council every second year.

### 1.2 What a retrofit plan must contain

- a survey of the building
- a budget
- a timetable
"""
NOTICE = """关于园区评估的通知

一、数据来源

数据主要来自三个渠道：一是园区管委会填报的自评材料；二是省统计局提供的能源统计数据；三是电网公司提供的电量数据。

二、工作要求

澜钢至北塬的供热管线由热力公司牵头建设。
"""
MEASURES = """云川市碳排放核查管理办法

第一章 核查

第一条 重点排放单位应当于每年3月31日前提交上一年度排放报告。

第二条 市生态环境局应当自收到排放报告之日起30日内组织核查，并在核查完成后十五日内书面告知结果。

第三条 重点排放单位对核查结果有异议的，可以自收到告知书之日起七日内申请复核。
"""
DOCUMENTS = {
    "measures": ("measures.txt", MEASURES, "policy", "云川市碳排放核查管理办法"),
    "rules": ("rules.txt", RULES, "treaty", "Rules on Methane"),
    "plan": ("plan.md", PLAN, "report", "City of Tarrenford Climate Plan"),
    "notice": ("notice.txt", NOTICE, "policy", "关于园区评估的通知"),
}


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PolicyBot]:
    """A bot over the documents."""
    home = tmp_path_factory.mktemp("others")
    (home / "corpus" / "sources").mkdir(parents=True)
    files, entries = [], []
    for name, (file, text, style, title) in DOCUMENTS.items():
        (home / "corpus" / "sources" / file).write_text(text, "utf-8")
        files.append(f'"corpus/sources/{file}" = "{hashlib.sha256(text.encode()).hexdigest()}"')
        said = "\n".join(f'{key} = "{title}"' for key in ("title_zh", "title_en", "short_zh", "short_en"))
        empty = "\n".join(f'{key} = ""' for key in ("issuer_zh", "issuer_en", "number", "date"))
        entries.append(
            f'[[document]]\nid = "{name}"\n{said}\naliases = []\n{empty}\nstatus = "other"\nauthority = 0\n'
            f'style = "{style}"\norigin = "test"\nlicence = "Apache-2.0"\n[[document.witness]]\nid = "only"\n'
            f'file = "corpus/sources/{file}"\nlines = [[1, {len(text.splitlines())}]]\nnote = ""\n'
        )
    catalogue = "\n".join(["format = 1", "[files]", *files, *entries])
    (home / "corpus" / "catalog.toml").write_text(catalogue, "utf-8")
    (home / "policybot.toml").write_text('[corpus]\npath = "corpus"\n', "utf-8")
    index = ensure_index(Home(home))
    yield PolicyBot(index=index)
    index.close()


def test_items_asked_for_come_with_what_introduces_them(bot: PolicyBot) -> None:
    answer = bot.ask("Which installations do the rules not apply to?", documents=["rules"])
    assert answer.status == "answered"
    shown = " ".join(citation.quote for citation in answer.citations)
    assert all(item in shown for item in ("research only", "biogas plants on farms", "the armed forces"))


def test_items_under_a_heading_are_a_list(bot: PolicyBot) -> None:
    answer = bot.ask("What must a retrofit plan contain?", documents=["plan"])
    shown = " ".join(citation.quote for citation in answer.citations)
    assert all(item in shown for item in ("a survey of the building", "a budget", "a timetable"))


def test_what_goes_on_behind_a_semicolon_belongs_to_the_list(bot: PolicyBot) -> None:
    answer = bot.ask("数据来自哪几个渠道？", documents=["notice"])
    assert "自评材料" in answer.answer and "能源统计数据" in answer.answer and "电量数据" in answer.answer
    first, second, third = "来自：一是甲；", "二是乙；", "三是丙。"
    assert runs_on(first, [second, third]) == 2
    assert runs_on(first, [third]) == 0 and runs_on(second, [third]) == 0 and runs_on("甲；", [second]) == 0


def test_emphasis_of_markdown_does_not_cut_a_quote(bot: PolicyBot) -> None:
    answer = bot.ask("Who chairs the Climate Delivery Board?", documents=["plan"])
    assert "Climate Delivery Board, chaired by the Deputy Mayor" in answer.citations[0].quote
    assert not answer.warnings


def test_english_sentences_are_shown_whole(bot: PolicyBot) -> None:
    clause = next(c for c in bot.index.corpus.clauses.values() if "Venting of methane" in c.text.text)
    sentence = next(s for s in bot.planner.pool.sentences(clause) if "Venting" in s.text)
    start, end = excerpt(sentence, ())
    assert clause.text.text[start:end].startswith("Venting") and end == len(clause.text.text)


def test_a_number_with_its_heading_is_no_sentence(bot: PolicyBot) -> None:
    clause = next(c for c in bot.index.corpus.clauses.values() if c.heading == "Registry")
    assert [s.heading for s in bot.planner.pool.sentences(clause)] == [True]


def test_a_name_is_not_taken_for_a_slip(bot: PolicyBot) -> None:
    analyse = bot.planner.searcher.analyse
    assert analyse("Who leads the pipeline from Langang to Beiyuan?").respelled == ()
    assert analyse("waste heat in the parks of Beiyan and Shiling").respelled == ()
    assert analyse("what is the enviroment fund").respelled == (("enviroment", "environment"),)


def test_words_of_another_language_are_not_said_to_be_missing(bot: PolicyBot) -> None:
    refused = bot.ask("登记系统的承诺金是多少？", documents=["rules"])
    assert refused.status == "not_found" and "没有出现" not in refused.answer
    other = bot.ask("How much is the vented gas worth in dollars?", documents=["rules"])
    assert other.status == "not_found" and "vented" not in other.answer


def test_sentences_stand_beneath_what_they_lean_on(bot: PolicyBot) -> None:
    corpus = bot.index.corpus
    items = {c.label_en: c for c in corpus.clauses.values()}
    item = items["Article 1(2)(a)"]
    assert sentence_text(corpus, item, item.text.text).startswith("Scope 2. These rules do not apply to:")
    registry = items["Article 2(1)"]
    leaning = "It shall be hosted by the Tilian Metrology Institute and shall be in operation no later than"
    whole = next(s for s in bot.planner.pool.sentences(registry) if s.text.startswith(leaning)).text
    assert sentence_text(corpus, registry, whole).startswith("Registry 1. A Common Registry of Certificates")


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("企业2024年5月6日收到告知书，申请复核的截止日是哪天？", "2024年5月13日"),
        ("2024年3月20日收到排放报告，最晚哪天组织核查？", "2024年4月19日"),
        ("收到排放报告后多少天内要组织核查？", "30日内"),
    ],
)
def test_time_limits_are_read_and_counted(bot: PolicyBot, question: str, wanted: str) -> None:
    answer = bot.ask(question, documents=["measures"])
    assert answer.status == "answered" and wanted in answer.answer, answer.answer


def test_a_day_of_each_year_does_not_contradict_one_of_this_year(bot: PolicyBot) -> None:
    answer = bot.ask("重点排放单位2024年3月20日提交排放报告，最晚哪天组织核查？", documents=["measures"])
    assert not answer.answer.startswith("不对")
