"""A session as a Word document with real footnotes.

python-docx has no footnotes, so the part that holds them is made here: `word/footnotes.xml` with the two
separators that Word asks for, its content type and relationship (through python-docx's own packaging), and a
reference in the text for every mark.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from policybot.errors import PolicybotError

if TYPE_CHECKING:
    from policybot.cli.chat.export import Report

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
_FONT_ZH = "SimSun"  # asked for by name: Word and LibreOffice put their own Chinese font in its place


def docx(report: Report, language: str) -> bytes:
    """The report as the bytes of a .docx file.

    Raises:
        PolicybotError: python-docx is not installed.
    """
    try:
        import docx as library
    except ImportError as error:
        raise PolicybotError(
            "Word files need python-docx, which is not installed.",
            'Install it: pip install "policybot[docx]", or export to a .md file.',
            what_zh="导出 Word 文件需要 python-docx，但尚未安装。",
            hint_zh='请安装：pip install "policybot[docx]"，或导出为 .md 文件。',
        ) from error
    document = library.Document()
    document.core_properties.title = report.title
    document.core_properties.author = "policybot"
    document.core_properties.language = "zh-CN" if language == "zh" else "en-GB"
    _chinese_font(document)
    document.add_heading(report.title, 0)
    document.add_paragraph(_readable(report.subtitle))
    notes = _Notes(document, report.notes)
    for entry in report.entries:
        document.add_heading(_readable(entry.question), 2)
        for pieces in entry.paragraphs:
            paragraph = document.add_paragraph()
            for piece in pieces:
                if piece.note:
                    notes.refer(paragraph, piece.note)
                else:
                    paragraph.add_run(_readable(piece.text))
        for warning in entry.warnings:
            document.add_paragraph().add_run(_readable(f"! {warning}")).italic = True
    notes.attach()
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


class _Notes:
    """The footnotes of a document. Word wants every reference to have a note of its own.

    A source that is cited again gets another note that only points back ("see note 2"), as in print.
    """

    def __init__(self, document: Any, notes: tuple[tuple[str, str], ...]) -> None:
        from docx.oxml import parse_xml

        self.document, self.notes = document, notes
        self.first: dict[int, int] = {}
        self.root = parse_xml(
            f'<w:footnotes xmlns:w="{_W}">'
            '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
            '<w:footnote w:type="continuationSeparator" w:id="0">'
            "<w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote></w:footnotes>"
        )
        self.count = 0

    def refer(self, paragraph: Any, note: int) -> None:
        """Put the mark of a note at the end of a paragraph."""
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        self.count += 1
        source, quote = self.notes[note - 1]
        known = self.first.get(note)
        text = f"→ {known}" if known is not None else f"{source} “{quote}”"
        self.first.setdefault(note, self.count)
        mark = OxmlElement("w:footnoteReference")
        mark.set(qn("w:id"), str(self.count))
        paragraph.add_run()._r.extend([_superscript(), mark])
        footnote = OxmlElement("w:footnote")
        footnote.set(qn("w:id"), str(self.count))
        body, number, words = OxmlElement("w:p"), OxmlElement("w:r"), OxmlElement("w:r")
        number.extend([_superscript(), OxmlElement("w:footnoteRef")])
        size = OxmlElement("w:rPr")
        points = OxmlElement("w:sz")
        points.set(qn("w:val"), "18")
        size.append(points)
        content = OxmlElement("w:t")
        content.text = _readable(f" {text}")
        content.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        words.extend([size, content])
        body.extend([number, words])
        footnote.append(body)
        self.root.append(footnote)

    def attach(self) -> None:
        """Put the notes into the package."""
        if not self.count:
            return
        from docx.opc.packuri import PackURI
        from docx.opc.part import XmlPart
        from docx.oxml import parse_xml
        from docx.oxml.ns import qn

        package = self.document.part.package
        part = XmlPart(PackURI("/word/footnotes.xml"), _TYPE, self.root, package)
        self.document.part.relate_to(part, _RELATION)
        settings = self.document.settings.element
        separators = parse_xml(
            f'<w:footnotePr xmlns:w="{_W}"><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>'
        )
        before = settings.find(qn("w:compat"))  # the schema wants them in this order
        settings.insert(len(settings) if before is None else settings.index(before), separators)


def _superscript() -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties, raised = OxmlElement("w:rPr"), OxmlElement("w:vertAlign")
    raised.set(qn("w:val"), "superscript")
    properties.append(raised)
    return properties


def _chinese_font(document: Any) -> None:
    from docx.oxml.ns import qn

    for name in ("Normal", "Title", "Heading 2"):
        fonts = document.styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        fonts.attrib.pop(qn("w:eastAsiaTheme"), None)
        fonts.set(qn("w:eastAsia"), _FONT_ZH)


def _readable(text: str) -> str:
    """Text without the control characters that XML cannot hold."""
    return "".join(c if c in "\t\n" or c >= " " else "\ufffd" for c in text)
