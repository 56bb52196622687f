"""Results of the scoring engine as lines for people, with bars and intervals."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from policybot.cli.anchors import at, city_name, city_names, label_of
from policybot.cli.city_render import rank_text, score_text
from policybot.cli.layout import bar, grid, open_bar, span
from policybot.cli.messages import say
from policybot.cli.output import Line, line
from policybot.cli.score_data import fingerprint

if TYPE_CHECKING:
    from policybot.corpus.model import Corpus
    from policybot.facts.rankings import PublishedList
    from policybot.scoring.engine import Configuration, Ranking
    from policybot.scoring.explain import Change, Explanation, WhatIf
    from policybot.scoring.robustness import Certificate, Robustness
    from policybot.scoring.systems import IndexSystem, Indicator
    from policybot.tools.scores import Scored

BAR = 30  # columns of a full bar


def named(item: Indicator, language: str) -> str:
    """An indicator's id and name."""
    return f"{item.id} {item.zh if language == 'zh' else item.en}"


def render_systems(systems: Iterable[IndexSystem], language: str) -> list[Line]:
    """Systems with domains and indicators: direction with its source, and where the values are."""
    lines: list[Line] = []
    zh = language == "zh"
    for system in systems:
        covered = sum(i.data is not None for i in system.indicators)
        count = say("system-size", language, domains=len(system.domains), indicators=len(system.indicators),
                    covered=covered)  # fmt: skip
        title = system.title_zh if zh else system.title_en
        lines += [
            Line(((f"{system.id}  ", "number"), (title, "strong"))),
            line(f"{system.document} {system.table} · {count}".strip(), "dim"),
        ]
        for domain in system.domains:
            lines.append(line(f"{domain.id} {domain.zh if zh else domain.en}", "strong", indent=2))
            for i in domain.indicators:
                lines += [
                    Line(((f"{named(i, language)}  ", ""), _values_of(i, language)), indent=4),
                    line(f"{_direction(i, language)} · {i.direction_source}", "dim", indent=8, hang=2),
                ]
    return lines


def _values_of(indicator: Indicator, language: str) -> tuple[str, str]:
    if indicator.data is not None:
        return indicator.data.table, "value"
    if indicator.image:
        return say("only-image", language, figure=indicator.image), "dim"
    return say("no-values", language), "dim"


def _direction(indicator: Indicator, language: str) -> str:
    return say("more-is-better" if indicator.direction == "max" else "less-is-better", language)


def heading(values: Scored, configuration: Configuration | None, language: str) -> list[Line]:
    """Of what, that it is computed, what it covers, and how."""
    zh = language == "zh"
    title = values.system.title_zh if zh else values.system.title_en
    total = len(values.system.indicators)
    if values.domain:
        domain = values.system.domain(values.domain)
        title = f"{title} · {domain.id} {domain.zh if zh else domain.en}"
        cover = say(
            "coverage-domain", language, covered=values.covered, domain=values.indicators, index=total
        )
    else:
        cover = say("coverage-index", language, covered=values.covered, index=total)
    lines = [line(title, "strong"), Line(((say("not-published", language), "warning"), (f" · {cover}", "")))]
    if configuration is not None:
        lines.append(line(_method(values, configuration, language), "dim", hang=2))
    if values.sheet is not None:
        for note in values.sheet.notes[:10]:
            place = f"{values.sheet.path.name}:{note.row} {note.column}".removesuffix(":0 ")
            lines.append(line(f"{place}: {note.what}", "dim", indent=2))
    return lines


def _method(values: Scored, configuration: Configuration, language: str) -> str:
    weights = say("weights-equal", language)
    if configuration.weights:
        shown = ", ".join(f"{k}={v:.4g}" for k, v in configuration.weights.items())
        weights = say("weights-given", language, weights=shown)
    goalposts = "goalposts-all" if configuration.goalposts == "published" else "goalposts-complete"
    missing = "missing-bounds" if configuration.missing == "bounds" else "missing-reweighted"
    mean = "mean-arithmetic" if configuration.aggregation == "arithmetic" else "mean-geometric"
    parts = [say(mean, language), weights, say(goalposts, language)]
    if not values.observations.complete.all():
        parts.append(say(missing, language))
    return f"{configuration.normalisation} · " + " · ".join(parts)


def render_ranking(
    corpus: Corpus, values: Scored, configuration: Configuration, ranking: Ranking, language: str
) -> list[Line]:
    """Rank, name, score and bar of every unit; intervals for the incomplete ones."""
    rows = [
        [
            rank_text(e.best, e.worst),
            city_name(e.unit, language),
            score_text(e.low, e.high),
            bar(e.low, 100, BAR) if e.complete else open_bar(e.low, e.high, 100, BAR),
        ]
        for e in ranking.entries
    ]
    lines = [*heading(values, configuration, language), line()]
    lines += [line(text) for text in grid(rows, right=(0, 2))]
    complete = sum(e.complete for e in ranking.entries)
    lines.append(line())
    if math.isfinite(ranking.mean):
        lines.append(line(say("mean-score", language, mean=f"{ranking.mean:.2f}", count=complete)))
    if complete < len(ranking.entries):
        lines.append(line(say("open-bars", language), hang=2))
    lines += _published(corpus, values, language)
    return [*lines, line(say("fingerprint", language, hash=ranking.fingerprint), "dim")]


def _published(corpus: Corpus, values: Scored, language: str) -> list[Line]:
    """What is published about the domain's ranking, so that nobody takes ours for it."""
    from policybot.tools.scores import image_ranking, leader_list

    if not values.domain or values.sheet is not None or not values.system.document:
        return []
    name = values.system.domain(values.domain).zh
    leaders, figure = leader_list(corpus, name), image_ranking(corpus, name)
    lines = []
    if leaders is not None:
        key = "leaders-ordered" if leaders.ordered else "leaders-unordered"
        text = say(key, language, names=city_names(leaders.places, language))
        label = label_of(corpus, leaders.clause, language)
        lines.append(Line(((text, ""), (f"  {label} · {at(corpus, leaders.quote)}", "dim")), hang=2))
    if figure is not None:
        text = say("ranking-image", language, figure=figure.label)
        lines.append(Line(((text, ""), (f"  {figure.file}:{figure.line}", "dim")), hang=2))
    return lines


def render_explanation(
    corpus: Corpus, values: Scored, configuration: Configuration, explanation: Explanation, language: str
) -> list[Line]:
    """Each indicator's value, place on the scale, contribution and deviation from the mean."""
    from policybot.tools.scores import input_place

    ranks = rank_text(explanation.best, explanation.worst)
    complete = explanation.low == explanation.high
    counted = int(values.observations.complete.sum()) + (not complete)
    city, mean = city_name(explanation.unit, language), f"{explanation.mean:.2f}"
    total = score_text(explanation.low, explanation.high)
    shown = say("explained", language, city=city, rank=ranks, count=counted, score=total, mean=mean)
    lines = [*heading(values, configuration, language), line(), line(shown, "value", hang=2)]
    row = values.observations.index(explanation.unit)
    rows = []
    for part in explanation.parts:
        if math.isnan(part.value):
            unknown = say("value-missing", language)
            rows.append([unknown, f"0–{100 * part.weight:.2f}", "", ""])
            continue
        how = f"{part.normalised:.2f} × {part.weight:.4g}"
        rows.append(
            [how, f"{part.contribution:.2f}", f"{part.deviation:+.2f}", bar(part.contribution, 100, BAR)]
        )
    drawn = grid(rows, right=(0, 1, 2))
    for j, (part, text) in enumerate(zip(explanation.parts, drawn, strict=True)):
        unit, (file, number) = part.indicator.unit, input_place(values, corpus, row, j)
        value = "–" if math.isnan(part.value) else f"{part.value:g}{_unit(unit)}"
        scale = say("on-scale", language, low=f"{part.low:g}", high=f"{part.high:g}")
        where = f"  {file}:{number}" if file else ""
        name, better = named(part.indicator, language), _direction(part.indicator, language)
        lines += [
            Line(((f"{name}  ", ""), (value, "value"), (f"  {scale}{where}", "dim")), indent=2, hang=2),
            line(text, indent=4),
            line(f"{better} · {part.indicator.direction_source}", "dim", indent=4),
        ]
    if complete:
        together = " + ".join(f"{p.contribution:.2f}" for p in explanation.parts)
        apart = " ".join(f"{p.deviation:+.2f}" for p in explanation.parts)
        gap = explanation.score - explanation.mean
        lines += [
            line(),
            line(f"{together} = {explanation.score:.2f}".replace("+ -", "− "), "strong", indent=2),
            line(say("against-mean", language, parts=apart, gap=f"{gap:+.2f}"), indent=2),
            line(say("rounded", language), "dim", indent=2),
        ]
    else:
        lines += [line(), line(say("interval-of-missing", language), "warning", indent=2, hang=2)]
    return [*lines, line(say("fingerprint", language, hash=explanation.fingerprint), "dim")]


def _unit(unit: str) -> str:
    return unit if unit in ("%", "‰") else f" {unit}" if unit and unit != "year" else ""


def render_what_if(values: Scored, configuration: Configuration, found: WhatIf, language: str) -> list[Line]:
    """What each indicator alone would have to be, all else fixed."""
    city = city_name(found.unit, language)
    text = say("what-if", language, city=city, score=f"{found.score:.2f}", rank=found.rank, top=found.top,
               holder=city_name(found.holder, language), threshold=f"{found.threshold:.2f}")  # fmt: skip
    lines = [*heading(values, configuration, language), line(), line(text, hang=2)]
    for change in found.changes:
        name = f"{named(change.indicator, language)}  "
        lines.append(Line(((name, ""), (_change(change, language), "value")), indent=2, hang=2))
    lines += [line(), line(say("one-alone", language), "dim", hang=2)]
    return [*lines, line(say("fingerprint", language, hash=found.fingerprint), "dim")]


def _change(change: Change, language: str) -> str:
    unit = _unit(change.indicator.unit)
    if change.reason == "already there":
        return say("already-there", language, current=f"{change.current:g}{unit}")
    if change.needed is None:
        reasons = {"it has no weight": "no-weight"}
        key = reasons.get(change.reason, "no-scale" if "scale" in change.reason else "out-of-reach")
        return say(key, language, current=f"{change.current:g}{unit}")
    key = "must-exceed" if change.indicator.direction == "max" else "must-undercut"
    return say(key, language, current=f"{change.current:g}{unit}", needed=f"{change.needed:.3f}{unit}")


def render_robustness(
    corpus: Corpus,
    values: Scored,
    found: Robustness,
    proofs: Sequence[Certificate],
    leaders: PublishedList | None,
    language: str,
) -> list[Line]:
    """Rank intervals over the weights, chances of the top, and what no weighting can do."""
    count = len(found.intervals)
    lines = heading(values, None, language)
    lines.append(
        line(
            say("weightings", language, count=f"{found.weightings:,}", how=", ".join(found.normalisations)),
            "dim",
        )
    )
    ordered = sorted(found.intervals, key=lambda i: (-i.chance, i.best, i.worst, i.unit))
    rows = [["", say("rank-interval", language), "", say("chance-of-top", language, top=found.top)]]
    rows += [
        [
            city_name(i.unit, language),
            rank_text(i.best, i.worst),
            span(i.best, i.worst, count, BAR),
            f"{i.chance:.1%}",
        ]
        for i in ordered
    ]
    lines += [line(), *(line(text) for text in grid(rows, right=(3,))), line()]
    lines.append(line(say("fixed-pairs", language, fixed=found.fixed_pairs, pairs=found.pairs), hang=2))
    left = int((~values.observations.complete).sum())
    if left:
        lines.append(line(say("incomplete-left-out", language, count=left), hang=2))
    if leaders is not None and proofs:
        lines += _proof(corpus, values, proofs, leaders, language)
    return [*lines, line(say("fingerprint", language, hash=fingerprint(values, found)), "dim")]


def _proof(
    corpus: Corpus, values: Scored, proofs: Sequence[Certificate], leaders: PublishedList, language: str
) -> list[Line]:
    names = city_names(leaders.places, language)
    label = label_of(corpus, leaders.clause, language)
    where = (f"  {label} · {at(corpus, leaders.quote)}", "dim")
    impossible = [proof for proof in proofs if not proof.possible]
    if not impossible:
        return [line(), Line(((say("leaders-possible-alone", language, names=names), ""), where), hang=2)]
    lines = [line()]
    for proof in impossible:
        mixture = " + ".join(f"{share:.2f}·{city_name(unit, language)}" for unit, share in proof.mixture)
        text = say(
            "no-weighting", language, names=names, city=city_name(proof.unit, language), mixture=mixture,
            mixed=_vector(proof.mixed), values=_vector(proof.values),
        )  # fmt: skip
        lines.append(Line(((text, "warning"), where), hang=2))
    shown = "、".join if language == "zh" else ", ".join
    lines.append(
        line(shown(named(i, language) for i in values.observations.indicators), "dim", indent=2, hang=2)
    )
    return lines


def _vector(values: Sequence[float]) -> str:
    return "(" + ", ".join(f"{v:.2f}".replace("-", "−") for v in values) + ")"
