"""The clause tree of the built-in documents, and of texts made up to hold the known traps."""

from __future__ import annotations

import hashlib
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policybot.corpus import load_corpus
from policybot.corpus.model import Corpus, Document, SourceFile, Witness
from policybot.corpus.numbering import int_to_han
from policybot.corpus.structure import TreeBuilder
from policybot.corpus.tree import Tree


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load_corpus()


def build(text: str, style: str = "policy", name: str = "corpus/sources/x.txt") -> Tree:
    source = SourceFile(name, text, hashlib.sha256(text.encode()).hexdigest())
    witness = Witness("single", source.name, ((1, len(source.line_starts)),))
    document = Document(
        "x",
        "某某办法",
        "X",
        "《办法》",
        "X",
        (),
        "",
        "",
        "",
        "",
        "other",
        1,
        "",
        "",
        (witness,),
        style,  # type: ignore[arg-type]
    )
    return TreeBuilder(document, witness, source).build()


def labels(corpus: Corpus, document: str, kind: str) -> list[str]:
    return [c.label for c in corpus.of(document) if c.kind == kind]


def test_action_plan_has_six_parts_ten_actions_and_every_item(corpus: Corpus) -> None:
    assert labels(corpus, "action-plan-2030", "part") == list("一二三四五六")
    actions = [
        c for c in corpus.of("action-plan-2030") if c.kind == "clause" and c.path == ("action-plan-2030/三",)
    ]
    assert [c.number for c in actions] == [int_to_han(i) for i in range(1, 11)]
    items = [
        c.label
        for c in corpus.of("action-plan-2030")
        if c.kind == "item" and c.id.startswith("action-plan-2030/三/")
    ]
    counts = (6, 4, 6, 4, 3, 4, 4, 4, 4, 4)
    assert items == [
        f"三（{int_to_han(action)}）{item}"
        for action, count in enumerate(counts, 1)
        for item in range(1, count + 1)
    ]
    clause = corpus.clauses["action-plan-2030/三/（四）/3"]
    assert (clause.label, clause.label_en, clause.heading) == ("三（四）3", "III(4)3", "加快优化建筑用能结构")


def test_opinions_have_37_points_under_13_parts(corpus: Corpus) -> None:
    assert labels(corpus, "opinions-2021", "part") == [int_to_han(i) for i in range(1, 14)]
    points = [c.number for c in corpus.of("opinions-2021") if c.kind == "clause"]
    assert points == [int_to_han(i) for i in range(1, 38)]


def test_kyoto_protocol_has_28_articles_and_both_annexes(corpus: Corpus) -> None:
    articles = [c for c in corpus.of("kyoto-protocol") if c.kind == "clause" and not c.path]
    assert [c.label_en for c in articles] == [f"Article {i}" for i in range(1, 29)]
    assert len(corpus.clauses["kyoto-protocol/第三条"].children) == 14
    assert labels(corpus, "kyoto-protocol", "part") == ["附件A", "附件B"]
    assert corpus.clauses["kyoto-protocol/第二条/1/(a)/（八）"].label_en == "Article 2(1)(a)(viii)"
    gases = corpus.clauses["kyoto-protocol/附件A/温室气体"].text.text.split("\n")[1:]
    assert len(gases) == 6 and gases[0] == "二氧化碳 (CO2)"


def test_pilot_scheme_has_both_annexes(corpus: Corpus) -> None:
    sizes = {t.label: len(t.rows) for t in corpus.tables.values() if t.document == "pilot-scheme-2023"}
    assert sizes == {"附件1 表": 15, "表1": 26, "表2": 14}


def test_evaluation_report_has_five_parts_and_the_scoring_table(corpus: Corpus) -> None:
    assert labels(corpus, "pilot-evaluation-2023", "part") == [*"一二三四五", "附录"]
    table = corpus.tables["pilot-evaluation-2023/附录/附表"]
    points = [int(row.cells[-1].value or 0) for row in table.rows]
    assert len(points) == 18 and sum(points) == 100
    assert [row.cells[0].text for row in table.rows if not row.cells[0].merged] == [
        "A 低碳发展基本进展15分",
        "B 低碳发展体制机制建设15分",
        "C 低碳发展任务落实与成效35分",
        "D 基础工作与能力建设20分",
        "E 创新举措15分",
    ]


def test_every_character_of_a_clause_stands_where_its_anchor_says(corpus: Corpus) -> None:
    for clause in corpus.clauses.values():
        source = corpus.sources[clause.text.file]
        for segment in clause.text.segments:
            shown = clause.text.text[segment.at : segment.at + segment.length]
            assert source.text[segment.source : segment.source + segment.length] == shown
        covered = sum(s.length for s in clause.text.segments)
        assert covered == len(clause.text.text) - (
            clause.text.text.count("\t") if clause.kind == "row" else 0
        )
        start, end = clause.text.source_range()
        assert (clause.line_start, clause.line_end) == (source.line_of(start), source.line_of(end - 1))


def test_clauses_come_in_reading_order_with_consistent_parents(corpus: Corpus) -> None:
    for clause in corpus.clauses.values():
        for child in clause.children:
            assert corpus.clauses[child].parent == clause.id
        assert clause.id.startswith(clause.document + "/")
    for document in corpus.documents:
        starts = [
            c.text.source_range()[0]
            for c in corpus.of(document)
            if c.kind in ("part", "clause", "item", "paragraph")
        ]
        if document not in corpus.witnesses:  # clauses of one witness; readings may come from several files
            assert all(a < b for a, b in pairwise(starts))


def test_a_cross_reference_at_a_line_start_is_no_heading() -> None:
    tree = build(
        "### 第一条\n\n缔约方应遵守\n第二条所述的承诺，并依照\n第三条第2款报告。\n\n### 第二条\n\n承诺如下。\n",
        "treaty",
    )
    assert [c for c in tree.clauses if c.count("/") == 1] == ["x/第一条", "x/第二条"]
    assert "第三条第2款报告" in tree.clauses["x/第一条"].text.text


def test_a_page_break_inside_a_sentence_is_undone() -> None:
    tree = build(
        "一、总则\n\n（一）目标。到2030年，非化石能源消费比重达到25%左\n\n右，森林覆盖率提高。\n\n（二）原则。坚持。\n"
    )
    assert (
        tree.clauses["x/一/（一）"].text.text
        == "（一）目标。到2030年，非化石能源消费比重达到25%左右，森林覆盖率提高。"
    )
    assert tree.clauses["x/一/（一）"].line_end == 5


def test_chinese_law_articles_with_text_on_the_same_line() -> None:
    tree = build(
        "第一章 总则\n\n第一条 为了加强管理，制定本办法。\n\n第二条 本办法适用于企业。\n\n第二章 罚则\n\n第三条 违反的，处罚款。\n"
    )
    assert list(tree.clauses) == [
        "x/第一章",
        "x/第一章/第一条",
        "x/第一章/第二条",
        "x/第二章",
        "x/第二章/第三条",
    ]
    clause = tree.clauses["x/第一章/第二条"]
    assert (clause.label, clause.label_en) == ("第二条", "Article 2"), "articles count through all chapters"


def test_who_is_responsible_may_stand_behind_a_sentence() -> None:
    tree = build(
        "一、任务\n（一）节能。\n1．改造锅炉。到2025年改造100台。（市能源局、市财政局按职责分工负责）\n"
        "2．改造管网。（市城管局负责）\n（二）降碳。\n1．建设碳市场。（市生态环境局牵头）\n"
    )
    assert [c.removeprefix("x/") for c in tree.clauses] == [
        "一", "一/（一）", "一/（一）/1", "一/（一）/2", "一/（二）", "一/（二）/1",
    ]  # fmt: skip


def test_an_english_regulation_has_its_articles_titles_and_points() -> None:
    tree = build(
        "RULES ON METHANE\n\nWhereas:\n\n(1) Methane warms.\n\nCHAPTER I\nGENERAL PROVISIONS\n\nArticle 1\n"
        "Scope\n\n1. These rules apply to:\n(a) oil;\n(b) coal, as set out in\nArticle 2 below;\n\n"
        "CHAPTER II\nMONITORING, REPORTING AND VERIFICATION\n\nArticle 2\nReporting by operators, and when\n\n"
        "1. Operators shall report:\n(h) the source;\n(i) the method, which is\n(ii) measured.\n\nANNEX I\nLimits\n"
    )
    told = {name.removeprefix("x/"): (c.label_en, c.heading) for name, c in tree.clauses.items()}
    assert told["第1章"] == ("Chapter 1", "GENERAL PROVISIONS")
    assert told["第1章/第1条"] == ("Article 1", "Scope")
    assert told["第1章/第1条/1/(b)"][0] == "Article 1(1)(b)"
    assert "Article 2 below" in tree.clauses["x/第1章/第1条/1/(b)"].text.text
    assert told["第2章"][1] == "MONITORING, REPORTING AND VERIFICATION"
    assert told["第2章/第2条"] == ("Article 2", "Reporting by operators, and when")
    assert "第2章/第2条/1/(i)" in told and told["附件I"] == ("Annex I", "Limits")


def test_roman_points_hang_below_lettered_ones() -> None:
    tree = build("Article 1\n\n1. Each shall:\n(a) say:\n(i) what;\n(ii) when;\n(b) act.\n")
    assert [c.removeprefix("x/第1条/") for c in tree.clauses][1:] == [
        "1", "1/(a)", "1/(a)/(i)", "1/(a)/(ii)", "1/(b)",
    ]  # fmt: skip


def test_markdown_headings_decide_by_level_and_numbers_below_begin_anew() -> None:
    text = (
        "# City plan\n\nAdopted.\n\n## 1. Introduction\n\n### 1.1 Purpose\n\nThis is why.\n\n### 1.2 Scope\n\n"
        "1. It covers buildings.\n2. It covers transport.\n\n## 2. Targets\n\n### Action 2.1 Solar roofs\n\n"
        "1. Put them up.\n\n3.5 GW are to follow.\n\n> **Box 1. Terms**\n>\n> A roof is a cover.\n\n## 3. Money\n\nEnough.\n"
    )
    tree = build(text, "report", "texts/city.md")
    assert [c.label_en for c in tree.clauses.values() if c.kind != "note"] == [
        "1", "1.1", "1.2", "1.2(1)", "1.2(2)", "2", "2 Action 2.1 Solar roofs", "2 Action 2.1 Solar roofs (1)",
        "2 Action 2.1 Solar roofs (1) Box 1. Terms", "3",
    ]  # fmt: skip
    assert "3.5 GW are to follow." in " ".join(c.text.text for c in tree.clauses.values())
    assert not [c for c in tree.clauses.values() if ">" in c.text.text]


def test_bars_between_cells_make_a_table_and_captions_may_be_english() -> None:
    tree = build(
        "ANNEX I – COMMITMENTS\n\nTable 1. Share of green power (per cent)\nParty | 2024 (base) | 2030\n"
        "Haldenmark | 41 | 58\nNorrick Islands | 29 | 45\n\n序号｜任务｜牵头单位\n1｜改造锅炉｜市能源局\n"
    )
    first, second = tree.tables.values()
    assert first.header == ("Party", "2024 (base)", "2030")
    assert (first.label, first.caption) == ("表1", "Share of green power (per cent)")
    assert [row.cells[0].text for row in first.rows] == ["Haldenmark", "Norrick Islands"]
    assert first.rows[1].cells[2].value == 45 and second.rows[0].cells[2].text == "市能源局"


def test_numbering_order_is_the_documents_own() -> None:
    policy = build("一、甲\n\n（一）乙。文字。\n\n1.丙。文字。\n\n2.丁。文字。\n\n（二）戊。文字。\n")
    assert list(policy.clauses) == ["x/一", "x/一/（一）", "x/一/（一）/1", "x/一/（一）/2", "x/一/（二）"]
    treaty = build(
        "### 第一条\n\n1. 各方应：\n\n(a) 做甲：\n\n(一) 子目；\n\n(二) 子目；\n\n(b) 做乙。\n\n2. 其余。\n",
        "treaty",
    )
    assert list(treaty.clauses) == [
        "x/第一条",
        "x/第一条/1",
        "x/第一条/1/(a)",
        "x/第一条/1/(a)/（一）",
        "x/第一条/1/(a)/（二）",
        "x/第一条/1/(b)",
        "x/第一条/2",
    ]


def test_two_records_to_a_line_and_side_by_side_columns_are_taken_apart(corpus: Corpus) -> None:
    quota = corpus.tables["pilot-scheme-2023/附件1/表1"]
    assert quota.header == ("地区", "名额")
    assert sum(int(r.cells[1].value or 0) for r in quota.rows) == 35
    progress = [t for t in corpus.tables.values() if t.label.startswith("图表23")]
    assert [len(t.rows) for t in progress] == [35, 35, 35]
    energy = {r.cells[0].text: r.cells[1] for r in progress[1].rows}
    assert energy["郑州"].value == 16.58 and energy["郑州"].kind == "percent"
    assert energy["大连"].kind == "missing" and energy["大连"].text == "-"


def test_numbers_keep_their_thousands_separators(corpus: Corpus) -> None:
    table = next(t for t in corpus.tables.values() if t.label == "图表11")
    raw_coal = table.rows[0]
    assert [c.text for c in raw_coal.cells] == ["原煤", "吨", "10,965,708"]
    assert raw_coal.cells[2].value == 10_965_708
    assert table.caption_text is not None and table.caption_text.text.startswith("青岛市规模以上工业")


def test_merged_cells_are_carried_down_and_blank_ones_stay_blank(corpus: Corpus) -> None:
    index = next(t for t in corpus.tables.values() if t.label == "图表8")
    domains = [r.cells[0].text for r in index.rows]
    assert [domains.count(d) for d in dict.fromkeys(domains)] == [5, 3, 5, 7]
    form = next(t for t in corpus.tables.values() if t.label == "表1")
    assert all(c.kind == "blank" for r in form.rows for c in r.cells[4:])


def test_missing_source_is_named(tmp_path: Path) -> None:
    from policybot.corpus.loader import corpus_root
    from policybot.errors import CorpusError

    catalog = (corpus_root() / "catalog.toml").read_text("utf-8")
    (tmp_path / "catalog.toml").write_text(catalog, "utf-8")
    with pytest.raises(CorpusError, match="000_"):
        load_corpus(tmp_path)


def test_part_i_comes_after_part_h_or_stands_first() -> None:
    letters = build("Part H. Money\n\nText.\n\nPart I. Watching\n\nText.\n")
    assert [c.label_en for c in letters.clauses.values()] == ["Part H", "Part I"]
    numbers = build("PART I – RULES\n\nText.\n\nPART II – MONEY\n\nText.\n")
    assert [c.label_en for c in numbers.clauses.values()] == ["Part 1", "Part 2"]


def test_sections_of_a_statute_are_numbers_with_a_title() -> None:
    tree = build(
        "PART 1 — PRELIMINARY\n\n1 Commencement\n\n(1) Part 6 comes into force in 2024.\n\n2 Interpretation\n\n"
        "(1) In this Act “budget” means a carbon budget.\n\nPART 2 — TARGETS\n\n3 Duty to meet the target\n\n"
        "(1) It is the duty of the Minister.\n\n12 Angry men wrote this.\n",
        "treaty",
    )
    told = {c.label_en: c.heading for c in tree.clauses.values()}
    assert told["3"] == "Duty to meet the target" and {"Part 1", "1(1)", "2(1)", "Part 2", "3(1)"} <= set(
        told
    )
    assert "12" not in told


def test_terms_are_decimal_clauses_and_amounts_are_not() -> None:
    tree = build(
        "## 1 Scope\n\n1.1 This standard covers goods.\n\n## 2 Terms\n\n2.1 base period: twelve months.\n\n"
        "2.2 vintage: a calendar year.\n\n3.1 million tonnes were counted.\n",
        "report",
        "texts/standard.md",
    )
    assert [c.label_en for c in tree.clauses.values() if not c.label_en.endswith("para 1")] == [
        "1", "1.1", "2", "2.1", "2.2",
    ]  # fmt: skip


def test_more_than_is_no_quotation_mark() -> None:
    text = "一、范围\n\n适用于下列锅炉：\n\n> 50 蒸吨的燃煤锅炉。\n"
    plain = build(text)
    assert any("> 50 蒸吨" in c.text.text for c in plain.clauses.values())
    assert not any(">" in c.text.text for c in build(text, "policy", "texts/a.md").clauses.values())


def test_what_stands_below_a_list_belongs_to_what_introduces_it() -> None:
    tree = build(
        "第一条 交易中心应当建立下列制度：\n（一）涨跌幅限制制度；\n（二）风险准备金制度。\n个人持仓量不得超过5万吨。\n\n第二条 其余。\n"
    )
    assert list(tree.clauses) == ["x/第一条", "x/第一条/（一）", "x/第一条/（二）", "x/第一条/¶1", "x/第二条"]
    assert tree.clauses["x/第一条/¶1"].text.text == "个人持仓量不得超过5万吨。"


LINES = st.sampled_from(
    (
        "", "# Plan", "## 1. Aims", "### 1.1 Scope", "1. First", "2、第二", "（一）目标。到2030年达到5%。（省厅负责）", "一、总则",
        "第一章 总则", "第二条 本办法适用。", "PART I", "Part C. Money", "CHAPTER II", "ARTICLE 3", "Article 4 – Fees", "Section 2",
        "12 Duty to act", "3.1.2 terms: a, b", "(a) one;", "(i) two", "(iii) three", "① 甲", "一是乙；", "> quoted", "- item", "附件",
        "ANNEX I", "Table 1. Shares", "表1 份额", "Party | 2030", "Aland | 5", "| a | b |", "专栏1 指标", "2.5 million tonnes", "Text.",
    )
)  # fmt: skip


@given(st.lists(LINES, max_size=25), st.sampled_from(("texts/a.md", "texts/a.txt")))
@settings(max_examples=150, deadline=None)
def test_any_order_of_lines_is_read_where_it_stands(lines: list[str], name: str) -> None:
    text = "\n".join(lines) + "\n"
    tree = build(text, "report", name)
    for clause in tree.clauses.values():
        for segment in clause.text.segments:
            printed = text[segment.source : segment.source + segment.length]
            assert clause.text.text[segment.at : segment.at + segment.length] == printed
        assert clause.label and clause.label_en and clause.id.startswith("x/")
