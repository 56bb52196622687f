"""Documents, outlines, clauses in place and variants, as the toolbox gives them."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache

import pytest

from policybot.corpus import load_corpus
from policybot.corpus.model import Corpus
from policybot.errors import PolicybotError
from policybot.text import squash
from policybot.tools import clause, documents, outline, resolve_clause, resolve_document, variants

built_in = cache(load_corpus)


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return built_in()


def test_documents_lists_the_catalogue(corpus: Corpus) -> None:
    found = {entry.id: entry for entry in documents(corpus)}
    assert list(found) == list(corpus.documents)
    assert found["action-plan-2030"].copies == ("white-paper", "single", "magazine")
    assert sum(entry.clauses for entry in found.values()) == len(corpus.clauses)


def test_outline_shows_parts_actions_and_items(corpus: Corpus) -> None:
    entries = outline(corpus, "行动方案")
    parts = [e for e in entries if e.kind == "part"]
    assert [e.label for e in parts] == list("一二三四五六")
    assert sum(e.id.startswith("action-plan-2030/三/（") and e.depth == 1 for e in entries) == 10
    assert all(e.line_start <= e.line_end for e in entries)
    assert {e.depth for e in outline(corpus, "the Action Plan", depth=1)} == {0}


def test_outline_marks_clauses_whose_copies_differ_in_meaning(corpus: Corpus) -> None:
    assert [
        e.label for e in outline(corpus, "action-plan-2030") if e.differs and e.id.endswith("（一）/1")
    ] == ["三（一）1"]


def test_outline_of_no_levels_or_no_document_is_refused(corpus: Corpus) -> None:
    with pytest.raises(PolicybotError, match="levels"):
        outline(corpus, "意见", depth=0)
    with pytest.raises(PolicybotError, match="no document"):
        outline(corpus, "no such thing")


def test_a_clause_in_place(corpus: Corpus) -> None:
    view = clause(corpus, "Kyoto Article 3.9")
    assert view.id == "kyoto-protocol/第三条/9"
    assert view.parent is not None and view.parent.label == "第三条"
    assert view.previous is not None and view.previous.id == "kyoto-protocol/第三条/8"
    assert view.next is not None and view.next.id == "kyoto-protocol/第三条/10"
    assert [(r.text, r.clause, r.label_en) for r in view.references] == [
        ("附件一", "", ""),
        ("本议定书附件 B", "kyoto-protocol/附件B", "Annex B"),
        ("第二十一条第 7 款", "kyoto-protocol/第二十一条/7", "Article 21(7)"),
        ("第 1 款", "kyoto-protocol/第三条/1", "Article 3(1)"),
    ]
    source = corpus.sources[view.file].lines(view.line_start, view.line_end)
    assert squash(view.text) in squash(source)
    json.dumps(asdict(view), ensure_ascii=False)


def test_a_clause_knows_who_refers_to_it(corpus: Corpus) -> None:
    pointing = {n.id for n in clause(corpus, "京都议定书第三条第7款").referred_to_by}
    assert {"kyoto-protocol/第四条/3", "kyoto-protocol/第三条/8"} <= pointing


def test_the_ends_of_a_document_have_one_neighbour(corpus: Corpus) -> None:
    order = [c.id for c in corpus.of("kyoto-protocol")]
    assert clause(corpus, order[0]).previous is None
    assert clause(corpus, order[-1]).next is None


def test_rows_by_english_names(corpus: Corpus) -> None:
    assert resolve_clause(corpus, "Annex B Japan").id == "kyoto-protocol/附件B/表1/日本"
    assert resolve_clause(corpus, "Annex B United States").id == "kyoto-protocol/附件B/表1/美利坚合众国"
    assert resolve_clause(corpus, "pilot scheme annex 1 Inner Mongolia").id.endswith("/内蒙古自治区")
    assert resolve_document(corpus, "Kyoto").id == "kyoto-protocol"


def test_variants_of_a_document_and_of_a_clause(corpus: Corpus) -> None:
    of_document = variants(corpus, "行动方案", meaning_only=True)
    assert {"duty", "unit", "content", "replaced"} <= {v.code for v in of_document}
    of_clause = variants(corpus, "行动方案 三（一）1")
    assert [(v.before[-3:], v.shown, v.other, v.after[:2], v.witness) for v in of_clause] == [
        ("减少。", "严格控制", "严格执行", "新增", "single")
    ]
    assert of_clause[0].reason_zh and of_clause[0].reason_en and of_clause[0].meaning
    assert set(of_clause) < set(variants(corpus, "行动方案 三（一）"))
    assert variants(corpus, "意见") == []
