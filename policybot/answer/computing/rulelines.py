"""What answers by a rule share: the amount that it is applied to, and how rule and amount are worded."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from policybot.answer.computing.accounted import Span
from policybot.answer.computing.partwhole import free
from policybot.answer.evidence.sentences import Sentence
from policybot.answer.model import Step
from policybot.answer.question.ask import Ask
from policybot.answer.question.operations import plain
from policybot.answer.tables.reading.views import RowView
from policybot.answer.wording.cite import Evidence
from policybot.answer.wording.compose import line
from policybot.answer.wording.draft import Draft, Finding, Line, accounting
from policybot.answer.wording.labels import Labels
from policybot.corpus.model import Corpus
from policybot.facts.measure import Quantity
from policybot.facts.render import amount_text

_GAIN = 0.6  # gained over makers of one value


@dataclass(frozen=True)
class Base:
    """The amount a rule is applied to: the user's, or one that a clause or a table prints."""

    quantity: Quantity
    evidence: tuple[Evidence, ...] = ()
    sentence: Sentence | None = None
    row: RowView | None = None
    span: Span | None = None


def worded(
    corpus: Corpus,
    labels: Labels,
    ask: Ask,
    shown: str,
    calculation: str,
    rule: tuple[Sentence, Quantity],
    base: Base,
    findings: list[Finding],
    cover: float,
    bound: str = "",
) -> Draft:
    """An answer by a rule: what comes out, the rule quoted, the amount cited or named as the user's."""
    sentence, quantity = rule
    evidence = rule_evidence(sentence, quantity)
    text = corpus.clauses[evidence.clause].text.text[evidence.start : evidence.end]
    lines = [line("arithmetic_rule", (), value=shown, calculation=calculation)]
    lines.append(line("arithmetic_quote", (evidence,), sentence=free(text)))
    findings.append(
        Finding("quoted", float(quantity.amount), quantity.unit, None, bound, quantity.text, evidence)
    )
    q = base.quantity
    if base.row is not None:
        name, unit = (
            base.row.key,
            q.unit if ask.language == "zh" else " " + labels.short(q.unit, "en"),
        )
        lines.append(
            line(
                "plan_row",
                base.evidence,
                name=labels.short(name, ask.language),
                values=f"{plain(q.amount)}{unit}",
            )
        )
        findings.append(Finding("quoted", float(q.amount), text=plain(q.amount), evidence=base.evidence[0]))
    elif base.sentence is not None:
        held = base.evidence[0]
        own = corpus.clauses[held.clause].text.text[held.start : held.end]
        lines.append(line("arithmetic_quote", (held,), sentence=free(own)))
        findings.append(Finding("quoted", float(q.amount), q.unit, None, "", q.text, held))
    else:
        text = mass_text(q, q.amount, ask.language) if q.dimension == "mass" else plain(q.amount)
        lines.append(line("arithmetic_given", (), value=text))
        findings.append(Finding("user input", float(q.amount), q.unit, text=q.text))
    return drafted(lines, findings, cover, [quantity.text, q.text], shown)


def drafted(lines: list[Line], findings: list[Finding], cover: float, inputs: list[str], shown: str) -> Draft:
    features = accounting(cover)
    step = Step("compute", {"operation": "rule", "inputs": inputs}, shown)
    return Draft(
        "arithmetic", tuple(lines), cover + _GAIN, findings=tuple(findings), steps=(step,), features=features
    )


def mass_text(like: Quantity, amount: Decimal, language: str) -> str:
    """An amount in the unit of another, large ones in words: 11 billion tonnes, 4.6亿吨."""
    scale = "亿" if amount >= 10**8 else "万" if amount >= 10**6 else ""
    number = like.number_text if re.search("[亿万]", like.number_text) else f"{like.number_text}{scale}"
    unit = "吨" if like.unit.isascii() and like.dimension == "mass" else like.unit
    return amount_text(replace(like, number_text=number, unit=unit), amount, language)


def rule_evidence(sentence: Sentence, q: Quantity) -> Evidence:
    focus = (sentence.start + q.start, sentence.start + q.end)
    return Evidence(sentence.clause.id, sentence.start, sentence.end, focus)


def stretch_of(ask: Ask, given: Quantity) -> Span:
    """The amount and the word that says what it counts (180个缔约方, 180 delegations)."""
    behind = re.match(r"\s*[a-z]+|\s*[\u4e00-\u9fff]{0,3}", ask.text[given.end :])
    return given.start, given.end + (behind.end() if behind is not None else 0)
