"""Reports: pages that parse, need nothing else, escape everything and keep held-out questions to themselves."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from policybot.cli.report_readme import BEGIN, END, block, renew, with_block
from policybot.errors import PolicybotError
from policybot.evaluation.outside import read_outside
from policybot.evaluation.outside_run import run_outside
from policybot.evaluation.runner import summarise
from policybot.evaluation.runs import Run, RunInfo, RunWriter, read_run
from tests.cli.here import call_here

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "tests" / "evaluation" / "data" / "everyday.json"
HOSTILE = "</details><script>alert(1)</script> | `x` [a](http://evil.example) \x1b[31m <img src=//e.example/a> & \"'"
VOID = {"meta", "br"}  # those of SVG are closed where they open


class Page(HTMLParser):
    """Reads a page and fails where tags do not match; keeps tags, ids, texts and what refers to elsewhere."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def values(self, name: str) -> list[str]:
        return [value for _, attribute, value in self.attributes if attribute == name]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with three runs: of the sample, the same with hostile texts and wrong answers, and held out."""
    home = tmp_path_factory.mktemp("home")
    run_outside(read_outside(SAMPLE, "squad"), home / "runs" / "sample")
    sample = read_run(home / "runs" / "sample")
    _copy(sample, home / "runs" / "hostile", sample.info, hostile=True)
    _copy(sample, home / "runs" / "secret", replace(sample.info, held_out=True), hostile=False)
    return home


def _copy(sample: Run, folder: Path, info: RunInfo, *, hostile: bool) -> None:
    results = list(sample.results.values())
    if hostile:
        results = [
            replace(
                result,
                answer={**result.answer, "answer": HOSTILE},
                verdict={**result.verdict, "right": False},
                retrieved=[{"clause_id": HOSTILE, "label": HOSTILE, "copies": [], "score": 1.0}],
            )
            for result in results
        ]
    with RunWriter(folder, info) as writer:
        for result in results:
            writer.append(result)
        writer.finish(summarise(results, writer.info))


def report(home: Path, *arguments: str, out: Path | None = None) -> str:
    named = ["--out", str(out)] if out else []
    done = call_here("eval", "report", *arguments, *named, "--home", str(home))
    assert done.returncode == 0, done.stderr
    return out.read_text("utf-8") if out else done.stdout


def fails(home: Path, *arguments: str) -> str:
    done: subprocess.CompletedProcess[str] = call_here("eval", "report", *arguments, "--home", str(home))
    assert done.returncode == 2 and done.stderr.count("\n") == 1
    return done.stderr


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("runs", [("sample",), ("hostile", "sample"), ("secret",)])
def test_the_page_parses_and_refers_to_nothing(
    home: Path, tmp_path: Path, runs: tuple[str, ...], language: str
) -> None:
    text = report(home, *runs, "--lang", language, out=tmp_path / "a.html")
    page = Page(text)
    assert page.values("lang")[0] == {"zh": "zh-CN", "en": "en"}[language]
    assert not {"script", "link", "img", "iframe", "object", "form"} & set(page.tags)
    assert not {"src", "action", "style", "srcset", "data"} & {name for _, name, _ in page.attributes}
    ids = page.values("id")
    assert len(ids) == len(set(ids)) and all(h.startswith("#") and h[1:] in ids for h in page.values("href"))
    style = text[text.index("<style>") : text.index("</style>")]
    assert "url(" not in style and "@import" not in style and "prefers-color-scheme: dark" in style
    assert page.tags.count("caption") == page.tags.count("table") >= 6
    assert page.values("scope").count("col") >= 6 and "row" in page.values("scope")
    assert page.tags.count("svg") == 1 and "title" in page.tags and "desc" in page.tags


def test_hostile_texts_stay_texts(home: Path, tmp_path: Path) -> None:
    page = Page(report(home, "hostile", out=tmp_path / "a.html"))
    assert "alert(1)" in "".join(page.words) and "\x1b" not in "".join(page.words)
    assert page.tags.count("details") == len(read_run(home / "runs" / "hostile").results)
    markdown = report(home, "hostile")
    assert "<script" not in markdown and "http://" not in markdown and "\x1b" not in markdown
    assert not re.search(r"(?<!\\)[\[\]`]", markdown)  # no link, image or code


def test_markdown_tables_are_whole(home: Path) -> None:
    lines = report(home, "hostile", "sample").split("\n")
    for before, line in pairwise(lines):
        if before.startswith("|") and line.startswith("|"):
            assert before.replace(r"\|", "").count("|") == line.replace(r"\|", "").count("|")
    assert sum(line.startswith("| :--") for line in lines) >= 6
    assert sum(line.startswith("### ") for line in lines) == 116


def test_every_failure_has_what_was_expected_got_and_retrieved(home: Path) -> None:
    run = read_run(home / "runs" / "sample")
    text = report(home, "sample")
    wrong = [r for r in run.results.values() if not r.verdict["right"]]
    assert wrong and text.count("- Expected:") == text.count("- Got:") == len(wrong)
    assert text.count("- Retrieved:") == sum(bool(r.retrieved) for r in wrong)
    assert "### en\\-" not in text and all(f"### {r.id} " in text for r in wrong)
    assert "###" not in report(home, "sample", "--no-failures").replace("## ", "")


def test_a_held_out_run_lists_no_question(home: Path, tmp_path: Path) -> None:
    run = read_run(home / "runs" / "secret")
    texts = [report(home, "secret"), report(home, "secret", "sample"), report(home, "sample", "secret")]
    texts.append(report(home, "secret", "--failures", out=tmp_path / "a.html"))
    for text in texts:
        for result in run.results.values():
            assert result.question["question"] not in text and f"{result.id} " not in text
    assert "held out" in texts[0]


def test_two_runs_are_compared(home: Path) -> None:
    text = report(home, "sample", "hostile")
    right = sum(bool(r.verdict["right"]) for r in read_run(home / "runs" / "sample").results.values())
    assert f"116 questions in both runs: {right} became right, 0 became wrong." in text
    assert "| better |" in text
    assert "| worse |" in report(home, "hostile", "sample")


def test_the_ladder_is_shown_when_the_run_has_one(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home / "runs", tmp_path / "runs")
    file = tmp_path / "runs" / "sample" / "ladder.json"
    file.write_text(json.dumps({"words": {"all": {"recall@1": 0.125}}}), "utf-8")
    assert "12.5" in report(tmp_path, "sample") and "What each part adds" in report(tmp_path, "sample")
    for broken in ("[", '{"nonsense": {}}', '{"words": {"all": {"mrr": "high"}}}', "[1]"):
        file.write_text(broken, "utf-8")
        assert fails(tmp_path, "sample").startswith("sample/ladder.json cannot be used")


def test_the_search_alone_is_reported_without_answers(tmp_path: Path) -> None:
    from tests.evaluation.test_outside import write_beir

    folder = write_beir(tmp_path / "set", queries='{"_id": "1", "text": "How many piers?"}\n')
    done = call_here(
        "eval", "run", "--corpus", str(folder), "--format", "beir", "--name", "beir", "--home", str(tmp_path)
    )
    assert done.returncode == 0, done.stderr
    text = report(tmp_path, "beir")
    assert "plain BM25" in text and "Answers and refusals" not in text and "Confidence" not in text


def test_the_latest_run_is_reported(home: Path) -> None:
    assert report(home).startswith("# Evaluation report: secret")


def test_what_cannot_be_reported_is_said_in_one_sentence(home: Path, tmp_path: Path) -> None:
    assert "neither .html nor .md" in fails(home, "sample", "--out", "report.pdf")
    assert "cannot be written" in fails(home, "sample", "--out", str(tmp_path / "none" / "a.md"))
    assert "There is no run" in fails(home, "nothing")
    assert "There is no run in" in fails(tmp_path)
    info = replace(read_run(home / "runs" / "sample").info, finished=None)
    with RunWriter(tmp_path / "runs" / "begun", info):
        pass
    assert "is not finished" in fails(tmp_path, "begun")


# The block of the README


def test_the_committed_figures_stand_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert with_block(text, block(ROOT / "evals" / "reports")) == text, "policybot eval report --readme"


def test_the_block_is_renewed_and_nothing_else_is_touched(home: Path, tmp_path: Path) -> None:
    reports = tmp_path / "evals" / "reports"
    reports.mkdir(parents=True)
    (tmp_path / "README.md").write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", "utf-8")
    assert renew(tmp_path)
    assert "no committed figures" in (tmp_path / "README.md").read_text("utf-8")
    shutil.copy(home / "runs" / "sample" / "summary.json", reports / "sample.json")
    assert renew(tmp_path) and not renew(tmp_path)
    lines = (tmp_path / "README.md").read_text("utf-8").split("\n")
    assert lines[0] == "before" and lines[-2] == "after"
    assert [line.split("|")[1:4] for line in lines if "everyday" in line] == [
        [" everyday ", " Chinese ", " 58 "],
        [" everyday ", " English ", " 58 "],
    ]
    (reports / "sample.json").write_text('{"set": "x"}', "utf-8")
    with pytest.raises(PolicybotError, match=r"sample\.json is no summary"):
        renew(tmp_path)


@pytest.mark.parametrize("text", ["", BEGIN, f"{END}{BEGIN}", f"{BEGIN}{END}{BEGIN}{END}"])
def test_missing_or_doubled_marks_are_refused(text: str) -> None:
    with pytest.raises(PolicybotError, match="lacks the marks"):
        with_block(text, ["x"])
