"""A corpus of a few made-up documents that the search has never seen, and a searcher over it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from policybot.home import Home
from policybot.index.open import ensure_index
from policybot.retrieve.search import Searcher

ENTRY = """[[document]]
id = "{id}"
title_zh = "{title}"
title_en = "{id}"
short_zh = "《{title}》"
short_en = "the {id}"
aliases = []
issuer_zh = ""
issuer_en = ""
number = ""
date = "2021"
status = "{status}"
authority = {authority}
style = "policy"
origin = "made for tests"
licence = "Apache-2.0"
[[document.witness]]
id = "{id}"
file = "corpus/sources/{id}.txt"
lines = [[1, {lines}]]
note = ""
"""


def write_documents(root: Path, documents: Mapping[str, tuple[str, str, int, Sequence[str]]]) -> None:
    """A corpus folder: id → (title, status, authority, items); items become 1., 2., … of 一（一）."""
    (root / "sources").mkdir(parents=True, exist_ok=True)
    files, entries = ["format = 1", "[files]"], []
    for identity, (title, status, authority, items) in documents.items():
        lines = ["一、主要任务", "", "（一）有关措施。", "", "措施如下。", ""]
        for number, item in enumerate(items, 1):
            lines += [f"{number}. {item}", ""]
        text = "\n".join(lines)
        (root / "sources" / f"{identity}.txt").write_text(text, "utf-8")
        files.append(f'"corpus/sources/{identity}.txt" = "{hashlib.sha256(text.encode()).hexdigest()}"')
        entries.append(
            ENTRY.format(id=identity, title=title, status=status, authority=authority, lines=len(lines))
        )
    (root / "catalog.toml").write_text("\n".join([*files, *entries]), "utf-8")


def searcher_of(folder: Path, documents: Mapping[str, tuple[str, str, int, Sequence[str]]]) -> Searcher:
    """A searcher over made-up documents, with a home in `folder`."""
    write_documents(folder / "texts", documents)
    (folder / "policybot.toml").write_text('[corpus]\npath = "texts"\n', "utf-8")
    return Searcher(ensure_index(Home(folder)))
