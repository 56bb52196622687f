"""What the citation check knows of the sources: their text, what documents and clauses are called."""

from __future__ import annotations

import re
import unicodedata
import weakref
from dataclasses import dataclass, field
from typing import Literal

from policybot.answer.checks.text import label_forms
from policybot.answer.model import Citation
from policybot.corpus.model import Corpus
from policybot.patterns import lazy_pattern
from policybot.text import printed

CitationFault = Literal["source", "lines", "document", "quote", "blank"]
_MOST_KEPT = 5000  # stretches of squashed source text, a few hundred characters each

_CAPTION = lazy_pattern(r"\s*(?P<label>图表?\s*(?P<number>[0-9]+))[\s、：:.]*(?P<rest>.*?)\s*$", re.DOTALL)
_MARKUP = lazy_pattern(r"</?su[bp]>")
_NAME = lazy_pattern(r"[A-Za-z]+[0-9₀-₉]+(?:\.[0-9]+)?[A-Za-z0-9]*|[0-9]+[A-Za-z]+")


@dataclass(slots=True)
class Knowledge:
    """What the check needs of a corpus, worked out once."""

    names: tuple[str, ...]  # titles and aliases of documents, captions of images
    facts: tuple[tuple[frozenset[str], str], ...]  # names of a document, and its date and number
    figures: tuple[str, ...]  # labels of images, in both languages
    printed: frozenset[str]  # headings and labels of clauses as they are
    corpus: weakref.ref[Corpus]
    squashed: dict[tuple[str, int, int], str] = field(default_factory=dict)
    labels: frozenset[str] | None = None
    tokens: frozenset[str] | None = None

    def has_label(self, form: str) -> bool:
        """True for a label of `comparable_label` form that a clause, a table or a figure has."""
        if self.labels is None:
            corpus = self.corpus()
            clauses = corpus.clauses.values() if corpus is not None else ()
            given = {label for clause in clauses for label in (clause.label, clause.label_en)}
            self.labels = frozenset(
                known for label in given.union(self.figures) for known in label_forms(label)
            )
        return form in self.labels

    def names_token(self, token: str) -> bool:
        """True for a word of letters and digits that the sources use: CO2, PM2.5, 5G."""
        if not any(char.isalpha() for char in token):
            return False
        if self.tokens is None:
            corpus = self.corpus()
            texts = [source.text for source in corpus.sources.values()] if corpus is not None else []
            found = {match for text in texts for match in _NAME.findall(_MARKUP.sub("", text))}
            self.tokens = frozenset(_plain_name(name) for name in found)
        return _plain_name(token) in self.tokens


def citation_fault(citation: Citation, corpus: Corpus, knowledge: Knowledge) -> CitationFault | None:
    """What is wrong with a citation's place or quote, None when it is verbatim in its document."""
    source = corpus.sources.get(citation.source)
    if source is None:
        return "source"
    if not printed(citation.quote, citation.source):
        return "blank"
    if not 1 <= citation.line_start <= citation.line_end <= len(source.line_starts):
        return "lines"
    if not is_verbatim(
        citation.quote, citation.source, citation.line_start, citation.line_end, corpus, knowledge
    ):
        return "quote"
    document = corpus.documents.get(citation.document)
    if document is None:
        return "document"
    ranges = [span for w in document.witnesses if w.file == citation.source for span in w.ranges]
    inside = any(first <= citation.line_start and citation.line_end <= last for first, last in ranges)
    if document.witnesses and not inside:
        return "document"
    return None


def is_verbatim(quote: str, source: str, first: int, last: int, corpus: Corpus, knowledge: Knowledge) -> bool:
    """True when `quote` stands in lines first..last (1-based, inclusive) of a source; white space and what
    marks emphasis in Markdown say nothing."""
    file = corpus.sources.get(source)
    if file is None or not 1 <= first <= last <= len(file.line_starts):
        return False
    key = (source, first, last)
    text = knowledge.squashed.get(key)
    if text is None:
        text = printed(file.lines(first, last), source)
        if len(knowledge.squashed) < _MOST_KEPT:
            knowledge.squashed[key] = text
    return printed(quote, source) in text


_CACHE: dict[int, tuple[weakref.ref[Corpus], Knowledge]] = {}


def knowledge_of(corpus: Corpus) -> Knowledge:
    """What the check knows of a corpus; worked out at the first call and kept while the corpus lives."""
    known = _CACHE.get(id(corpus))
    if known is not None and known[0]() is corpus:
        return known[1]
    facts: list[tuple[frozenset[str], str]] = []
    for d in corpus.documents.values():
        called = {d.id, d.title_zh, d.title_en, d.short_zh, d.short_en, *d.aliases} - {""}
        facts.append((frozenset(called), f"{d.date}\n{d.number}"))
    clauses = corpus.clauses.values()
    printed = frozenset(text for c in clauses for text in (c.heading, c.label, c.label_en) if text)
    figures: list[str] = []
    called_so = {name for called, _ in facts for name in called}
    for left in corpus.leftovers:
        # A figure without its image is in no clause; its caption can still be named.
        caption = corpus.sources[left.file].text[left.start : left.end] if left.kind == "caption" else ""
        if (parts := _CAPTION.match(caption)) is not None:
            figures += [parts["label"], f"Chart {parts['number']}"]
            called_so.add(parts["rest"])
    names = tuple(sorted(called_so - {""}))
    made = Knowledge(names, tuple(facts), tuple(figures), printed, weakref.ref(corpus))
    for key in [key for key, (reference, _) in list(_CACHE.items()) if reference() is None]:
        _CACHE.pop(key, None)
    _CACHE[id(corpus)] = (weakref.ref(corpus), made)
    return made


def _plain_name(name: str) -> str:
    """CO₂ and co2 in one form."""
    return unicodedata.normalize("NFKC", name).lower()
