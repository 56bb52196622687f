"""`policybot targets`."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from policybot.errors import ExitCode
from tests.cli.here import call_here as call

ROOT = Path(__file__).resolve().parents[2]


def test_targets_as_json_stand_at_their_lines() -> None:
    found = json.loads(call("targets", "--format", "json").stdout)
    assert len(found) >= 50
    for target in found:
        lines = (ROOT / target["source"]).read_text(encoding="utf-8").split("\n")
        opening = "".join(target["quote"].split())[:5]
        assert opening in "".join("".join(lines[target["line"] - 1 : target["line"] + 2]).split())


def test_filters_by_year_topic_and_document() -> None:
    found = json.loads(
        call("targets", "--year", "2025", "--topic", "光伏", "--doc", "行动方案", "--format", "json").stdout
    )
    assert [(t["value"], t["unit"], t["obligation"]) for t in found] == [(50, "%", "strive")]
    english = json.loads(call("targets", "--topic", "forest coverage", "--format", "json").stdout)
    assert {(t["year"], t["value"]) for t in english} >= {(2025, 24.1), (2030, 25)}
    since = json.loads(call("targets", "--since", "2023", "--format", "json").stdout)
    assert {t["document"] for t in since} == {"pilot-scheme-2023"}


def test_the_other_formats_hold_the_same_targets() -> None:
    listed = json.loads(call("targets", "--year", "2060", "--format", "json").stdout)
    rows = list(csv.DictReader(io.StringIO(call("targets", "--year", "2060", "--format", "csv").stdout)))
    assert [r["id"] for r in rows] == [t["id"] for t in listed]
    markdown = call("targets", "--year", "2060", "--format", "markdown").stdout.splitlines()
    assert markdown[0].startswith("| Year | Indicator |")
    assert len(markdown) == 2 + len(listed)
    assert "80%以上" in call("targets", "--year", "2060").stdout


def test_older_pledges_are_marked_as_history() -> None:
    text = call("targets", "--doc", "index-white-paper-2022").stdout
    assert "history: an older pledge" in text


def test_no_target_is_said_and_an_unknown_document_refused() -> None:
    done = call("targets", "--year", "1999")
    assert (done.returncode, done.stdout) == (0, "No target fits these filters.\n")
    done = call("targets", "--doc", "no such thing")
    assert done.returncode == ExitCode.USAGE
    assert len(done.stderr.splitlines()) == 1
