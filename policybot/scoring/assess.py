"""Self-assessment against the low-carbon pilot evaluation: points, rates and gaps to the published means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from policybot.corpus.model import Cell, Corpus, Table
from policybot.errors import PolicybotError
from policybot.patterns import lazy_pattern

DOCUMENT = "pilot-evaluation-2023"
_AREA = lazy_pattern(r"(?P<id>[A-Z])\s*(?P<name>.+?)(?P<points>\d+)分")
_POINTS = lazy_pattern(r"(\d+(?:\.\d+)?)\s*分")
_MEAN = lazy_pattern(r"平均得分为\s*(\d+(?:\.\d+)?)\s*分")


@dataclass(frozen=True, slots=True)
class Item:
    """A row of the rubric: "A1" … "E", its name, greatest number of points and printed cell."""

    id: str
    area: str
    name: str
    points: Decimal
    cell: Cell
    clause: str


@dataclass(frozen=True, slots=True)
class Area:
    """A–E: name, greatest number of points, its items, and the pilots' mean rate in percent.

    `rate_source` is "published", or "derived" where the report prints no rate and it follows from the
    overall mean and the other areas; `rate_low`/`rate_high` bound a derived rate by the rounding of
    its inputs.
    """

    id: str
    name: str
    points: Decimal
    items: tuple[Item, ...]
    rate: Decimal
    rate_source: str
    rate_low: Decimal
    rate_high: Decimal
    quote: str
    clause: str


@dataclass(frozen=True, slots=True)
class AreaResult:
    """Own points and rate in one area, and the gap in percentage points to the pilots' mean rate."""

    area: Area
    points: Decimal
    rate: Decimal
    gap: Decimal


@dataclass(frozen=True, slots=True)
class Assessment:
    """A self-assessment. `total` out of 100; `mean`, `highest`, `lowest` are the pilots' published scores.

    No level is awarded: the cut-off of "优良" is not published.
    """

    total: Decimal
    results: tuple[AreaResult, ...]
    mean: Decimal
    highest: Decimal
    lowest: Decimal
    clause: str


def rubric(corpus: Corpus) -> tuple[Area, ...]:
    """The five areas with their 18 items, read from the report's table, and the mean rates."""
    table = _table(corpus)
    items: dict[str, list[Item]] = {}
    heads: dict[str, tuple[str, Decimal]] = {}
    for row in table.rows:
        match = _AREA.fullmatch(row.cells[0].text.replace(" ", ""))
        if not match:
            continue
        heads[match["id"]] = (match["name"], Decimal(match["points"]))
        printed = row.cells[-1]
        points = _POINTS.search(printed.text)
        identifier = row.cells[2].text or match["id"]
        items.setdefault(match["id"], []).append(
            Item(
                identifier,
                match["id"],
                row.cells[1].text or match["name"],
                Decimal(points[1] if points else 0),
                printed,
                row.id,
            )
        )
    published, quote, clause = _rates(corpus, {a: name for a, (name, _) in heads.items()})
    mean = _statistics(corpus)[0]
    return tuple(
        _area(
            a,
            name,
            points,
            tuple(items[a]),
            published,
            {k: p for k, (_, p) in heads.items()},
            mean,
            quote,
            clause,
        )
        for a, (name, points) in heads.items()
    )


def _area(
    key: str,
    name: str,
    points: Decimal,
    items: tuple[Item, ...],
    published: Mapping[str, Decimal],
    maxima: Mapping[str, Decimal],
    mean: Decimal,
    quote: str,
    clause: str,
) -> Area:
    if key in published:
        rate = published[key]
        return Area(key, name, points, items, rate, "published", rate, rate, quote, clause)
    others = [k for k in maxima if k != key]
    if any(k not in published for k in others):
        raise PolicybotError(
            f"The mean rate of area {key} is not published and cannot be derived.",
            what_zh=f"领域 {key} 的平均得分率未公布，也无法推算。",
        )
    half = Decimal("0.05")  # every printed figure is rounded to one decimal

    def derived(overall: Decimal, shift: Decimal) -> Decimal:
        rest = sum(((published[k] + shift) / 100 * maxima[k] for k in others), Decimal(0))
        return (overall - rest) / maxima[key] * 100

    centre = derived(mean, Decimal(0)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    low, high = derived(mean - half, half), derived(mean + half, -half)
    return Area(key, name, points, items, centre, "derived", low, high, quote, clause)


def _table(corpus: Corpus) -> Table:
    for table in corpus.tables.values():
        if table.document == DOCUMENT and table.label == "附表":
            return table
    raise PolicybotError(
        "The corpus has no scoring table of the pilot evaluation.",
        "Restore the built-in corpus.",
        what_zh="语料库中没有低碳试点评估的评分表。",
        hint_zh="请恢复内置语料库。",
    )


def _rates(corpus: Corpus, names: Mapping[str, str]) -> tuple[dict[str, Decimal], str, str]:
    """Mean rates printed in the report ("…平均得分率较高,分别为…"), matched to areas by their names."""
    for clause in corpus.of(DOCUMENT):
        text = clause.text.text
        if "平均得分率" not in text:
            continue
        found: dict[str, Decimal] = {}
        for sentence in re.split(r"[。；]", text):
            mentioned = sorted((sentence.find(n), a) for a, n in names.items() if n in sentence)
            values = re.findall(r"(\d+(?:\.\d+)?)\s*%", sentence)
            for (_, area), value in zip(mentioned, values, strict=False):
                found.setdefault(area, Decimal(value))
        return found, text, clause.id
    return {}, "", ""


def _statistics(corpus: Corpus) -> tuple[Decimal, Decimal, Decimal, str]:
    for clause in corpus.of(DOCUMENT):
        mean = _MEAN.search(clause.text.text)
        highest = re.search(r"最高得分为\s*(\d+(?:\.\d+)?)\s*分", clause.text.text)
        lowest = re.search(r"最低得分为\s*(\d+(?:\.\d+)?)\s*分", clause.text.text)
        if mean and highest and lowest:
            return Decimal(mean[1]), Decimal(highest[1]), Decimal(lowest[1]), clause.id
    raise PolicybotError(
        "The report's mean score is not in the corpus.", what_zh="语料库中没有评估报告的平均得分。"
    )


def assess(corpus: Corpus, points: Mapping[str, Decimal]) -> Assessment:
    """Points per area ("A": 13 …) or per item ("A1": 4 …) against maxima and published means.

    Raises:
        PolicybotError: unknown area or item, points below 0 or above the maximum, an area missing,
            or an area given both as a whole and by items.
    """
    areas = rubric(corpus)
    known = {a.id: a.points for a in areas} | {i.id: i.points for a in areas for i in a.items}
    for key, value in points.items():
        if key not in known:
            raise _bad(
                f"{key} is neither an area nor an item", f"{key} 既不是领域也不是指标编号", sorted(known)
            )
        if not value.is_finite() or value < 0 or value > known[key]:
            raise _bad(
                f"{key} = {value} is not from 0 to {known[key]}",
                f"{key} = {value} 不在 0 至 {known[key]} 之间",
                [],
            )
    results = []
    for area in areas:
        own_items = [i.id for i in area.items if i.id != area.id and i.id in points]
        if area.id in points and own_items:
            raise _bad(
                f"area {area.id} is given twice, as a whole and as {own_items[0]}",
                f"领域 {area.id} 重复给出",
                [],
            )
        if area.id in points:
            got = points[area.id]
        elif len(own_items) == len(area.items):
            got = sum((points[i] for i in own_items), Decimal(0))
        else:
            missing = [i.id for i in area.items if i.id not in points]
            raise _bad(f"{', '.join(missing)} missing", f"缺少 {'、'.join(missing)}", [])
        rate = (got / area.points * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
        results.append(AreaResult(area, got, rate, rate - area.rate))
    mean, highest, lowest, clause = _statistics(corpus)
    return Assessment(
        sum((r.points for r in results), Decimal(0)), tuple(results), mean, highest, lowest, clause
    )


def _bad(why: str, why_zh: str, known: list[str]) -> PolicybotError:
    hint = f"Known are: {', '.join(known)}." if known else "Correct it and try again."
    hint_zh = f"可用的有：{'、'.join(known)}。" if known else "请改正后重试。"
    return PolicybotError(
        f"The self-assessment cannot be used: {why}.",
        hint,
        what_zh=f"自评数据不可用：{why_zh}。",
        hint_zh=hint_zh,
    )
