"""A corpus as bytes and back: UTF-8 JSON, fields by position, fast to read and safe to open.

Layout: ``{"format": …, "fields": {class: [names]}, "files": [...], "corpus": [...]}``. Every
dataclass is the list of its fields in order, a nested one a list in its place; an anchored text is
``[file number, text, [at, source, length, at, …]]``. How a field is read back follows from its type
in `policybot.corpus.model`; `fields` names what was written, so that data of another version of the
model is refused rather than read into the wrong places.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any, Union, get_args, get_origin, get_type_hints

from policybot.collecting import collection_paused
from policybot.corpus.model import AnchoredText, Corpus, Segment
from policybot.errors import IndexingError

FORMAT = 1

_Read = Callable[[Any], Any]


def dumps(corpus: Corpus) -> bytes:
    """`corpus` as bytes; equal corpora give equal bytes."""
    files: dict[str, int] = {}
    written: dict[str, list[str]] = {}
    body = _plain(corpus, files, written)
    data = {"format": FORMAT, "fields": written, "files": list(files), "corpus": body}
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def loads(data: bytes) -> Corpus:
    """The corpus that `dumps` wrote.

    Raises:
        IndexingError: the bytes are damaged or come from another version of the model.
    """
    with collection_paused():
        try:
            body = json.loads(data)
            reader = _Reader(body["files"])
            read = reader.of(Corpus)
            known = {name: reader.fields.get(name) for name in body["fields"]}
            if body["format"] != FORMAT or known != body["fields"] or read is None:
                raise _unreadable(
                    "it was written by another version of policybot", "由其他版本的 policybot 写入"
                )
            corpus = read(body["corpus"])
        except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            raise _unreadable("it is damaged", "文件已损坏") from error
    if not isinstance(corpus, Corpus):
        raise _unreadable("it is damaged", "文件已损坏")
    return corpus


class _Reader:
    """Functions that turn lists back into the types of the model; None for types JSON has."""

    def __init__(self, files: list[str]) -> None:
        self.files = files
        self.fields: dict[str, list[str]] = {}
        self._known: dict[Any, _Read | None] = {}

    def of(self, kind: Any) -> _Read | None:
        if kind not in self._known:
            self._known[kind] = self._make(kind)
        return self._known[kind]

    def _make(self, kind: Any) -> _Read | None:
        origin, arguments = get_origin(kind), get_args(kind)
        if origin is tuple:
            # all members are of one type here, or plain ("tuple[int, int]")
            return _tuple_of(self.of(arguments[0]) if len(set(arguments) - {Ellipsis}) == 1 else None)
        if origin is dict:
            return _dict_of(self.of(arguments[1]))
        if origin in (types.UnionType, Union):
            return _optional(next((r for r in map(self.of, arguments) if r), None))
        if kind is AnchoredText:
            self.fields["AnchoredText"] = _names(AnchoredText)
            return self._anchored
        return self._dataclass(kind) if is_dataclass(kind) else None

    def _dataclass(self, kind: Any) -> _Read:
        names = self.fields[kind.__name__] = _names(kind)
        hints = get_type_hints(kind)
        places = [(place, read) for place, n in enumerate(names) if (read := self.of(hints[n]))]

        def read_one(value: list[Any]) -> Any:
            for place, read in places:
                value[place] = read(value[place])
            return kind(*value)

        return read_one

    def _anchored(self, value: list[Any]) -> AnchoredText:
        flat = iter(value[2])
        segments = tuple(map(Segment._make, zip(flat, flat, flat, strict=True)))
        return AnchoredText(self.files[value[0]], value[1], segments)


def _tuple_of(read: _Read | None) -> _Read:
    return (lambda v: tuple(map(read, v))) if read else tuple


def _dict_of(read: _Read | None) -> _Read | None:
    return (lambda v: {key: read(x) for key, x in v.items()}) if read else None


def _optional(read: _Read | None) -> _Read | None:
    return (lambda v: None if v is None else read(v)) if read else None


def _names(kind: Any) -> list[str]:
    return [field.name for field in fields(kind) if field.init]


def _plain(value: Any, files: dict[str, int], written: dict[str, list[str]]) -> Any:
    """Dataclasses and tuples as lists, all the way down; notes the classes' fields in `written`."""
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, AnchoredText):
        written.setdefault("AnchoredText", _names(AnchoredText))
        number = files.setdefault(value.file, len(files))
        return [number, value.text, [n for segment in value.segments for n in segment]]
    if isinstance(value, (tuple, list)):
        return [_plain(v, files, written) for v in value]
    if isinstance(value, dict):
        return {key: _plain(v, files, written) for key, v in value.items()}
    names = written.get(type(value).__name__)
    if names is None:
        names = written[type(value).__name__] = _names(type(value))
    return [_plain(getattr(value, name), files, written) for name in names]


def _unreadable(why: str, why_zh: str) -> IndexingError:
    return IndexingError(
        f"The stored corpus cannot be read: {why}.",
        "Run `policybot index build`.",
        what_zh=f"无法读取已存储的语料：{why_zh}。",
        hint_zh="请运行 `policybot index build`。",
    )
