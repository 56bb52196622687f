"""Whether a named row is the extreme one: read from the whole column of the printed table."""

from __future__ import annotations

import pytest

from policybot.answer.bot import PolicyBot
from policybot.answer.question.claimed import asserted


def column(bot: PolicyBot, label: str) -> dict[str, float]:
    """Values of a table's number column by row name."""
    view = next(v for v in bot.planner.book.views if v.table.label == label)
    number = view.of_kind("number")
    assert number is not None
    return {
        row.key.strip("*"): value for row in view.rows if (value := row.cells[number.index].value) is not None
    }


@pytest.mark.parametrize("city", ["石家庄", "海口", "武汉", "大连", "兰州", "深圳"])
@pytest.mark.parametrize(("word", "best"), [("最低", min), ("最高", max)])
def test_a_claimed_extreme_is_confirmed_or_denied(bot: PolicyBot, city: str, word: str, best: object) -> None:
    values = column(bot, "图表21")
    top = best(values, key=lambda name: values[name])  # type: ignore[operator]
    answer = bot.ask(f"{city}是不是PM2.5{word}的城市？")
    assert answer.answer.startswith("对" if city == top else "不对")
    assert top in answer.answer and city in answer.answer
    assert f"{values[top]:.1f}" in answer.answer


@pytest.mark.parametrize(
    ("question", "first", "parts"),
    [
        ("Why does Kunming have the highest PM2.5?", "No", ["Shijiazhuang", "63.2"]),
        ("Haikou has the lowest PM2.5. By how much did its energy use per GDP fall?", "Yes", ["0.03%"]),
        ("Is Ningbo the first to peak?", "Yes", ["2018"]),
        ("贵阳PM2.5全国最高，具体是多少？", "不对", ["石家庄", "63.2"]),
    ],
)
def test_what_is_taken_for_granted_about_an_extreme(
    bot: PolicyBot, question: str, first: str, parts: list[str]
) -> None:
    answer = bot.ask(question)
    assert answer.status == "answered"
    assert answer.answer.startswith(first)
    assert all(part in answer.answer for part in parts)


def test_the_distance_to_the_extreme_row(bot: PolicyBot) -> None:
    values = column(bot, "图表21")
    answer = bot.ask("大连和PM2.5最高的城市相差多少？")
    assert f"{max(values.values()) - values['大连']:.1f}" in answer.answer
    assert not answer.answer.startswith(("对", "不对"))


@pytest.mark.parametrize(
    ("text", "word", "said"),
    [
        ("wuhan is the latest. which year?", "latest", True),
        ("why is wuhan the latest?", "latest", True),
        ("which city is the latest?", "latest", False),
        ("if wuhan is the latest, which year?", "latest", False),
        ("武汉最晚,是哪一年?", "最晚", True),
        ("哪个城市最晚?", "最晚", False),
    ],
)
def test_only_what_is_stated_counts_as_asserted(text: str, word: str, said: bool) -> None:
    at = text.index(word)
    assert asserted(text, (at, at + len(word))) is said


def test_nothing_is_asserted_where_nothing_stands() -> None:
    assert not asserted("which city?", None)
