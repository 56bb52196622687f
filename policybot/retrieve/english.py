"""English wordings of Chinese words, for documents in English that nobody has annotated.

Annotated documents need none: their clauses carry English and Chinese, and the question's words are
Chinese there or have been translated.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from policybot.corpus.model import Corpus
from policybot.facts.glossary import Glossary
from policybot.index.encoder.lists import DATA, read_pairs
from policybot.retrieve.terms import Concept, Wording
from policybot.text import is_han, language_of

WHOLE = 0.9  # worth of a word's first English form
FURTHER = 0.7  # … of others, and of those of a part of a longer word
MOST = 2  # forms of a word
_LONGEST = 8  # characters of a word that is looked up
_SHORTEST = 3  # letters of a form: shorter ones stand in the middle of other words
_LOOKED_AT = 40  # clauses of a document by which its language is told
_TELLING = 30  # characters of a clause that tells it


def has_english(corpus: Corpus) -> bool:
    """Whether a document without annotations is in English."""
    annotated = corpus.annotated_documents()
    for document in corpus.documents:
        if document in annotated:
            continue
        texts = [c.text.text for c in corpus.of(document) if len(c.text) >= _TELLING][:_LOOKED_AT]
        if sum(language_of(text) == "en" for text in texts) > len(texts) / 2:
            return True
    return False


@dataclass(frozen=True)
class EnglishForms:
    """Looks up glossary and word list from Chinese."""

    glossary: Glossary

    @cached_property
    def _forms(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, dict[str, None]] = {}
        for entry in self.glossary.entries:
            for term in entry.zh:
                found.setdefault(term.lower(), {}).update(dict.fromkeys(entry.en[:MOST]))
        for chinese, english in read_pairs(DATA / "words.csv"):
            found.setdefault(chinese, {}).update(dict.fromkeys(english.split(";")[:MOST]))
        return {term: tuple(form.lower() for form in forms)[:MOST] for term, forms in found.items()}

    def widened(self, concept: Concept) -> Concept:
        """A Chinese concept with its English wordings too; any other one as it is."""
        if not any(map(is_han, concept.asked)):
            return concept
        known = {wording.text for wording in concept.wordings}
        wordings = [w for w in self._wordings(concept) if w.text not in known]
        return replace(concept, wordings=(*concept.wordings, *wordings)) if wordings else concept

    def _wordings(self, concept: Concept) -> Iterable[Wording]:
        for wording in concept.wordings:
            for number, form in enumerate(self._forms.get(wording.text, ())):
                if len(form) >= _SHORTEST:
                    yield Wording(form, round(wording.weight * (FURTHER if number else WHOLE), 3))
        if concept.asked not in self._forms:
            for part in self._parts(concept.asked):
                yield from (Wording(f, FURTHER) for f in self._forms[part][:1] if len(f) >= _SHORTEST)

    def _parts(self, text: str) -> Iterable[str]:
        """The known words in a longer one, the longest first at each place."""
        at = 0
        while at < len(text):
            size = next((n for n in range(_LONGEST, 1, -1) if text[at : at + n] in self._forms), 0)
            if size:
                yield text[at : at + size]
            at += size or 1
