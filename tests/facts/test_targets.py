"""The ledger against an inventory made by hand: none missed, values, years and qualifiers right."""

from __future__ import annotations

import csv
from decimal import Decimal
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from policybot.corpus import load_corpus
from policybot.corpus.model import Corpus
from policybot.facts.quantities import find_quantities
from policybot.facts.targets import Target, english_indicator, find_targets
from policybot.text import fold, squash

CORPUS = load_corpus()
LEDGER = find_targets(CORPUS)
WITH_NUMBER = ("%", "亿立方米", "亿千瓦", "万千瓦", "万吨标准煤", "亿吨", "%/年", "个")


def inventory() -> list[dict[str, str]]:
    path = Path(__file__).parent / "data" / "targets.csv"
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def same(text: str) -> str:
    return fold(squash(text)).replace("“", "").replace("”", "")


def match(row: dict[str, str]) -> Target | None:
    """The ledger's target whose wording is nearest to the row's quote, years and value agreeing.

    The inventory was made from one copy, the ledger shows the collated reading, so that wording may
    differ by a few characters.
    """
    wanted = same(row["quote"])
    years = {int(y[:2] + y[-2:]) if len(y) == 2 else int(y) for y in _years(row["year"])}
    best, nearest = 0.6, None
    for target in LEDGER:
        if target.document != row["document"] or (years and target.year not in years):
            continue
        if row["unit"] in WITH_NUMBER and row["value"][-1].isdigit() and not _value_is(target, row):
            continue
        quote = same(target.quote.text)
        near = SequenceMatcher(None, quote, wanted, autojunk=False).ratio()
        if quote in wanted or wanted in quote:
            near += 1
        if near > best:
            best, nearest = near, target
    return nearest


def _years(text: str) -> list[str]:
    found = []
    for part in text.replace(";", " ").split():
        first, _, last = part.partition("-")
        found.append(last if len(last) == 4 else (first[:2] + last if last else first))
    return [y for y in found if y]


def _value_is(target: Target, row: dict[str, str]) -> bool:
    if target.value is None:
        return False
    scale = {"亿": Decimal(10**8), "万": Decimal(10**4)}.get(row["unit"][:1], Decimal(1))
    return abs(Decimal(row["value"])) * scale == target.value


@pytest.mark.parametrize(
    "row", inventory(), ids=lambda r: f"{r['document'][:7]}-{r['indicator']}-{r['year']}"
)
def test_every_inventoried_target_is_found(row: dict[str, str]) -> None:
    target = match(row)
    assert target is not None, f"missed: {row['quote']}"
    if row["qualifier"] and row["qualifier"] != "大幅下降":
        for word in row["qualifier"].replace("(基本)", "").split():
            assert word in target.qualifier or word in target.text, (word, target.qualifier)
    if row["base_year"]:
        assert target.base_year == int(row["base_year"])
    if row["value"].startswith("-"):
        assert target.direction == "down"


def test_nothing_else_is_claimed_to_be_a_target() -> None:
    expected = {id(match(row)) for row in inventory()}
    acts = [t for t in LEDGER if t.document in ("opinions-2021", "action-plan-2030")]
    assert [t.quote.text for t in acts if id(t) not in expected] == []


def test_older_pledges_are_history() -> None:
    history = [t for t in LEDGER if t.status == "history"]
    assert [(t.year, t.value, t.upper) for t in history] == [
        (2020, Decimal(40), Decimal(45)),
        (2030, Decimal(60), Decimal(65)),
    ]


def test_quotes_are_verbatim_and_carry_their_number() -> None:
    for target in LEDGER:
        source = CORPUS.sources[target.quote.file].text
        assert "".join(source[a:b] for a, b in target.quote.spans()) == target.quote.text
        assert CORPUS.clauses[target.clause].text.text[target.start : target.end] == target.quote.text
        if target.value is not None:
            assert any(q.amount == target.value for q in find_quantities(target.quote.text))


def test_elliptical_indicators_are_completed() -> None:
    by_year = {(t.indicator, t.year) for t in LEDGER if t.clause == "action-plan-2030/三/（六）/2"}
    assert by_year == {("大宗固废年利用量", 2025), ("大宗固废年利用量", 2030)}


def test_strength_of_obligation() -> None:
    strength = {t.indicator: t.obligation for t in LEDGER if t.document == "action-plan-2030"}
    assert strength["新建公共机构建筑、新建厂房屋顶光伏覆盖率"] == "strive"
    assert strength["新建通道可再生能源电量比例"] == "in principle"
    assert strength["国内原油一次加工能力"] == "limit"


def test_every_target_of_the_acts_has_an_english_name() -> None:
    assert [t.indicator for t in LEDGER if t.status == "in force" and not t.indicator_en] == []
    assert english_indicator("某某从未有过的指标") == ""


MADE_UP = """一、目标

到2028年，污水处理率达到96%以上，再生水利用率力争提高到30%左右；到2035年，污水处理率达到99%。

二、任务

（一）管网。2027年底前，老旧管网改造全部实现。年用水量超过10万立方米的企业应当安装在线监测设备。每个季度召开3次会议。
"""


def test_it_works_on_a_document_it_has_not_seen(tmp_path: Path) -> None:
    corpus = _corpus_of(MADE_UP)
    found = [(t.kind, t.indicator, t.year, t.value, t.qualifier) for t in find_targets(corpus)]
    assert found == [
        ("value", "污水处理率", 2028, Decimal(96), "以上"),
        ("value", "再生水利用率", 2028, Decimal(30), "力争提高到…左右"),
        ("value", "污水处理率", 2035, Decimal(99), ""),
        ("milestone", "老旧管网改造", 2027, None, ""),
        ("threshold", "年用水量", None, Decimal(100_000), "超过"),
    ]


def _corpus_of(text: str) -> Corpus:
    import hashlib

    from policybot.corpus.model import Document, SourceFile, Witness
    from policybot.corpus.structure import TreeBuilder

    source = SourceFile("corpus/sources/x.txt", text, hashlib.sha256(text.encode()).hexdigest())
    witness = Witness("single", source.name, ((1, len(source.line_starts)),))
    document = Document(
        "x",
        "某市水务方案",
        "X",
        "《方案》",
        "X",
        (),
        "",
        "",
        "",
        "2026",
        "in force",
        1,
        "",
        "",
        (witness,),
        "policy",
    )
    tree = TreeBuilder(document, witness, source).build()
    return Corpus({"x": document}, {source.name: source}, tree.clauses, tree.tables)
