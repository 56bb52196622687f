"""Charts saved as PNG or SVG: rankings, contributions, peak years, targets. Needs matplotlib, no display.

The same input gives the same bytes with the same matplotlib. Names are Chinese only where a font for
them is installed.
"""

from __future__ import annotations

import io
import math
import os
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policybot.cli.anchors import city_name
from policybot.cli.city_render import rank_text, score_text
from policybot.cli.messages import say
from policybot.errors import ExitCode, PolicybotError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from policybot.corpus.model import Table
    from policybot.facts.targets import Target
    from policybot.scoring.engine import Ranking
    from policybot.scoring.explain import Explanation
    from policybot.tools.scores import Scored

FORMATS = (".png", ".svg")
BLUE, LIGHT, RED, GREY = "#2b6cb0", "#bcd3ea", "#c05621", "#718096"
OPEN: dict[str, Any] = {"color": LIGHT, "hatch": "///", "edgecolor": BLUE}  # a score not known exactly
CLEAR = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}  # keeps lines off a label
INCH_A_ROW = 0.24
YEARS = (2025, 2030, 2060)  # the timeline of targets
# Families with simplified Chinese that are common on Linux, macOS and Windows.
CJK_FAMILIES = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "SimHei", "Noto Sans CJK JP",
    "Droid Sans Fallback", "Arial Unicode MS",
)  # fmt: skip


def check(path: Path) -> None:
    """Whether a chart can be saved there at all; called before anything is computed.

    Raises:
        PolicybotError: another suffix, a folder that does not exist, or matplotlib missing.
    """
    if path.suffix.lower() not in FORMATS:
        raise PolicybotError(
            f"A chart cannot be saved as {path.name}.",
            "Name a file that ends in .png or .svg.",
            what_zh=f"无法将图表保存为 {path.name}。",
            hint_zh="文件名须以 .png 或 .svg 结尾。",
        )
    if not path.absolute().parent.is_dir():
        raise PolicybotError(
            f"The folder {path.parent} does not exist.",
            "Make it first or name another.",
            what_zh=f"文件夹 {path.parent} 不存在。",
            hint_zh="请先创建或改用其他文件夹。",
        )
    try:
        import matplotlib  # noqa: F401
    except ImportError as error:
        raise PolicybotError(
            "Charts need matplotlib, which is not installed.",
            "Install it: pip install 'policybot[plot]'.",
            what_zh="绘图需要 matplotlib，当前未安装。",
            hint_zh="请安装：pip install 'policybot[plot]'。",
            code=ExitCode.USAGE,
        ) from error


def save_ranking(path: Path, values: Scored, ranking: Ranking, language: str) -> None:
    """Scores as bars, best on top; an incomplete unit's interval as a pale stretch."""

    def draw(axes: Axes, language: str) -> None:
        entries = ranking.entries
        rows = range(len(entries))
        axes.barh(rows, [e.low for e in entries], color=BLUE, height=0.7)
        for row, e in enumerate(entries):
            if e.high > e.low:
                axes.barh(row, e.high - e.low, left=e.low, height=0.7, **OPEN)
            axes.text(e.high + 0.8, row, score_text(e.low, e.high), va="center", fontsize=7, bbox=CLEAR)
        if math.isfinite(ranking.mean):
            axes.axvline(ranking.mean, color=RED, linewidth=1, linestyle="--")
        ranks = [rank_text(e.best, e.worst) for e in entries]
        names = _names([e.unit for e in entries], language)
        axes.set_yticks(list(rows), [f"{n}  {r}" for n, r in zip(names, ranks, strict=True)], fontsize=8)
        axes.set_ylim(len(entries) - 0.3, -0.7)
        axes.set_xlim(0, 105)
        axes.set_xlabel(say("plot-score", language))
        axes.set_title(_title(values, language), fontsize=10)

    _save(path, draw, len(ranking.entries), language)


def save_explanation(path: Path, values: Scored, explanation: Explanation, language: str) -> None:
    """Contributions as bars with the share a value of the mean would have, indicator by indicator."""

    def draw(axes: Axes, language: str) -> None:
        parts = explanation.parts
        rows = list(range(len(parts)))
        for row, p in enumerate(parts):
            if math.isnan(p.contribution):
                axes.barh(row, 100 * p.weight, height=0.5, **OPEN)
                continue
            axes.barh(row, p.contribution, color=BLUE, height=0.5)
            mean = p.contribution - p.deviation
            axes.plot([mean, mean], [row - 0.35, row + 0.35], color=RED, linewidth=1.5)
            axes.text(
                max(p.contribution, mean) + 0.4,
                row,
                f"{p.contribution:.2f} ({p.deviation:+.2f})",
                va="center",
                fontsize=8,
            )
        labels = [f"{p.indicator.id} {p.indicator.zh if language == 'zh' else p.indicator.en}" for p in parts]
        axes.set_yticks(rows, labels, fontsize=8)
        axes.invert_yaxis()
        axes.set_xlim(0, 100 * max(p.weight for p in parts) * 1.15)
        axes.set_xlabel(say("plot-points", language))
        name = _names([explanation.unit], language)[0]
        score = score_text(explanation.low, explanation.high)
        axes.set_title(f"{name} {score} · {_title(values, language)}", fontsize=10)

    _save(path, draw, 2 * len(explanation.parts) + 2, language)


def save_peak_years(path: Path, table: Table, language: str) -> None:
    """A table's years as a timeline: the places of each year above it, those without a year at the side.

    Raises:
        PolicybotError: the table has no column of years.
    """
    column = next(
        (i for i, _ in enumerate(table.header) if any(r.cells[i].kind == "year" for r in table.rows)), None
    )
    if column is None or table.rows[0].cells[0].kind != "text":
        raise PolicybotError(
            f"{table.label} has no column of years to draw.",
            "A chart is drawn of peak years: policybot table show 图表25 --plot FILE.",
            what_zh=f"{table.label}没有可绘制的年份列。",
            hint_zh="可绘制达峰年份：policybot table show 图表25 --plot 文件。",
        )
    years: dict[int, list[str]] = {}
    open_ended = []
    for row in table.rows:
        value = row.cells[column].value
        if value is None:
            open_ended.append(row.cells[0].text)
        else:
            years.setdefault(int(value), []).append(row.cells[0].text)

    def draw(axes: Axes, language: str) -> None:
        spots = sorted(years)
        groups = [*((str(y), years[y]) for y in spots), (say("no-year", language), open_ended)]
        positions = [*(float(y) for y in spots), spots[-1] + 2.5]
        for x, (_, names) in zip(positions, groups, strict=True):
            color = GREY if x == positions[-1] else BLUE
            for height, name in enumerate(_names(names, language), 1):
                axes.plot(x, height, "s", color=color, markersize=5)
                axes.text(x + 0.13, height, name, va="center", fontsize=7)
        counts = [f"{label}\n({len(names)})" for label, names in groups]
        axes.set_xticks(positions, counts, fontsize=8)
        axes.set_yticks([])
        axes.set_xlim(positions[0] - 0.5, positions[-1] + 1.6)
        axes.set_ylim(0, 1.5 + max(len(names) for _, names in groups))
        for side in ("left", "right", "top"):
            axes.spines[side].set_visible(False)
        number = table.label.removeprefix("图表")
        number = number if number.isascii() or cjk_font() else ""
        axes.set_title(say("plot-years", language, number=number).strip(), fontsize=10)

    _save(path, draw, 2 + max(map(len, (*years.values(), open_ended))), language, width=11)


def save_targets(path: Path, targets: Sequence[Target], language: str) -> None:
    """The targets of acts in force for 2025, 2030 and 2060, one column a year.

    Raises:
        PolicybotError: none of the targets is for one of these years.
    """
    chosen: dict[int, list[Target]] = {year: [] for year in YEARS}
    for target in targets:
        if target.year in chosen and target.status == "in force" and not _said(chosen[target.year], target):
            chosen[target.year].append(target)
    if not any(chosen.values()):
        raise PolicybotError(
            "None of these targets is for 2025, 2030 or 2060, so there is no timeline to draw.",
            "Widen the filters.",
            what_zh="所选目标均不属于 2025、2030 或 2060 年，无法绘制时间线。",
            hint_zh="请放宽筛选条件。",
        )

    def draw(axes: Axes, language: str) -> None:
        tallest = max(map(len, chosen.values()))
        for x, year in enumerate(YEARS):
            axes.plot(x, tallest + 1, "o", color=RED, markersize=9)
            axes.text(x, tallest + 1.5, str(year), ha="center", va="bottom", fontsize=13, fontweight="bold")
            for n, target in enumerate(chosen[year]):
                axes.text(x - 0.46, tallest - n, _target_text(target, language), va="center", fontsize=7)
        axes.plot([0, len(YEARS) - 1], [tallest + 1] * 2, color=RED, linewidth=1.5, zorder=0)
        axes.set_xlim(-0.5, len(YEARS) - 0.4)
        axes.set_ylim(0, tallest + 3)
        axes.set_axis_off()
        axes.set_title(say("plot-targets", language), fontsize=10)

    _save(path, draw, max(map(len, chosen.values())) + 4, language, width=16)


def _said(shown: Sequence[Target], target: Target) -> bool:
    """Whether another act says the same of the same thing."""
    key = (target.indicator_en or target.indicator, target.value, target.direction, target.qualifier)
    return any((t.indicator_en or t.indicator, t.value, t.direction, t.qualifier) == key for t in shown)


def _target_text(target: Target, language: str) -> str:
    if language == "zh":
        return f"{target.indicator[:24]}  {target.text.replace(' ', '')}"
    name = target.indicator_en or "(no English name)"
    name = name if len(name) <= 58 else name[:57] + "…"
    if target.value is None:
        return f"{name} ({say('target-milestone', language)})"
    return f"{name}: {_amount(target)}"


def _amount(target: Target) -> str:
    """Comparator, value and unit in English, from the exact number."""
    from policybot.facts.units import find_unit

    assert target.value is not None
    value, unit = target.value, find_unit(target.unit)
    for size, word in ((10**9, " billion"), (10**6, " million")):
        if value >= size:
            number = f"{(value / size).normalize():f}{word}"
            break
    else:
        number = f"{value.normalize():f}"
    name = target.unit if unit is None else unit.plural
    sign = {"=": "", ">=": "≥ ", "<=": "≤ ", "≈": "about ", ">": "> ", "<": "< "}.get(target.comparator, "")
    change = f"{target.direction} " if target.direction else ""
    yearly = " a year" if "年均" in target.text else ""
    base = f" from {target.base_year}" if target.base_year and target.direction else ""
    strive = "strive for " if target.obligation == "strive" else ""
    return f"{strive}{change}{sign}{number}{'' if name == '%' else ' '}{name}{yearly}{base}"


def _title(values: Scored, language: str) -> str:
    zh = language == "zh"
    if not values.domain:
        return values.system.title_zh if zh else values.system.title_en
    domain = values.system.domain(values.domain)
    return f"{domain.id} {domain.zh if zh else domain.en}"


def _names(names: Sequence[str], language: str) -> list[str]:
    """Names that can be printed: without a Chinese font English ones, or the number of the row."""
    shown = [city_name(name, language) for name in names]
    if cjk_font() is not None:
        return shown
    return [name if name.isascii() else f"#{row}" for row, name in enumerate(shown, 1)]


@cache
def cjk_font() -> str | None:
    """An installed font family with Chinese characters, None where there is none."""
    from matplotlib import font_manager

    installed = {font.name for font in font_manager.fontManager.ttflist}
    return next((family for family in CJK_FAMILIES if family in installed), None)


def _save(path: Path, draw: Callable[[Axes, str], None], rows: int, language: str, width: float = 8) -> None:
    """Draw on a canvas without a display and replace the file in one step."""
    check(path)
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    font = cjk_font()
    settings: dict[str, Any] = {"svg.hashsalt": "policybot", "axes.unicode_minus": font is None}
    settings["font.family"] = ["DejaVu Sans"] if font is None else ["DejaVu Sans", font]
    kind = path.suffix.lower()[1:]
    with matplotlib.rc_context(settings):  # type: ignore[arg-type]  # its keys are a Literal
        figure = Figure(figsize=(width, max(2.5, 1.4 + INCH_A_ROW * rows)), layout="constrained")
        FigureCanvasAgg(figure)
        draw(figure.add_subplot(), language if font is not None else "en")
        out = io.BytesIO()
        # No date and no version of the library, so that the same chart is the same file.
        metadata = {"Date": None} if kind == "svg" else {"Software": None}
        figure.savefig(out, format=kind, dpi=150, metadata=metadata)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(out.getvalue())
        os.replace(temporary, path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise PolicybotError(
            f"{path} cannot be written ({error.strerror}).",
            "Check the folder's permissions and free space.",
            what_zh=f"无法写入 {path}（{error.strerror}）。",
            hint_zh="请检查文件夹权限和剩余空间。",
        ) from error
