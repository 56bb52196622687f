"""Answers, citations and clauses as people see them."""

from __future__ import annotations

from policybot.answer.model import Answer, Citation, ResultEntry
from policybot.cli.render import book_title, place, render_answer, render_citation, value_spans
from policybot.cli.wrap import one_line

QUOTE = "新建公共机构建筑、新建厂房屋顶光伏覆盖率力争达到 50%。"
CITATION = Citation(
    n=1,
    document="action-plan-2030",
    title="2030年前碳达峰行动方案",
    clause="三（四）3",
    heading="加快优化建筑用能结构",
    quote=QUOTE,
    source="corpus/sources/002_a.txt",
    line_start=85,
    line_end=85,
    label_en="III(4)3",
)
VALUE = ResultEntry("quoted", 50.0, "%", 2025, "力争达到", citation=1)


def answer(**changes: object) -> Answer:
    fields: dict[str, object] = {
        "id": None,
        "question": "2025年光伏覆盖率目标",
        "language": "zh",
        "status": "answered",
        "answer": "力争达到50% [1]。",
        "citations": [CITATION],
        "results": [VALUE],
    }
    return Answer(**{**fields, **changes})  # type: ignore[arg-type]


def test_a_citation_names_document_clause_heading_and_line() -> None:
    assert (
        render_citation(CITATION).plain
        == "[1] 《2030年前碳达峰行动方案》三（四）3 加快优化建筑用能结构 · corpus/sources/002_a.txt:85"
    )


def test_english_readers_get_the_english_label_too() -> None:
    assert "三（四）3 (III(4)3) 加快" in render_citation(CITATION, "en").plain


def test_a_range_of_lines_and_a_title_with_title_marks() -> None:
    assert place("f.txt", 3, 5) == "f.txt:3-5"
    assert book_title("《公约》京都议定书") == "《〈公约〉京都议定书》"
    assert book_title("Kyoto Protocol") == "Kyoto Protocol, "


def test_the_answer_comes_first_then_the_sources_with_quotes() -> None:
    plain = [line.plain for line in render_answer(answer())]
    assert plain[0] == "力争达到50% [1]。"
    assert plain.index("出处") < next(n for n, text in enumerate(plain) if text.startswith("[1]"))
    assert plain[-1] == f"    “{QUOTE}”"


def test_the_value_is_marked_in_the_quote() -> None:
    quote = render_answer(answer())[-1]
    assert ("力争达到 50%", "value") in quote.parts


def test_warnings_stand_between_answer_and_sources() -> None:
    plain = [line.plain for line in render_answer(answer(warnings=["一个版本不同"]))]
    assert plain.index("! 一个版本不同") < plain.index("出处")


def test_a_reading_that_changes_the_meaning_is_shown_with_its_place() -> None:
    variants = (
        {
            "witness": "b",
            "shown": "严格控制",
            "other": "严格执行",
            "meaning": True,
            "source": "c.txt",
            "line_start": 7,
            "line_end": 7,
        },
        {
            "witness": "b",
            "shown": "的",
            "other": "地",
            "meaning": False,
            "source": "c.txt",
            "line_start": 7,
            "line_end": 7,
        },
    )
    citation = Citation(**{**CITATION.__dict__, "variants": variants})
    plain = "\n".join(line.plain for line in render_answer(answer(citations=[citation])))
    assert "≠ 此处“严格控制”，另一版本作“严格执行”（c.txt:7），含义不同" in plain
    assert "地" not in plain


def test_an_answer_without_citation_is_its_text_alone() -> None:
    assert [line.plain for line in render_answer(answer(citations=[], results=[], answer="没有。"))] == [
        "没有。"
    ]


def test_values_are_never_marked_inside_longer_numbers() -> None:
    quote = "2030年达到1,230万吨，2.30万吨，30万吨，30.5万吨"
    spans = value_spans(quote, [ResultEntry("quoted", 30.0)])
    assert [quote[a:b] for a, b in spans] == ["30"]
    assert quote[spans[0][1] : spans[0][1] + 2] == "万吨"


def test_values_are_found_with_thousands_separators_and_across_blanks() -> None:
    assert value_spans("产量 10,965,708 吨", [ResultEntry("quoted", 10965708.0, "吨")]) == [(3, 15)]
    assert value_spans("达到 12 亿千瓦", [ResultEntry("quoted", 12.0, "亿千瓦")]) == [(3, 9)]


def test_text_values_are_marked_but_never_a_whole_quote() -> None:
    assert value_spans("由工业和信息化部负责", [ResultEntry("quoted", "工业和信息化部")]) == [(1, 8)]
    assert value_spans(QUOTE, [ResultEntry("quoted", None, text=QUOTE)]) == []
    assert value_spans(QUOTE, [ResultEntry("quoted", None)]) == []


def test_layout_blanks_are_dropped_between_chinese_characters_only() -> None:
    assert one_line("覆盖率\n 达到  50%\nby 2025 年") == "覆盖率达到 50% by 2025 年"
