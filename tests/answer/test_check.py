"""The citation check on answers over the real sources: right ones pass, every way of being wrong is caught."""

from __future__ import annotations

import copy
import random
import time
from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policybot.answer.check import CheckReport, check_answer, enforce, messages
from policybot.answer.check_text import find_marks, outer_quotes, sentences
from policybot.answer.cite import Evidence, make_citation
from policybot.answer.model import Answer, Citation, ResultEntry
from policybot.corpus import load_corpus
from policybot.corpus.model import Corpus
from policybot.text import squash


@cache
def corpus() -> Corpus:
    """The built-in corpus, read once."""
    return load_corpus()


def cite(quote: str, n: int = 1, document: str = "action-plan-2030") -> Citation:
    """A citation of the first clause of a document whose text holds `quote`, white space aside."""
    wanted = squash(quote)
    for clause in corpus().of(document):
        text = clause.text.text
        places = [at for at, char in enumerate(text) if not char.isspace()]
        at = "".join(text[place] for place in places).find(wanted)
        if at >= 0:
            start, end = places[at], places[at + len(wanted) - 1] + 1
            return make_citation(corpus(), Evidence(clause.id, start, end), n)
    raise AssertionError(f"{quote} is not in {document}")


def make(
    text: str,
    citations: list[Citation],
    *,
    question: str = "",
    results: list[ResultEntry] | None = None,
    language: str = "zh",
    status: str = "answered",
) -> Answer:
    """An answer with the fields that the check reads."""
    return Answer(
        id=None,
        question=question,
        language=language,
        status=status,  # type: ignore[arg-type]
        answer=text,
        citations=citations,
        results=results or [],
        confidence=0.9,
    )


ROOF = "新建公共机构建筑、新建厂房屋顶光伏覆盖率力争达到 50%"
WIND = "到2030年，风电、太阳能发电总装机容量达到12亿千瓦以上"
PUMPED = "到2030年，抽水蓄能电站装机容量达到1.2亿千瓦左右，省级电网基本具备5%以上的尖峰负荷响应能力"


def roof_zh() -> Answer:
    return make(
        "50%（力争达到）。到 2025 年，新建公共机构建筑、新建厂房屋顶光伏覆盖率力争达到 50%[1]。",
        [cite("到 2025 年，城镇建筑可再生能源替代率达到 8%，" + ROOF)],
        question="新建建筑光伏覆盖率的目标是多少？",
        results=[ResultEntry("quoted", 50, "%", 2025, "力争达到", "", 1)],
    )


def roof_en() -> Answer:
    return make(
        'By 2025 the rooftop PV coverage of new public buildings is to reach 50% ("strive to reach", 力争达到) [1].',
        [cite("到 2025 年，城镇建筑可再生能源替代率达到 8%，" + ROOF)],
        question="what is the 2025 target for new-building PV coverage?",
        results=[ResultEntry("quoted", 50, "%", 2025, "力争达到", "", 1)],
        language="en",
    )


def wind_en() -> Answer:
    return make(
        "1.2 billion kW or more (12亿千瓦以上) by 2030, that is 1,200 GW [1].",
        [cite(WIND)],
        results=[ResultEntry("quoted", 12, "亿千瓦", 2030, "以上", "", 1)],
        language="en",
    )


def list_zh() -> Answer:
    return make(
        "两项：抽水蓄能电站装机容量1.2亿千瓦左右[1]、风电和太阳能发电12亿千瓦以上[2]。",
        [cite(PUMPED), cite(WIND, 2)],
        results=[ResultEntry("derived", 2, "项")],
    )


RIGHT = {
    "value zh": roof_zh,
    "value en": roof_en,
    "converted": wind_en,
    "list": list_zh,
}


def kinds(report: CheckReport) -> set[str]:
    return {issue.kind for issue in report.issues}


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


# Mutations: one small change of a right answer is always caught.


@pytest.mark.parametrize("name", RIGHT)
def test_a_changed_character_of_a_quote_is_caught(name: str) -> None:
    answer = RIGHT[name]()
    citation = answer.citations[0]
    for at, char in enumerate(citation.quote):
        if char.isspace():
            continue
        for new in ("某", ""):
            quote = citation.quote[:at] + new + citation.quote[at + 1 :]
            if not new and at in (0, len(citation.quote) - 1):
                continue  # a shorter quote is still verbatim
            if not new and char in (citation.quote[at - 1], citation.quote[at + 1]):
                continue
            wrong = replace(answer, citations=[replace(citation, quote=quote), *answer.citations[1:]])
            assert "quote" in kinds(check_answer(wrong, corpus())), quote


@pytest.mark.parametrize("name", RIGHT)
def test_a_changed_digit_of_an_answer_is_caught(name: str) -> None:
    answer = RIGHT[name]()
    marks = [(mark.start, mark.end) for mark in find_marks(answer.answer)]
    for at, char in enumerate(answer.answer):
        if not char.isdigit() or any(low <= at < high for low, high in marks):
            continue
        for new in "0123456789":
            if new == char:
                continue
            text = answer.answer[:at] + new + answer.answer[at + 1 :]
            assert not check_answer(replace(answer, answer=text), corpus()).ok, text


@pytest.mark.parametrize("name", RIGHT)
def test_a_missing_or_changed_mark_is_caught(name: str) -> None:
    answer = RIGHT[name]()
    for mark in find_marks(answer.answer):
        for new in ("", "[9]"):
            text = answer.answer[: mark.start] + new + answer.answer[mark.end :]
            assert not check_answer(replace(answer, answer=text), corpus()).ok, text


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(RIGHT)), st.randoms(use_true_random=False))
def test_random_mutations_never_get_through_unnoticed(name: str, chance: random.Random) -> None:
    """Whatever is done to an answer, what `enforce` returns passes the check."""
    answer = RIGHT[name]()
    for _ in range(chance.randint(1, 4)):
        answer = mutate(answer, chance)
    checked = enforce(answer, corpus())
    again = check_answer(checked, corpus())
    if checked.status == "not_found" and not checked.citations:
        assert checked.answer and (checked.warnings or checked is answer)
        return
    assert again.ok, [issue.message("en") for issue in again.issues]


def mutate(answer: Answer, chance: random.Random) -> Answer:
    """One random change of the text, a citation or a result."""
    text = answer.answer
    where = chance.randrange(len(text) + 1)
    choice = chance.randrange(6)
    if choice == 0:
        return replace(answer, answer=text[:where] + chance.choice("0123456789[]“”。%亿 \n年") + text[where:])
    if choice == 1:
        return replace(answer, answer=text[:where] + text[where + chance.randint(1, 5) :])
    if choice == 2 and answer.citations:
        at = chance.randrange(len(answer.citations))
        citation = answer.citations[at]
        spot = chance.randrange(len(citation.quote) + 1)
        fields: dict[str, object] = chance.choice(
            [
                {"quote": citation.quote[:spot] + chance.choice("0碳“") + citation.quote[spot:]},
                {"quote": citation.quote[:spot]},
                {"line_start": citation.line_start + chance.randint(-3, 3)},
                {"line_end": citation.line_end + chance.randint(-3, 3)},
                {"n": chance.randint(0, 4)},
            ]
        )
        citations = list(answer.citations)
        citations[at] = replace(citation, **fields)  # type: ignore[arg-type]
        return replace(answer, citations=citations)
    if choice == 3 and answer.results:
        return replace(
            answer, results=[replace(answer.results[0], value=chance.choice([50, 12, 7.5, "十二", None]))]
        )
    if choice == 4 and answer.citations:
        return replace(answer, citations=answer.citations[:-1])
    return replace(
        answer,
        answer=text + chance.choice(["另外还有3亿吨。", " See Article 77.", "“随便写的原文”[1]。", "[3]"]),
    )


@given(st.text(max_size=120), st.text(max_size=40))
@settings(deadline=None)
def test_any_text_can_be_checked(text: str, question: str) -> None:
    answer = make(text, [], question=question)
    checked = enforce(answer, corpus())
    assert checked.answer.strip() or not text.strip()


# The pieces.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("甲。乙！丙", ["甲。", "乙！", "丙"]),
        ("甲[1]。乙。[2]丙", ["甲[1]。", "乙。[2]", "丙"]),
        ("He said 13.5%. Then [1]. See No. 24 of it.", ["He said 13.5%.", "Then [1].", "See No. 24 of it."]),
        ("原文“甲。乙”如此。丙", ["原文“甲。乙”如此。", "丙"]),
        ("他说“甲。”[1]乙。", ["他说“甲。”[1]", "乙。"]),
        ("- 一[1]\n- 二[2]\n", ["- 一[1]", "- 二[2]"]),
        ("The year is 2025. [1] Next", ["The year is 2025. [1]", "Next"]),
        ("", []),
    ],
)
def test_sentences_of_answers(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == expected


@given(st.text(alphabet="甲乙a1.。！[]“”\n ,", max_size=60))
def test_every_character_is_in_one_sentence(text: str) -> None:
    spans = sentences(text)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    kept = "".join(text[start:end] for start, end in spans)
    assert "".join(kept.split()) == "".join(text.split())


def test_marks_hold_one_or_several_numbers() -> None:
    assert [m.numbers for m in find_marks("甲[1]乙[2, 3]丙[4-6]【7】丁[x][2030年]")] == [
        (1,),
        (2, 3),
        (4, 5, 6),
        (7,),
    ]


def test_outermost_quotation_marks_count() -> None:
    text = '甲“乙“丙”丁”戊「己」"庚"'
    assert [text[a:b] for a, b in outer_quotes(text)] == ["乙“丙”丁", "己", "庚"]


def test_both_languages_say_the_same_things() -> None:
    assert set(messages()["zh"]) == set(messages()["en"])


def test_the_check_is_fast() -> None:
    answers = [make_answer() for make_answer in RIGHT.values()]
    for answer in answers:
        check_answer(answer, corpus())
    best = float("inf")
    for batch in range(10):
        start = time.perf_counter()
        for answer in answers:
            # A new text each time, so that nothing of the answer is known from before.
            check_answer(
                replace(answer, question=f"问题{batch}", answer=answer.answer + " " * batch), corpus()
            )
        best = min(best, (time.perf_counter() - start) / len(answers))
    assert best < 0.002
