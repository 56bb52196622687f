"""Tools over published facts: targets, tables, cities, commitments under the Kyoto Protocol."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from policybot.cli.city import profile_data
from policybot.cli.city_render import render_comparison, render_profile
from policybot.cli.kyoto import (
    amount_data,
    base_without_party,
    commitment_data,
    find_party,
    read_amount,
    render_amount,
    render_annex,
    render_commitment,
)
from policybot.cli.table import parse_aggregate, render_result, render_tables, result_data, tables_data
from policybot.cli.targets import render_targets, target_row
from policybot.scoring.kyoto import RULE, annex_b, assigned_amount
from policybot.serve.library import Library
from policybot.serve.reply import Citing, Filter, Language, Name, Reply, Year, spoken
from policybot.tools.city import CityProfile, city_profile, compare_cities
from policybot.tools.targets import targets as targets_of

City = Annotated[Name, Field(description="A city: Chinese, pinyin or English. / 城市，任何写法。")]
Parts = Annotated[list[Name], Field(max_length=10)]


class Facts:
    """The tools over one library. Their docstrings are what clients show."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def targets(
        self,
        topic: Annotated[Filter, Field(description="Words of the indicator. / 指标关键词。")] = "",
        year: Annotated[Year | None, Field(description="Target year. / 目标年份。")] = None,
        document: Annotated[Filter, Field(description="Only this document. / 限定文献。")] = "",
        since: Annotated[
            Year | None, Field(description="Documents of that year on. / 文献起始年份。")
        ] = None,
        language: Language = "auto",
    ) -> Reply:
        """List quantitative targets with qualifier, clause and line.
        / 列出量化目标及其限定词、条款与行号。"""
        corpus = self.library.corpus
        found = targets_of(corpus, topic=topic, year=year, document=document, since=since)
        citing = Citing(corpus)
        for target in found:
            citing.add(target.clause, target.quote.text)
        lines = render_targets(corpus, found, spoken(language, topic, document))
        return Reply(lines, {"targets": [target_row(corpus, target) for target in found]}, citing.found)

    def tables(self, language: Language = "auto") -> Reply:
        """List the published tables and their columns. / 列出公布的表格及其列。"""
        corpus = self.library.corpus
        return Reply(render_tables(corpus, spoken(language)), {"tables": tables_data(corpus)})

    def table(
        self,
        name: Annotated[Name, Field(description="Label or caption, e.g. 图表21. / 表号或表名。")],
        where: Annotated[Parts, Field(description='Conditions, e.g. "名额=3". / 条件。')] = [],  # noqa: B006
        columns: Annotated[Parts, Field(description="Columns to show. / 显示的列。")] = [],  # noqa: B006
        sort: Annotated[
            Filter, Field(description="Sort by; -COLUMN descends. / 排序列，前加 - 为降序。")
        ] = "",
        top: Annotated[int | None, Field(ge=1, le=1000, description="Only the first N. / 前 N 行。")] = None,
        aggregate: Annotated[
            Parts, Field(description="count, min, max, mean or sum, e.g. mean:名额. / 汇总。")
        ] = [],  # noqa: B006
        language: Language = "auto",
    ) -> Reply:
        """Show a table, filtered, sorted or aggregated; every row with its line.
        / 查看、筛选、排序或汇总一张表。"""
        from policybot.facts.frames import column_of, find_table, parse_condition, query

        corpus = self.library.corpus
        found = find_table(corpus, name)
        result = query(
            found,
            where=[parse_condition(text, found) for text in where],
            columns=[column_of(found, text) for text in columns],
            sort=column_of(found, sort.removeprefix("-")) if sort else "",
            descending=sort.startswith("-"),
            top=top,
            aggregates=[parse_aggregate(found, text) for text in aggregate],
        )
        citing = Citing(corpus)
        for row in result.rows:
            citing.add(row.row)
        lines = render_result(corpus, result, spoken(language, name))
        return Reply(lines, result_data(corpus, result), citing.found)

    def city(self, name: City, language: Language = "auto") -> Reply:
        """Everything the documents say about a city, published and computed apart.
        / 汇总一个城市的全部内容。"""
        corpus = self.library.corpus
        profile = city_profile(corpus, name)
        citing = Citing(corpus)
        _cite(citing, profile)
        lines = render_profile(corpus, profile, spoken(language, name))
        return Reply(lines, profile_data(corpus, profile), citing.found)

    def compare_cities(
        self,
        names: Annotated[list[City], Field(min_length=2, max_length=10, description="Cities. / 城市。")],
        language: Language = "auto",
    ) -> Reply:
        """Put cities beside each other. / 并列比较多个城市。"""
        corpus = self.library.corpus
        profiles = compare_cities(corpus, names)
        citing = Citing(corpus)
        for profile in profiles:
            _cite(citing, profile)
        lines = render_comparison(corpus, profiles, spoken(language, *names))
        return Reply(lines, {"cities": [profile_data(corpus, p) for p in profiles]}, citing.found)

    def kyoto(
        self,
        party: Annotated[Filter, Field(description="A party; none lists all of Annex B. / 缔约方。")] = "",
        base: Annotated[
            Filter, Field(description='Base-year emissions, e.g. "1000 Mt", your input. / 基准年排放量。')
        ] = "",
        language: Language = "auto",
    ) -> Reply:
        """Annex B commitments; with base-year emissions the assigned amount. / 附件B承诺与分配数量。"""
        corpus = self.library.corpus
        commitments = annex_b(corpus)
        citing, tongue = Citing(corpus), spoken(language, party)
        if not party and base:
            raise base_without_party()
        if not party:
            for found in commitments.values():
                citing.add(found.clause)
            data = {"commitments": [commitment_data(corpus, found) for found in commitments.values()]}
            return Reply(render_annex(corpus, commitments, tongue), data, citing.found)
        wanted = find_party(party, commitments)
        if not base:
            found = commitments[wanted]
            citing.add(found.clause)
            return Reply(
                render_commitment(corpus, found, tongue), commitment_data(corpus, found), citing.found
            )
        amount = assigned_amount(corpus, wanted, *read_amount(base))
        citing.add(RULE)
        citing.add(amount.commitment.clause)
        return Reply(render_amount(corpus, amount, tongue), amount_data(corpus, amount), citing.found)


def _cite(citing: Citing, profile: CityProfile) -> None:
    """The clauses behind what is published about a city."""
    if profile.exclusion is not None:
        citing.add(profile.exclusion.clause, profile.exclusion.quote.text)
    if profile.city_class is not None:
        citing.add(profile.city_class.row)
    for found in (*profile.lists, *([profile.graded] if profile.graded else [])):
        citing.add(found.clause, found.quote.text)
    for rank in profile.ranks:
        citing.add(rank.clause, rank.quote.text)
    for row in dict.fromkeys(value.row for value in profile.values):
        citing.add(row)
    for mention in profile.practices:
        citing.add(mention.clause, mention.quote.text)
    for target in profile.context:
        citing.add(target.clause, target.quote.text)
