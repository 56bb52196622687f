"""Answers over the real sources that are right, for the tests that make them wrong."""

from __future__ import annotations

from functools import cache

from policybot.answer.checks.issues import CheckReport
from policybot.answer.model import Answer, Citation, ResultEntry
from policybot.answer.wording.cite import Evidence, make_citation
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
