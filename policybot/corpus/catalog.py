"""The catalogue (`catalog.toml`): documents, their copies and names, checked at load."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from policybot.corpus.model import Document, Part, PartKind, Status, Style, Witness
from policybot.errors import CorpusError

FORMAT = 1
_TEXT_FIELDS = (
    "id",
    "title_zh",
    "title_en",
    "short_zh",
    "short_en",
    "issuer_zh",
    "issuer_en",
    "number",
    "date",
    "origin",
    "licence",
)


class Catalog:
    """Documents by id, and the checksum of every source file by name."""

    def __init__(self, documents: dict[str, Document], files: dict[str, str], raw: bytes) -> None:
        self.documents, self.files, self.raw = documents, files, raw


def load_catalog(path: Path) -> Catalog:
    """Reads and checks a catalogue.

    Raises:
        CorpusError: missing or unreadable file, wrong TOML, a missing or wrong field (named).
    """
    try:
        raw = path.read_bytes()
        data = tomllib.loads(raw.decode("utf-8"))
    except OSError as error:
        raise CorpusError(
            f"The catalogue {path} cannot be read ({error.strerror}).",
            "Restore it from the repository or reinstall policybot.",
            what_zh=f"无法读取目录文件 {path}（{error.strerror}）。",
            hint_zh="请从代码库恢复该文件，或重新安装 policybot。",
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _bad(path, str(error)) from error
    if data.get("format") != FORMAT:
        raise _bad(path, f"format = {data.get('format')!r}, this version reads format {FORMAT}")
    files = data.get("files")
    if not isinstance(files, dict) or not all(isinstance(v, str) and len(v) == 64 for v in files.values()):
        raise _bad(path, "[files] must map each source to its SHA-256")
    documents: dict[str, Document] = {}
    for index, entry in enumerate(data.get("document", []), 1):
        document = _document(path, index, entry, files)
        if document.id in documents:
            raise _bad(path, f"document id {document.id} occurs twice")
        documents[document.id] = document
    if not documents:
        raise _bad(path, "no [[document]] in it")
    return Catalog(documents, dict(files), raw)


def _bad(path: Path, why: str) -> CorpusError:
    return CorpusError(
        f"The catalogue {path.name} is not usable: {why}.",
        "Correct that entry or restore the file from the repository.",
        what_zh=f"目录文件 {path.name} 不可用：{why}。",
        hint_zh="请改正该项，或从代码库恢复该文件。",
    )


def _document(path: Path, index: int, entry: Mapping[str, Any], files: Mapping[str, str]) -> Document:
    name = entry.get("id") or f"number {index}"
    for key in _TEXT_FIELDS:
        if not isinstance(entry.get(key), str):
            raise _bad(path, f"document {name} lacks the text field {key!r}")
    if entry.get("status") not in get_args(Status):
        raise _bad(path, f"document {name}: status must be one of {', '.join(get_args(Status))}")
    if entry.get("style") not in get_args(Style):
        raise _bad(path, f"document {name}: style must be one of {', '.join(get_args(Style))}")
    witnesses = tuple(_witness(path, name, w, files) for w in entry.get("witness", []))
    if not witnesses:
        raise _bad(path, f"document {name} has no [[document.witness]]")
    texts = {key: entry[key] for key in _TEXT_FIELDS}
    return Document(
        **texts,
        aliases=tuple(entry.get("aliases", ())),
        status=entry["status"],
        authority=int(entry.get("authority", 1)),
        witnesses=witnesses,
        style=entry["style"],
    )


def _witness(path: Path, name: str, entry: Mapping[str, Any], files: Mapping[str, str]) -> Witness:
    file = entry.get("file")
    if file not in files:
        raise _bad(path, f"document {name}: witness file {file!r} is not in [files]")
    return Witness(
        str(entry.get("id", "single")),
        str(file),
        tuple(_lines(path, name, r) for r in entry.get("lines", [])),
        str(entry.get("note", "")),
        tuple(_part(path, name, p) for p in entry.get("part", [])),
    )


def _lines(path: Path, name: str, value: Any) -> tuple[int, int]:
    if not (isinstance(value, list) and len(value) == 2 and all(isinstance(v, int) for v in value)):
        raise _bad(path, f"document {name}: lines must be [first, last]")
    first, last = value
    if not 1 <= first <= last:
        raise _bad(path, f"document {name}: lines [{first}, {last}] are out of order")
    return first, last


def _part(path: Path, name: str, entry: Mapping[str, Any]) -> Part:
    if entry.get("kind") not in get_args(PartKind):
        raise _bad(path, f"document {name}: part kind must be one of {', '.join(get_args(PartKind))}")
    first, last = _lines(path, name, entry.get("lines"))
    return Part(
        entry["kind"],
        str(entry.get("number", "")),
        str(entry.get("title_zh", "")),
        str(entry.get("title_en", "")),
        first,
        last,
    )
