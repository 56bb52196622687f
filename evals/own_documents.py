"""Asks the questions of `own/`: invented policy documents as users bring them, which have no annotations.

    python evals/own_documents.py             # prints the figures, writes own/figures.json
    python evals/own_documents.py --wrong     # and the odd-numbered questions that were not answered right

`own/catalog.toml` and `own/sources/` are a corpus, `own/questions/` holds a file for each of its documents:
every question in Chinese and in English, with the stretches of the document that an answer has to show.
Each is asked of its own document alone, as after `--doc`.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from policybot.answer.bot import PolicyBot
from policybot.answer.model import Citation
from policybot.evaluation.qaset import Question, read_question
from policybot.home import Home
from policybot.index.open import Index, ensure_index
from policybot.text import fold, printed

EVALS = Path(__file__).resolve().parent
FOLDER = EVALS / "own"
REPORT = FOLDER / "figures.json"
ENOUGH = 0.5  # share of a stretch that a quote from inside it has to show


@dataclass(frozen=True)
class OwnQuestion:
    """A question about one document: `quotes` are verbatim stretches that an answer shows, none where the
    document does not answer it."""

    id: str
    document: str
    language: str
    type: str
    question: str
    quotes: tuple[str, ...]

    @property
    def answerable(self) -> bool:
        """Whether the document answers it."""
        return bool(self.quotes)

    @property
    def odd(self) -> bool:
        """Whether it may be looked at while developing."""
        return int(self.id[-3:-1]) % 2 == 1


def load_own() -> list[OwnQuestion]:
    """All questions, document by document."""
    found = []
    for file in sorted((FOLDER / "questions").glob("*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            row = json.loads(line)
            found.append(OwnQuestion(document=file.stem, **{**row, "quotes": tuple(row["quotes"])}))
    return found


@contextmanager
def own_index() -> Iterator[Index]:
    """An index of the invented documents in a home of its own."""
    with tempfile.TemporaryDirectory(prefix="policybot-own-") as folder:
        home = Path(folder)
        (home / "policybot.toml").write_text(f'[corpus]\npath = "{FOLDER.as_posix()}"\n', "utf-8")
        index = ensure_index(Home(home))
        try:
            yield index
        finally:
            index.close()


def question_of(asked: OwnQuestion) -> Question:
    """A question as the other sets have them."""
    record = {"id": asked.id, "language": asked.language, "type": asked.type, "question": asked.question}
    gold = {"answerable": asked.answerable, "gold": [[{"quote": quote}] for quote in asked.quotes]}
    must: dict[str, object] = {"must_contain": [["-"]] if asked.quotes else [], "must_not_contain": []}
    return read_question({**record, **gold, **must})


def shows(quotes: Sequence[str], answer: str, citations: Sequence[Citation]) -> list[bool]:
    """For each stretch whether an answer shows it, or enough of it in a quote from inside it."""
    shown = [_plain(citation.quote) for citation in citations]
    said = " ".join([*shown, _plain(answer)])
    wanted = [_plain(quote) for quote in quotes]
    return [
        want in said or any(quote and quote in want and len(quote) >= ENOUGH * len(want) for quote in shown)
        for want in wanted
    ]


def _plain(text: str) -> str:
    return printed(fold(text), ".md").replace("|", "").replace("｜", "")


def outcome(question: OwnQuestion, bot: PolicyBot) -> str:
    """ "right", "part", "wrong" or "refused"; a refusal of what the document does not answer is right."""
    answer = bot.ask(question.question, documents=[question.document])
    if answer.status != "answered":
        return "refused" if question.answerable else "right"
    found = shows(question.quotes, answer.answer, answer.citations)
    if not found:
        return "wrong"
    return "right" if all(found) else "part" if any(found) else "wrong"


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description="Asks questions about documents of others.")
    parser.add_argument("--wrong", action="store_true", help="show odd-numbered questions that went wrong")
    options = parser.parse_args()
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    with own_index() as index:
        bot = PolicyBot(index=index)
        for question in load_own():
            result = outcome(question, bot)
            if options.wrong and question.odd and result != "right":
                answer = bot.ask(question.question, documents=[question.document]).answer
                print(f"{question.id} {result}: {question.question}\n  {question.quotes}\n  {answer!r}\n")
            kind = "answerable" if question.answerable else "unanswerable"
            looked = "odd" if question.odd else "even"
            for group in ("all", question.language, question.document, question.type, looked):
                groups[f"{group}, {kind}"][result] += 1
    figures = {}
    for name, counts in sorted(groups.items()):
        total = counts.total()
        figures[name] = {"n": total, **{k: counts[k] for k in ("right", "part", "wrong", "refused")}}
        print(f"{name:32} {counts['right']:4} of {total:4} right ({100 * counts['right'] / total:.0f}%), "
              f"in part {counts['part']}, wrong {counts['wrong']}, refused {counts['refused']}")  # fmt: skip
    REPORT.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
