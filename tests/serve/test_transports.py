"""The server as a process: over standard input and output, and over HTTP on this machine."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters
from mcp_types import TextContent

from policybot.errors import ExitCode, PolicybotError
from policybot.serve.library import Library
from policybot.serve.run import is_loopback, read_address
from tests.cli.conftest import call

QUESTION = "2025年新建建筑屋顶光伏覆盖率目标是多少？"


@pytest.fixture(scope="module")
def environment(library: Library, home: Path) -> dict[str, str]:
    """Of a process whose home has an index."""
    assert library.corpus.documents
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("POLICYBOT_", "LC_"))}
    return {**kept, "POLICYBOT_HOME": str(home), "LANG": "en_US.UTF-8", "OMP_NUM_THREADS": "1"}


async def use(client: Client) -> None:
    """What a client does in a session: an answer, an error, a resource, a prompt, and an answer again."""
    tools = (await client.list_tools()).tools
    assert "ask" in {tool.name for tool in tools}
    for _ in range(2):
        answer = await client.call_tool("ask", {"question": QUESTION})
        (content,) = answer.content
        assert isinstance(content, TextContent) and "50%" in content.text
        assert answer.structured_content is not None
        assert answer.structured_content["citations"][0]["document"] == "action-plan-2030"
        assert (await client.call_tool("clause", {"name": "nonsense"})).is_error
    read = await client.read_resource("policy://clause/action-plan-2030/三/（四）/3")
    assert read.contents
    assert (await client.get_prompt("explain_rank", {"city": "石家庄"})).messages


async def test_the_official_client_over_standard_input_and_output(environment: dict[str, str]) -> None:
    parameters = StdioServerParameters(
        command=sys.executable, args=["-m", "policybot", "mcp"], env=environment
    )
    async with Client(parameters) as client:
        await use(client)


def test_standard_output_is_the_protocol_whatever_comes_in(environment: dict[str, str]) -> None:
    first = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    }
    listing = {"jsonrpc": "2.0", "id": 2, "method": "tools/list"}
    ready = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    sent = [json.dumps(first), "no json", "[]", "", json.dumps(ready), "\x00", json.dumps(listing)]
    process = subprocess.Popen(
        [sys.executable, "-m", "policybot", "mcp"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    )
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write("".join(f"{line}\n" for line in sent).encode())
    process.stdin.flush()
    answers: dict[int, dict[str, object]] = {}
    while 2 not in answers:
        message = json.loads(process.stdout.readline())
        assert message["jsonrpc"] == "2.0"
        if "result" in message:
            answers[message["id"]] = message["result"]
    rest, errors = process.communicate(timeout=60)
    assert process.returncode == 0
    assert all(json.loads(line)["jsonrpc"] == "2.0" for line in rest.splitlines())
    assert b"Traceback" not in errors


def test_ctrl_c_ends_a_server_that_waits_for_input(environment: dict[str, str]) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "policybot", "mcp"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    )
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(b'{"jsonrpc":"2.0","id":1,"method":"ping"}\n')
    process.stdin.flush()
    assert process.stdout.readline()  # it is serving
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Traceback" not in errors


@pytest.fixture(scope="module")
def served(environment: dict[str, str]) -> Iterator[str]:
    """The URL of a server on any free port of this machine."""
    process = subprocess.Popen(
        [sys.executable, "-m", "policybot", "mcp", "--http", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        text=True,
    )
    assert process.stderr is not None
    found = re.search(r"http://127\.0\.0\.1:\d+/mcp", process.stderr.readline())
    assert found is not None
    yield found[0]
    process.send_signal(signal.SIGINT)
    out, errors = process.communicate(timeout=60)
    assert (process.returncode, out, errors) == (130, "", "Stopped.\n")


async def test_the_official_client_over_http(served: str) -> None:
    async with Client(served) as client:
        await use(client)


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"Host": "evil.example"}, b"{}", 421),
        ({"Origin": "http://evil.example"}, b"{}", 403),
        ({}, b"x" * 2_000_000, 413),
        ({}, b"no json", 400),
    ],
)
def test_http_refuses_other_names_other_pages_and_huge_bodies(
    served: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    usual = {"content-type": "application/json", "accept": "application/json, text/event-stream"}
    assert httpx2.post(served, headers={**usual, **headers}, content=body).status_code == status


def test_a_port_in_use_is_refused_with_a_sentence(served: str, environment: dict[str, str]) -> None:
    done = call("mcp", "--http", served.split(":")[2].split("/")[0], env=environment)
    assert done.returncode == ExitCode.USAGE
    assert "cannot be listened on" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "host", "address"),
    [
        ("8765", None, ("127.0.0.1", 8765)),
        ("localhost:0", None, ("localhost", 0)),
        ("[::1]:80", None, ("::1", 80)),
        ("127.0.0.5:80", None, ("127.0.0.5", 80)),
        ("80", "0.0.0.0", ("0.0.0.0", 80)),
    ],
)
def test_addresses(text: str, host: str | None, address: tuple[str, int]) -> None:
    assert read_address(text, host) == address


@pytest.mark.parametrize(
    "text", ["", "x", "-1", "65536", "9" * 5000, "0.0.0.0:80", "example.org:80", "192.168.0.2:1", "１２"]
)
def test_bad_addresses_and_those_that_others_reach_are_refused(text: str) -> None:
    with pytest.raises(PolicybotError):
        read_address(text)


def test_only_this_machine_is_loopback() -> None:
    assert is_loopback("localhost") and is_loopback("127.3.2.1") and is_loopback("::1")
    assert not is_loopback("0.0.0.0") and not is_loopback("::") and not is_loopback("localhost.example")


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["--http", "0.0.0.0:80"], "Say that this is meant with --host 0.0.0.0."),
        (["--http", "nonsense"], "is no address"),
        (["--host", "0.0.0.0"], "--host needs --http."),
        (["--http", "0", "--host", "0.0.0.0"], "Connections are forbidden"),
    ],
)
def test_a_wrong_command_line_is_one_sentence(arguments: list[str], part: str) -> None:
    done = call("mcp", *arguments, env={"POLICYBOT_OFFLINE": "1"})
    assert (done.returncode, done.stdout) == (ExitCode.USAGE, "")
    assert part in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_without_the_package_the_extra_is_named(tmp_path: Path) -> None:
    script = (
        "import sys; sys.modules['mcp'] = None\n"
        "from policybot.cli import main; sys.exit(main(['mcp', '--home', sys.argv[1]]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == ExitCode.USAGE
    assert 'pip install "policybot[mcp]"' in done.stderr
    assert len(done.stderr.splitlines()) == 1
