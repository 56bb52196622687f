"""What the tools of one run returned, numbered, and how the model is shown it.

The model cites these numbers. A clause has one number however often it is found; the artifact of a tool
says which clauses stand behind its text.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policybot.answer.agent.prompts import evidence_block, note_block, result_block
from policybot.answer.checks.numbers import Pool, unaccounted
from policybot.corpus.model import Clause, Corpus
from policybot.facts.quantities import find_numbers

_LONGEST_CLAUSE = 2_500  # characters of a clause that the model is shown
_MOST = 24_000  # characters that one tool call may add to the conversation
_COMPUTED = frozenset({"score_ranking", "score_explanation", "score_what_if", "assigned_amount"})
_PLAIN = frozenset({"search", "clause", "targets", "table"})  # their text repeats the clauses
_NO_INPUTS = frozenset({"domain", "top"})  # choices of a view, not amounts that a result rests on


@dataclass(frozen=True, slots=True)
class Item:
    """A number of the run: a clause of the corpus, or the text of a computed result."""

    n: int
    clause: str = ""
    result: str = ""


class Evidence:
    """The numbered evidence of one run; tools may run side by side.

    Args:
        corpus: the documents.
        question: whose numbers may be the inputs of a calculation.
        documents: ids of the only documents that count, all when empty.
    """

    def __init__(self, corpus: Corpus, question: str, documents: Collection[str] = ()) -> None:
        self.corpus = corpus
        self.documents = frozenset(documents)
        self.given = Pool()
        self.given.add_text(question)
        self._items: dict[int, Item] = {}
        self._numbers: dict[tuple[str, str], int] = {}
        self._lock = threading.Lock()

    def get(self, n: int) -> Item | None:
        """What a number stands for."""
        return self._items.get(n)

    def __len__(self) -> int:
        return len(self._items)

    def take(self, tool: str, arguments: Mapping[str, Any], text: str, artifact: object) -> str:
        """Number what a tool returned and lay it out for the model."""
        records = artifact if isinstance(artifact, Sequence) and not isinstance(artifact, str) else ()
        found = [clause for record in records if (clause := self._clause(record)) is not None]
        allowed = [c for c in found if not self.documents or c.document in self.documents]
        blocks: list[str] = []
        if tool in _COMPUTED and records:
            # An input that the user has not given would make a calculation out of nothing.
            ours = self._given(arguments)
            blocks.append(result_block(self._number("", text), text) if ours else note_block(text))
        elif not (tool in _PLAIN and found) and not (self.documents and found and not allowed):
            blocks.append(note_block(text))
        blocks += [self._block(clause) for clause in {c.id: c for c in allowed}.values()]
        if found and not allowed:
            blocks.append(note_block("Nothing in the documents that the answer may be taken from."))
        kept: list[str] = []
        room = _MOST
        for block in blocks:
            if kept and len(block) > room:
                kept.append(note_block("More was found; ask for less at a time."))
                break
            kept.append(block)
            room -= len(block)
        return "\n".join(kept)

    def _given(self, arguments: Mapping[str, Any]) -> bool:
        inputs = " ".join(str(v) for k, v in arguments.items() if k not in _NO_INPUTS)
        return not unaccounted(find_numbers(inputs), self.given)

    def _clause(self, record: object) -> Clause | None:
        if not isinstance(record, Mapping):
            return None
        for key in ("clause", "id"):
            name = record.get(key)
            if isinstance(name, str) and name in self.corpus.clauses:
                return self.corpus.clauses[name]
        return None

    def _block(self, clause: Clause) -> str:
        document = self.corpus.documents[clause.document]
        text = clause.text.text
        shown = text if len(text) <= _LONGEST_CLAUSE else f"{text[:_LONGEST_CLAUSE]}…"
        heading = clause.heading or "；".join(self.corpus.headings(clause)[-1:])
        title = document.short_zh or document.title_zh
        return evidence_block(self._number(clause.id, ""), title, clause.label, heading, shown)

    def _number(self, clause: str, result: str) -> int:
        with self._lock:
            n = self._numbers.setdefault((clause, result), len(self._numbers) + 1)
            self._items.setdefault(n, Item(n, clause, result))
            return n
