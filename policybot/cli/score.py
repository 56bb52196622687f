"""`policybot score`: index systems scored, ranked, explained and tested; computed, never published."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, get_args

import typer

from policybot.cli import score_self
from policybot.cli.options import JsonOption, LangOption, help_when_bare, session_of
from policybot.cli.output import show, show_json
from policybot.errors import PolicybotError

if TYPE_CHECKING:
    from policybot.cli.session import Session
    from policybot.corpus.model import Corpus
    from policybot.scoring.engine import Configuration
    from policybot.tools.scores import Scored

app = typer.Typer(
    help="Score, rank and explain; computed, never the published ranking. / 评分、排名与解释（计算结果）。",
    invoke_without_command=True,
    callback=help_when_bare,
)
Normalisation = Literal["min-max", "z-score", "percentile", "rank", "target"]
SystemOption = Annotated[
    str, typer.Option("--system", help="Index system: id or TOML file. / 指数体系。", show_default=False)
]
DomainOption = Annotated[
    str, typer.Option("--domain", help="Domain, or all. / 领域，或 all。", show_default=False)
]
DataOption = Annotated[
    Path | None, typer.Option("--data", help="Your values, CSV or XLSX. / 自己的数据。", show_default=False)
]
NormalisationOption = Annotated[Normalisation, typer.Option(help="How values become 0–100. / 标准化方法。")]
AggregationOption = Annotated[
    Literal["arithmetic", "geometric"], typer.Option(help="Which mean. / 合成方法。")
]
WeightsOption = Annotated[
    str, typer.Option(help='E.g. "2.1=0.5,2.2=0.3,2.3=0.2". / 权重。', show_default=False)
]
MissingOption = Annotated[
    Literal["bounds", "reweight"], typer.Option(help="What a missing value does. / 缺失值处理。")
]
GoalpostsOption = Annotated[
    Literal["published", "complete"],
    typer.Option(help="Scale set by all values or by complete cities. / 极值取自全部数值或完整城市。"),
]
PlotOption = Annotated[
    Path | None, typer.Option("--plot", help="Save a chart as PNG or SVG. / 保存图表。", show_default=False)
]
CityArgument = Annotated[list[str], typer.Argument(help="A city in any spelling. / 城市，任何写法。")]


@app.command("list")
def list_systems(context: typer.Context, as_json: JsonOption = False, lang: LangOption = "auto") -> None:
    """List index systems, domains and indicators. / 列出指数体系、领域与指标。"""
    from policybot.cli.score_data import system_data
    from policybot.cli.score_render import render_systems
    from policybot.tools.scores import systems

    session = session_of(context, lang)
    found = systems()
    if as_json:
        show_json([system_data(system) for system in found.values()])
    else:
        show(render_systems(found.values(), session.language))


@app.command("rank")
def rank_units(
    context: typer.Context,
    domain: DomainOption = "",
    system: SystemOption = "",
    data: DataOption = None,
    normalisation: NormalisationOption = "min-max",
    aggregation: AggregationOption = "arithmetic",
    weights: WeightsOption = "",
    missing: MissingOption = "bounds",
    goalposts: GoalpostsOption = "published",
    plot: PlotOption = None,
    as_json: JsonOption = False,
    lang: LangOption = "auto",
) -> None:
    """Score and rank all cities. / 计算全部城市的得分与排名。"""
    from policybot.cli.score_data import ranking_data
    from policybot.cli.score_render import render_ranking
    from policybot.tools.scores import rank

    session = session_of(context, lang)
    corpus, values = _values(session, system, domain, data)
    configuration = configuration_of(values, weights, normalisation, aggregation, missing, goalposts)
    ranking = rank(values, configuration)
    if plot is not None:
        from policybot.cli.plots import save_ranking

        save_ranking(plot, values, ranking, session.language)
    if as_json:
        show_json(ranking_data(corpus, values, configuration, ranking))
    else:
        show(render_ranking(corpus, values, configuration, ranking, session.language))


@app.command("explain")
def explain_unit(
    context: typer.Context,
    city: CityArgument,
    domain: DomainOption = "",
    system: SystemOption = "",
    data: DataOption = None,
    normalisation: NormalisationOption = "min-max",
    weights: WeightsOption = "",
    goalposts: GoalpostsOption = "published",
    plot: PlotOption = None,
    as_json: JsonOption = False,
    lang: LangOption = "auto",
) -> None:
    """Take a score apart into contributions that add up. / 把得分拆成可相加的贡献。"""
    from policybot.cli.score_data import explanation_data
    from policybot.cli.score_render import render_explanation
    from policybot.tools.scores import explain_score

    session = session_of(context, lang)
    corpus, values = _values(session, system, domain, data)
    configuration = configuration_of(values, weights, normalisation, goalposts=goalposts)
    explanation = explain_score(values, " ".join(city), configuration)
    if plot is not None:
        from policybot.cli.plots import save_explanation

        save_explanation(plot, values, explanation, session.language)
    if as_json:
        show_json(explanation_data(corpus, values, configuration, explanation))
    else:
        show(render_explanation(corpus, values, configuration, explanation, session.language))


@app.command("what-if")
def what_if(
    context: typer.Context,
    city: CityArgument,
    top: Annotated[int, typer.Option(min=1, help="Place to reach. / 要进入前几名。")] = 5,
    domain: DomainOption = "",
    system: SystemOption = "",
    data: DataOption = None,
    weights: WeightsOption = "",
    goalposts: GoalpostsOption = "published",
    as_json: JsonOption = False,
    lang: LangOption = "auto",
) -> None:
    """Find what one indicator alone would have to be. / 反推单项指标需达到的数值。"""
    from policybot.cli.score_data import what_if_data
    from policybot.cli.score_render import render_what_if
    from policybot.tools.scores import what_if_top

    session = session_of(context, lang)
    corpus, values = _values(session, system, domain, data)
    configuration = configuration_of(values, weights, goalposts=goalposts)
    found = what_if_top(values, " ".join(city), top, configuration)
    if as_json:
        show_json(what_if_data(corpus, values, configuration, found))
    else:
        show(render_what_if(values, configuration, found, session.language))


@app.command()
def robustness(
    context: typer.Context,
    top: Annotated[int, typer.Option(min=1, help="Chance of the first N. / 进入前几名的概率。")] = 5,
    domain: DomainOption = "",
    system: SystemOption = "",
    data: DataOption = None,
    weightings: Annotated[
        int, typer.Option(min=100, max=1_000_000, help="How many weightings. / 权重组合数。")
    ] = 20_000,
    normalisation: Annotated[
        list[str] | None,
        typer.Option(help="Methods to try; may be repeated. / 标准化方法，可重复。", show_default=False),
    ] = None,
    as_json: JsonOption = False,
    lang: LangOption = "auto",
) -> None:
    """Show how far ranks depend on the weights, with proofs. / 排名对权重的依赖程度及证明。"""
    from policybot.cli.score_data import robustness_data
    from policybot.cli.score_render import render_robustness
    from policybot.tools.scores import how_robust, leaders_with_proofs

    session = session_of(context, lang)
    corpus, values = _values(session, system, domain, data)
    found = how_robust(values, top, weightings, _methods(normalisation or ["min-max"]))
    leaders, proofs = leaders_with_proofs(corpus, values)
    if as_json:
        show_json(robustness_data(corpus, values, found, proofs, leaders))
    else:
        show(render_robustness(corpus, values, found, proofs, leaders, session.language))


app.command("assess")(score_self.assess)
app.command("pilot")(score_self.pilot)
app.command("new")(score_self.new)


def _values(session: Session, system: str, domain: str, data: Path | None) -> tuple[Corpus, Scored]:
    from policybot.corpus import load_corpus

    corpus = load_corpus(session.home.corpus_root)
    return corpus, values_of(corpus, system, domain, data)


def values_of(corpus: Corpus, system: str = "", domain: str = "", data: Path | None = None) -> Scored:
    """The values asked for; without a domain the one whose values are all published; "all" for all."""
    from policybot.tools.scores import default_domain, find_system, scored

    if not domain and not system and data is None:
        domain = default_domain(find_system())
    return scored(corpus, system, "" if domain == "all" else domain, data)


def _methods(names: list[str]) -> tuple[Normalisation, ...]:
    known: tuple[Normalisation, ...] = get_args(Normalisation)
    for name in names:
        if name not in known:
            raise PolicybotError(
                f"There is no normalisation {name!r}.",
                f"There are: {', '.join(known)}.",
                what_zh=f"没有标准化方法“{name}”。",
                hint_zh=f"可用的有：{'、'.join(known)}。",
            )
    return tuple(method for method in known if method in names)


def configuration_of(
    values: Scored,
    weights: str = "",
    normalisation: Normalisation = "min-max",
    aggregation: Literal["arithmetic", "geometric"] = "arithmetic",
    missing: Literal["bounds", "reweight"] = "bounds",
    goalposts: Literal["published", "complete"] = "published",
) -> Configuration:
    """How to score: the weights given, else the system's own."""
    from policybot.scoring.engine import Configuration as Chosen
    from policybot.tools.scores import parse_weights, system_weights

    return Chosen(
        normalisation=normalisation,
        aggregation=aggregation,
        missing=missing,
        goalposts=goalposts,
        weights=parse_weights(weights) if weights else system_weights(values),
    )
