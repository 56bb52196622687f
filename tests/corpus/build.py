"""Small clauses, copies and corpora for tests, anchored in a source made of their own texts."""

from __future__ import annotations

from collections.abc import Sequence

from policybot.corpus.model import Clause, ClauseKind, Document, SourceFile


def copy(
    witness: str, clauses: Sequence[tuple[str, str]], kind: ClauseKind = "item"
) -> tuple[list[Clause], SourceFile]:
    """One copy of a document: (id, text) in reading order, one line of its source each."""
    name = f"corpus/sources/{witness}.txt"
    lines = [text.replace("\n", " ") for _, text in clauses]
    source = SourceFile(name, "\n".join(lines), "")
    found = []
    for line, ((identity, _), start) in enumerate(zip(clauses, source.line_starts, strict=True), 1):
        steps = identity.split("/")
        path = tuple("/".join(steps[:i]) for i in range(2, len(steps)))
        text = source.whole(start, start + len(lines[line - 1]))
        number = steps[-1].strip("（）()")
        found.append(
            Clause(
                identity, steps[0], kind, number, "".join(steps[1:]), "".join(steps[1:]), "", text,
                path, (), line, line, witness,
            )
        )  # fmt: skip
    return found, source


def document(identity: str, title: str, aliases: tuple[str, ...] = ()) -> Document:
    """A catalogue entry with a title and aliases, without copies."""
    return Document(
        identity, title, "", f"《{title}》", "", aliases, "", "", "", "2020", "in force", 0, "", "", ()
    )
