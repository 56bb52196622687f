"""`policybot score`: the reference figures, the refusals, and bad input by row and column."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from policybot.errors import ExitCode
from tests.cli.conftest import call as call_apart
from tests.cli.here import call_here as call

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = ["乌鲁木齐", "贵阳", "兰州", "西宁", "石家庄"]


def data(*arguments: str) -> Any:
    done = call("score", *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def refused(*arguments: str) -> str:
    done = call("score", *arguments)
    assert done.returncode == ExitCode.USAGE, done.stdout
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    return done.stderr


def table(folder: Path, text: str, name: str = "values.csv", encoding: str = "utf-8") -> str:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return str(path)


def test_the_reference_ranking_of_domain_2() -> None:
    found = data("rank", "--domain", "2")
    assert found["kind"] == "computed"
    assert found["coverage"] == {"covered": 3, "domain": 3, "index": 20, "absent": []}
    complete = [u for u in found["units"] if u["complete"]]
    assert len(complete) == 33
    assert [(u["unit"], round(u["score"][0], 2), u["rank"]) for u in complete[:8]] == [
        ("兰州", 67.68, [1, 1]),
        ("乌鲁木齐", 60.20, [2, 2]),
        ("天津", 59.82, [3, 3]),
        ("银川", 54.49, [4, 4]),
        ("贵阳", 51.47, [5, 5]),
        ("西宁", 50.82, [6, 6]),
        ("上海", 50.68, [7, 7]),
        ("石家庄", 49.65, [8, 8]),
    ]
    open_ended = {u["unit"]: (u["score"], u["rank"]) for u in found["units"] if not u["complete"]}
    assert {c: ([round(v, 2) for v in s], r) for c, (s, r) in open_ended.items()} == {
        "大连": ([4.00, 37.33], [23, 34]),
        "济南": ([15.88, 49.21], [9, 34]),
    }


def test_every_input_stands_at_its_line() -> None:
    for unit in data("rank")["units"]:
        for given in unit["inputs"]:
            line = (ROOT / given["source"]).read_text(encoding="utf-8").split("\n")[given["line"] - 1]
            assert given["text"].strip("%") in line


def test_the_same_command_gives_the_same_bytes() -> None:
    for arguments in (["rank", "--json"], ["robustness", "--json"]):
        assert call_apart("score", *arguments).stdout == call_apart("score", *arguments).stdout


def test_the_ranking_for_people_says_that_it_is_computed_and_what_is_published() -> None:
    text = call("score", "rank").stdout
    assert "COMPUTED, not the published ranking" in text
    assert "3 of 3 indicators of the domain, 3 of 20 of the index" in text
    assert "their order is not claimed" in text
    assert "图表22, which exists only as an image" in text
    assert "█" in text and "░" in text
    assert "fingerprint " in text
    chinese = call("score", "rank", "--lang", "zh").stdout
    assert "计算结果，非公布排名" in chinese and "兰州" in chinese


def test_the_fingerprint_follows_the_configuration() -> None:
    plain, other = data("rank"), data("rank", "--goalposts", "complete")
    assert plain["fingerprint"] != other["fingerprint"]
    assert [u["unit"] for u in plain["units"][:7]] != [u["unit"] for u in other["units"][:7]]


def test_an_explanation_adds_up() -> None:
    found = data("explain", "石家庄")
    parts = found["parts"]
    assert found["adds_up"]
    assert [round(p["contribution"], 2) for p in parts] == [15.74, 21.68, 12.24]
    assert [round(p["deviation"], 2) for p in parts] == [2.19, 3.88, 0.85]
    assert sum(p["contribution"] for p in parts) == pytest.approx(found["score"][0], abs=1e-8)
    gap = found["score"][0] - found["mean"]
    assert sum(p["deviation"] for p in parts) == pytest.approx(gap, abs=1e-8)
    assert all(p["input"]["line"] and p["direction_source"] for p in parts)
    text = call("score", "explain", "Shijiazhuang").stdout
    assert "15.74 + 21.68 + 12.24 = 49.65" in text
    assert ".txt:687" in text


def test_an_incomplete_city_is_explained_as_an_interval() -> None:
    found = data("explain", "dalian")
    assert [round(v, 2) for v in found["score"]] == [4.0, 37.33]
    assert found["adds_up"] is None
    assert "4.00–37.33" in call("score", "explain", "大连", "--lang", "en").stdout


def test_what_if_inverts_the_score() -> None:
    found = data("what-if", "石家庄", "--top", "5")
    needed = {c["indicator"]: c["needed"] for c in found["changes"]}
    assert round(needed["2.2"], 3) == 8.781
    assert (round(needed["2.1"], 2), round(needed["2.3"], 2)) == (2.85, 1.18)
    assert found["holder"] == "贵阳"
    assert "must exceed 8.781%" not in refused("what-if", "大连")
    assert "unreachable" in call("score", "what-if", "Kunming", "--top", "1").stdout


def test_robustness_and_the_certificate() -> None:
    found = data("robustness", "--top", "5")
    spans = {u["unit"]: (u["best"], u["worst"]) for u in found["units"]}
    assert (spans["兰州"], spans["石家庄"], spans["郑州"]) == ((1, 23), (5, 11), (1, 33))
    assert (found["fixed_pairs"], found["pairs"]) == (92, 528)
    assert found["published_leaders"]["places"] == PUBLISHED
    assert not found["published_leaders"]["order_claimed"]
    (proof,) = [c for c in found["certificates"] if not c["possible"]]
    assert proof["unit"] == "石家庄"
    assert all(m >= v for m, v in zip(proof["mixed"], proof["values"], strict=True))
    text = call("score", "robustness").stdout
    assert "No weighting yields the published leaders" in text
    assert "Zhengzhou" in text and "(2.22, 7.34, −0.57)" in text


def test_several_normalisations_widen_the_intervals() -> None:
    one = data("robustness", "--weightings", "500")
    two = data("robustness", "--weightings", "500", "--normalisation", "min-max", "--normalisation", "rank")
    assert two["normalisations"] == ["min-max", "rank"]
    wide = {u["unit"]: u["worst"] - u["best"] for u in two["units"]}
    assert all(wide[u["unit"]] >= u["worst"] - u["best"] for u in one["units"])


def test_the_list_has_20_indicators_with_the_origin_of_each_direction() -> None:
    (system,) = data("list")
    indicators = [i for d in system["domains"] for i in d["indicators"]]
    assert len(indicators) == 20
    assert sum(i["data"] is not None for i in indicators) == 5
    assert all(i["direction_source"] for i in indicators)
    assert "图表19, an image only" in call("score", "list").stdout


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["rank", "--weights", "2.1=0.5,2.2=0.3"], ["sum to 0.8"]),
        (["rank", "--weights", "2.1=-1,2.2=2"], ["negative"]),
        (["rank", "--weights", "9.9=1"], ["unknown indicator '9.9'", "2.1, 2.2, 2.3"]),
        (["rank", "--weights", "2.1"], ["ID=WEIGHT"]),
        (["rank", "--domain", "7"], ["no domain '7'", "2 Dual-carbon development progress"]),
        (["rank", "--domain", "4"], ["no values", "图表26", "image"]),
        (["rank", "--system", "nothing"], ["nothing", "dual-carbon-index-2022"]),
        (["explain", "Shijazhuang"], ["Shijazhuang"]),
        (["what-if", "石家庄", "--top", "40", "--lang", "en"], ["from 1 to 32"]),
        (["robustness", "--top", "40"], ["from 1 to 33"]),
        (["robustness", "--normalisation", "best"], ["best", "min-max"]),
        (["rank", "--data", "missing.csv"], ["missing.csv"]),
    ],
)
def test_wrong_arguments_are_one_sentence(arguments: list[str], parts: list[str]) -> None:
    said = refused(*arguments)
    assert all(part in said for part in parts), said


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("city,2.1,2.2,2.3\nA,1,2,3\nB,=A1,2,3\n", ["row 3", "column 2.1", "formula"]),
        ("city,2.1,2.2,2.3\nA,1,2,3\nA,1,2,3\n", ["row 3", "column city", "row 2 already"]),
        ("city,2.1,2.2,2.3\n石家庄市,1,2,3\nShijiazhuang,1,2,3\n", ["row 3", "row 2 again"]),
        ("city,2.1,2.2,2.3\n,1,2,3\n", ["row 2", "name is missing"]),
        ("city,2.1,2.2,2.3\nA,1,two,3\n", ["row 2", "column 2.2", "'two' is not a number"]),
        ('city,2.1,2.2,2.3\nA,"1,5",2,3\n', ["row 2", "column 2.1", "comma"]),
        ("city,x,y\nA,1,2\n", ["lacks the column", "city, x, y"]),
        ("city,2.1\n", ["no data below the header"]),
        ("", ["empty"]),
    ],
)
def test_wrong_tables_are_named_by_row_and_column(tmp_path: Path, text: str, parts: list[str]) -> None:
    said = refused("rank", "--domain", "2", "--data", table(tmp_path, text), "--lang", "en")
    assert "values.csv" in said
    assert all(part in said for part in parts), said


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_unambiguous_tables_are_read_and_noted(tmp_path: Path, encoding: str) -> None:
    text = "城市,2.1,2.2,2.3\n\n甲,１.5%,2,-3\n乙,2,4,1\n丙,3,-,2\n"
    found = data("rank", "--domain", "2", "--data", table(tmp_path, text, encoding=encoding))
    by_name = {u["unit"]: u for u in found["units"]}
    assert by_name["甲"]["inputs"][0] == {
        "indicator": "2.1",
        "value": 1.5,
        "text": None,
        "source": "values.csv",
        "line": 3,
    }
    assert by_name["丙"]["score"][0] < by_name["丙"]["score"][1]
    assert any(note["column"] == "2.1" for note in found["read"])
    assert any("GB18030" in note["note"] for note in found["read"]) == (encoding == "gb18030")


def test_a_workbook_is_read_and_its_formulas_refused(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["城市", 2.1, 2.2, 2.3], [None] * 4, ["甲", 1, 2, 3], ["乙", 2, 3, "=B3"]):
        sheet.append(row)
    path = tmp_path / "values.xlsx"
    book.save(path)
    said = refused("rank", "--domain", "2", "--data", str(path), "--lang", "en")
    assert "values.xlsx" in said and "row 4, column 2.3: a formula (=B3)" in said
    sheet["D4"] = 4
    book.save(path)
    found = data("rank", "--domain", "2", "--data", str(path))
    assert {u["unit"]: u["inputs"][2]["line"] for u in found["units"]} == {"甲": 3, "乙": 4}


def test_a_template_is_written_once_and_can_be_scored(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    assert call("score", "new", str(file)).returncode == 0
    before = file.read_bytes()
    assert "exists already" in refused("new", str(file))
    assert file.read_bytes() == before
    assert "does not end in .toml" in refused("new", str(tmp_path / "mine.txt"))
    assert "cannot be written" in refused("new", str(tmp_path / "none" / "mine.toml"))
    values = table(tmp_path, "name,1.1,1.2,2.1\nA,30,0.5,20\nB,20,0.4,35\n")
    found = data("rank", "--system", str(file), "--data", values)
    assert found["configuration"]["weights"] == {"1.1": 0.3, "1.2": 0.3, "2.1": 0.4}
    best = found["units"][0]
    assert (best["unit"], round(best["score"][0], 6)) == ("A", round(0.3 * 30 + 0.4 * 100, 6))


def test_self_assessment_says_no_level() -> None:
    found = data("assess", "A=13", "B=9", "C=28", "D=18", "E=10")
    assert (found["total"], found["level"]) == (78, None)
    areas = {a["area"]: a for a in found["areas"]}
    assert (areas["B"]["gap"], areas["C"]["mean_rate"], areas["C"]["mean_rate_source"]) == (
        -8.4,
        79.6,
        "derived",
    )
    text = call("score", "assess", "Ａ＝13,B=9,C=28,D=18,E=10", "--lang", "en").stdout
    assert "79.6%*" in text and "No level is awarded" in text


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["A=16", "B=9", "C=28", "D=18", "E=10"], "A = 16"),
        (["A=13"], "B1, B2, B3 missing"),
        (["A=13", "A=12"], "given twice"),
        (["A13"], "AREA=POINTS"),
        ([], "--data"),
    ],
)
def test_wrong_points_are_refused(arguments: list[str], part: str) -> None:
    assert part in refused("assess", *arguments)


def test_points_from_a_file(tmp_path: Path) -> None:
    good = table(tmp_path, "编号,得分\nA,13\nB,9\nC,28\nD,18\nE,10\n", encoding="gb18030")
    assert data("assess", "--data", good)["total"] == 78
    bad = table(tmp_path, "编号,得分\nA,16\nZ,1\nC,x\nB,\n", name="bad.csv")
    said = refused("assess", "--data", bad, "--lang", "en")
    for part in ("bad.csv", "row 2, column 得分: 16 is not from 0 to 15", "row 3", "'Z'", "row 4", "row 5"):
        assert part in said


def test_pilot_progress(tmp_path: Path) -> None:
    values = table(
        tmp_path, "指标,单位,2022年,2025年,2030年\n非化石能源消费占比,%,20%,23,28\n2,吨/万元,1.2,1.1,0.5\n"
    )
    found = data("pilot", "city", "--data", values)
    assert len(found["indicators"]) == 26
    given = {i["number"]: i for i in found["indicators"] if i["values"]}
    assert (given[7]["track"], given[7]["yearly"]) == ("on track", 1.0)
    assert (given[2]["track"], given[2]["yearly_unit"]) == ("behind", "% a year")
    assert given[7]["input"] == {"source": "values.csv", "line": 2}
    assert len(data("pilot", "park")["indicators"]) == 14
    text = call("score", "pilot", "city", "--data", values).stdout
    assert "+1.00 percentage points a year to 2030" in text and "The scheme's own rule" in text


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("指标,2022\n没有的指标,1\n", ["row 2", "no indicator"]),
        ("指标,单位,2022\n2,吨,1\n", ["row 2", "column 单位", "吨/万元"]),
        ("指标,2022\n7,120\n", ["row 2", "not from 0 to 100"]),
        ("指标,2022\n7,-2\n", ["row 2", "not from 0 to 100"]),
        ("指标,2022\n7,1\n7,2\n", ["row 3", "row 2 already"]),
        ("指标,2021\n7,1\n", ["lacks the column 2022"]),
    ],
)
def test_wrong_pilot_tables_are_named_by_row(tmp_path: Path, text: str, parts: list[str]) -> None:
    said = refused("pilot", "city", "--data", table(tmp_path, text), "--lang", "en")
    assert all(part in said for part in parts), said
