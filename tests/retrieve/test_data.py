"""Data files: what is wrong in them is said in one sentence with the place; what they say holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from policybot.errors import CorpusError
from policybot.patterns import check_patterns
from policybot.retrieve.copies import contained, pieces_of
from policybot.retrieve.questions import load_rules
from policybot.retrieve.stopwords import load_stop_words
from policybot.retrieve.traditional import markers, simplify
from policybot.retrieve.weights import load_weights


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[type]]\nname = 'riddle'\n", "'riddle' is not one of"),
        ("[[type]]\nname = 'who'\nzh = ['(']\n", "pattern '('"),
        ("[[type]]\nname = 'who'\nfoo = 1\n", "unknown key 'foo'"),
        ("[[expect]]\nkind = 'colour'\n", "'colour' is not one of"),
        ("[typ]\n", "unknown section"),
        ("[[type]\n", "line 1"),
    ],
)
def test_a_bad_rule_is_named(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "question_types.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(CorpusError) as error:
        check_patterns(p for rule in load_rules(file).types for p in (rule.zh, rule.en, rule.answer))
    assert said in error.value.what and str(file) in error.value.what and error.value.what_zh


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[clause]\nsmell = 1\n", "unknown feature 'smell'"),
        ("[paragraph]\n", "unknown section [paragraph]"),
        ("[clause]\nwords = 'much'\n", "words must be a number"),
    ],
)
def test_a_bad_weight_is_named(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "weights.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(CorpusError, match="cannot be used") as error:
        load_weights(file)
    assert said in error.value.what


def test_a_bad_stop_list_is_named(tmp_path: Path) -> None:
    file = tmp_path / "stopwords.toml"
    file.write_text('zh = ["的"]\nen = ["The"]\nopening = []\nwords = []\n', "utf-8")
    with pytest.raises(CorpusError, match="must be lower case"):
        load_stop_words(file)
    with pytest.raises(CorpusError, match="cannot be used"):
        load_stop_words(tmp_path / "missing.toml")


def test_the_built_in_files_load() -> None:
    rules = load_rules()
    assert rules.types and load_stop_words().zh
    check_patterns(p for rule in (*rules.types, *rules.expects) for p in (rule.zh, rule.en, rule.answer))
    weights = load_weights()
    assert {"candidates", "pointed", "meant", "words", "asking", "vectors", "sentence_clause"} == set(
        weights.search
    )


def test_protected_words_hold_a_stop_phrase_and_are_none() -> None:
    stop = load_stop_words()
    assert not stop.words & stop.zh
    useless = {w for w in stop.words if not any(p in w for p in stop.zh)}
    assert not useless


def test_only_traditional_text_is_converted() -> None:
    simplified = "到2030年，森林覆盖率达到25%左右"
    assert simplify(simplified) is simplified
    assert simplify("碳達峰試點") == "碳达峰试点"
    assert not markers() & set("碳达峰着里面后台乾著")


def test_a_copy_may_differ_in_a_few_characters() -> None:
    sentence = "到2025年城镇建筑可再生能源替代率达到8%新建公共机构建筑屋顶光伏覆盖率力争达到50%"
    assert contained(pieces_of(sentence), "前言" + sentence.replace("力争", "争取") + "后语")
    assert not contained(pieces_of(sentence), "到2025年城镇新建建筑全面执行绿色建筑标准")
    assert not contained(pieces_of("第一款"), "第一款")  # too short to tell
