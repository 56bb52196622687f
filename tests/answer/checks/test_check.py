"""The citation check on answers over the real sources: right ones pass, every way of being wrong is caught."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest

from policybot.answer.checks.check import check_answer
from policybot.answer.checks.enforce import enforce
from policybot.answer.model import Answer, ResultEntry
from tests.answer.checks.checked import (
    PUMPED,
    RIGHT,
    ROOF,
    WIND,
    cite,
    corpus,
    kinds,
    make,
    roof_zh,
)


@pytest.mark.parametrize("name", RIGHT)
def test_right_answers_pass_unchanged(name: str) -> None:
    answer = RIGHT[name]()
    report = check_answer(answer, corpus())
    assert report.ok, [issue.message("en") for issue in report.issues]
    assert enforce(answer, corpus()) is answer


@pytest.mark.parametrize(
    ("text", "quotes", "question"),
    [
        ("到2030年约120 million kW，即120 GW[1]。", [PUMPED], ""),
        ("十项行动，见《2030年前碳达峰行动方案》三[1]。", ["等“碳达峰十大行动”"], ""),
        ("比2005年下降65%以上[1]。", ["单位国内生产总值二氧化碳排放比 2005 年下降 65% 以上"], ""),
        (
            "It is down 65% or more from 2005 [1].",
            ["单位国内生产总值二氧化碳排放比 2005 年下降 65% 以上"],
            "",
        ),
        ("1. 煤炭[1]\n2. 水电[2]", ["推进煤炭消费替代和转型升级", "因地制宜开发水电"], ""),
        ("《行动方案》三（一）6规定了“抽水蓄能电站”[1]。", [PUMPED], ""),
        ("不是60%，而是50%[1]。", [ROOF], "光伏覆盖率目标是60%吗？"),
        (
            "During the 14th Five-Year Plan (2021–2025) growth is 15% or more a year [1].",
            ["“十四五”期间，集装箱铁水联运量年均增长 15% 以上"],
            "",
        ),
        ("Nine kinds of renewable resources [1].", ["废玻璃等9种主要再生资源"], ""),
        ("Of the two, only this one is set at 50% [1].", [ROOF], ""),
        ("“新建公共机构建筑……光伏覆盖率力争达到 50%”[1]。", [ROOF], ""),
    ],
)
def test_numbers_and_quotes_that_are_accounted_for(text: str, quotes: list[str], question: str) -> None:
    citations = [cite(quote, n) for n, quote in enumerate(quotes, start=1)]
    language = "zh" if any("一" <= c <= "鿿" for c in text[:6]) else "en"
    report = check_answer(make(text, citations, question=question, language=language), corpus())
    assert report.ok, [issue.message("en") for issue in report.issues]


def test_kyoto_numbers_convert_and_labels_are_known() -> None:
    document = "kyoto-protocol"
    majority = cite("四分之三多数票通过", 1, document)
    five = cite("从1990年水平至少减少5%", 2, document)
    text = "An amendment needs three-quarters (75%) of the votes under Article 20 [1]; emissions fall at least 5% below 1990 levels, Article 3(1) [2]."
    report = check_answer(make(text, [majority, five], language="en"), corpus())
    assert report.ok, [issue.message("en") for issue in report.issues]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("新建厂房屋顶光伏覆盖率力争达到 51%[1]。", "number"),
        ("新建厂房屋顶光伏覆盖率力争达到 50 吨[1]。", "number"),
        ("新建厂房屋顶光伏覆盖率力争达到五十一个[1]。", "number"),
        ("到2026年力争达到 50%[1]。", "number"),
        ("It is to reach sixty percent [1].", "number"),
        ("It names twelve cities and 50% [1].", "number"),
        ("It is to reach 50% by 15 November 2023 [1].", "number"),
        ("力争达到 50%[2]。", "mark"),
        ("力争达到 50%。", "unmarked"),
        ("第九十九条规定为 50%[1]。", "label"),
        ("See Article 99 for the 50% [1].", "label"),
        ("原文说“新建住宅必须安装光伏”[1]。", "quoted"),
        ("原文说“新建公共机构建筑……必须达到 50%”[1]。", "quoted"),
    ],
)
def test_what_the_text_says_wrongly_is_caught(text: str, kind: str) -> None:
    answer = make(text, [cite(ROOF)])
    assert kind in kinds(check_answer(answer, corpus()))
    checked = enforce(answer, corpus())
    assert checked.status == "not_found"
    assert not checked.citations and not checked.results
    assert checked.warnings


def test_each_fault_of_a_citation_is_named() -> None:
    good = roof_zh()
    citation = good.citations[0]
    faults = {
        "quote": replace(citation, quote=citation.quote.replace("力争", "必须")),
        "lines": replace(citation, line_end=99_999),
        "source": replace(citation, source="corpus/sources/none.txt"),
        "document": replace(citation, document="kyoto-protocol"),
        "blank": replace(citation, quote=" \n"),
    }
    for kind, wrong in faults.items():
        answer = replace(good, citations=[wrong])
        assert kind in kinds(check_answer(answer, corpus())), kind
        assert enforce(answer, corpus()).status == "not_found"
    shifted = replace(citation, line_start=citation.line_start + 1, line_end=citation.line_end + 1)
    assert "quote" in kinds(check_answer(replace(good, citations=[shifted]), corpus()))


def test_a_quote_is_compared_with_the_file_and_not_with_the_clause() -> None:
    answer = roof_zh()
    citation = answer.citations[0]
    altered = copy.copy(corpus())
    source = altered.sources[citation.source]
    altered.sources = altered.sources | {
        citation.source: replace(source, text=source.text.replace("50%", "55%"))
    }
    assert "quote" in kinds(check_answer(answer, altered))


def test_two_citations_with_one_number() -> None:
    answer = make("力争达到 50%[1]。", [cite(ROOF), cite(PUMPED)])
    assert kinds(check_answer(answer, corpus())) == {"duplicate"}


def test_a_reading_of_another_copy_must_stand_there() -> None:
    citation = cite(ROOF)
    reading = {"witness": "x", "shown": "50%", "other": "60%", "meaning": True, "source": citation.source}
    reading |= {"line_start": citation.line_start, "line_end": citation.line_end}
    answer = make("力争达到 50%[1]。", [replace(citation, variants=(reading,))])
    assert kinds(check_answer(answer, corpus())) == {"variant"}
    checked = enforce(answer, corpus())
    assert checked.status == "answered" and checked.citations[0].variants == ()
    lacking = replace(citation, variants=(reading | {"other": ""},))
    assert check_answer(make("力争达到 50%[1]。", [lacking]), corpus()).ok


@pytest.mark.parametrize(
    "result",
    [
        ResultEntry("quoted", 51, "%", 2025),
        ResultEntry("quoted", 50, "吨", 2025),
        ResultEntry("quoted", 50, "%", 2025, citation=7),
    ],
)
def test_a_quoted_result_must_be_in_a_quote(result: ResultEntry) -> None:
    answer = replace(roof_zh(), results=[result])
    assert "result" in kinds(check_answer(answer, corpus()))
    checked = enforce(answer, corpus())
    assert checked.status == "answered"
    assert checked.results == []
    assert len(checked.warnings) == 1


def test_a_wrong_result_does_not_vouch_for_a_wrong_number() -> None:
    answer = make(
        "覆盖率力争达到 60%[1]。", [cite(ROOF)], results=[ResultEntry("quoted", 60, "%", 2025, citation=1)]
    )
    assert {"result", "number"} <= kinds(check_answer(answer, corpus()))
    assert enforce(answer, corpus()).status == "not_found"


def test_a_wrong_year_of_a_result_is_dropped() -> None:
    answer = replace(roof_zh(), results=[ResultEntry("quoted", 50, "%", 2035, "力争达到", "", 1)])
    assert kinds(check_answer(answer, corpus())) == {"year"}
    checked = enforce(answer, corpus())
    assert checked.results[0].value == 50 and checked.results[0].year is None


def test_a_computed_result_vouches_for_its_rounded_value_only() -> None:
    def answer(said: str) -> Answer:
        results = [ResultEntry("computed", 41.666666, "%")]
        return make(
            f"相当于8%与5%以上之差的 {said}[1][2]。",
            [cite(PUMPED), cite("替代率达到 8%", 2)],
            results=results,
        )

    for said in ("41.7%", "41.67%", "42%"):
        assert check_answer(answer(said), corpus()).ok, said
    for said in ("41.6%", "41%", "41.66%"):
        assert kinds(check_answer(answer(said), corpus())) == {"number"}, said


def test_only_the_sentence_that_fails_is_removed() -> None:
    text = (
        "到2030年，风电、太阳能发电达到12亿千瓦以上[1]。另有水电5000万千瓦[1]。抽水蓄能达到1.2亿千瓦左右[2]。"
    )
    checked = enforce(make(text, [cite(WIND), cite(PUMPED, 2)]), corpus())
    assert checked.status == "answered"
    assert checked.answer == "到2030年，风电、太阳能发电达到12亿千瓦以上[1]。抽水蓄能达到1.2亿千瓦左右[2]。"
    assert [c.n for c in checked.citations] == [1, 2]
    assert len(checked.warnings) == 1 and "1" in checked.warnings[0] and "5000万千瓦" in checked.warnings[0]
    assert 0 < checked.confidence < 0.9
    assert check_answer(checked, corpus()).ok


def test_a_citation_that_falls_takes_its_sentences_along() -> None:
    wrong = replace(cite(PUMPED, 2), quote="抽水蓄能达到3亿千瓦")
    text = "风电、太阳能发电达到12亿千瓦以上[1]。\n抽水蓄能达到3亿千瓦[2]。"
    checked = enforce(make(text, [cite(WIND), wrong]), corpus())
    assert checked.answer == "风电、太阳能发电达到12亿千瓦以上[1]。"
    assert [c.n for c in checked.citations] == [1]
    assert len(checked.warnings) == 2


@pytest.mark.parametrize(
    ("language", "said"), [("zh", "没有通过引文核对"), ("en", "did not pass the citation check")]
)
def test_a_refusal_says_what_failed_in_the_language_of_the_answer(language: str, said: str) -> None:
    answer = replace(roof_zh(), answer="覆盖率为 77%[1]。", language=language)
    checked = enforce(answer, corpus())
    assert checked.status == "not_found" and checked.confidence == 0
    assert said in checked.answer and "77%" in checked.answer
    assert checked.warnings and ("77%" in checked.warnings[0])


def test_refusals_keep_what_they_looked_for() -> None:
    text = "语料中没有“碳关税补贴”的规定或数据。最接近的是《行动方案》三（四）3：" + ROOF + "[1]。"
    answer = make(text, [cite(ROOF)], status="not_found", question="碳关税的补贴？")
    assert check_answer(answer, corpus()).ok
    wrong = replace(answer, citations=[replace(answer.citations[0], line_start=1, line_end=1)])
    checked = enforce(wrong, corpus())
    assert checked.status == "not_found"
    assert checked.answer == "语料中没有“碳关税补贴”的规定或数据。"


def test_an_error_is_left_alone() -> None:
    answer = make("问题有 100000 个字。", [], status="error")
    assert enforce(answer, corpus()) is answer


def test_the_catalogue_vouches_for_date_and_number_of_a_document_it_names() -> None:
    document = corpus().documents["action-plan-2030"]
    text = f"《{document.title_zh}》（{document.date}，{document.number}）。"
    assert check_answer(make(text, []), corpus()).ok
    wrong = text.replace(document.date, "2020-01-31")
    assert kinds(check_answer(make(wrong, []), corpus())) == {"number"}
    assert not check_answer(make(f"发布于{document.date}。", []), corpus()).ok


def test_a_figure_without_its_image_can_be_named() -> None:
    text = "图表19（中国城市单位 GDP 碳排放（2019 年）排名）在原文中是图片。"
    assert check_answer(make(text, [], status="not_found"), corpus()).ok
    assert kinds(check_answer(make(text.replace("19（", "99（"), [], status="not_found"), corpus())) == {
        "label"
    }


def test_a_made_up_heading_does_not_vouch_for_its_numbers() -> None:
    citation = replace(cite(ROOF), heading="力争达到 90%")
    assert kinds(check_answer(make("力争达到 90%[1]。", [citation]), corpus())) == {"number"}


def test_names_with_digits_must_be_in_the_sources() -> None:
    assert check_answer(make("CO2、CO₂和PM2.5，5G[1]。", [cite(ROOF)]), corpus()).ok
    assert kinds(check_answer(make("CO7[1]。", [cite(ROOF)]), corpus())) == {"number"}
