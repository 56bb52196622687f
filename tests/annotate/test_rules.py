"""The rules of one annotation, each broken once."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from policybot.annotate.numbers import dropped, invented, stated
from policybot.annotate.ownwords import OTHER_WORDS, OwnWords
from policybot.annotate.rules import check_one
from policybot.corpus.model import Annotation, Corpus

PV = "action-plan-2030/三/（四）/3"


@pytest.fixture
def note(corpus: Corpus) -> Annotation:
    return corpus.annotations[PV]


def kinds(corpus: Corpus, note: Annotation, clause: str = PV) -> set[str]:
    return {found.kind for found in check_one(corpus, corpus.clauses[clause], note)[0]}


def test_the_annotation_as_it_stands_is_right(corpus: Corpus, note: Annotation) -> None:
    assert kinds(corpus, note) == set()


def test_each_rule_finds_its_fault(corpus: Corpus, note: Annotation) -> None:
    zh, en = note.questions_zh, note.questions_en
    assert kinds(corpus, replace(note, gist_en=note.gist_en.replace("50%", "55%"))) >= {"invented"}
    assert "dropped" in kinds(corpus, replace(note, gist_en="Buildings use more clean energy."))
    assert kinds(corpus, replace(note, tags=())) == {"untagged"}
    assert "count-zh" in kinds(corpus, replace(note, questions_zh=zh[:5]))
    assert "count-en" in kinds(corpus, replace(note, questions_en=(*en, "Who pays for pumps?", "Why heat?")))
    assert "twice" in kinds(corpus, replace(note, questions_zh=(*zh[:-1], zh[0].rstrip("？") + "呢？")))
    assert "language" in kinds(corpus, replace(note, questions_en=(*en[:-1], "什么是光储直柔？")))
    assert "term" in kinds(corpus, replace(note, questions_zh=(*zh[:-1], "碳达峰"))), "a bare term"


def test_a_translation_with_another_number_is_noted(corpus: Corpus, note: Annotation) -> None:
    def noted(note: Annotation) -> set[str]:
        return {found.kind for found in check_one(corpus, corpus.clauses[PV], note)[1]}

    assert "translated" not in noted(note)
    wrong = tuple(text.replace("50%", "55%") for text in note.english)
    assert wrong != note.english and "translated" in noted(replace(note, english=wrong))
    assert "untranslated" in kinds(corpus, replace(note, english=(*note.english[:-1], "屋顶光伏。")))


def test_a_clause_quoted_as_questions_has_too_few_other_words(corpus: Corpus, note: Annotation) -> None:
    text = corpus.clauses[PV].text.text
    quoted = tuple(re.split("[。，]", text))[:8]
    found = kinds(corpus, replace(note, questions_zh=quoted, questions_en=(note.gist_en,), pairs=()))
    assert "own-words" in found


def test_other_words_are_measured_on_both_sides(corpus: Corpus, note: Annotation) -> None:
    words = OwnWords.of(corpus, corpus.clauses[PV], note)
    assert words.share("城镇建筑可再生能源替代率是多少？") == 1
    assert words.share("我家楼顶能不能装太阳板？") <= OTHER_WORDS
    assert words.share("What is asked about heat pumps and geothermal energy?") > OTHER_WORDS
    assert words.share("Must my roof carry panels?") <= OTHER_WORDS


def test_a_changed_digit_of_any_gist_is_noticed(corpus: Corpus) -> None:
    """Of all gists with a percentage, changing one is noticed wherever the new one is not printed too."""
    changed = noticed = 0
    for name, note in corpus.annotations.items():
        text = stated(corpus, corpus.clauses[name])
        for found in re.finditer(r"\d+(\.\d+)?(?=%)", note.gist_en):
            wrong = f"{float(found.group()) + 7.77:.2f}"
            gist = note.gist_en[: found.start()] + wrong + note.gist_en[found.end() :]
            changed += 1
            noticed += bool(invented(gist, text))
    assert changed > 100 and noticed == changed


def test_units_and_scripts_are_one() -> None:
    assert invented("28.4 billion tonnes in 2008", "2008年排放284亿吨") == []
    assert invented("up 12 percentage points", "提高3个百分点") == ["12 percentage points"]
    assert dropped("about 1.2 billion kW", "装机容量达到12亿千瓦以上，替代率达到8%") == ["8%"]
