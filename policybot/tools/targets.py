"""The targets ledger, filtered the way people ask: by year, topic, document, or since a date."""

from __future__ import annotations

from policybot.corpus.model import Corpus
from policybot.facts.glossary import Glossary
from policybot.facts.targets import Target, find_targets
from policybot.text import fold, squash
from policybot.tools.documents import resolve_document


def targets(
    corpus: Corpus,
    *,
    year: int | None = None,
    topic: str = "",
    document: str = "",
    since: int | None = None,
    history: bool = True,
) -> list[Target]:
    """Targets of the corpus in reading order.

    Args:
        year: only targets for that year (a period counts by its last year).
        topic: words in Chinese or English that indicator, heading or quote must mention.
        document: any name of a document.
        since: only documents of that year or later.
        history: whether older pledges, marked as history, are included.

    Raises:
        PolicybotError: an unknown document; names the nearest.
    """
    wanted = resolve_document(corpus, document).id if document else ""
    terms = topic_terms(topic)
    found = []
    for target in find_targets(corpus):
        made = corpus.documents[target.document].date[:4]
        if (year is not None and target.year != year) or (wanted and target.document != wanted):
            continue
        if since is not None and (not made.isdigit() or int(made) < since):
            continue
        if (not history and target.status == "history") or not _about(corpus, target, terms):
            continue
        found.append(target)
    return found


def topic_terms(topic: str) -> list[tuple[str, ...]]:
    """The topic as alternatives that must each be met: English words with their Chinese terms."""
    if not topic.strip():
        return []
    matches = Glossary.load().translate(topic)
    if matches:
        return [(fold(m.en), *(fold(z) for z in m.zh)) for m in matches]
    return [(fold(word),) for word in topic.split()]


def _about(corpus: Corpus, target: Target, terms: list[tuple[str, ...]]) -> bool:
    clause = corpus.clauses[target.clause]
    text = fold(squash(" ".join((target.indicator, clause.heading, target.quote.text))))
    english = fold(target.indicator_en)
    return all(any(a in text or a in english for a in alternatives) for alternatives in terms)
