"""Sentences in both languages, abbreviations left whole."""

from __future__ import annotations

import pytest

from policybot.text import sentence_spans


@pytest.mark.parametrize(
    "sentences",
    [
        ["Mrs. Havel mends clocks.", "It opened in 1897.", "“The hall” was No. 5 on St. John's Road."],
        ["1. The fee is 3.5 m. of rope (so he said).", "Next vs. Others at 5 p.m. Then J. S. Bach wrote it."],
        ["Shan, Y. et al. China accounts 1997–2015. Sci Data 5."],
        ["他说：“走吧。”", "于是走了；", "到2030年达到12.5%。"],
    ],
)
def test_sentences_end_where_a_reader_ends_them(sentences: list[str]) -> None:
    text = " ".join(sentences)
    assert [text[start:end].strip() for start, end in sentence_spans(text)] == sentences
