"""Fits the confidence of answers on the development questions: how likely each maker's best draft is right.

    python evals/fit_confidence.py              # prints what it would change, and how well that ranks
    python evals/fit_confidence.py --write      # rewrites policybot/answer/data/confidence.toml

Sentences and values get new coefficients, those set by hand (HELD: an answer about another place or year is
wrong however well its words fit) staying as they are. Documents without annotations have sections of their
own, fitted on the same questions without the annotations, and on questions about passages of other subjects
(outside-dev.json). Makers with fewer questions keep theirs, stretched and shifted so that the stated
confidence is the share right. Held-out questions are never read.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from policybot.answer.bot import PolicyBot
from policybot.answer.confidence import BARE, OPEN, load_confidence
from policybot.answer.draft import Draft
from policybot.evaluation.leaveout import without_annotations
from policybot.evaluation.matching import contains
from policybot.evaluation.outside import read_outside
from policybot.evaluation.outside_run import record_of, temporary_index
from policybot.evaluation.qaset import Question, load_questions, read_question
from policybot.evaluation.retrieval import DEPTH
from policybot.evaluation.spans import holds
from policybot.home import Home
from policybot.index.encoder.material import HOLDING
from policybot.index.encoder.meaning import make_meaning
from policybot.index.open import Index

EVALS = Path(__file__).resolve().parent
FILE = EVALS.parent / "policybot" / "answer" / "data" / "confidence.toml"
SETS = ("dev", "dev2", "dev3", "dev4", "dev5")
OUTSIDE = "outside-dev.json"
HELD = ("place_lacks", "year_lacks", "kind_lacks", "foreign", "lost")
COMMON = (
    "near", "near_share", "near_gap", "decided_by_words", "meant", "meant_lost", "meant_gap",
    "cover", "own", "found", "margin", "lacking", "worst", "unknown",
    "astray", "head_lacks", "document_lacks", "concepts", "heads", "yes_no", "score",
)  # fmt: skip
# What can only speak for an answer, and against it: a few questions to the contrary are chance.
FOR = frozenset(
    {"near", "near_share", "near_gap", "meant", "meant_gap", "cover", "own", "found", "margin", "score"}
)
AGAINST = frozenset(
    {
        "meant_lost", "lacking", "worst", "unknown", "astray", "head_lacks", "document_lacks", "kind_miss",
        "stray", "clause_lacks", "lost",
    }
)  # fmt: skip
UNSEEN = tuple(name for name in COMMON if name not in ("near", "near_gap"))
# Values are told by their words and kinds; cross-validated, what the encoder tells did not help there.
MEANT = ("decided_by_words", "meant", "meant_lost", "meant_gap")
WORDS = tuple(name for name in COMMON if name not in MEANT)
FITTED = {
    "default": COMMON,
    OPEN: (*COMMON, "decided", "lost"),
    "value": (*WORDS, "kind_miss", "stray", "clause_lacks"),
    f"default_{BARE}": UNSEEN,
    f"{OPEN}_{BARE}": (*UNSEEN, "decided", "lost"),
    f"value_{BARE}": (*(n for n in UNSEEN if n in WORDS), "kind_miss", "stray", "clause_lacks"),
}
HELD_OUT = 0.3  # weight of likely questions left out of training: a clause is not yet an answer
LEAST = 40  # questions with both outcomes that a maker needs to be stretched
PENALTY = 1.0  # L2, in units of one question
SPREAD = 3.0  # one over the spread of a feature whose coefficient is held as strictly as that of PENALTY
UNANSWERABLE = 0.7  # weight of questions without an answer: the sets hold more of them than people ask
Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """The draft that stands first for a question, and whether it would be right to give it."""

    question: Question
    maker: str
    features: Mapping[str, float]
    right: bool
    weight: float = 1.0

    @property
    def section(self) -> str:
        """The section of the file that its confidence comes from."""
        known = load_confidence()
        name = OPEN if self.features.get(OPEN) else self.maker if self.maker in known else "default"
        return f"{name}_{BARE}" if self.features.get(BARE) and f"{name}_{BARE}" in FITTED else name


def samples(bot: PolicyBot) -> list[Sample]:
    """One sample for each development question that has a draft."""
    found = []
    for name in SETS:
        for question in load_questions(EVALS / f"{name}.jsonl"):
            if question.accept_status:
                continue
            draft = first_draft(bot, question)
            if draft is not None and not draft.features.get("clause"):
                text, *_ = bot.planner.composer.compose(draft, question.language)
                right = question.answerable and says(question, text)
                found.append(Sample(question, draft.maker, draft.features, right))
    return found


def outside_samples() -> list[Sample]:
    """The same for the passages of other subjects: right is a draft that quotes an answer's words."""
    found = []
    outside = read_outside(EVALS / OUTSIDE, "squad")
    texts = {p.id: p.text for p in outside.passages}
    with temporary_index(outside) as (index, clauses):
        bot = PolicyBot(index=index)
        for asked in outside.questions:
            question = read_question(record_of(asked, texts, clauses))
            draft = first_draft(bot, question)
            if draft is not None and not draft.features.get("clause"):
                _, citations, *_ = bot.planner.composer.compose(draft, question.language)
                quoted = " ".join(citation.quote for citation in citations)
                right = question.answerable and holds(quoted, asked.answers or ())
                found.append(Sample(question, draft.maker, draft.features, right))
    return found


def held_samples(index: Index) -> list[Sample]:
    """The same for the likely questions that the encoder was not trained on, with all traces of them gone.

    Right is a draft that rests on the question's own clause, a part of it or a copy.
    """
    corpus = index.corpus
    held = [(name, *n.pairs[-1]) for name, n in corpus.annotations.items() if len(n.pairs) >= HOLDING]
    notes = dict(corpus.annotations)
    notes |= {name: replace(notes[name], pairs=notes[name].pairs[:-1]) for name, *_ in held}
    blind = replace(index, corpus=replace(corpus, annotations=notes))
    blind.encoder = index.encoder
    blind.meaning = make_meaning(blind.corpus, index.encoder, [index.meaning])
    bot = PolicyBot(index=blind)
    found = []
    for name, *texts in held:
        for language, text in zip(("zh", "en"), texts, strict=True):
            gold = [[{"quote": corpus.clauses[name].text.text[:40]}]]
            line = {"id": name, "language": language, "type": "paraphrase", "question": text}
            question = read_question(
                {**line, "answerable": True, "gold": gold, "must_contain": [["-"]], "must_not_contain": []}
            )
            draft = first_draft(bot, question)
            if draft is None or draft.features.get("clause"):
                continue
            hits = bot.planner.searcher.search(text, k=DEPTH)
            same = {name}.union(*({h.clause_id, *h.copies} for h in hits if name in (h.clause_id, *h.copies)))
            right = any(e.clause in same or e.clause.startswith(f"{name}/") for e in draft.evidence)
            found.append(Sample(question, draft.maker, draft.features, right, HELD_OUT))
    return found


def first_draft(bot: PolicyBot, question: Question) -> Draft | None:
    """The draft the planner likes best, whether or not it is sure enough to give it."""
    decision = bot.decide(question.question, history=question.batch.get("history", []))
    drafts = decision.drafts or (decision.draft,)
    return next((d for d in drafts if d.status == "answered"), None)


def says(question: Question, text: str) -> bool:
    """True when an answer has what it must have and nothing it must not."""
    if any(contains(text, word) for word in question.must_not_contain):
        return False
    return all(any(contains(text, word) for word in group) for group in question.must_contain)


def outcomes(chosen: Sequence[Sample]) -> tuple[Vector, Vector]:
    """1 for a right draft, else 0, and the weight of each sample."""
    right = np.array([s.right for s in chosen], dtype=float)
    return right, np.array([s.weight * (1.0 if s.question.answerable else UNANSWERABLE) for s in chosen])


def fitted(section: str, chosen: Sequence[Sample], old: Mapping[str, float]) -> dict[str, float]:
    """New coefficients of a section with features of its own."""
    names = FITTED[section]
    x = np.array([[s.features.get(n, 0.0) for n in names] for s in chosen])
    fixed = {n: old[n] for n in HELD if n in old and n not in names}
    offset = np.array([sum(w * s.features.get(n, 0.0) for n, w in fixed.items()) for s in chosen])
    y, weight = outcomes(chosen)
    spread = x.std(axis=0) + 0.02  # features are of different sizes, and so are their coefficients
    known = {n: max(w, 0) if n in FOR else min(w, 0) if n in AGAINST else w for n, w in old.items()}
    start = np.array([known.get("bias", 0.0), *(known.get(n, 0.0) for n in names)])

    def loss(w: Vector) -> float:
        z = np.clip(w[0] + x @ w[1:] + offset, -30, 30)
        fit = float(weight @ (np.logaddexp(0, z) - y * z))
        return fit + PENALTY / 2 * float((((w[1:] - start[1:]) * spread * SPREAD) ** 2).sum())

    bounds = [(None, None), *((0 if n in FOR else None, 0 if n in AGAINST else None) for n in names)]
    best = minimize(loss, start, method="L-BFGS-B", bounds=bounds).x
    table = {"bias": best[0], **dict(zip(names, best[1:], strict=True)), **fixed}
    return {n: round(float(v), 2) for n, v in table.items()}


def stretched(chosen: Sequence[Sample], old: Mapping[str, float]) -> dict[str, float]:
    """A section's old coefficients times one factor, with a new bias."""
    score = np.array([sum(w * s.features.get(n, 0.0) for n, w in old.items() if n != "bias") for s in chosen])
    y, weight = outcomes(chosen)

    def loss(w: Vector) -> float:
        z = np.clip(w[0] + w[1] * score, -30, 30)
        return float(weight @ (np.logaddexp(0, z) - y * z)) + PENALTY * float((w[1] - 1) ** 2)

    bias, factor = minimize(loss, np.array([old["bias"], 1.0]), bounds=[(-8, 8), (0.3, 2.0)]).x
    table = {n: (bias if n == "bias" else w if n in HELD else w * factor) for n, w in old.items()}
    return {n: round(float(v), 2) for n, v in table.items()}


def ranks_right(scores: Sequence[float], right: Sequence[bool]) -> float:
    """Chance that a right draft has more confidence than a wrong one (area under the ROC curve)."""
    good = np.array([s for s, r in zip(scores, right, strict=True) if r])[:, None]
    bad = np.array([s for s, r in zip(scores, right, strict=True) if not r])[None]
    return float((good > bad).mean() + 0.5 * (good == bad).mean()) if good.size and bad.size else float("nan")


def logit(features: Mapping[str, float], table: Mapping[str, float]) -> float:
    """What the logistic function is taken of."""
    return table["bias"] + sum(w * features.get(n, 0.0) for n, w in table.items() if n != "bias")


def written(text: str, tables: Mapping[str, Mapping[str, float]]) -> str:
    """The file with these sections in place of its own; the comment at its top stays."""
    head = re.match(r"(?:#[^\n]*\n)*", text)
    lines = [head.group() if head else ""]
    for name, table in tables.items():
        lines.append(f"\n[{name}]\n" + "".join(f"{n} = {v}\n" for n, v in table.items()))
    return "".join(lines)


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description="Fits the confidence on the development questions.")
    parser.add_argument("--write", action="store_true", help="rewrite the coefficients")
    parser.add_argument("--home", type=Path, help="home folder with an index")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        bot = PolicyBot(home=Home.resolve(options.home or Path(temporary)))
        bare = PolicyBot(index=without_annotations(bot.index, bot.index.corpus.annotations))
        found = samples(bot) + [s for s in samples(bare) if s.section in FITTED]
        found += [s for s in held_samples(bot.index) if s.section in FITTED]
    found += [s for s in outside_samples() if s.section in FITTED]
    tables = {name: dict(table) for name, table in load_confidence().items()}
    for name in FITTED:
        tables.setdefault(name, dict(tables[name.removesuffix(f"_{BARE}")]))
    for section in list(tables):
        chosen = [s for s in found if s.section == section]
        right = sum(s.right for s in chosen)
        old = tables[section]
        if section in FITTED and chosen:
            tables[section] = fitted(section, chosen, old)
        elif min(right, len(chosen) - right) >= 1 and len(chosen) >= LEAST:
            tables[section] = stretched(chosen, old)
        marks = [s.right for s in chosen]
        before, after = (
            ranks_right([logit(s.features, t) for s in chosen], marks) for t in (old, tables[section])
        )
        print(f"{section:12} {len(chosen):4} drafts, {right:4} right, ranked {before:.3f} → {after:.3f}")
    if options.write:
        FILE.write_text(written(FILE.read_text("utf-8"), tables), "utf-8")
        print(f"{FILE.name} rewritten.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
