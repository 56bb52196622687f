"""The MCP server in memory: tools, resources, prompts, and what is refused."""

from __future__ import annotations

import re
from typing import Any

import pytest
from mcp.client import Client
from mcp.shared.exceptions import MCPError
from mcp_types import CallToolResult, TextContent, TextResourceContents

from policybot.answer.checks.sources import is_verbatim, knowledge_of
from policybot.serve.library import Library
from policybot.serve.prompts import PROMPTS, texts
from policybot.serve.server import PolicyServer

PV = "what is the 2025 target for new-building PV coverage?"
# Every tool with arguments that find something.
CALLS: list[tuple[str, dict[str, Any]]] = [
    ("ask", {"question": PV}),
    ("search", {"question": "光储直柔", "k": 3, "documents": ["行动方案"]}),
    ("documents", {}),
    ("outline", {"document": "the Opinions", "depth": 1}),
    ("clause", {"name": "Kyoto Article 3.7"}),
    ("variants", {"name": "行动方案"}),
    ("targets", {"year": 2025, "topic": "PV"}),
    ("tables", {}),
    ("table", {"name": "附件1", "where": ["名额=3"], "aggregate": ["count:名额"]}),
    ("city", {"name": "石家庄"}),
    ("compare_cities", {"names": ["Shenzhen", "贵阳"]}),
    ("kyoto", {"party": "Japan", "base": "1000 Mt"}),
    ("score_systems", {}),
    ("score_ranking", {}),
    ("score_explanation", {"city": "Shijiazhuang"}),
    ("score_what_if", {"city": "石家庄", "top": 3}),
    ("score_robustness", {}),
]
CITING = {name for name, _ in CALLS} - {"documents", "outline", "tables", "score_systems"}


def text_of(result: CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


async def call(server: PolicyServer, name: str, arguments: dict[str, Any]) -> CallToolResult:
    async with Client(server) as client:
        return await client.call_tool(name, arguments)


async def test_every_tool_is_described_in_both_languages(server: PolicyServer) -> None:
    async with Client(server) as client:
        tools = (await client.list_tools()).tools
    assert {tool.name for tool in tools} == {name for name, _ in CALLS}
    for tool in tools:
        descriptions = [tool.description or ""]
        for argument in tool.input_schema["properties"].values():
            descriptions.append(argument.get("description", ""))
        for text in descriptions:
            assert re.search(r"[a-z]{3}.* / .*[\u4e00-\u9fff]", text), (tool.name, text)
        assert tool.input_schema["additionalProperties"] is False
        assert tool.output_schema is not None
        assert tool.annotations is not None and tool.annotations.read_only_hint


@pytest.mark.parametrize(("name", "arguments"), CALLS, ids=[name for name, _ in CALLS])
async def test_every_tool_answers_with_text_data_and_verbatim_citations(
    server: PolicyServer, library: Library, name: str, arguments: dict[str, Any]
) -> None:
    result = await call(server, name, arguments)
    assert not result.is_error, text_of(result)
    assert text_of(result).strip()
    assert result.structured_content is not None
    assert result.structured_content["data"]
    citations = result.structured_content["citations"]
    assert bool(citations) == (name in CITING)
    assert [c["n"] for c in citations] == list(range(1, len(citations) + 1))
    known = knowledge_of(library.corpus)
    for c in citations:
        assert is_verbatim(c["quote"], c["source"], c["line_start"], c["line_end"], library.corpus, known), c


@pytest.mark.parametrize(("language", "part"), [("zh", "出处"), ("en", "Sources")])
async def test_the_text_is_in_the_language_asked_for(server: PolicyServer, language: str, part: str) -> None:
    assert part in text_of(await call(server, "ask", {"question": PV, "language": language}))


async def test_ask_gives_the_answer_of_the_bot_and_follows_up(server: PolicyServer, library: Library) -> None:
    result = await call(server, "ask", {"question": PV})
    assert result.structured_content is not None
    answer = library.bot.ask(PV)
    assert result.structured_content["data"]["answer"] == answer.answer
    assert result.structured_content["citations"][0]["quote"] == answer.citations[0].quote
    follow = await call(
        server, "ask", {"question": "那2030年呢？", "history": ["2025年非化石能源消费比重？"]}
    )
    assert "25%" in text_of(follow)


async def test_what_the_documents_do_not_say_is_an_answer_and_no_error(server: PolicyServer) -> None:
    result = await call(server, "ask", {"question": "Who won the 2022 football world cup?"})
    assert not result.is_error
    assert result.structured_content is not None
    assert result.structured_content["data"]["status"] == "not_found"


@pytest.mark.parametrize(
    ("name", "arguments", "part"),
    [
        ("nonsense", {}, "There is no tool nonsense; the tools are ask, search"),
        ("clause", {"name": "Kyoto Article 99"}, "99"),
        ("outline", {"document": "行动方按"}, "《行动方案》"),
        ("city", {"name": "Shijiazhung"}, "Shijiazhuang"),
        ("kyoto", {"party": "Japn"}, "Japan"),
        ("kyoto", {"base": "5"}, "need a party"),
        ("kyoto", {"party": "Japan", "base": "much"}, "is not an amount"),
        ("ask", {"question": "   "}, "The question is empty."),
        ("search", {}, "search needs the argument question."),
        ("search", {"question": 5}, "question of search must be text."),
        ("search", {"question": "光伏", "k": "many"}, "search 的参数 k 须为整数。"),
        ("search", {"question": "x", "k": 51}, "k of search may be at most 50."),
        ("search", {"question": "x", "k": 0}, "k of search must be at least 1."),
        ("search", {"question": "x" * 2001}, "question of search may have at most 2000 characters."),
        ("search", {"question": ""}, "question of search must not be empty."),
        ("search", {"question": "x", "documents": "opinions-2021"}, "must be a list of texts."),
        ("search", {"question": "x", "documents": ["x"] * 21}, "may have at most 20 entries."),
        ("search", {"question": "x", "documnts": []}, "search has no argument documnts; it takes question"),
        ("compare_cities", {"names": ["Dalian"]}, "names of compare_cities needs at least 2 entries."),
        ("ask", {"question": "x", "language": "fr"}, "language of ask must be 'auto', 'zh' or 'en'."),
        ("variants", {"name": "x", "meaning_only": "perhaps"}, "must be true or false."),
        ("table", {"name": "附件1", "where": ["名额"]}, "不是有效条件"),
        ("score_ranking", {"weights": "2.1"}, "is not a weight"),
        ("ask", {"question": "光伏\ud800"}, "ask 的参数 question 无法使用"),
    ],
)
async def test_what_is_wrong_is_a_tool_error_of_one_line_and_the_session_goes_on(
    server: PolicyServer, name: str, arguments: dict[str, Any], part: str
) -> None:
    async with Client(server) as client:
        result = await client.call_tool(name, arguments)
        assert result.is_error
        assert part in text_of(result)
        assert "\n" not in text_of(result) and "Error executing" not in text_of(result)
        assert not (await client.call_tool("documents", {})).is_error


async def test_a_defect_is_an_error_without_its_details(
    server: PolicyServer, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr("policybot.serve.reading.documents_of", broken)
    result = await call(server, "documents", {})
    assert result.is_error
    assert "secret" not in text_of(result)


async def test_documents_and_clauses_are_resources(server: PolicyServer, library: Library) -> None:
    async with Client(server) as client:
        listed = {str(r.uri) for r in (await client.list_resources()).resources}
        assert listed == {f"policy://document/{name}" for name in library.corpus.documents}
        templates = (await client.list_resource_templates()).resource_templates
        assert [t.uri_template for t in templates] == ["policy://document/{name}", "policy://clause/{+name}"]
        for uri, part in [
            (
                "policy://document/opinions-2021",
                "[二 主要目标] policy://clause/opinions-2021/二 · corpus/sources/",
            ),
            ("policy://document/行动方案", "2030年前碳达峰行动方案"),
            ("policy://clause/action-plan-2030/三/（四）/3", "光储直柔"),
            ("policy://clause/Kyoto%20Article%203.7", "第三条第7款"),
        ]:
            (content,) = (await client.read_resource(uri)).contents
            assert isinstance(content, TextResourceContents)
            assert part in content.text
            assert content.mime_type == "text/plain"


@pytest.mark.parametrize(
    ("uri", "part"),
    [
        ("policy://document/行动方按", "《行动方案》"),
        ("policy://clause/nonsense", "There is no clause"),
        ("policy://clause/../../etc/passwd", "There is no resource"),
        ("policy://table/1", "There is no resource"),
        ("file:///etc/passwd", "There is no resource"),
    ],
)
async def test_an_unknown_resource_is_refused_with_a_sentence(
    server: PolicyServer, uri: str, part: str
) -> None:
    async with Client(server) as client:
        with pytest.raises(MCPError, match=part):
            await client.read_resource(uri)


async def test_every_prompt_is_filled_in_either_language(server: PolicyServer) -> None:
    given = {
        "answer_with_citations": {"question": "PV in 2025?"},
        "compare_documents": {"first": "opinions-2021", "second": "action-plan-2030"},
        "explain_rank": {"city": "Dalian"},
    }
    async with Client(server) as client:
        prompts = {p.name: p for p in (await client.list_prompts()).prompts}
        tools = {tool.name for tool in (await client.list_tools()).tools}
        assert set(prompts) == set(given) == {f.__name__ for f in PROMPTS} == set(texts())
        for name, arguments in given.items():
            for language in ("zh", "en"):
                found = await client.get_prompt(name, {**arguments, "language": language})
                (message,) = found.messages
                assert isinstance(message.content, TextContent)
                text = message.content.text
                assert all(value in text for value in arguments.values())
                assert not re.search(r"[{}]", text)
                named = set(re.findall(r"`([a-z_]+)`", text)) - {"documents", "answered", "not_found"}
                assert named and named <= tools


@pytest.mark.parametrize(
    ("name", "arguments", "part"),
    [
        ("nonsense", {}, "There is no prompt nonsense; the prompts are"),
        ("explain_rank", {}, "explain_rank needs the argument city."),
        ("explain_rank", {"city": "x" * 301}, "may have at most 300 characters."),
        ("explain_rank", {"city": "x", "town": "y"}, "explain_rank has no argument town"),
    ],
)
async def test_a_wrong_prompt_is_refused_with_a_sentence(
    server: PolicyServer, name: str, arguments: dict[str, str], part: str
) -> None:
    async with Client(server) as client:
        with pytest.raises(MCPError, match=part):
            await client.get_prompt(name, arguments)


async def test_answers_leave_a_trace(server: PolicyServer, library: Library) -> None:
    await call(server, "ask", {"question": "什么是光储直柔？"})
    assert library.log is not None
    record = library.log.read()[0]
    assert (record["channel"], record["question"]) == ("mcp", "什么是光储直柔？")
