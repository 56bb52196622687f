"""Fits what clauses and sentences are ranked by, on the development questions; prints the weights.

Two logistic choices: of the clauses that search looks at closely the one that holds the answer, by the
features of policybot/retrieve/features.py (weights in policybot/retrieve/data/weights.toml), and of the
sentences in them one that says it, by how much of the question it carries, how near it is in meaning and
how likely it answers (`read`; `unread` divided by it is `UNREAD`)
(constants of policybot/answer/evidence/pool.py). Both are cross-validated, with the two languages of a
question in one part. What is printed is rounded and written there by hand, the clauses' weights first, since
sentences count what search found; where a test of made-up documents says otherwise (the year asked about must
decide between like clauses), the test holds.
Held-out questions are never read.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from fit_confidence import EVALS, FOLDS, SEEN, SEEN_WEIGHT, SETS, hash_of, says
from numpy.typing import NDArray
from own_documents import load_own, own_index, question_of, shows

from policybot.answer.bot import PolicyBot
from policybot.answer.evidence.pool import Scored
from policybot.answer.question.understand import read_ask
from policybot.evaluation.qaset import Question, load_questions
from policybot.home import Home
from policybot.retrieve.search import Known

CLAUSES, SENTENCES = 30, 30  # looked at for a question
SENTENCE = ("cover", "found", "strays", "aside", "read", "unread", "behind")
OWN_WEIGHT = 0.4  # of questions about documents without annotations
SINGLE = frozenset({"list", "comparison", "multistep"})  # kinds that one sentence rarely answers
HOLD = 2e-4  # how strongly weights are held near where they begin
Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Choice:
    """What one question could choose from: features (n, m), and which are right (n,)."""

    question: Question
    weight: float
    features: Matrix
    right: NDArray[np.bool_]


def clause_choices(
    bot: PolicyBot, asked: Sequence[tuple[Question, float]], names: Sequence[str]
) -> list[Choice]:
    """The clauses found for questions that need no earlier turn; a clause and its copies are one."""
    found = []
    for question, weight in asked:
        gold = {name for group in question.gold for quote in group for name in quote.clauses or ()}
        hits = bot.planner.searcher.search(question.question, k=CLAUSES)
        if not gold or not hits or question.batch.get("history"):
            continue
        features = np.array([[hit.features.get(name, 0.0) for name in names] for hit in hits])
        right = np.array([not gold.isdisjoint({hit.clause_id, *hit.copies}) for hit in hits])
        found.append(Choice(question, weight, features, right))
    return found


def sentence_choices(bot: PolicyBot, asked: Sequence[tuple[Question, float]]) -> list[Choice]:
    """The sentences ranked for such questions; right is one that has what the answer must have."""
    found, planner = [], bot.planner
    for question, weight in asked:
        if question.type in SINGLE or question.batch.get("history"):
            continue
        analysis = planner.searcher.analyse(question.question)
        ask = read_ask(question.question, analysis, planner.rarity, question.language, ())
        ranked, _ = planner.search(ask, analysis, Known())
        ranked = [s for s in ranked if not s.sentence.heading][:SENTENCES]
        if ranked:
            features = np.array([[measured(s, name) for name in SENTENCE] for s in ranked])
            texts = [f"{s.sentence.text} {s.sentence.english}" for s in ranked]
            found.append(Choice(question, weight, features, np.array([says(question, t) for t in texts])))
    return found


def own_choices() -> list[Choice]:
    """The same for the questions about documents of others, each asked of its own document."""
    found = []
    with own_index() as index:
        planner = PolicyBot(index=index).planner
        for asked in load_own():
            if not asked.answerable or asked.type in SINGLE:
                continue
            analysis = planner.searcher.analyse(asked.question)
            ask = read_ask(asked.question, analysis, planner.rarity, asked.language, [asked.document])
            ranked, _ = planner.search(ask, analysis, Known())
            ranked = [s for s in ranked if not s.sentence.heading][:SENTENCES]
            if ranked:
                features = np.array([[measured(s, name) for name in SENTENCE] for s in ranked])
                right = np.array([any(shows(asked.quotes, s.sentence.text, ())) for s in ranked])
                weight = OWN_WEIGHT * (SEEN_WEIGHT if asked.odd else 1.0)
                found.append(Choice(question_of(asked), weight, features, right))
    return found


def measured(scored: Scored, name: str) -> float:
    """One feature of a sentence; one that was not read says so in a feature of its own."""
    if name == "unread":
        return float(scored.read is None)
    return float(getattr(scored, name) or 0.0)


def fitted(choices: Sequence[Choice], start: Vector) -> Vector:
    """Weights (m,) under which a right one is most likely chosen, held near `start`."""
    from scipy.optimize import minimize

    usable = [c for c in choices if c.right.any()]

    def loss(weights: Vector) -> tuple[float, Vector]:
        total, slope = 0.0, np.zeros_like(weights)
        for choice in usable:
            scores = choice.features @ weights
            share = np.exp(scores - scores.max())
            own = np.where(choice.right, share, 0.0)
            total -= choice.weight * float(np.log(own.sum() / share.sum()))
            slope += choice.weight * choice.features.T @ (share / share.sum() - own / own.sum())
        scale = sum(c.weight for c in usable)
        away = weights - start
        return total / scale + HOLD * float((away**2).mean()), slope / scale + 2 * HOLD * away / away.size

    best: Vector = minimize(loss, start, jac=True, method="L-BFGS-B").x
    return best


def cross_validated(choices: Sequence[Choice], start: Vector) -> list[bool]:
    """For each question whether the first one is right, by weights that have not seen it."""
    parts = [hash_of(choice.question) % FOLDS for choice in choices]
    weights = [
        fitted([c for c, p in zip(choices, parts, strict=True) if p != part], start) for part in range(FOLDS)
    ]
    return [first_right(c, weights[part]) for c, part in zip(choices, parts, strict=True)]


def first_right(choice: Choice, weights: Vector) -> bool:
    """Whether the one with the most score is right."""
    return bool(choice.right[int(np.argmax(choice.features @ weights))])


def report(
    title: str,
    choices: Sequence[Choice],
    names: Sequence[str],
    start: Vector,
    unit: Callable[[Vector], float],
) -> None:
    """Prints the shares of questions whose first one is right, before and after, and the weights."""
    before = [first_right(choice, start) for choice in choices]
    after = cross_validated(choices, start)
    chosen = [n for n, choice in enumerate(choices) if choice.weight == 1]
    for name, group in (("all", range(len(choices))), ("not looked at", chosen)):
        shares = (100 * float(np.mean([made[n] for n in group])) for made in (before, after))
        print("{}, {}: first right {:.1f}%, fitted {:.1f}%".format(title, name, *shares))
    weights = fitted(choices, start)
    print("  " + ", ".join(f"{n} = {w:.3f}" for n, w in zip(names, weights / unit(weights), strict=True)))


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description="Fits the ranking on the development questions.")
    parser.add_argument("--home", type=Path, help="home folder with an index")
    options = parser.parse_args()
    asked = [
        (q, SEEN_WEIGHT if SEEN.fullmatch(f"{name}:{q.id}") else 1.0)
        for name in SETS
        for q in load_questions(EVALS / f"{name}.jsonl")
        if q.answerable and not q.accept_status
    ]
    with tempfile.TemporaryDirectory() as temporary:
        bot = PolicyBot(home=Home.resolve(options.home or Path(temporary)))
        weights = bot.planner.searcher.weights.clause
        names = sorted(weights)
        scale = 8.0  # of scores, at which the choice among clauses is as sure as it is right
        start = scale * np.array([weights[name] for name in names])
        meant = names.index("meant")
        found = clause_choices(bot, asked, names)
        report("clauses", found, names, start, lambda w: float(w[meant]) / weights["meant"])
        ranked = sentence_choices(bot, asked)
    begin = scale * np.array([0.5, 0.5, -0.5, -0.5, 0.05, 0.1, -0.03])
    own = own_choices()
    report("sentences of documents of others", own, SENTENCE, begin, lambda w: float(w[0] + w[1]))
    report("sentences", ranked, SENTENCE, begin, lambda w: float(w[0] + w[1]))
    report("sentences of all", [*ranked, *own], SENTENCE, begin, lambda w: float(w[0] + w[1]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
