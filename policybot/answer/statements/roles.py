"""Who holds a role that a document names instead of a body: the depositary is the Secretary-General."""

from __future__ import annotations

import re

from policybot.answer.evidence.pool import Pool
from policybot.answer.evidence.sentences import Sentence
from policybot.answer.matching.match import norm

_LONGEST = 8  # characters of the name of a role


def holder(pool: Pool, sentence: Sentence, role: str) -> Sentence | None:
    """The one sentence of a sentence's document that says who holds a role; None where there is none."""
    name = norm(role)
    if not name or len(name) > _LONGEST:
        return None
    says = re.compile(
        rf"(?:^|[，；：.．]|\d)(?P<who>[^，。；：\d]{{2,24}}?)(?:应当?|将)?(?:为|是|担任|兼任)(?:[^，。；：]{{0,12}}的)?"
        rf"{re.escape(name)}(?:[。；，]|$)"
    )
    found = []
    for clause in pool.corpus.of(sentence.clause.document):
        if clause.table or name not in norm(clause.text.text):
            continue
        for other in pool.sentences(clause):
            match = says.search(other.norm)
            if match is not None and name not in match["who"] and other != sentence:
                found.append(other)
    return found[0] if len(found) == 1 else None
