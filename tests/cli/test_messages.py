"""The sentences in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from policybot.cli.messages import FOLDER, catalogue, read, say
from policybot.errors import PolicybotError

_CLI = Path(FOLDER).parent
_FILES = [*_CLI.rglob("*.py"), *(_CLI.parent / "serve").rglob("*.py")]
CODE = "\n".join(file.read_text(encoding="utf-8") for file in _FILES)


def test_every_sentence_is_in_both_languages() -> None:
    for key, texts in catalogue().items():
        assert re.search(r"[\u4e00-\u9fff]", texts["zh"]), key


def test_every_sentence_is_used() -> None:
    used = set(re.findall(r'"([a-z][a-z0-9]*(?:-[a-z0-9]+)*)"', CODE))
    computed = tuple(re.findall(r'f"([a-z][a-z0-9-]*-)\{', CODE))
    assert {key for key in catalogue() if not key.startswith(computed)} <= used


def test_every_use_has_a_sentence() -> None:
    assert set(re.findall(r'\bsay\(\s*"([^"]+)"', CODE)) <= set(catalogue())


def test_placeholders_are_filled() -> None:
    assert say("clauses", "en", count=3) == "3 clauses"
    assert say("clauses", "zh", count=3) == "3 条"
    assert say("clauses", "fr", count=3) == "3 clauses"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ('[a]\nen = "x"\n', "needs exactly en and zh"),
        ('[b]\nen = "ok"\nzh = "好"\n\n[a]\nen = "{x}"\nzh = "{y}"\n', "different placeholders"),
        ('[c]\nen = "ok"\nzh = "好"\n[a]\nen = "same"\nzh = "同"\n', "stands in another file too"),
    ],
)
def test_a_wrong_file_is_named_with_its_line(tmp_path: Path, text: str, part: str) -> None:
    first, file = tmp_path / "messages.toml", tmp_path / "messages_more.toml"
    first.write_text('[a]\nen = "same"\nzh = "同"\n', encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PolicybotError, match=part) as caught:
        read([first, file])
    assert f"{file}:{text[: text.index('[a]')].count(chr(10)) + 1}:" in caught.value.what
