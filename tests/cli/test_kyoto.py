"""`policybot kyoto`."""

from __future__ import annotations

import json

import pytest

from policybot.errors import ExitCode
from tests.cli.here import call_here as call


def test_annex_b_has_39_parties() -> None:
    listed = json.loads(call("kyoto", "--json").stdout)
    assert len(listed) == 39
    assert sum(entry["transition"] for entry in listed) == 13
    assert all(entry["source"] and entry["line"] for entry in listed)
    text = call("kyoto").stdout
    assert "108%  Australia" in text and "economy in transition" in text and "39 parties" in text


@pytest.mark.parametrize("name", ["Japan", "日本", "japan", "日本国"])
def test_a_party_in_any_spelling(name: str) -> None:
    found = json.loads(call("kyoto", name, "--json").stdout)
    assert (found["party"], found["percent"], found["kind"]) == ("日本", 94.0, "published")


@pytest.mark.parametrize("base", ["1000 Mt", "1,000 Mt", "1000Mt", "１０００ Mt", "1e3 Mt"])
def test_an_assigned_amount_shows_its_calculation(base: str) -> None:
    found = json.loads(call("kyoto", "Japan", "--base", base, "--json").stdout)
    assert (found["amount"], found["unit"], found["base_source"]) == (4700, "Mt", "user input")
    assert [i["clause"] for i in found["inputs"]] == [
        "kyoto-protocol/第三条/7",
        "kyoto-protocol/附件B/表1/日本",
    ]


def test_the_calculation_is_printed() -> None:
    text = call("kyoto", "Japan", "--base", "1000 Mt").stdout
    assert "1000 × 94% × 5 = 4700 Mt" in text
    assert "your input" in text and "Article 3(7)" in text


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["China"], "China has no commitment in Annex B"),
        (["China", "--base", "1000"], "China has no commitment in Annex B"),
        (["Japn"], "The nearest: Japan"),
        (["Japan", "--base", "1,5 Mt"], "is not an amount"),
        (["Japan", "--base", "much"], "is not an amount"),
        (["Japan", "--base", "-5"], "at least 0"),
        (["--base", "5"], "need a party"),
    ],
)
def test_wrong_parties_and_amounts_are_one_sentence(arguments: list[str], part: str) -> None:
    done = call("kyoto", *arguments)
    assert done.returncode == ExitCode.USAGE
    assert part in done.stderr
    assert len(done.stderr.splitlines()) == 1
