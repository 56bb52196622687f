"""When a document was issued: the date that it prints itself, where a question means its being issued."""

from __future__ import annotations

from policybot.answer.computing.accounted import Span, within
from policybot.answer.durations.dates import Dated, dates_of
from policybot.answer.evidence.pool import Pool
from policybot.answer.matching.match import norm
from policybot.answer.question.ask import Ask
from policybot.patterns import lazy_pattern

ISSUED = lazy_pattern(
    r"落款|日期|时间|成文|正式|发布|印发|出台|公布|颁布|签发|下发|发出|问世|通知|文件|[的了]|在先"
    r"|\b(?:dated?|issu\w+|publish\w*|publication|releas\w*|notice"
    r"|promulgat\w*|came? out|appear\w*|those?|that|of)\b"
)
_ACT = lazy_pattern(r"通过|生效|签署|签订|实施|施行|adopt|force|sign|effect|implement")
_LIGHT = 0.3


def issued_of(ask: Ask, span: Span, pool: Pool) -> Dated | None:
    """The printed date of the one document that a stretch of a question names together with nothing else."""
    named = [d for d, (at, _) in zip(ask.documents, ask.named, strict=False) if span[0] <= at < span[1]]
    if not named:  # by an everyday word: 行动方案比意见晚多少天
        said = {c.surface for c in ask.concepts if span[0] <= c.start and c.end <= span[1]}
        named = [d.id for d in pool.corpus.documents.values() if said & set(d.aliases)]
    if len(named) != 1 or _ACT.search(ask.text[span[0] : span[1]]):
        return None
    document = pool.corpus.documents[named[0]]
    if len(document.date) < len("2021-09-22"):
        return None
    spots = [m.span() for m in ISSUED.finditer(ask.text)]
    issuer = norm(document.issuer_zh)
    for concept in ask.concepts:
        inside = span[0] <= concept.start and concept.end <= span[1]
        if not inside or concept.surface in document.aliases or concept.weight < _LIGHT:
            continue
        if concept.kind in ("document", "number"):
            continue
        if not within(concept, spots) and not any(o in issuer for o, _ in concept.ordered):
            return None
    for clause in pool.corpus.of(document.id):
        if clause.table:
            continue
        for sentence in pool.sentences(clause):
            for dated in dates_of(pool, sentence):
                if dated.day is not None and dated.day.isoformat() == document.date:
                    return dated
    return None
