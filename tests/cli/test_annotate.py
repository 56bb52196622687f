"""`policybot annotate`: what it prints, its exit codes, and what it asks before a model is used."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from policybot.annotate.survey import Survey, survey
from policybot.corpus.model import Corpus
from tests.annotate.test_writer import accept
from tests.answer.agent.server import ChatServer, Reply, say
from tests.cli.conftest import call
from tests.cli.here import call_here
from tests.index.small import small_home, write_questions

EVALS = Path(__file__).resolve().parents[2] / "evals"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A home with a user's own documents, which have no annotations."""
    small_home(tmp_path)
    return tmp_path


def llm(
    home: Path,
    server: ChatServer,
    *arguments: str,
    run: Callable[..., subprocess.CompletedProcess[str]] = call_here,
) -> tuple[int, str, str]:
    text = (home / "policybot.toml").read_text("utf-8").partition("\n[llm]")[0]
    text += f'\n[llm]\nmodel = "openai:scripted"\nbase_url = "{server.url}"\nretries = 0\n'
    (home / "policybot.toml").write_text(text, "utf-8")
    done = run("annotate", "run", *arguments, "--home", str(home))
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def surveyed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What is wrong with the built-in annotations takes seconds to find: once for all that tell of it, and
    beside two of the question sets; tests/annotate/test_survey.py takes all of them."""
    made: dict[Path, Survey] = {}
    few = tmp_path_factory.mktemp("evals")
    for name in ("dev2.jsonl", "test.jsonl"):
        shutil.copy(EVALS / name, few)

    def once(corpus: Corpus, root: Path, evals: Path | None = None) -> Survey:
        assert evals is not None
        if root not in made:
            made[root] = survey(corpus, root, few)
        return made[root]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("policybot.annotate.survey.survey", once)
        yield


@pytest.mark.usefixtures("surveyed")
def test_check_passes_for_the_built_in_documents(home: Path) -> None:
    done = call_here("annotate", "check", "--sample", "2", "--json", "--home", str(home))
    found = json.loads(done.stdout)
    assert done.returncode == 0 and found["good"] and found["faults"] == []
    assert found["search"]["clauses"] == 2 and found["wanted"] == found["present"]
    pairs = {made["name"]: made["pairs"] for made in found["sets"]}
    assert pairs.keys() == {"dev2", "test"} and not pairs["test"]


@pytest.mark.usefixtures("surveyed")
@pytest.mark.parametrize(("language", "words"), [("en", "No faults."), ("zh", "没有发现问题。")])
def test_check_reports_in_both_languages(home: Path, language: str, words: str) -> None:
    done = call_here("annotate", "check", "--sample", "1", "--lang", language, "--home", str(home))
    assert done.returncode == 0 and done.stdout.rstrip().endswith(words)


def test_documents_without_annotations_fail_the_check(own: Path) -> None:
    done = call_here("annotate", "check", "--sample", "0", "--home", str(own))
    assert done.returncode == 1 and "no annotation" in done.stdout


def test_run_shows_its_price_and_must_be_confirmed(own: Path) -> None:
    with ChatServer([accept]) as server:
        code, out, err = llm(own, server, "--price-in", "1000", "--price-out", "1000", run=call)
    assert code == 2 and out == "" and server.requests == []
    first, second, last = err.strip().splitlines()
    assert "clauses without an annotation" in first and second.startswith("about ") and "--yes" in last


def test_run_writes_and_check_is_content(own: Path) -> None:
    with ChatServer([accept]) as server:
        code, out, _ = llm(own, server, "--yes", "--limit", "2", "--json")
        assert code == 0 and len(json.loads(out)["done"]) == 2
        code, out, _ = llm(own, server, "--yes", "--doc", "plan")
        assert code == 0 and "clauses annotated" in out
        code, out, _ = llm(own, server)
        assert code == 0 and out == "Every clause has an annotation already.\n"
    done = call("annotate", "check", "--sample", "0", env={"POLICYBOT_HOME": str(own)})
    assert done.returncode == 0, done.stdout
    asked = call("ask", "老百姓为什么要关心roofs？", "--json", env={"POLICYBOT_HOME": str(own)})
    assert "光伏" in asked.stdout


def test_skipped_clauses_are_listed(own: Path) -> None:
    with ChatServer([say("no"), say("no"), accept]) as server:
        code, out, _ = llm(own, server, "--yes", "--limit", "2")
    assert code == 1 and "1 skipped:" in out and "the reply did not fit the form" in out


def test_a_refused_key_is_one_sentence(own: Path) -> None:
    with ChatServer([Reply("bad key sk-1", status=401)]) as server:
        code, out, err = llm(own, server, "--yes")
    assert code == 5 and out == "" and "sk-1" not in err
    assert err.strip().splitlines()[-1].startswith("The chat model gave no annotation (the key was refused)")


def test_no_model_without_a_connection(own: Path) -> None:
    done = call_here("annotate", "run", "--llm", "openai:x", "--offline", "--home", str(own))
    assert done.returncode == 5 and "offline" in done.stderr
    missing = call_here("annotate", "run", "--llm", "openai:x", "--home", str(own))
    assert missing.returncode == 5 and "OPENAI_API_KEY" in missing.stderr


def test_worth_needs_questions(own: Path) -> None:
    with ChatServer([accept]) as server:
        assert llm(own, server, "--yes")[0] == 0
    file = write_questions(own / "few.jsonl")
    done = call("annotate", "worth", "--questions", str(file), "--home", str(own))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("| document | questions |")
    assert "| plan | 3 |" in done.stdout and "| all | 3 |" in done.stdout
    missing = call_here("annotate", "worth", "--questions", str(own / "none.jsonl"), "--home", str(own))
    assert missing.returncode == 2
