"""Clauses as the texts that are searched. Search text only: quotes are taken from the clauses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from policybot.corpus.model import Clause, Corpus, Table
from policybot.text import sentence_spans

# A clause longer than LONG characters is also indexed as windows of whole sentences of about WINDOW
# characters, one sentence shared by neighbours: the mean vector of a long clause is close to nothing.
LONG = 160
WINDOW = 110
LEAD_IN = 60  # characters kept of a sentence that introduces a list
NOTE = "@"  # in the id of a passage that is an annotation, after the clause's id
LISTED = 1500  # characters of child headings or first-column cells kept in a heading's or table's text


@dataclass(frozen=True, slots=True)
class Passage:
    """A searchable text and the clause it leads to.

    `text` is the heading path (`text[:head]`, the document's short title first) and the body
    (`text[head:]`); `id` is the clause id, with "#n" after it for the n-th sentence window and "@n"
    for the n-th text of its annotation (gist, questions), which has no heading path.
    """

    id: str
    clause: str
    text: str
    head: int

    @property
    def heading(self) -> str:
        """The heading path."""
        return self.text[: self.head]

    @property
    def body(self) -> str:
        """What stands under the headings."""
        return self.text[self.head :]


def make_passages(corpus: Corpus) -> list[Passage]:
    """All passages of a corpus: clauses in reading order, each with its windows and annotation."""
    passages: list[Passage] = []
    for clause in corpus.clauses.values():
        heading = heading_path(corpus, clause)
        body = body_text(corpus, clause)
        if not heading and not body:
            continue
        passages.append(_passage(clause.id, clause.id, heading, body))
        if clause.kind not in ("table", "row"):
            for number, window in enumerate(sentence_windows(body), 1):
                passages.append(_passage(f"{clause.id}#{number}", clause.id, heading, window))
        for number, text in enumerate(annotation_texts(corpus, clause)):
            passages.append(Passage(f"{clause.id}{NOTE}{number}", clause.id, text, 0))
    return passages


def annotation_texts(corpus: Corpus, clause: Clause) -> list[str]:
    """What the clause's annotation adds to the search: titles with gist, questions in each language.

    The questions of one language are one text: a text for each question found no more and made the
    index three times as large.
    """
    annotation = corpus.annotations.get(clause.id)
    if annotation is None:
        return []
    head = f"{annotation.title_zh} {annotation.title_en}: {annotation.gist_en}"
    texts = [head, "\n".join(annotation.questions_zh), "\n".join(annotation.questions_en)]
    return [text for text in texts if text]


def heading_path(corpus: Corpus, clause: Clause) -> str:
    """Short title of the document and the headings down to the clause, one space between them.

    A clause above that has no heading but introduces a list ("缔约方应：") gives the end of its text.
    """
    document = corpus.documents.get(clause.document)
    names = [document.short_zh.strip("《》")] if document and document.short_zh else []
    for above in (corpus.clauses[i] for i in clause.path):
        if above.heading:
            names.append(above.heading)
        elif above.text.text.endswith(("：", ":")):
            names.append(above.text.text[-LEAD_IN:])
    if clause.heading:
        names.append(clause.heading)
    return " ".join(names)


def body_text(corpus: Corpus, clause: Clause) -> str:
    """What a clause says under its heading.

    A table row reads "label：column：cell；column：cell" (the caption is in its heading path); a table
    its label, caption, columns and row names; a heading without text of its own the headings below it.
    """
    if clause.kind == "row":
        found = _row_text(corpus, clause)
        if found:
            return found
    if clause.kind == "table" and clause.table in corpus.tables:
        return _table_text(corpus.tables[clause.table])
    text = _without_heading(clause)
    if text or not clause.children:
        return text
    below = (c.heading or c.text.text for c in corpus.children(clause))
    return "；".join(name[:80] for name in below if name)[:LISTED]


def sentence_windows(text: str) -> list[str]:
    """Overlapping windows of whole sentences of a long text; none for a short one."""
    if len(text) <= LONG:
        return []
    sentences = [text[start:end].strip() for start, end in sentence_spans(text)]
    windows: list[str] = []
    first = 0
    while first < len(sentences):
        last, size = first, len(sentences[first])
        while last + 1 < len(sentences) and size + len(sentences[last + 1]) <= WINDOW:
            last += 1
            size += len(sentences[last])
        windows.append(join_sentences(sentences[first : last + 1]))
        if last + 1 >= len(sentences):
            break
        first = max(first + 1, last)
    return windows if len(windows) > 1 else []


def join_sentences(sentences: Sequence[str]) -> str:
    """Sentences in a row, with a blank between those of a script that has blanks."""
    return "".join(f"{s} " if s[-1:].isascii() else s for s in sentences).rstrip()


def _passage(identifier: str, clause: str, heading: str, body: str) -> Passage:
    head = heading + "\n" if heading else ""
    return Passage(identifier, clause, head + body, len(head))


def _without_heading(clause: Clause) -> str:
    text = clause.text.text
    if clause.heading:
        at = text.find(clause.heading, 0, len(clause.heading) + 12)
        if at >= 0:
            return text[at + len(clause.heading) :].lstrip("。．.：: \n")
    return text


def _row_text(corpus: Corpus, clause: Clause) -> str:
    table = corpus.tables.get(clause.table)
    row = next((r for r in table.rows if r.id == clause.id), None) if table else None
    if table is None or row is None:
        return ""
    cells = []
    for index, cell in enumerate(row.cells):
        if cell.kind == "blank":
            continue
        column = table.header[index] if index < len(table.header) else ""
        cells.append(f"{column}：{cell.text}{cell.unit}" if column else cell.text)
    return f"{table.label}：" + "；".join(cells)


def _table_text(table: Table) -> str:
    names = "、".join(row.cells[0].text for row in table.rows if row.cells)[:LISTED]
    return f"{table.label} {table.caption}：{'、'.join(table.header)}。{names}"
