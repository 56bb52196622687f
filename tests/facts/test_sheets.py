"""Users' tables: other encodings and spellings are read and noted, the doubtful is named."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybot.errors import PolicybotError
from policybot.facts.sheets import Record, Sheet, problem_error, read_sheet

TEXT = '城市,占比(%),产量\n深圳,12.5,"10,965,708"\n\n北京,３０％,7\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_give_the_same_records(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(TEXT.encode(encoding))
    sheet = read_sheet(path)
    assert sheet.columns == ["城市", "占比(%)", "产量"]
    assert [r.row for r in sheet.records] == [2, 4]
    assert [sheet.number(r, "占比(%)", percent=True) for r in sheet.records] == [12.5, 30.0]
    assert sheet.number(sheet.records[0], "产量") == 10_965_708
    assert len(sheet.notes) >= 2 and not sheet.problems


def test_xlsx_formulas_are_named_and_not_guessed(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    for cells in (["城市", "得分"], ["深圳", "=1+1"], [None, None], ["北京", 5]):
        page.append(cells)
    book.save(tmp_path / "x.xlsx")
    sheet = read_sheet(tmp_path / "x.xlsx")
    assert [r.row for r in sheet.records] == [2, 4]
    assert [sheet.number(r, "得分") for r in sheet.records] == [None, 5.0]
    assert [(p.row, p.column) for p in sheet.problems] == [(2, "得分")]
    assert "row 2, column 得分" in problem_error(sheet, sheet.problems).what


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1,5", "comma"),
        ("约5", "not a number"),
        ("12%", "percent sign"),
        ("=A1", "formula"),
        ("1.2.3", "not a"),
    ],
)
def test_doubtful_numbers_are_problems(text: str, why: str) -> None:
    sheet = Sheet(Path("x.csv"), ["v"], [Record(2, {"v": text})])
    assert sheet.number(sheet.records[0], "v") is None
    assert why in sheet.problems[0].why


@pytest.mark.parametrize("mark", ["", "-", "—", "N/A", "无"])
def test_missing_marks_are_missing_values(mark: str) -> None:
    sheet = Sheet(Path("x.csv"), ["v"], [Record(2, {"v": mark})])
    assert sheet.number(sheet.records[0], "v") is None and not sheet.problems


def test_missing_and_repeated_columns_and_records_are_named(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("城市,值\n深圳,1\n深圳,2\n", "utf-8")
    sheet = read_sheet(path)
    assert sheet.require([["city", "城市"]]) == ["城市"]
    with pytest.raises(PolicybotError, match="lacks the column weight"):
        sheet.require([["weight", "权重"]])
    assert [(p.row, p.column) for p in sheet.repeated("城市")] == [(3, "城市")]
    path.write_text("a,a\n1,2\n", "utf-8")
    with pytest.raises(PolicybotError, match="occurs twice"):
        read_sheet(path)


@pytest.mark.parametrize("raw", [b"", b"\x00\x01\x02", b"PK\x03\x04broken", b'a,b\n"1,2\n'])
def test_unusable_files_are_one_sentence(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(raw)
    with pytest.raises(PolicybotError) as caught:
        read_sheet(path)
    assert "cannot be read" in caught.value.what and "\n" not in caught.value.sentence("zh")


@given(st.floats(-1e9, 1e9).map(lambda v: round(v, 3)))
def test_plain_numbers_round_trip(value: float) -> None:
    for text in (
        repr(value),
        f"{value:,.3f}",
        repr(value).translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    ):
        sheet = Sheet(Path("x.csv"), ["v"], [Record(2, {"v": text})])
        assert sheet.number(sheet.records[0], "v") == pytest.approx(value)
