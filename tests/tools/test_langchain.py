"""The toolbox as LangChain tools: called as an agent calls them, evidence in the artifact."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.messages import ToolMessage
from langchain_core.tools import BaseTool

from policybot.index.open import Index
from policybot.retrieve.search import Searcher
from policybot.tools.langchain import policy_tools


@pytest.fixture(scope="module")
def tools(index: Index) -> dict[str, BaseTool]:
    return {tool.name: tool for tool in policy_tools(Searcher(index))}


def call(tool: BaseTool, **arguments: Any) -> ToolMessage:
    message = tool.invoke({"type": "tool_call", "id": "1", "name": tool.name, "args": arguments})
    assert isinstance(message, ToolMessage)
    return message


def test_every_tool_has_a_one_line_description_and_typed_arguments(tools: dict[str, BaseTool]) -> None:
    assert len(tools) == 11
    for tool in tools.values():
        assert tool.description and "\n" not in tool.description
        assert all("type" in v or "anyOf" in v for v in tool.args.values())


def test_search_carries_sources_in_the_artifact(tools: dict[str, BaseTool]) -> None:
    message = call(tools["search"], question="2025 rooftop PV coverage of new factories", k=3)
    assert message.artifact[0]["clause"] == "action-plan-2030/三/（四）/3"
    assert (
        message.artifact[0]["source"].startswith("corpus/sources/") and message.artifact[0]["line_start"] > 0
    )


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("clause", {"name": "Kyoto Article 3.7"}, "分配数量"),
        ("outline", {"document": "opinions-2021"}, "十三（三十七）"),
        ("variants", {"name": "行动方案 三（一）1"}, "严格执行"),
        ("targets", {"topic": "forest coverage", "year": 2025}, "24.1%"),
        ("table", {"name": "附件1 表", "where": "名额=3"}, "河北省"),
        ("city", {"name": "Shijiazhuang"}, "三类城市"),
        ("city", {"name": "拉萨"}, "缺失部分数据"),
        ("score_ranking", {}, "1. 兰州 67.68"),
        ("score_explanation", {"city": "石家庄"}, "15.74"),
        ("score_what_if", {"city": "石家庄", "top": 5}, "8.781"),
        ("assigned_amount", {"party": "Japan", "base_emissions": "1,000"}, "4700"),
    ],
)
def test_each_tool_answers_with_evidence(
    tools: dict[str, BaseTool], name: str, arguments: dict[str, Any], expected: str
) -> None:
    message = call(tools[name], **arguments)
    assert expected in str(message.content)
    assert message.artifact


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("clause", {"name": "第九十九条"}),
        ("city", {"name": "Atlantis"}),
        ("assigned_amount", {"party": "China", "base_emissions": "5"}),
    ],
)
def test_bad_arguments_give_a_sentence_and_no_evidence(
    tools: dict[str, BaseTool], name: str, arguments: dict[str, Any]
) -> None:
    message = call(tools[name], **arguments)
    assert str(message.content).strip().endswith((".", "?")) and not message.artifact
