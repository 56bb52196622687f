"""Every quote over a sample of all development questions is verbatim, and the check that says so can fail."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = Path(__file__).with_name("verify_quotes.py")
SETS = ("dev", *(f"dev{n}" for n in range(2, 10)))
SAMPLE = 16  # every sixteenth question of each set: all kinds of answers come


def verify(answers: list[dict[str, Any]], folder: Path) -> subprocess.CompletedProcess[str]:
    """The script as a user runs it, on these answers."""
    file = folder / "answers.jsonl"
    file.write_text("".join(json.dumps(a, ensure_ascii=False) + "\n" for a in answers), encoding="utf-8")
    command = [sys.executable, str(SCRIPT), str(file), "--root", str(ROOT)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.fixture(scope="module")
def answers(indexed: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What `policybot ask --batch` answers to the sample, in a home of its own."""
    folder = tmp_path_factory.mktemp("home")
    lines = []
    for name in SETS:
        records = (ROOT / "evals" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        for line in records[::SAMPLE]:
            record = json.loads(line)
            asked = {key: record[key] for key in ("id", "question", "history") if key in record}
            lines.append(json.dumps(asked, ensure_ascii=False))
    batch = folder / "questions.jsonl"
    batch.write_text("\n".join(lines) + "\n", encoding="utf-8")
    environment = {**os.environ, "POLICYBOT_HOME": str(folder / "home"), "OMP_NUM_THREADS": "1"}
    shutil.copytree(indexed, folder / "home")
    done = subprocess.run(
        [sys.executable, "-m", "policybot", "ask", "--batch", str(batch), "--json"],
        capture_output=True, text=True, encoding="utf-8", env=environment, cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == len(lines)
    return found


def test_every_quote_place_and_number_of_every_answer_holds(
    answers: list[dict[str, Any]], tmp_path: Path
) -> None:
    done = verify(answers, tmp_path)
    assert done.returncode == 0, done.stdout[-4000:]
    assert done.stdout.startswith(f"{len(answers)} answers, ")


def test_most_answers_carry_a_citation(answers: list[dict[str, Any]]) -> None:
    """The check above would be empty if nothing were cited."""
    cited = [a for a in answers if a["status"] == "answered" and a["citations"]]
    assert len(cited) > len(answers) / 2


@pytest.mark.parametrize("seed", range(5))
def test_one_altered_character_in_one_quote_is_found(
    answers: list[dict[str, Any]], tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    picked = chance.choice([a for a in answers if a["citations"]])
    citation = chance.choice(picked["citations"])
    quote = citation["quote"]
    at = chance.choice([i for i, char in enumerate(quote) if not char.isspace()])
    citation = citation | {"quote": quote[:at] + "龘" + quote[at + 1 :]}
    done = verify([picked | {"citations": [citation]}], tmp_path)
    assert done.returncode == 1
    assert "do not hold the quote" in done.stdout


PLAN = "corpus/sources/002_a6e23000a4ae28df.txt"
RIGHT: dict[str, Any] = {
    "id": "hand-made",
    "question": "到2025年，新型储能装机容量目标是多少？",
    "status": "answered",
    "answer": "3000万千瓦以上 [1]",
    "citations": [
        {
            "n": 1,
            "document": "action-plan-2030",
            "title": "2030年前碳达峰行动方案",
            "clause": "三（一）6",
            "heading": "加快建设新型电力系统",
            "quote": "到 2025 年，新型储能装机容量达到 3000 万千瓦以上",
            "source": PLAN,
            "line_start": 45,
            "line_end": 45,
        }
    ],
    "results": [{"kind": "quoted", "value": 3000, "unit": "万千瓦", "year": 2025}],
}


def test_a_right_answer_passes(tmp_path: Path) -> None:
    done = verify([RIGHT], tmp_path)
    assert (done.returncode, done.stdout) == (0, "1 answers, 1 citations, 0 problems\n")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"quote": "新型储能装机容量达到 4000 万千瓦以上"}, "do not hold the quote"),
        ({"quote": "  "}, "the quote is empty"),
        ({"line_start": 43, "line_end": 43}, "do not hold the quote"),
        ({"line_end": 999}, "has no lines"),
        ({"line_start": 0}, "has no lines"),
        ({"source": "corpus/sources/none.txt"}, "there is no source"),
        ({"source": "corpus/sources/../catalog.toml"}, "there is no source"),
        ({"document": "opinions-2021"}, "are not part of opinions-2021"),
        ({"clause": "三（一）5"}, "is 6, not 5"),
        ({"clause": "三（二）6"}, "is 一, not 二"),
        ({"clause": "四（一）6"}, "is 三, not 四"),
        ({"clause": "图表99"}, "does not stand"),
        ({"clause": "第三条"}, "no heading with 第三条"),
    ],
)
def test_every_kind_of_wrong_citation_is_found(
    tmp_path: Path, change: dict[str, Any], complaint: str
) -> None:
    done = verify([RIGHT | {"citations": [RIGHT["citations"][0] | change]}], tmp_path)
    assert done.returncode == 1
    assert complaint in done.stdout


@pytest.mark.parametrize(
    "said", ["3500万千瓦 [1]", "35 GW", "by 2026", "3.5亿千瓦", "up from 12% to 3000万千瓦"]
)
def test_numbers_from_nowhere_are_found(tmp_path: Path, said: str) -> None:
    done = verify([RIGHT | {"answer": said}], tmp_path)
    assert done.returncode == 1
    assert "stands in no quote" in done.stdout


@pytest.mark.parametrize(
    "said", ["3000万千瓦", "30 million kW by 2025 [1]", "3000万千瓦, no CO2", "30,000,000 kW（三（一）6）"]
)
def test_numbers_of_quotes_may_be_put_otherwise(tmp_path: Path, said: str) -> None:
    assert verify([RIGHT | {"answer": said}], tmp_path).returncode == 0


def test_a_question_that_could_not_be_asked_is_found(tmp_path: Path) -> None:
    failed = RIGHT | {"status": "error", "answer": "policybot met a defect", "citations": [], "results": []}
    assert "was not answered: policybot met a defect" in verify([failed], tmp_path).stdout


def test_an_answer_without_citation_and_an_empty_run_are_found(tmp_path: Path) -> None:
    assert "without a citation" in verify([RIGHT | {"citations": []}], tmp_path).stdout
    assert verify([], tmp_path).returncode == 1


def test_the_script_imports_nothing_of_the_program() -> None:
    assert "policybot" not in "".join(
        line for line in SCRIPT.read_text(encoding="utf-8").splitlines() if "import" in line.split()
    )
