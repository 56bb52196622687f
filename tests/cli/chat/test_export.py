"""Conversations as Markdown and Word: every mark has its note, and every note its source and quote."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import docx
import pytest

from policybot.answer.model import Answer, Citation
from policybot.cli.chat.export import export, markdown, report
from policybot.cli.chat.export_docx import docx as to_docx
from policybot.cli.chat.store import Turn
from policybot.errors import PolicybotError

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FIRST = Citation(1, "d", "某方案", "三（四）3", "结构", "力争达到 50%。", "a_b.txt", 3, 3, "d/三", "III(4)3")
SECOND = Citation(2, "d", "某方案", "二", "", "25%左右", "a_b.txt", 9, 10, "d/二", "II")


def turns() -> list[Turn]:
    one = Answer(None, "一", "zh", "answered", "达到50%[1]。\n另有25%[2][1]。", [FIRST, SECOND])
    two = Answer(None, "2", "en", "answered", "50% *strive* [1].", [FIRST], warnings=["beware"])
    three = Answer(None, "3", "zh", "not_found", "没有[7]说明。")
    return [Turn("一？", one, ""), Turn("two?", two, ""), Turn("三", three, "")]


def test_markdown_has_a_note_for_every_mark() -> None:
    text = markdown(report(turns(), "x", "en"), "en")
    notes = dict(re.findall(r"^\[\^(\d+)\]: (.+)$", text, re.MULTILINE))
    body = re.sub(r"^\[\^\d+\]: .+$", "", text, flags=re.MULTILINE)
    assert set(re.findall(r"\[\^(\d+)\]", body)) == set(notes)
    assert "a\\_b.txt:9-10 “25%左右”" in notes["2"]
    assert "## 一？" in text and r"\*strive\*" in text and r"没有\[7\]说明" in text and "> beware" in text


def test_word_has_real_footnotes(tmp_path: Path) -> None:
    data = to_docx(report(turns(), "x", "zh"), "zh")
    document = docx.Document(io.BytesIO(data))  # opens again
    assert any(p.text == "一？" for p in document.paragraphs)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        body = ElementTree.fromstring(package.read("word/document.xml"))
        notes = ElementTree.fromstring(package.read("word/footnotes.xml"))
        assert "footnotes+xml" in package.read("[Content_Types].xml").decode()
        assert "footnotes.xml" in package.read("word/_rels/document.xml.rels").decode()
        settings = ElementTree.fromstring(package.read("word/settings.xml"))
    marks = [m.get(f"{W}id") for m in body.iter(f"{W}footnoteReference")]
    texts = {n.get(f"{W}id"): "".join(t.text or "" for t in n.iter(f"{W}t")) for n in notes}
    assert marks == ["1", "2", "3", "4"]
    assert {"-1", "0", *marks} == set(texts)
    assert "三（四）3" in texts["1"] and "力争达到 50%。" in texts["1"]
    assert texts["3"].strip() == "→ 1"  # the same source again
    assert [n.get(f"{W}id") for n in settings.iter(f"{W}footnote")] == ["-1", "0"]


def test_a_document_without_citations_is_fine(tmp_path: Path) -> None:
    file = tmp_path / "x.docx"
    export(turns()[2:], "x", file, "en")
    with zipfile.ZipFile(file) as package:
        assert "word/footnotes.xml" not in package.namelist()


@pytest.mark.parametrize(
    ("name", "part"),
    [("x.pdf", ".docx"), ("none/x.md", "cannot be written"), ("there.md", "is there already")],
)
def test_what_cannot_be_written_is_refused(tmp_path: Path, name: str, part: str) -> None:
    (tmp_path / "there.md").write_text("mine", encoding="utf-8")
    with pytest.raises(PolicybotError) as caught:
        export(turns(), "x", tmp_path / name, "en")
    assert part in caught.value.sentence("en")
    assert caught.value.sentence("zh") != caught.value.sentence("en")
    assert (tmp_path / "there.md").read_text(encoding="utf-8") == "mine"
    assert sorted(f.name for f in tmp_path.iterdir()) == ["there.md"]


def test_nothing_to_export(tmp_path: Path) -> None:
    with pytest.raises(PolicybotError, match="no answer"):
        export([], "x", tmp_path / "x.md", "en")
