"""Texts of any kind as a corpus: every block between blank lines is one clause, as it stands.

Style "passages" of the catalogue: no numbers, tables or markup are looked for, so nothing in a text can
be taken for structure. A block may begin with a line "# Title", which is its heading. `read_blocks` reads
such a source, `write_corpus` makes a corpus folder of passages that are in memory.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from policybot.corpus.model import AnchoredText, Clause, Document, Leftover, SourceFile, Witness
from policybot.corpus.tree import Tree
from policybot.patterns import lazy_pattern

MARK = "# "
_BLANKS = lazy_pattern(r"\n\s*\n|\n+\s*$")
_CONTROL = lazy_pattern(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Passage:
    """A text with its title ("" for none)."""

    title: str
    text: str


def read_blocks(document: Document, witness: Witness, source: SourceFile) -> Tree:
    """One clause for each block of the witness; its id ends with the block's number, from 1."""
    clauses: dict[str, Clause] = {}
    leftovers: list[Leftover] = []
    for first, last in witness.ranges:
        start = source.line_starts[first - 1]
        end = source.line_starts[last] if last < len(source.line_starts) else len(source.text)
        for low, high in _blocks(source.text, start, end):
            heading, text = _heading(source, low, high)
            if heading:
                mark = (low, low + len(MARK))
                leftovers.append(Leftover("markup", source.name, *mark, document.id, witness.id))
            number = len(clauses) + 1
            clause = Clause(
                f"{document.id}/¶{number}",
                document.id,
                "section" if heading else "paragraph",
                "",
                f"第{number}段",
                f"para {number}",
                heading,
                text,
                (),
                (),
                source.line_of(low),
                source.line_of(high - 1),
                witness.id,
            )
            clauses[clause.id] = clause
    return Tree(clauses, {}, leftovers)


def write_corpus(root: Path, identity: str, title: str, passages: Sequence[Passage]) -> list[str]:
    """Makes `root` a corpus folder with one document of these passages.

    White space inside a passage is kept but for blank lines, which would end it; control characters
    become U+FFFD.

    Returns:
        The clause id of each passage, "" for one without text.
    """
    blocks, ids = list[str](), list[str]()
    for passage in passages:
        text = _clean(passage.text)
        heading = " ".join(_clean(passage.title).split())
        if not text:
            ids.append("")
            continue
        blocks.append(f"{MARK}{heading}\n{text}" if heading else text)
        ids.append(f"{identity}/¶{len(blocks)}")
    content = "\n\n".join(blocks) + "\n"
    name = f"corpus/sources/{identity}.txt"
    (root / "sources").mkdir(parents=True, exist_ok=True)
    (root / "sources" / f"{identity}.txt").write_bytes(content.encode())
    digest = hashlib.sha256(content.encode()).hexdigest()
    texts = {
        "id": identity, "title_zh": title, "title_en": title, "short_zh": "", "short_en": "",
        "issuer_zh": "", "issuer_en": "", "number": "", "date": "", "status": "other", "style": "passages",
        "origin": "", "licence": "",
    }  # fmt: skip
    lines = ["format = 1", "[files]", f"{_toml(name)} = {_toml(digest)}", "[[document]]"]
    lines += [f"{key} = {_toml(value)}" for key, value in texts.items()]
    lines += ["[[document.witness]]", 'id = "only"', f"file = {_toml(name)}"]
    lines += [f"lines = [[1, {content.count(chr(10))}]]", ""]
    (root / "catalog.toml").write_text("\n".join(lines), "utf-8")
    return ids


def _blocks(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """(start, end) of the stretches between blank lines, outer white space left out."""
    found: list[tuple[int, int]] = []
    at = start
    for low, high in [*(m.span() for m in _BLANKS.finditer(text, start, end)), (end, end)]:
        piece = text[at:low]
        if piece.strip():
            left = at + len(piece) - len(piece.lstrip())
            found.append((left, at + len(piece.rstrip())))
        at = high
    return found


def _heading(source: SourceFile, low: int, high: int) -> tuple[str, AnchoredText]:
    """Heading of a block ("" for none) and its text, the heading line included."""
    first = source.text[low:high].partition("\n")[0]
    if not first.startswith(MARK) or low + len(first) >= high:
        return "", source.whole(low, high)
    return first[len(MARK) :].strip(), source.whole(low + len(MARK), high)


def _clean(text: str) -> str:
    """`text` with line feeds only, no blank lines, nothing that UTF-8 or a terminal cannot take."""
    lines = text.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(_CONTROL.sub("\ufffd", line).rstrip() for line in lines if line.strip()).strip()


def _toml(text: str) -> str:
    """A TOML string: JSON's escapes are TOML's."""
    return json.dumps(_CONTROL.sub("\ufffd", text), ensure_ascii=False)
