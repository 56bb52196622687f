"""Answers that are a sentence: rules, verdicts on yes-or-no questions, who does what, definitions."""

from __future__ import annotations

from collections.abc import Sequence

from policybot.answer.evidence.excerpt import evidence_of, tidy
from policybot.answer.evidence.pool import HEAD, JOINT, Pool, Scored
from policybot.answer.evidence.quoting import Quoter
from policybot.answer.evidence.sentences import Sentence
from policybot.answer.evidence.values import precision
from policybot.answer.matching.match import Concept, Weigher, bare, covers, norm
from policybot.answer.model import Step
from policybot.answer.question.ask import Ask
from policybot.answer.statements.responsible import Actor, actors, is_body
from policybot.answer.statements.roles import holder
from policybot.answer.statements.yesno import Decision, decide, skips, step_in
from policybot.answer.wording.cite import Evidence
from policybot.answer.wording.draft import Draft, Finding, Line
from policybot.answer.wording.labels import Labels
from policybot.patterns import lazy_pattern

_SHORTEST = 4  # characters of a sentence that says something
_SENTENCES = 16
_DECIDING = 10  # sentences looked at for a word that decides
_NEAR = 0.06  # how far behind the best sentence a deciding one may be in another clause
_SAME_CLAUSE = 0.3  # … and in the same one
# How far behind the best sentence the next one may be that is shown beside it, as they are hardly told apart.
_BESIDE = 0.08  # in the same clause
_ELSEWHERE = 0.06  # in another one
_WEIGHTS = {"ban": 0.1, "allow": 0.08, "oblige": 0.05, "limit": 0.02}
_EXACT = 0.3  # gained by a deciding stretch that speaks of nothing but what is asked
_HEAD_ACT = 14  # characters within which the act that the question asks about is to follow
_BODY_LIKE = 0.08  # gained by a name that reads like a body, lost by another
_ACT = 0.25  # gained when it does, as a share of the whole question
_NEAR_ACT = 36  # characters after a body within which what it does counts whole
_UNMET = lazy_pattern(
    r"(?:没有?|未|不|无法|不能|[完达做]不[成到])[^，。？?]{0,12}?(?:怎么办|怎样|怎么样|如何|会|后果|呢|咋办)|否则|要不然|逾期"
    r"|\b(?:what|how)\b.*\b(?:if|when|should)\b.*(?:\bnot\b|n't|cannot|\bfail|\bmiss|\bunable|\bwithout)"
    r"|\b(?:if|when|should)\b.*(?:\bnot\b|n't|cannot|\bfail|\bmiss|\bunable)|\botherwise\b"
)
_ELSE = lazy_pattern(r"[如若凡][^，。；]{0,24}[未不没]|未能|仍未|未达|未完成|不符合|不遵守|逾期|滞后|否则")
_ASKED_BY = {  # patterns of responsible.py that a way of asking prefers
    "report_to": lazy_pattern(r"向(谁|哪)|report(s|ed)? to\b|to whom"),
    "submit_to": lazy_pattern(r"报(给|送|到)?(谁|哪)|submit|(送|交)给?谁|to whom"),
    "in_name": lazy_pattern(r"名义|under whose name|in (whose|the) name"),
    "through": lazy_pattern(r"(谁|哪个|什么).{0,12}(审核|审批|批准|同意|核准)|approv|review"),
    "role": lazy_pattern(r"保存人|秘书处|depositar|secretariat|supreme|最高机构"),
    "play": lazy_pattern(r"(督促|监督|督导)"),
}


class StatementMaker:
    """Chooses among sentences and words them."""

    def __init__(self, pool: Pool, quoter: Quoter, labels: Labels, weigh: Weigher | None = None) -> None:
        self.pool = pool
        self.quoter = quoter
        self.labels = labels
        self.weigh = weigh

    def best(self, ask: Ask, ranked: Sequence[Scored]) -> Scored | None:
        """The best sentence that is more than a heading or a table's one word."""
        return next((s for s in ranked if not s.sentence.heading and len(s.sentence.norm) >= _SHORTEST), None)

    def sentence(self, ask: Ask, ranked: Sequence[Scored]) -> Draft | None:
        """The sentence that carries most of the question, with a verdict where a word decides."""
        best = self.best(ask, ranked)
        if best is None:
            return None
        if _UNMET.search(ask.text) is not None:
            best = self._otherwise(best, ranked)
        wording, focus = "sentence", None
        if ask.wants("yes_no"):
            chosen = self._decided(ask, ranked, best)
            if chosen is not None:
                best, decision = chosen
                wording, focus = decision.wording, (decision.start, decision.end)
        subject = self._subject(ask, best.sentence) if wording == "sentence" else None
        if subject is not None:
            name, more = subject
            lines = self.quoter.lines(ask, best.sentence, "who", focus, {"who": name}, more)
        else:
            lines = self.quoter.lines(ask, best.sentence, wording, focus)
            if wording == "sentence" and not ask.amount:
                lines += self._beside(ask, ranked, best, lines[0].evidence[0])
        evidence = lines[0].evidence[0]
        findings = (Finding("quoted", tidy(best.sentence.text), text="", evidence=evidence),)
        return Draft(
            "statement",
            lines,
            best.score,
            findings=findings,
            steps=(Step("choose_sentence", {"sentences": len(ranked)}, best.sentence.clause.id),),
            features=self.features(best, ranked),
        )

    def _beside(self, ask: Ask, ranked: Sequence[Scored], best: Scored, shown: Evidence) -> tuple[Line, ...]:
        """The next best sentence, where it is nearly as good and not shown yet."""
        for scored in ranked:
            sentence = scored.sentence
            same = sentence.clause.id == shown.clause
            least = best.unjudged - (_BESIDE if same else _ELSEWHERE)
            if scored.unjudged < least or self.best(ask, [scored]) is None:
                continue
            if not same or sentence.end <= shown.start or shown.end <= sentence.start:
                return self.quoter.lines(ask, sentence)
        return ()

    @staticmethod
    def _otherwise(best: Scored, ranked: Sequence[Scored]) -> Scored:
        """The sentence of the same clause that says what holds where something is not done or reached."""
        if _ELSE.search(best.sentence.text) is not None:
            return best
        for scored in ranked[:_DECIDING]:
            same = scored.sentence.clause.id == best.sentence.clause.id and not scored.sentence.heading
            if same and scored.score > best.score - _SAME_CLAUSE and _ELSE.search(scored.sentence.text):
                return scored
        return best

    def _subject(self, ask: Ask, sentence: Sentence) -> tuple[str, tuple[Evidence, ...]] | None:
        """The place a sentence is about, when the question asks for one, with the sentence that names it."""
        if "place" not in ask.expects or any(place != "中国" for place in ask.places):
            return None
        name = self.pool.place(sentence)
        if name:
            return self.labels.short(name, ask.language), ()
        for other in reversed(self.pool.sentences(sentence.clause)):
            if other.start < sentence.start and (name := self.pool.place(other)):
                return self.labels.short(name, ask.language), (evidence_of(other),)
        return None

    def _decided(self, ask: Ask, ranked: Sequence[Scored], best: Scored) -> tuple[Scored, Decision] | None:
        """The sentence near the best one whose own words decide a yes-or-no question."""
        if skips(ask):
            for scored in (best, *ranked[:_DECIDING]):
                same = scored.sentence.clause.id == best.sentence.clause.id
                decision = step_in(scored.sentence) if same and not scored.sentence.heading else None
                if decision is not None and scored.score >= best.score - _SAME_CLAUSE:
                    return scored, decision
        found: list[tuple[float, Scored, Decision]] = []
        for scored in ranked[:_DECIDING]:
            same = scored.sentence.clause.id == best.sentence.clause.id
            if scored.sentence.heading or scored.score < best.score - (_SAME_CLAUSE if same else _NEAR):
                continue
            head = self.pool.head(scored.sentence.clause)
            joint = f"{head}|{scored.sentence.norm}"
            above = [
                max(HEAD * covers(c, head, self.weigh), JOINT * covers(c, joint, self.weigh))
                for c in ask.concepts
            ]
            decision = decide(ask, scored, above, self.weigh)
            if decision is not None:
                worth = scored.score + _WEIGHTS.get(decision.does, 0.0)
                found.append((worth + _EXACT * self._exact(ask, scored.sentence, decision), scored, decision))
        if not found:
            return None
        _, scored, decision = max(found, key=lambda item: item[0])
        return scored, decision

    def _exact(self, ask: Ask, sentence: Sentence, decision: Decision) -> float:
        """Share of the deciding stretch that the question accounts for (不再新建境外煤电 says more)."""
        at = decision.start - sentence.start
        text = next((t for a, b, t in self.pool.stretches(sentence) if a <= at < b), sentence.norm)
        return precision(ask, text, self.weigh)

    def who(self, ask: Ask, ranked: Sequence[Scored]) -> Draft | None:
        """The body that the question asks for, with the sentence that names it."""
        best: tuple[float, Scored, Actor] | None = None
        for scored in ranked[:_SENTENCES]:
            if scored.sentence.heading:
                continue
            for actor in actors(scored.sentence.text):
                score = self._actor_score(ask, scored, actor)
                if best is None or score > best[0]:
                    best = (score, scored, actor)
        if best is None:
            return None
        score, scored, actor = best
        focus = (scored.sentence.start + actor.start, scored.sentence.start + actor.end)
        name = tidy(actor.body)
        shown = name if ask.language == "zh" else self.labels.name(name, "en")
        lines = self.quoter.lines(ask, scored.sentence, "who", focus, {"who": shown})
        held = holder(self.pool, scored.sentence, name)
        if held is not None:
            lines += self.quoter.lines(ask, held)
        return Draft(
            "who",
            lines,
            min(1.0, 0.5 * score + 0.5 * scored.score + 0.04),
            findings=(Finding("quoted", name, text=name, evidence=lines[0].evidence[0]),),
            steps=(Step("find_responsible", {"sentences": len(ranked)}, name),),
            features=self.features(scored, ranked),
        )

    def definition(self, ask: Ask, ranked: Sequence[Scored]) -> Draft | None:
        """The sentence that says what something is."""
        best: tuple[float, Scored] | None = None
        for scored in ranked:
            if scored.sentence.heading:
                continue
            strength = max(
                (max(defines(scored.sentence, c), _titled(scored.sentence, c)) for c in ask.terms),
                default=0.0,
            )
            if strength <= 0:
                continue
            score = 0.55 * scored.score + 0.45 * strength
            if best is None or score > best[0]:
                best = (score, scored)
        if best is None:
            return None
        score, scored = best
        lines = self.quoter.lines(ask, scored.sentence, longest=220)
        return Draft(
            "definition",
            lines,
            score + 0.05,
            findings=(Finding("quoted", tidy(scored.sentence.text), evidence=lines[0].evidence[0]),),
            steps=(
                Step("find_definition", {"terms": [c.surface for c in ask.terms]}, scored.sentence.clause.id),
            ),
            features={**self.features(scored, ranked), "defines": 1.0},
        )

    def features(self, scored: Scored, ranked: Sequence[Scored]) -> dict[str, float]:
        """What the calibrated confidence looks at."""
        rival = next((s.score for s in ranked if s.sentence.clause.id != scored.sentence.clause.id), 0.0)
        return {
            "cover": scored.cover,
            "own": scored.own,
            "wide": scored.wide,
            "found": scored.found,
            "margin": max(0.0, scored.score - rival),
            "worst": scored.worst,
            "elsewhere": float(scored.elsewhere),
            "value": 0.0,
        }

    def _actor_score(self, ask: Ask, scored: Scored, actor: Actor) -> float:
        act, body = norm(actor.act), norm(actor.body)
        text = scored.sentence.text
        around = norm(text[max(0, actor.start - 60) : actor.start])
        total = sum(c.weight for c in ask.concepts) or 1.0
        carried = 0.0
        named = 0.0
        outer = self.pool.around(ask.concepts, scored.sentence)
        for i, concept in enumerate(ask.concepts):
            in_body = covers(concept, body, self.weigh)
            named += concept.weight * in_body
            first = covers(concept, act[:_HEAD_ACT], self.weigh)
            carried += concept.weight * max(
                covers(concept, act[:_NEAR_ACT], self.weigh),
                0.6 * covers(concept, act, self.weigh),
                0.8 * covers(concept, around, self.weigh),
                0.25 * in_body,
                0.7 * outer[i],
            )
            if i in ask.after:
                carried += total * (_ACT * first - _ACT / 3 * (first < 0.3))
        if len(actor.body) > 24:
            carried -= 0.15 * total
        score = 0.85 * carried / total - 0.25 * named / total + 0.7 * scored.score
        score += _BODY_LIKE if is_body(actor.body) else -_BODY_LIKE
        preferred = [how for how, pattern in _ASKED_BY.items() if pattern.search(ask.text)]
        if preferred:
            score += 0.2 if actor.how in preferred else -0.1
        elif actor.how in ("by", "role"):
            score += 0.1
        elif actor.how == "subject":
            score += 0.04
        return score


def _titled(sentence: Sentence, concept: Concept) -> float:
    """How clearly a sentence follows a line that is nothing but the concept (——节约优先。把…放在首位)."""
    before = bare(sentence.before)
    return max((0.92 * v for o, v in concept.options if len(o) > 2 and bare(o) == before), default=0.0)


_SAYS = 6  # characters beside the term that a definition has at least
_MARKS = r"(?:是指|指的是|指的就是|是一种|指|意味着|意思是|即|简称|是为|主要是指|定义为|就是)"


_TERM = "\ufffc"  # stands for the term where patterns are tried
_QUOTED = rf"[“\"‘《]?{_TERM}[”\"’》]?"
_BRACKET = r"(?:[（(][^）)]*[）)])?"
_DEFINING = (
    (1.0, lazy_pattern(rf"(?:^|[，。；：“]){_QUOTED}{_BRACKET}[，,]?{_MARKS}")),
    (0.9, lazy_pattern(rf"[“\"]{_TERM}[”\"]中.{{0,60}}(?:包括|即|是)")),
    (0.95, lazy_pattern(rf"(?:集|由|以|即).{{4,40}}(?:一体|组成|构成|为主)的[“\"]?{_TERM}")),
    (0.85, lazy_pattern(rf"{_MARKS}[“\"]{_TERM}|以下(?:简)?称[“\"《]{_TERM}")),
    (
        0.75,
        lazy_pattern(
            rf"^(?:\d+[.．])?{_QUOTED}{_BRACKET}(?:是|为|中的|包括|由|的(?:目的|任务|职能|含义|核心目标)是)"
        ),
    ),
)
_NAMING = ((0.45, lazy_pattern(rf"[“\"]{_TERM}[”\"]")), (0.3, lazy_pattern(rf"^{_QUOTED}")))


def defines(sentence: Sentence, concept: Concept) -> float:
    """How clearly (0–1) a sentence says what a concept is.

    "X（English）是指 …", "“X”指 …", "… 的“X”" (what stands before the quoted term says what it is),
    "“X”中 … 包括 …", and weaker a sentence that begins with the term.
    """
    text = sentence.norm
    best = 0.0
    for option, value in concept.options:
        if value < 0.5 or not bare(option) or option not in text or len(text) < len(option) + _SAYS:
            continue
        marked = text.replace(option, _TERM)
        patterns = (*_DEFINING, *_NAMING) if len(option) >= 2 else _DEFINING
        strength = next((worth for worth, pattern in patterns if pattern.search(marked)), 0.0)
        best = max(best, value * strength)
    return best
