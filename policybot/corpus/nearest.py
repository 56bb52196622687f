"""What to offer for a name that is not known, or not clear: errors with the nearest names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches

from policybot.corpus.aliases import Aliases, bare
from policybot.corpus.locators import Plain, Step, plain
from policybot.corpus.model import Clause, Document
from policybot.corpus.steps import StepIndex
from policybot.errors import PolicybotError

_MOST_NAMED = 6  # names given in an error


@dataclass(frozen=True)
class Nearest:
    """Errors about names, with the names that come nearest in both languages."""

    documents: Mapping[str, Document]
    clauses: Mapping[str, Clause]
    aliases: Aliases
    index: StepIndex

    def _clauses_of(self, document: str) -> list[Clause]:
        return [clause for clause in self.clauses.values() if clause.document == document]

    def document_name(self, identity: str) -> tuple[str, str]:
        document = self.documents[identity]
        return document.short_zh or document.title_zh, document.short_en or document.title_en

    def clause_name(self, clause: Clause) -> tuple[str, str]:
        zh, en = self.document_name(clause.document)
        return f"{zh}{clause.label}", f"{en} {clause.label_en}"

    @staticmethod
    def ambiguous(name: str, names: list[tuple[str, str]]) -> PolicybotError:
        zh, en = _listed(names)
        return PolicybotError(
            f'"{_shown(name)}" could be any of: {en}.', "Say which one.",
            what_zh=f"“{_shown(name)}”可以指：{zh}。", hint_zh="请写明是哪一个。",
        )  # fmt: skip

    def unknown_document(self, name: str) -> PolicybotError:
        zh, en = _listed([self.document_name(d.id) for d in self._near_documents(name)])
        return PolicybotError(
            f'There is no document called "{_shown(name)}".', f"The nearest names are: {en}.",
            what_zh=f"没有名为“{_shown(name)}”的文件。", hint_zh=f"相近的名称：{zh}。",
        )  # fmt: skip

    def whole_document(self, identity: str) -> PolicybotError:
        zh, en = self.document_name(identity)
        tops = [self.clause_name(c) for c in self._clauses_of(identity) if not c.path]
        tops_zh, tops_en = _listed(tops)
        return PolicybotError(
            f"{en[:1].upper()}{en[1:]} is a whole document.", f"Name a clause of it, for example: {tops_en}.",
            what_zh=f"{zh}是整份文件。", hint_zh=f"请写明其中的条款，例如：{tops_zh}。",
        )  # fmt: skip

    def unknown_clause(
        self, name: str, document: str, steps: tuple[Step, ...], search: bool = True
    ) -> PolicybotError:
        near = [self.clause_name(c) for c in self._near_clauses(name, document, steps)] if search else []
        zh, en = _listed(near or [self.document_name(d) for d in self.documents])
        return PolicybotError(
            f'There is no clause called "{_shown(name)}".',
            f"The nearest are: {en}." if near else f"Name a clause of one of the documents: {en}.",
            what_zh=f"没有名为“{_shown(name)}”的条款。",
            hint_zh=f"相近的条款：{zh}。" if near else f"请写明下列文件之一的条款：{zh}。",
        )

    def unknown_row(self, words: str, scope: list[Clause]) -> PolicybotError:
        rows = [c for c in scope if c.kind == "row"]
        near = sorted(rows, key=lambda c: -SequenceMatcher(None, own_name(c), words).ratio())
        zh, en = _listed([self.clause_name(c) for c in near])
        return PolicybotError(
            f'There is no row called "{_shown(words)}" there.', f"The nearest are: {en}.",
            what_zh=f"其中没有名为“{_shown(words)}”的行。", hint_zh=f"相近的行：{zh}。",
        )  # fmt: skip

    def _near_clauses(self, name: str, document: str, steps: tuple[Step, ...]) -> list[Clause]:
        """Clauses to offer instead: around the place that exists, else with like headings or words."""
        documents = [document] if document else list(self.documents)
        for count in range(len(steps) - 1, 0, -1):
            if found := self.index.likeliest(documents, steps[:count]):
                parent = self.clauses[found[0]]
                return self._nearest([self.clauses[i] for i in parent.children], steps[count]) or [parent]
        if steps and (like := self.index.like(documents, steps[-1])):
            return self._nearest([self.clauses[i] for i in like], steps[-1])
        words = plain(name)
        if named := max(self.aliases.find(Plain.of(words)), key=lambda n: n.end - n.start, default=None):
            words = (words[: named.start] + words[named.end :]).strip()
        scope = [c for d in documents for c in self._clauses_of(d)]
        close = get_close_matches(words, [h for c in scope if (h := plain(c.heading))], n=3, cutoff=0.4)
        near = [c for heading in close for c in scope if plain(c.heading) == heading]
        near += [c for c in scope if len(words) > 2 and words in plain(c.text.text)]
        if not near and document:
            near = [c for c in scope if not c.path and c.kind != "note"]
        return near

    def _nearest(self, clauses: list[Clause], step: Step) -> list[Clause]:
        """Clauses by how near their numbers are to a step's."""
        if not isinstance(step.value, int):
            return clauses
        wanted = step.value
        values = {c.id: self.index.chain[c.id][-1].value for c in clauses}
        return sorted(clauses, key=lambda c: abs(v - wanted) if isinstance(v := values[c.id], int) else 1000)

    def _near_documents(self, name: str) -> list[Document]:
        """Documents whose names look like a name, nearest first; all when none does."""
        key = bare(name)
        close = get_close_matches(key, list(self.aliases.by_name), n=8, cutoff=0.55)
        close += [
            k for k in self.aliases.by_name if key and len(key) > 1 and (key in k or k in key) and len(k) > 1
        ]
        ids = dict.fromkeys(i for k in close for i in self.aliases.by_name[k])
        return [self.documents[i] for i in (ids or self.documents)]


def own_name(clause: Clause) -> str:
    """What a row or clause is called by itself: the last part of its id."""
    own = clause.id[len(clause.parent) + 1 :] if clause.parent else clause.id.partition("/")[2]
    return plain(own)


def _listed(names: Sequence[tuple[str, str]]) -> tuple[str, str]:
    few = list(dict.fromkeys(names))[:_MOST_NAMED]
    more = len(dict.fromkeys(names)) > len(few)
    return "、".join(zh for zh, _ in few) + "等" * more, "; ".join(en for _, en in few) + " …" * more


def _shown(name: str) -> str:
    """A name as it may be repeated in a message: printable and short."""
    text = "".join(c if c.isprintable() else " " for c in name).strip()
    return text if len(text) <= 60 else text[:57] + "…"
