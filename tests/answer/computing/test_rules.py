"""Rules of the text applied to amounts that the question supposes or the documents print."""

from __future__ import annotations

import pytest

from policybot.answer.bot import PolicyBot


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("假设《京都议定书》有180个缔约方，修正案要生效至少要多少份接受文书？", "135"),
        ("Suppose the Protocol had 190 Parties: how many acceptances must the Depositary receive?", "143"),
        ("若有150个缔约方，要开特别会议需要多少个缔约方支持？", "50"),
        ("With 192 Parties, how many must support a request for an extraordinary session?", "64"),
        ("假如附件一国家1990年一共排了100亿吨，第一承诺期至少要减多少亿吨？", "5亿吨"),
        ("If Annex I carbon dioxide emissions in 1990 were 16 billion tonnes, how many tonnes must the ratifying "
         "Annex I Parties account for before the Protocol enters into force?", "8.8 billion"),
        ("假设日本1990年排放12亿吨，按附件B的百分比每年可以排多少？", "11.28亿吨"),
        ("按白皮书的折算系数，1000吨原油相当于多少吨二氧化碳？", "2,104吨"),
        ("Using the white paper's factor, how many tonnes of CO2 correspond to 500 tonnes of raw coal?", "1,246"),
    ],
)  # fmt: skip
def test_rules_are_applied(bot: PolicyBot, question: str, wanted: str) -> None:
    answer = bot.ask(question)
    assert answer.status == "answered" and wanted in answer.answer
    assert any(r.operation in ("product", "part") and len(r.inputs) == 2 for r in answer.results)
    assert answer.citations


def test_an_amount_of_the_users_is_named_as_such(bot: PolicyBot) -> None:
    answer = bot.ask("假设《京都议定书》有180个缔约方，修正案要生效至少要多少份接受文书？")
    assert "180是您给出的数" in answer.answer
    assert any(r.kind == "user input" and r.value == 180 for r in answer.results)


def test_a_printed_number_of_parties_is_cited(bot: PolicyBot) -> None:
    answer = bot.ask("白皮书给出了《京都议定书》的缔约国数目，照这个数算，一项修正要多少国的接受文书才生效？")
    assert "144" in answer.answer and any("192" in c.quote for c in answer.citations)


@pytest.mark.parametrize(
    "question",
    [
        "假设巴西1990年排放10亿吨，按附件B的百分比每年可以排多少？",
        "2010年青岛规模以上工业用了多少吨原煤？",
        "500吨焦炭相当于多少吨二氧化碳？",
        "If 200 companies joined the carbon market, how many would have to approve a new rule?",
        "Suppose India emitted 3 billion tonnes; how much must it cut?",
        "如果有30个城市参加，至少要多少个城市通过才能成为试点？",
    ],
)
def test_what_no_rule_says_is_not_computed(bot: PolicyBot, question: str) -> None:
    assert not any(s.tool == "compute" for s in bot.ask(question).steps)
