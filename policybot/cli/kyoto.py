"""`policybot kyoto`: commitments of Annex B, and assigned amounts from the user's base emissions."""

from __future__ import annotations

import difflib
import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer

from policybot.cli.anchors import city_name, clause_place
from policybot.cli.layout import grid
from policybot.cli.messages import say
from policybot.cli.options import JsonOption, LangOption, session_of
from policybot.cli.output import Line, line, show, show_json
from policybot.errors import PolicybotError
from policybot.patterns import lazy_pattern
from policybot.text import fold

if TYPE_CHECKING:
    from policybot.corpus.model import Clause, Corpus
    from policybot.facts.places import Places
    from policybot.scoring.kyoto import AssignedAmount, Commitment

_AMOUNT = lazy_pattern(
    r"(?P<number>[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*(?P<unit>[^\d\s.,eE+-].*)?"
)


def kyoto(
    context: typer.Context,
    party: Annotated[
        list[str] | None, typer.Argument(help="A party in any spelling; none lists all. / 缔约方。")
    ] = None,
    base: Annotated[
        str, typer.Option(help='Base-year emissions, e.g. "1000 Mt". / 基准年排放量。', show_default=False)
    ] = "",
    as_json: JsonOption = False,
    lang: LangOption = "auto",
) -> None:
    """Show Annex B commitments and compute assigned amounts. / 附件B承诺与分配数量。"""
    from policybot.corpus import load_corpus
    from policybot.scoring.kyoto import annex_b, assigned_amount

    session = session_of(context, lang)
    language = session.language
    corpus = load_corpus(session.home.corpus_root)
    commitments = annex_b(corpus)
    name = " ".join(party or ()).strip()
    if not name:
        if base:
            raise base_without_party()
        if as_json:
            show_json([commitment_data(corpus, c) for c in commitments.values()])
        else:
            show(render_annex(corpus, commitments, language))
        return
    wanted = find_party(name, commitments)
    if not base:
        found = commitments[wanted]
        show_json(commitment_data(corpus, found)) if as_json else show(
            render_commitment(corpus, found, language)
        )
        return
    number, unit = read_amount(base)
    amount = assigned_amount(corpus, wanted, number, unit)
    show_json(amount_data(corpus, amount)) if as_json else show(render_amount(corpus, amount, language))


def base_without_party() -> PolicybotError:
    """Base-year emissions were given and no party."""
    return PolicybotError(
        "Base-year emissions need a party.",
        'For example: policybot kyoto Japan --base "1000 Mt".',
        what_zh="给出基准年排放量时须指明缔约方。",
        hint_zh='例如：policybot kyoto 日本 --base "1000 Mt"。',
    )


def find_party(name: str, commitments: dict[str, Commitment]) -> str:
    """The name printed in Annex B for any spelling of a party.

    Raises:
        PolicybotError: an unknown name (the nearest are named), or a country outside Annex B.
    """
    from policybot.facts.places import Places as AllPlaces

    places = AllPlaces.load()
    spellings = {fold(n): party for party in commitments for n in _names(places, party)}
    if fold(name) in spellings:
        return spellings[fold(name)]
    place = places.get(name) or next((m.place for m in places.find(name)), None)
    if place is not None:
        known = next((p for n in place.names_zh if (p := spellings.get(fold(n)))), None)
        if known is not None:
            return known
        english = place.en[0] if place.en else place.zh
        raise PolicybotError(
            f"{english} has no commitment in Annex B, so it has no assigned amount.",
            f"Annex B lists {len(commitments)} parties; `policybot kyoto` shows them.",
            what_zh=f"{place.zh}不在附件B之列，没有承诺，也没有分配数量。",
            hint_zh=f"附件B列有 {len(commitments)} 个缔约方，可用 `policybot kyoto` 查看。",
        )
    near = difflib.get_close_matches(fold(name), list(spellings), 3, 0.5)
    parties = list(dict.fromkeys(spellings[n] for n in near))
    english = ", ".join(city_name(p, "en") for p in parties)
    raise PolicybotError(
        f"No party is known as {name!r}.",
        f"The nearest: {english}." if near else "`policybot kyoto` lists the parties of Annex B.",
        what_zh=f"没有名为“{name}”的缔约方。",
        hint_zh=f"相近的有：{'、'.join(parties)}。" if near else "可用 `policybot kyoto` 列出附件B的缔约方。",
    )


def _names(places: Places, party: str) -> tuple[str, ...]:
    place = places.get(party)
    return (party, *place.names_zh, *place.en) if place else (party,)


def read_amount(text: str) -> tuple[Decimal, str]:
    """ "1000 Mt" as number and unit.

    Raises:
        PolicybotError: it does not begin with a number.
    """
    found = _AMOUNT.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        raise PolicybotError(
            f"{text!r} is not an amount.",
            'Write a number and a unit, e.g. "1000 Mt".',
            what_zh=f"“{text}”不是数量。",
            hint_zh="请写数字和单位，例如“1000 Mt”。",
        )
    return Decimal(found["number"].replace(",", "")), (found["unit"] or "").strip()


def commitment_data(corpus: Corpus, found: Commitment) -> dict[str, Any]:
    """A line of Annex B as JSON."""
    return {
        "kind": "published",
        "party": found.party,
        "name_en": city_name(found.party, "en"),
        "percent": float(found.percent),
        "transition": found.transition,
    } | clause_place(corpus.clauses[found.clause])


def amount_data(corpus: Corpus, found: AssignedAmount) -> dict[str, Any]:
    """An assigned amount as JSON, with the clauses it is computed from."""
    return {
        "kind": "computed",
        "party": found.commitment.party,
        "name_en": city_name(found.commitment.party, "en"),
        "percent": float(found.commitment.percent),
        "base": float(found.base),
        "base_source": "user input",
        "unit": found.unit,
        "amount": float(found.amount),
        "calculation": found.calculation,
        "inputs": [clause_place(clause) for clause in _clauses(corpus, found)],
    }


def _clauses(corpus: Corpus, found: AssignedAmount) -> tuple[Clause, Clause]:
    from policybot.scoring.kyoto import RULE

    return corpus.clauses[RULE], corpus.clauses[found.commitment.clause]


def render_annex(corpus: Corpus, commitments: dict[str, Commitment], language: str) -> list[Line]:
    """Annex B as a table."""
    rows = []
    for found in commitments.values():
        clause = corpus.clauses[found.clause]
        mark = say("transition-mark", language) if found.transition else ""
        name = city_name(found.party, language)
        rows.append([f"{found.percent:f}%", name, f":{clause.line_start}", mark])
    first = corpus.clauses[next(iter(commitments.values())).clause]
    head = [line(first.text.file, "dim")] if commitments else []
    note = say("annex-b-note", language, count=len(commitments))
    return [*head, *(line(text) for text in grid(rows, right=(0,))), line(), line(note, "dim", hang=2)]


def render_commitment(corpus: Corpus, found: Commitment, language: str) -> list[Line]:
    """One party's commitment."""
    name = city_name(found.party, language)
    parts = [(f"{found.percent:f}% ", "value"), (say("of-base", language, party=name), "")]
    if found.transition:
        parts.append((f" · {say('transition-mark', language)}", "dim"))
    return [Line(tuple(parts), hang=2), _place(corpus.clauses[found.clause], language)]


def render_amount(corpus: Corpus, found: AssignedAmount, language: str) -> list[Line]:
    """An assigned amount with its calculation and clauses."""
    name = city_name(found.commitment.party, language)
    shown = f"{found.amount.normalize():f} {found.unit}".strip()
    return [
        Line(((f"{shown} ", "value"), (say("assigned", language, party=name), "")), hang=2),
        line(found.calculation, indent=2),
        line(say("computed-input", language), "warning", indent=2, hang=2),
        *(_place(clause, language) for clause in _clauses(corpus, found)),
    ]


def _place(clause: Clause, language: str) -> Line:
    label = clause.label_en if language == "en" and clause.label_en else clause.label
    return line(f"{label} · {clause.text.file}:{clause.line_start}", "dim", indent=2)
