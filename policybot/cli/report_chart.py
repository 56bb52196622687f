"""The calibration curve as inline SVG: stated confidence across, share right upwards, 1 : 1 dashed."""

from __future__ import annotations

from html import escape
from math import sqrt

from policybot.cli.report_blocks import Chart, Point

SIZE, MARGIN = 300, 46  # of the square, and around it, in user units
LARGEST = 11.0  # radius of the point with the most answers


def svg(chart: Chart) -> str:
    """The chart with a title and a description for screen readers."""
    side = SIZE + 2 * MARGIN
    most = max((p.n for p in chart.points), default=1)
    ticks = "".join(_tick(share) for share in (0.0, 0.25, 0.5, 0.75, 1.0))
    path = " ".join(f"{_x(p.x):.1f},{_y(p.y):.1f}" for p in chart.points)
    line = f'<polyline class="curve" points="{path}"/>' if len(chart.points) > 1 else ""
    dots = "".join(_dot(p, most) for p in chart.points)
    middle = MARGIN + SIZE / 2
    return f"""<figure>
<svg viewBox="0 0 {side} {side}" role="img" aria-labelledby="chart-title chart-text">
<title id="chart-title">{escape(chart.title)}</title>
<desc id="chart-text">{escape(chart.description)}</desc>
<rect class="frame" x="{MARGIN}" y="{MARGIN}" width="{SIZE}" height="{SIZE}"/>
{ticks}
<line class="ideal" x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}"/>
{line}{dots}
<text x="{middle}" y="{side - 8}" text-anchor="middle">{escape(chart.x_label)}</text>
<text transform="translate(14 {middle}) rotate(-90)" text-anchor="middle">{escape(chart.y_label)}</text>
</svg>
<figcaption>{escape(chart.description)}</figcaption>
</figure>
"""


def _x(share: float) -> float:
    return MARGIN + SIZE * min(1.0, max(0.0, share))


def _y(share: float) -> float:
    return MARGIN + SIZE * (1 - min(1.0, max(0.0, share)))


def _tick(share: float) -> str:
    x, y = _x(share), _y(share)
    words = f"{100 * share:.0f}"
    return (
        f'<line class="grid" x1="{x}" y1="{_y(0)}" x2="{x}" y2="{_y(1)}"/>'
        f'<line class="grid" x1="{_x(0)}" y1="{y}" x2="{_x(1)}" y2="{y}"/>'
        f'<text x="{x}" y="{_y(0) + 16}" text-anchor="middle">{words}</text>'
        f'<text x="{_x(0) - 6}" y="{y + 4}" text-anchor="end">{words}</text>'
    )


def _dot(point: Point, most: int) -> str:
    radius = max(2.5, LARGEST * sqrt(point.n / most))
    words = f"{100 * point.x:.0f} → {100 * point.y:.0f} ({point.n})"
    where = f'cx="{_x(point.x):.1f}" cy="{_y(point.y):.1f}" r="{radius:.1f}"'
    return f'<circle class="dot" {where}><title>{words}</title></circle>'
