"""The scoring engine over published values: every result says what it covers and that it is computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from policybot.corpus.model import Corpus
from policybot.errors import PolicybotError
from policybot.facts.places import Places
from policybot.facts.rankings import ImageFigure, PublishedList, image_figures, published_lists
from policybot.facts.sheets import Problem, Record, Sheet, problem_error, read_sheet
from policybot.scoring.engine import Configuration, Normalisation, Ranking, score
from policybot.scoring.explain import Explanation, WhatIf, explain, what_if
from policybot.scoring.observations import Observations, published_observations
from policybot.scoring.robustness import Certificate, Robustness, can_be_top, robustness
from policybot.scoring.systems import IndexSystem, builtin_systems, load_system
from policybot.tools.city import find_city

DEFAULT_SYSTEM = "dual-carbon-index-2022"


@dataclass(frozen=True)
class Scored:
    """A system's values of one domain (or all) with what they cover.

    `covered` of `indicators` have published values; a computed ranking is never the published one.
    """

    system: IndexSystem
    domain: str
    observations: Observations
    covered: int
    indicators: int
    sheet: Sheet | None = field(default=None)


def systems() -> dict[str, IndexSystem]:
    """The built-in index systems by id."""
    return builtin_systems()


def find_system(name: str = "") -> IndexSystem:
    """A built-in system by id, or a user's own by the path of its TOML file.

    Raises:
        PolicybotError: neither; lists the built-in ids.
    """
    known = builtin_systems()
    if not name:
        return known[DEFAULT_SYSTEM]
    if name in known:
        return known[name]
    if name.endswith(".toml") or Path(name).is_file():
        return load_system(Path(name))
    raise PolicybotError(
        f"There is no index system {name!r}.",
        f"Built in: {', '.join(known)}; or give the path of a TOML file.",
        what_zh=f"没有指数体系“{name}”。",
        hint_zh=f"内置的有：{'、'.join(known)}；也可以给出 TOML 文件的路径。",
    )


def default_domain(system: IndexSystem) -> str:
    """The first domain whose indicators all have published values, "" where there is none."""
    return next((d.id for d in system.domains if d.indicators and all(i.data for i in d.indicators)), "")


def scored(corpus: Corpus, system: str = "", domain: str = "", data: Path | None = None) -> Scored:
    """The values to score: the published ones, or a user's table (`data`).

    Raises:
        PolicybotError: unknown system or domain, no values, or a table that cannot be used.
    """
    index = find_system(system)
    part = index.domain(domain) if domain else None
    chosen = part.indicators if part else index.indicators
    if data is not None:
        observations, sheet = _user_values(index, domain, data)
    else:
        observations, sheet = published_observations(index, corpus, domain), None
    if not observations.indicators:
        name, name_zh = (part.en, part.zh) if part else (index.title_en, index.title_zh)
        figure = image_ranking(corpus, name_zh) if part else None
        shown = f"; its ranking ({figure.label}) exists only as an image" if figure else ""
        shown_zh = f"，其排名（{figure.label}）只有图片" if figure else ""
        raise PolicybotError(
            f"The corpus publishes no values for {name}{shown}.",
            "Give your own with --data FILE.",
            what_zh=f"语料库没有公布“{name_zh}”的数值{shown_zh}。",
            hint_zh="可用 --data FILE 提供自己的数据。",
        )
    return Scored(index, domain, observations, len(observations.indicators), len(chosen), sheet)


def rank(values: Scored, configuration: Configuration | None = None) -> Ranking:
    """Scores and ranks of all units."""
    return score(values.observations, configuration)


def explain_score(values: Scored, unit: str, configuration: Configuration | None = None) -> Explanation:
    """A unit's score taken apart; cities may be named in any spelling."""
    return explain(values.observations, unit_name(values, unit), configuration)


def what_if_top(values: Scored, unit: str, top: int, configuration: Configuration | None = None) -> WhatIf:
    """What each indicator alone would have to be for a unit to reach the top."""
    return what_if(values.observations, unit_name(values, unit), top, configuration)


def how_robust(
    values: Scored,
    top: int = 5,
    weightings: int = 20_000,
    normalisations: Sequence[Normalisation] = ("min-max",),
) -> Robustness:
    """Rank intervals over all weights and the given normalisations.

    Raises:
        PolicybotError: fewer than two complete units, or `top` out of range.
    """
    complete = int(values.observations.complete.sum())
    if complete < 2:
        raise PolicybotError(
            "Robustness needs at least two units with all values.",
            "Choose another domain or complete the data.",
            what_zh="稳健性分析至少需要两个数值完整的对象。",
            hint_zh="请选择其他领域或补全数据。",
        )
    if not 1 <= top <= complete:
        raise PolicybotError(
            f"--top must be from 1 to {complete}.", what_zh=f"--top 须在 1 至 {complete} 之间。"
        )
    return robustness(values.observations, top, weightings, normalisations)


def certificates(values: Scored, group: Sequence[str]) -> tuple[Certificate, ...]:
    """For each of a group: can any weighting put it ahead of every complete unit outside the group?"""
    return can_be_top(values.observations, [unit_name(values, u) for u in group])


def leader_list(corpus: Corpus, domain_zh: str) -> PublishedList | None:
    """The sentence that names a domain's leaders, None where there is none."""
    for found in published_lists(corpus, Places.load()):
        if domain_zh in found.subject and 3 <= len(found.places) <= 6:
            return found
    return None


def leaders_with_proofs(
    corpus: Corpus, values: Scored
) -> tuple[PublishedList | None, tuple[Certificate, ...]]:
    """The leaders that the text names for a published domain, and whether weights could yield them."""
    leaders = None
    if values.domain and values.sheet is None and values.system.document:
        leaders = leader_list(corpus, values.system.domain(values.domain).zh)
    known = [u for u in leaders.places if u in values.observations.units] if leaders else []
    return leaders, certificates(values, known) if known else ()


def published_leaders(corpus: Corpus, domain_zh: str) -> tuple[str, ...]:
    """The cities that the text names as a domain's leaders, () where it names none."""
    found = leader_list(corpus, domain_zh)
    return found.places if found else ()


def image_ranking(corpus: Corpus, domain_zh: str) -> ImageFigure | None:
    """The figure that carries a domain's published ranking only as an image."""
    return next((f for f in image_figures(corpus) if f.is_ranking and domain_zh in f.title), None)


def system_weights(values: Scored) -> dict[str, float]:
    """The weights that the system itself gives, per indicator with values; empty where it gives none.

    A level without weights counts equally. Weights of indicators without values are spread over the
    others in proportion.
    """
    given = [d.weight for d in values.system.domains] + [i.weight for i in values.system.indicators]
    if all(w is None for w in given):
        return {}
    used = {i.id for i in values.observations.indicators}
    weights = {}
    for domain in values.system.domains:
        own = 1.0 if domain.weight is None else domain.weight
        for i in domain.indicators:
            if i.id in used:
                weights[i.id] = own * (1 / len(domain.indicators) if i.weight is None else i.weight)
    total = sum(weights.values())
    if not total > 0:
        raise PolicybotError(
            "Every indicator with values has weight 0 in the index file.",
            "Give one of them a weight.",
            what_zh="指数文件中，所有有数值的指标权重均为 0。",
            hint_zh="请为其中至少一个指标设置权重。",
        )
    return {i: w / total for i, w in weights.items()}


def input_place(values: Scored, corpus: Corpus, row: int, column: int) -> tuple[str, int | None]:
    """Where a value was read: source file and line of the corpus, or file and row of the user's table."""
    cell = values.observations.cells[row][column]
    if cell is not None and cell.anchor is not None:
        start, _ = cell.anchor.source_range()
        return cell.anchor.file, corpus.sources[cell.anchor.file].line_of(start)
    if values.sheet is not None:
        return values.sheet.path.name, values.sheet.records[row].row
    return "", None


def unit_name(values: Scored, name: str) -> str:
    """A unit's own name for any spelling of a city's; other names stay as they are."""
    if name in values.observations.units:
        return name
    try:
        place = find_city(name)
    except PolicybotError:
        return name
    return place.zh if place.zh in values.observations.units else name


def _user_values(system: IndexSystem, domain: str, path: Path) -> tuple[Observations, Sheet]:
    """A table with a unit column first and one column per indicator, named by id or name."""
    sheet = read_sheet(path)
    if len(sheet.columns) < 2:
        sheet.require([["unit"], ["indicator"]])
    unit_column = sheet.columns[0]
    chosen = system.domain(domain).indicators if domain else system.indicators
    columns = {i: _column(sheet, (i.id, i.zh, i.en, f"{i.id} {i.zh}")) for i in chosen}
    used = tuple(i for i in chosen if columns[i])
    if not used:
        sheet.require([[i.id, i.zh, i.en] for i in chosen[:1]])
    problems: list[Problem] = _unit_problems(sheet, unit_column)
    values = np.full((len(sheet.records), len(used)), np.nan)
    for row, record in enumerate(sheet.records):
        for j, indicator in enumerate(used):
            number = sheet.number(record, columns[indicator], percent=indicator.unit == "%")
            if number is not None:
                values[row, j] = number
                if indicator.unit == "%" and indicator.low == 0 and number < 0:
                    problems.append(Problem(record.row, columns[indicator], "a negative share", "占比为负"))
    problems += sheet.problems
    if problems or not sheet.records:
        problems = problems or [Problem(2, unit_column, "no data below the header", "表头下没有数据")]
        raise problem_error(sheet, problems)
    units = tuple(r.cells[unit_column] for r in sheet.records)
    cells = tuple((None,) * len(used) for _ in units)
    absent = tuple(i for i in chosen if not columns[i])
    return Observations(units, used, values, cells, absent), sheet


def _unit_problems(sheet: Sheet, column: str) -> list[Problem]:
    """Units without a name, and cities that occur twice, in whatever spelling."""
    places, seen = Places.load(), dict[str, Record]()
    problems = sheet.repeated(column)
    known = {p.row for p in problems}
    for record in sheet.records:
        name = record.cells[column]
        place = places.get(name)
        if not name:
            problems.append(Problem(record.row, column, "the name is missing", "缺少名称"))
        elif place is not None and record.row not in known:
            first = seen.setdefault(place.zh, record)
            if first is not record:
                problems.append(
                    Problem(
                        record.row,
                        column,
                        f"{name} is {first.cells[column]} of row {first.row} again",
                        f"{name} 与第 {first.row} 行的 {first.cells[column]} 是同一城市",
                    )
                )
    return problems


def _column(sheet: Sheet, names: Sequence[str]) -> str:
    try:
        return sheet.require([names])[0]
    except PolicybotError:
        return ""


def parse_weights(text: str) -> Mapping[str, float]:
    """ "2.1=0.5,2.2=0.3,2.3=0.2" as a mapping.

    Raises:
        PolicybotError: not of that form.
    """
    weights: dict[str, float] = {}
    for part in text.replace("，", ",").split(","):
        key, sign, value = part.partition("=")
        try:
            if not sign or key.strip() in weights:
                raise ValueError
            weights[key.strip()] = float(value.strip().rstrip("%"))
        except ValueError as error:
            raise PolicybotError(
                f"{part.strip()!r} is not a weight.",
                "Write them as ID=WEIGHT,ID=WEIGHT.",
                what_zh=f"“{part.strip()}”不是有效权重。",
                hint_zh="格式：指标编号=权重，用逗号分隔。",
            ) from error
    return weights
