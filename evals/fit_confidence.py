"""Fits the confidence of answers on the development questions: how likely each maker's best draft is right.

    python evals/fit_confidence.py              # cross-validated: how well it ranks, what it would refuse
    python evals/fit_confidence.py --write      # rewrites policybot/answer/data/confidence.json

Boosted trees (scikit-learn, which comes with sentence-transformers) over what was measured of a draft and the
maker it is of. What can only speak for or against an answer does so everywhere (FOR, AGAINST), whatever a few
questions say. Documents without annotations take part three times: the development questions over the
documents without theirs, questions about passages of other subjects (outside-dev.json), and those about whole
documents of others (own/). Makers with few drafts keep
the coefficients set by hand in confidence.toml. Held-out questions are never read.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from own_documents import load_own, own_index, question_of, shows

from policybot.answer.bot import PolicyBot
from policybot.answer.confidence.forest import Forest
from policybot.answer.confidence.scale import FEATURES, MAKER
from policybot.answer.planner import THRESHOLD
from policybot.answer.wording.draft import Draft
from policybot.corpus.annotations import clause_sentences
from policybot.corpus.model import Corpus
from policybot.evaluation.leaveout import without_annotations
from policybot.evaluation.matching import contains
from policybot.evaluation.outside import read_outside
from policybot.evaluation.outside_run import record_of, temporary_index
from policybot.evaluation.qaset import Question, load_questions, read_question
from policybot.evaluation.retrieval import DEPTH
from policybot.evaluation.spans import holds
from policybot.home import Home
from policybot.index.encoder.material import EACH, HOLDING, held_unanswered, used_unanswered
from policybot.index.encoder.meaning import make_meaning
from policybot.index.open import Index

EVALS = Path(__file__).resolve().parent
FILE = EVALS.parent / "policybot" / "answer" / "data" / "confidence.json"
SETS = ("dev", "dev2", "dev3", "dev4", "dev5", "dev6", "dev7", "dev8", "dev9", "dev10", "dev11")
# Questions that the engine was changed for: they are answered better than others of their kind.
SEEN = re.compile(r"dev[234]?:.*|dev6:ga.*|dev(?:5|7|10|11):[a-z]+\d*[13579][a-z]?|own:[a-z]+\d[13579][ze]")
OUTSIDE = "outside-dev.json"
# What can only speak for an answer, and against it: a few questions to the contrary are chance.
FOR = frozenset(
    {
        "near",
        "near_share",
        "near_gap",
        "meant",
        "meant_gap",
        "beyond",
        "share",
        "told",
        "read",
        "whole_read",
        "judged",
        "cover",
        "own",
        "found",
        "margin",
        "score",
    }
)
AGAINST = frozenset(
    {
        "meant_lost", "told_lost", "read_lost", "unanswered", "unanswered_share",
        "lacking", "worst", "unknown", "astray", "head_lacks",
        "document_lacks", "kind_miss", "stray", "clause_lacks", "lost", "place_lacks", "year_lacks",
        "kind_lacks", "foreign",
    }
)  # fmt: skip
SEEN_WEIGHT = 0.4  # of questions that the engine was changed for
HELD_OUT = 0.3  # weight of likely questions left out of training: a clause is not yet an answer
SPOKEN = 0.5  # … where the sentence that answers is known
BARE_WEIGHT = 0.4  # of questions over documents without annotations
LEAST = 20  # drafts of a maker to be fitted
FOLDS = 5
TREES = {
    "max_depth": 4, "max_iter": 100, "learning_rate": 0.08, "l2_regularization": 5.0, "min_samples_leaf": 20,
    "early_stopping": False,
}  # fmt: skip
Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """The draft that stands first for a question, and whether it would be right to give it."""

    question: Question
    maker: str
    features: Mapping[str, float]
    right: bool
    weight: float = 1.0


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
                weight = SEEN_WEIGHT if SEEN.fullmatch(f"{name}:{question.id}") else 1.0
                found.append(Sample(question, draft.maker, draft.features, right, weight))
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


def own_samples() -> list[Sample]:
    """The same for whole documents of others: right is a draft that shows what an answer has to show."""
    found = []
    with own_index() as index:
        bot = PolicyBot(index=index)
        for asked in load_own():
            question = question_of(asked)
            draft = first_draft(bot, question, [asked.document])
            if draft is not None and not draft.features.get("clause"):
                text, citations, *_ = bot.planner.composer.compose(draft, asked.language)
                right = asked.answerable and all(shows(asked.quotes, text, citations))
                weight = SEEN_WEIGHT if SEEN.fullmatch(f"own:{asked.id}") else 1.0
                found.append(Sample(question, draft.maker, draft.features, right, weight))
    return found


def spans_of(corpus: Corpus, name: str) -> list[tuple[int, int]]:
    """Where the sentences stand that answer the last likely question of a clause; none where not known."""
    note = corpus.annotations[name]
    sentences = clause_sentences(corpus.clauses[name])
    return [sentences[n - 1] for n in (note.answers[-1] if note.answers else ())]


def held_samples(index: Index) -> list[Sample]:
    """The same for the questions that the encoder was not trained on, with all traces of them gone.

    Of likely ones right is a draft that rests on a sentence that answers the question, on a part of its
    clause or a copy; where the sentence is not known, on the clause. Of those that no document answers none
    is.
    """
    corpus = index.corpus
    held = [(name, *n.pairs[-1]) for name, n in corpus.annotations.items() if len(n.pairs) >= HOLDING]
    notes = dict(corpus.annotations)
    notes |= {name: replace(notes[name], pairs=notes[name].pairs[:-1]) for name, *_ in held}
    notes = {name: replace(note, unanswered=used_unanswered(note)) for name, note in notes.items()}
    beside = tuple(pair for n, pair in enumerate(corpus.unanswered, 1) if n % EACH)
    blind = replace(index, corpus=replace(corpus, annotations=notes, unanswered=beside))
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
            spans = spans_of(corpus, name)
            right = any(
                (e.clause in same or e.clause.startswith(f"{name}/"))
                and (e.clause != name or not spans or any(e.start < b and a < e.end for a, b in spans))
                for e in draft.evidence
            )
            found.append(Sample(question, draft.maker, draft.features, right, SPOKEN if spans else HELD_OUT))
    for number, pair in enumerate(held_unanswered(corpus)):
        for language, text in zip(("zh", "en"), pair, strict=True):
            head = {"id": f"u{number}", "language": language, "type": "unanswerable", "question": text}
            rest: dict[str, object] = {"answerable": False, "gold": [], "must_contain": []}
            question = read_question({**head, **rest, "must_not_contain": []})
            draft = first_draft(bot, question)
            if draft is not None and not draft.features.get("clause"):
                found.append(Sample(question, draft.maker, draft.features, False, HELD_OUT))
    return found


def first_draft(bot: PolicyBot, question: Question, documents: Sequence[str] = ()) -> Draft | None:
    """The draft the planner likes best, whether or not it is sure enough to give it."""
    decision = bot.decide(question.question, question.batch.get("history", []), documents)
    drafts = decision.drafts or (decision.draft,)
    return next((d for d in drafts if d.status == "answered"), None)


def says(question: Question, text: str) -> bool:
    """True when an answer has what it must have and nothing it must not."""
    if any(contains(text, word) for word in question.must_not_contain):
        return False
    return all(any(contains(text, word) for word in group) for group in question.must_contain)


def table(chosen: Sequence[Sample], names: Sequence[str]) -> Matrix:
    """The features of samples, shape (n, features)."""
    rows = [{**s.features, f"{MAKER}{s.maker}": 1.0} for s in chosen]
    return np.array([[row.get(name, 0.0) for name in names] for row in rows], dtype=np.float64)


def trained(chosen: Sequence[Sample], names: Sequence[str]) -> Any:
    """Trees that tell right drafts from others."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    signs = [1 if name in FOR else -1 if name in AGAINST else 0 for name in names]
    model = HistGradientBoostingClassifier(monotonic_cst=signs, random_state=0, **TREES)
    right = np.array([s.right for s in chosen])
    return model.fit(table(chosen, names), right, sample_weight=[s.weight for s in chosen])


def exported(model: Any, names: Sequence[str]) -> dict[str, Any]:
    """The trees as `policybot.answer.confidence.forest` reads them."""
    trees = []
    for (tree,) in model._predictors:  # scikit-learn has no public form of these trees
        trees.append(
            [
                round(float(node["value"]), 5)
                if node["is_leaf"]
                else [
                    int(node["feature_idx"]), float(node["num_threshold"]), int(node["left"]),
                    int(node["right"]),
                ]
                for node in tree.nodes
            ]
        )  # fmt: skip
    return {
        "features": list(names),
        "base": round(float(np.ravel(model._baseline_prediction)[0]), 5),
        "trees": trees,
    }


def names_of(found: Sequence[Sample]) -> list[str]:
    """The features that are used: all that are measured, and the makers with enough drafts."""
    counts = Counter(s.maker for s in found)
    return [*FEATURES, *(f"{MAKER}{name}" for name in sorted(counts) if counts[name] >= LEAST)]


def known(found: Sequence[Sample], names: Sequence[str]) -> list[Sample]:
    """The drafts whose maker is among the features."""
    return [s for s in found if f"{MAKER}{s.maker}" in names]


def cross_validated(found: Sequence[Sample], names: Sequence[str]) -> Vector:
    """For every sample the probability by trees that have not seen its question."""
    groups = [hash_of(s.question) % FOLDS for s in found]
    result = np.zeros(len(found))
    for fold in range(FOLDS):
        model = trained([s for s, g in zip(found, groups, strict=True) if g != fold], names)
        inside = [n for n, g in enumerate(groups) if g == fold]
        result[inside] = model.predict_proba(table([found[n] for n in inside], names))[:, 1]
    return result


def hash_of(question: Question) -> int:
    """A number that the two languages of a question share."""
    return crc32(question.id.rstrip("ze").encode())


def report(title: str, chosen: Sequence[Sample], sure: Vector) -> None:
    """Prints how probabilities rank and what they refuse."""
    right = np.array([s.right for s in chosen])
    asked = np.array([s.question.answerable for s in chosen])
    given = sure >= THRESHOLD
    bins = np.minimum((sure * 10).astype(int), 9)
    gaps = [
        abs(sure[m].sum() - right[m].sum()) for b in range(10) if (m := given & (bins == b)).any()
    ]  # expected calibration error, times the answers given
    print(
        f"{title:22} {len(chosen):5} drafts, ranked {ranks_right(sure, right):.3f}; of answerable ones "
        f"right and given {share(right & given, asked):5.1f}%, refused {share(right & ~given, asked):4.1f}%, "
        f"wrong and given {share(asked & ~right & given, asked):4.1f}%; unanswerable refused "
        f"{share(~asked & ~given, ~asked):5.1f}%; calibration {100 * sum(gaps) / max(1, given.sum()):4.1f}"
    )


def share(part: NDArray[np.bool_], whole: NDArray[np.bool_]) -> float:
    """Part of a whole in percent."""
    return 100 * float(part.sum()) / max(1, int(whole.sum()))


def ranks_right(scores: Vector, right: NDArray[np.bool_]) -> float:
    """Chance that a right draft has more confidence than a wrong one (area under the ROC curve)."""
    good, bad = scores[right][:, None], scores[~right][None]
    return float((good > bad).mean() + 0.5 * (good == bad).mean()) if good.size and bad.size else float("nan")


def weighed(found: Sequence[Sample], weight: float) -> list[Sample]:
    """The same samples with less weight each."""
    return [replace(s, weight=s.weight * weight) for s in found]


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description="Fits the confidence on the development questions.")
    parser.add_argument("--write", action="store_true", help="rewrite the trees")
    parser.add_argument("--home", type=Path, help="home folder with an index")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        bot = PolicyBot(home=Home.resolve(options.home or Path(temporary)))
        bare = PolicyBot(index=without_annotations(bot.index, bot.index.corpus.annotations))
        asked, held = samples(bot), held_samples(bot.index)
        without = weighed(samples(bare), BARE_WEIGHT)
    parts = {"development": asked, "left out of training": held, "without annotations": without}
    parts["other subjects"] = outside_samples()
    parts["documents of others"] = own_samples()
    names = names_of([s for part in parts.values() for s in part])
    found = known([s for part in parts.values() for s in part], names)
    sure = dict(zip(map(id, found), cross_validated(found, names), strict=True))
    for title, part in parts.items():
        chosen = known(part, names)
        report(title, chosen, np.array([sure[id(s)] for s in chosen]))
    for language in ("zh", "en"):
        chosen = [s for s in known(asked, names) if s.weight == 1 and s.question.language == language]
        report(f"not looked at, {language}", chosen, np.array([sure[id(s)] for s in chosen]))
    if options.write:
        model = trained(found, names)
        trees = exported(model, names)
        FILE.write_text(json.dumps(trees, separators=(",", ":")) + "\n", "utf-8")
        forest = Forest.load(FILE)
        apart = max(
            abs(forest.score(dict(zip(names, row, strict=True))) - wanted)
            for row, wanted in zip(
                table(found, names), model.decision_function(table(found, names)), strict=True
            )
        )
        print(f"{FILE.name} rewritten; it differs from what was fitted by {apart:.4f} at most.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
