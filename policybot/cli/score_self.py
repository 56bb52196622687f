"""`policybot score assess`, `pilot`, `new`: the user's own figures and the user's own index."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from policybot.cli.messages import say
from policybot.cli.options import JsonOption, LangOption, session_of
from policybot.cli.output import line, show, show_json
from policybot.errors import PolicybotError
from policybot.text import fold

if TYPE_CHECKING:
    from policybot.corpus.model import Corpus
    from policybot.facts.sheets import Problem, Sheet
    from policybot.scoring.pilot import PilotIndicator, Progress

FileOption = Annotated[
    Path | None, typer.Option("--data", help="CSV or XLSX file. / CSV 或 XLSX 文件。", show_default=False)
]


def assess(
    context: typer.Context,
    points: Annotated[
        list[str] | None, typer.Argument(help="A=13 B=9 … or A1=4 …, all areas. / 各领域得分。")
    ] = None,
    data: FileOption = None,
    as_json: JsonOption = False,
    lang: LangOption = "auto",
) -> None:
    """Assess yourself by the pilot evaluation (A–E). / 按低碳城市试点评估（A–E）自评。"""
    from policybot.cli.self_render import assessment_data, render_assessment
    from policybot.corpus import load_corpus
    from policybot.scoring.assess import assess as evaluate

    session = session_of(context, lang)
    if (data is None) == (not points):
        raise PolicybotError(
            "Give the points either as words or with --data FILE.",
            "For example: policybot score assess A=13 B=9 C=28 D=18 E=10.",
            what_zh="请直接给出得分，或用 --data 指定文件，二者取一。",
            hint_zh="例如：policybot score assess A=13 B=9 C=28 D=18 E=10。",
        )
    corpus = load_corpus(session.home.corpus_root)
    given = _points(points or []) if data is None else _points_of_file(corpus, data)
    found = evaluate(corpus, given)
    if as_json:
        show_json(assessment_data(corpus, found))
    else:
        show(render_assessment(corpus, found, session.language))


def _points(words: list[str]) -> dict[str, Decimal]:
    given: dict[str, Decimal] = {}
    for word in " ".join(words).replace("，", ",").replace("、", ",").replace(",", " ").split():
        key, sign, value = fold(word).partition("=")
        try:
            if not sign or key.upper() in given:
                raise InvalidOperation
            given[key.upper()] = Decimal(value)
        except InvalidOperation as error:
            why = "is given twice" if sign and key.upper() in given else "is not of the form AREA=POINTS"
            why_zh = "重复给出" if sign and key.upper() in given else "不是“领域=得分”的形式"
            raise PolicybotError(
                f"{word!r} {why}.",
                "For example: A=13 B=9 C=28 D=18 E=10.",
                what_zh=f"“{word}”{why_zh}。",
                hint_zh="例如：A=13 B=9 C=28 D=18 E=10。",
            ) from error
    return given


def _points_of_file(corpus: Corpus, path: Path) -> dict[str, Decimal]:
    from policybot.facts.sheets import Problem as Found
    from policybot.facts.sheets import problem_error, read_sheet

    sheet = read_sheet(path)
    key, value = sheet.require(
        [["item", "area", "id", "编号", "领域", "指标"], ["points", "score", "得分", "分数"]]
    )
    problems = sheet.repeated(key)
    given: dict[str, Decimal] = {}
    for record in sheet.records:
        number = sheet.number(record, value)
        name = fold(record.cells[key]).upper()
        if number is not None:
            given[name] = Decimal(repr(number)).normalize()
        elif not any(p.row == record.row for p in sheet.problems):
            problems.append(Found(record.row, value, "no points are given", "没有得分"))
    problems += sheet.problems
    problems += _beyond(corpus, sheet, given, key, value)
    if problems:
        raise problem_error(sheet, sorted(problems, key=lambda p: p.row))
    return given


def _beyond(corpus: Corpus, sheet: Sheet, given: dict[str, Decimal], key: str, value: str) -> list[Problem]:
    """Unknown items and points above the maximum, by row."""
    from policybot.facts.sheets import Problem as Found
    from policybot.scoring.assess import rubric

    areas = rubric(corpus)
    most = {a.id: a.points for a in areas} | {i.id: i.points for a in areas for i in a.items}
    known = ", ".join(sorted(most))
    problems = []
    for record in sheet.records:
        text = record.cells[key]
        points = given.get(fold(text).upper())
        top = most.get(fold(text).upper())
        if top is None:
            why, why_zh = f"{text!r} is none of {known}", f"“{text}”不在 {known} 之中"
            problems.append(Found(record.row, key, why, why_zh))
        elif points is not None and not 0 <= points <= top:
            why, why_zh = f"{points:f} is not from 0 to {top}", f"{points:f} 不在 0 至 {top} 之间"
            problems.append(Found(record.row, value, why, why_zh))
    return problems


def pilot(
    context: typer.Context,
    kind: Annotated[Literal["city", "park"], typer.Argument(help="city (26) or park (14). / 城市或园区。")],
    data: FileOption = None,
    as_json: JsonOption = False,
    lang: LangOption = "auto",
) -> None:
    """Follow progress on the pilot indicators. / 碳达峰试点参考指标的进展。"""
    from policybot.cli.self_render import pilot_data, render_pilot
    from policybot.corpus import load_corpus
    from policybot.scoring.pilot import pilot_indicators

    session = session_of(context, lang)
    corpus = load_corpus(session.home.corpus_root)
    indicators = pilot_indicators(corpus, kind)
    found = [(i, None) for i in indicators] if data is None else _progress(indicators, data)
    if as_json:
        show_json(pilot_data(corpus, found, data))
    else:
        show(render_pilot(corpus, found, session.language))


def _progress(
    indicators: tuple[PilotIndicator, ...], path: Path
) -> list[tuple[PilotIndicator, tuple[Progress, int] | None]]:
    """The file's rows by indicator, with the row in the file; None for an indicator it leaves out."""
    from policybot.facts.sheets import Problem, Record, problem_error, read_sheet
    from policybot.scoring.pilot import BASE, END, MIDDLE, progress

    sheet = read_sheet(path)
    (key,) = sheet.require([["indicator", "number", "no", "指标", "具体指标", "序号"]])
    years = {y: c for y in (BASE, MIDDLE, END) for c in sheet.columns if fold(c).rstrip("年") == str(y)}
    if not years:
        sheet.require([["2022", "2022年"]])
    units = next((c for c in sheet.columns if fold(c) in ("unit", "单位")), "")
    by_name = {n: i for i in indicators for n in (str(i.number), fold(i.zh), fold(i.en))}
    problems: list[Problem] = []
    rows: dict[int, tuple[Record, dict[int, float]]] = {}
    for record in sheet.records:
        name = record.cells[key]
        indicator = by_name.get(fold(name))
        if indicator is None:
            problems.append(Problem(record.row, key, *_unknown(name, indicators)))
            continue
        if indicator.number in rows:
            first = rows[indicator.number][0].row
            problems.append(
                Problem(
                    record.row, key, f"{name} stands in row {first} already", f"{name} 与第 {first} 行重复"
                )
            )
            continue
        unit = record.cells.get(units, "") if units else ""
        if unit and fold(unit).replace(" ", "") != fold(indicator.unit).replace(" ", ""):
            problems.append(
                Problem(
                    record.row,
                    units,
                    f"the unit is {indicator.unit}, not {unit}",
                    f"单位应为{indicator.unit}，而不是{unit}",
                )
            )
        values = {}
        for year, column in years.items():
            number = sheet.number(record, column, percent=indicator.unit == "%")
            if number is not None:
                values[year] = number
        rows[indicator.number] = (record, values)
    found: list[tuple[PilotIndicator, tuple[Progress, int] | None]] = []
    for indicator in indicators:
        if indicator.number not in rows:
            found.append((indicator, None))
            continue
        record, values = rows[indicator.number]
        try:
            found.append((indicator, (progress(indicator, values), record.row)))
        except PolicybotError as error:
            problems.append(Problem(record.row, key, error.what.rstrip("."), error.what_zh.rstrip("。")))
    problems += sheet.problems
    if not rows and not problems:
        problems.append(Problem(2, key, "no data below the header", "表头下没有数据"))
    if problems:
        raise problem_error(sheet, sorted(problems, key=lambda p: p.row))
    return found


def _unknown(name: str, indicators: tuple[PilotIndicator, ...]) -> tuple[str, str]:
    import difflib

    names = [n for i in indicators for n in (i.zh, i.en)]
    near = difflib.get_close_matches(name, names, 2, 0.4)
    hint = f" (nearest: {', '.join(near)})" if near else f" (use the numbers 1 to {len(indicators)})"
    hint_zh = f"（相近的有：{'、'.join(near)}）" if near else f"（可用序号 1 至 {len(indicators)}）"
    return f"{name!r} is no indicator{hint}", f"没有指标“{name}”{hint_zh}"


def new(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="File to write, .toml. / 要写入的文件。")],
    lang: LangOption = "auto",
) -> None:
    """Write a template of an index system of your own. / 生成自定义指数体系的模板。"""
    session = session_of(context, lang)
    if file.suffix.lower() != ".toml":
        raise PolicybotError(
            f"{file} does not end in .toml.",
            "Give the template a name such as my-index.toml.",
            what_zh=f"{file} 的扩展名不是 .toml。",
            hint_zh="请使用类似 my-index.toml 的文件名。",
        )
    template = (resources.files("policybot.cli") / "data" / "index_template.toml").read_text("utf-8")
    try:
        with file.open("x", encoding="utf-8", newline="\n") as out:
            out.write(template)
    except FileExistsError as error:
        raise PolicybotError(
            f"{file} exists already and is left as it is.",
            "Name another file.",
            what_zh=f"{file} 已存在，未作改动。",
            hint_zh="请换一个文件名。",
        ) from error
    except OSError as error:
        raise PolicybotError(
            f"{file} cannot be written ({error.strerror}).",
            "Name a file in a folder that exists and that you may write to.",
            what_zh=f"无法写入 {file}（{error.strerror}）。",
            hint_zh="请指定一个存在且可写的文件夹中的文件。",
        ) from error
    show([line(say("template-written", session.language, file=file))])
