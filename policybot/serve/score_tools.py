"""Tools of the scoring engine: always computed, never the published ranking."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from policybot.cli.score import Normalisation, configuration_of, values_of
from policybot.cli.score_data import (
    explanation_data,
    ranking_data,
    robustness_data,
    system_data,
    what_if_data,
)
from policybot.cli.score_render import (
    render_explanation,
    render_ranking,
    render_robustness,
    render_systems,
    render_what_if,
)
from policybot.corpus.model import Cell, Corpus
from policybot.serve.data_tools import City
from policybot.serve.library import Library
from policybot.serve.reply import Citing, Filter, Language, Reply, spoken
from policybot.tools.scores import (
    Scored,
    explain_score,
    how_robust,
    leader_list,
    leaders_with_proofs,
    rank,
    systems,
    unit_name,
    what_if_top,
)

Domain = Annotated[
    Filter,
    Field(description="Domain id or all; by default the one with all values published. / 领域，或 all。"),
]
Weights = Annotated[Filter, Field(description='Weights, e.g. "2.1=0.5,2.2=0.3,2.3=0.2". / 权重。')]
Method = Annotated[Normalisation, Field(description="How values become 0–100. / 标准化方法。")]
Top = Annotated[int, Field(ge=1, le=100, description="The first N places. / 前 N 名。")]


class Scores:
    """The tools over one library. Their docstrings are what clients show."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def score_systems(self, language: Language = "auto") -> Reply:
        """List index systems, domains and indicators, and which have values. / 列出指数体系、领域与指标。"""
        found = systems()
        return Reply(
            render_systems(found.values(), spoken(language)),
            {"systems": [system_data(system) for system in found.values()]},
        )

    def score_ranking(
        self,
        domain: Domain = "",
        weights: Weights = "",
        normalisation: Method = "min-max",
        aggregation: Annotated[
            Literal["arithmetic", "geometric"], Field(description="Which mean. / 合成方法。")
        ] = "arithmetic",
        missing: Annotated[
            Literal["bounds", "reweight"], Field(description="What a missing value does. / 缺失值处理。")
        ] = "bounds",
        language: Language = "auto",
    ) -> Reply:
        """Score and rank all cities; COMPUTED, not the published ranking. / 计算得分与排名（非公布排名）。"""
        corpus = self.library.corpus
        values = values_of(corpus, domain=domain)
        chosen = configuration_of(values, weights, normalisation, aggregation, missing)
        ranking = rank(values, chosen)
        citing = Citing(corpus)
        leaders = leader_list(corpus, values.system.domain(values.domain).zh) if values.domain else None
        if leaders is not None:
            citing.add(leaders.clause, leaders.quote.text)
        lines = render_ranking(corpus, values, chosen, ranking, spoken(language))
        return Reply(lines, ranking_data(corpus, values, chosen, ranking), citing.found)

    def score_explanation(
        self,
        city: City,
        domain: Domain = "",
        weights: Weights = "",
        normalisation: Method = "min-max",
        language: Language = "auto",
    ) -> Reply:
        """Take a city's computed score apart into contributions that add up.
        / 把计算得分拆成可相加的贡献。"""
        corpus = self.library.corpus
        values = values_of(corpus, domain=domain)
        chosen = configuration_of(values, weights, normalisation)
        found = explain_score(values, city, chosen)
        lines = render_explanation(corpus, values, chosen, found, spoken(language, city))
        cited = _inputs(corpus, values, found.unit)
        return Reply(lines, explanation_data(corpus, values, chosen, found), cited.found)

    def score_what_if(
        self,
        city: City,
        top: Top = 5,
        domain: Domain = "",
        weights: Weights = "",
        language: Language = "auto",
    ) -> Reply:
        """What each indicator alone would have to be for a city to reach the top.
        / 反推单项指标需达到的数值。"""
        corpus = self.library.corpus
        values = values_of(corpus, domain=domain)
        chosen = configuration_of(values, weights)
        found = what_if_top(values, city, top, chosen)
        lines = render_what_if(values, chosen, found, spoken(language, city))
        cited = _inputs(corpus, values, unit_name(values, city))
        return Reply(lines, what_if_data(corpus, values, chosen, found), cited.found)

    def score_robustness(self, top: Top = 5, domain: Domain = "", language: Language = "auto") -> Reply:
        """How far ranks depend on the weights, with proofs. / 排名对权重的依赖程度及证明。"""
        corpus = self.library.corpus
        values = values_of(corpus, domain=domain)
        found = how_robust(values, top)
        leaders, proofs = leaders_with_proofs(corpus, values)
        citing = Citing(corpus)
        if leaders is not None:
            citing.add(leaders.clause, leaders.quote.text)
        lines = render_robustness(corpus, values, found, proofs, leaders, spoken(language))
        return Reply(lines, robustness_data(corpus, values, found, proofs, leaders), citing.found)


def _inputs(corpus: Corpus, values: Scored, unit: str) -> Citing:
    """The table rows that hold a unit's values."""
    citing = Citing(corpus)
    observed = values.observations
    cells = [cell for cell in observed.cells[observed.index(unit)] if cell is not None]
    for cell in cells:
        row = _row_of(corpus, cell)
        if row:
            citing.add(row)
    return citing


def _row_of(corpus: Corpus, cell: Cell) -> str:
    rows = (row for table in corpus.tables.values() for row in table.rows)
    return next((row.id for row in rows if any(c is cell for c in row.cells)), "")
