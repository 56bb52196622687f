"""Everything the corpus says about a city in one place: published lists and values, and what is computed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from policybot.corpus.model import AnchoredText, Cell, Corpus, Row, Table
from policybot.errors import PolicybotError
from policybot.facts.places import Place, Places
from policybot.facts.rankings import PublishedList, PublishedRank, published_lists, published_ranks
from policybot.facts.targets import Target, find_targets
from policybot.scoring.engine import Entry, score
from policybot.scoring.observations import published_observations
from policybot.scoring.robustness import RankInterval, robustness
from policybot.scoring.systems import builtin_systems
from policybot.text import sentence_spans, squash

INDEX = "index-white-paper-2022"
EVALUATION = "pilot-evaluation-2023"
SYSTEM = "dual-carbon-index-2022"
COMPUTED_DOMAIN = "2"


@dataclass(frozen=True, slots=True)
class CityValue:
    """A value of a table in the city's row.

    `place` is its place from the highest value among `count` cities that have one (ties share a place,
    `tied` of them); None where the value is missing.
    """

    table: str
    caption: str
    column: str
    cell: Cell
    row: str
    place: int | None
    count: int
    tied: int


@dataclass(frozen=True, slots=True)
class CityClass:
    """The class a table puts the city in, with what the class means."""

    name: str
    meaning: str
    meaning_cell: Cell
    members: int
    row: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A sentence that names the city."""

    document: str
    clause: str
    label: str
    start: int
    end: int
    quote: AnchoredText


@dataclass(frozen=True, slots=True)
class CityStanding:
    """What the index says of a city; the fields are those of `CityProfile`."""

    place: Place
    covered: bool
    exclusion: Mention | None
    city_class: CityClass | None


@dataclass(frozen=True, slots=True)
class CityProfile:
    """A city as the corpus knows it.

    `covered` says whether the index assesses it; where it does not, `exclusion` is the sentence that
    says why (None when the corpus never says). `values` hold only published cells; `computed` and
    `interval` are the engine's, never published. `context` are national targets.
    """

    place: Place
    covered: bool
    exclusion: Mention | None
    city_class: CityClass | None
    lists: tuple[PublishedList, ...]
    ranks: tuple[PublishedRank, ...]
    values: tuple[CityValue, ...]
    graded: PublishedList | None
    practices: tuple[Mention, ...]
    computed: Entry | None
    interval: RankInterval | None
    context: tuple[Target, ...]


@lru_cache(maxsize=1)
def _places() -> Places:
    return Places.load()


def find_city(name: str) -> Place:
    """A city by its Chinese name (with or without 市), pinyin or English spelling.

    Raises:
        PolicybotError: unknown; names the nearest.
    """
    places = _places()
    found = [m.place for m in places.find(name)]
    cities = [p for p in found if p.kind in ("city", "province", "region")]
    if len(cities) == 1 or (cities and squash(name).removesuffix("市") in cities[0].names_zh):
        return cities[0]
    import difflib

    names = {n: p.zh for p in places.places if p.kind == "city" for n in (p.zh, p.en[0] if p.en else p.zh)}
    near = [names[n] for n in difflib.get_close_matches(name, list(names), 3, 0.5)]
    english = [(p.en[0] if (p := places.get(zh)) and p.en else zh) for zh in dict.fromkeys(near)]
    hint = f"Did you mean {', '.join(english)}?" if near else "Give one city's name."
    hint_zh = f"您是否指：{'、'.join(dict.fromkeys(near))}？" if near else "请给出一个城市的名称。"
    raise PolicybotError(
        f"No city is known as {name!r}.", hint, what_zh=f"没有名为“{name}”的城市。", hint_zh=hint_zh
    )


def city_standing(corpus: Corpus, name: str) -> CityStanding:
    """How the index treats a city; found in a small part of the time that the whole profile takes.

    Raises:
        PolicybotError: a name that is no known city.
    """
    place = find_city(name)
    covered = any(v.row.startswith(INDEX) for v in _values(corpus, place))
    return CityStanding(place, covered, None if covered else _exclusion(corpus, place), _class(corpus, place))


def city_profile(corpus: Corpus, name: str) -> CityProfile:
    """The profile of a city.

    Raises:
        PolicybotError: a name that is no known city.
    """
    standing = city_standing(corpus, name)
    place, covered = standing.place, standing.covered
    lists = tuple(found for found in published_lists(corpus, _places()) if place.zh in found.places)
    graded = next((found for found in lists if _is_grade(found)), None)
    computed, interval = _computed(corpus, place.zh)
    return CityProfile(
        place,
        covered,
        standing.exclusion,
        standing.city_class,
        tuple(found for found in lists if found is not graded),
        tuple(rank for rank in published_ranks(corpus, _places()) if rank.place == place.zh),
        tuple(_values(corpus, place)),
        graded,
        tuple(_mentions(corpus, place, EVALUATION)),
        computed,
        interval,
        tuple(national_goals(corpus)) if covered else (),
    )


def compare_cities(corpus: Corpus, names: list[str]) -> list[CityProfile]:
    """Profiles of several cities, in the order given, each once.

    Raises:
        PolicybotError: fewer than two cities, or an unknown one.
    """
    profiles: list[CityProfile] = []
    for name in names:
        profile = city_profile(corpus, name)
        if all(p.place.zh != profile.place.zh for p in profiles):
            profiles.append(profile)
    if len(profiles) < 2:
        raise PolicybotError(
            "A comparison needs at least two different cities.",
            "Name two or more.",
            what_zh="比较至少需要两个不同的城市。",
            hint_zh="请给出两个或更多城市。",
        )
    return profiles


def graded_cities(corpus: Corpus) -> PublishedList | None:
    """The evaluation report's list of cities whose result is 优良; its cut-off is not published."""
    return next((found for found in published_lists(corpus, _places()) if _is_grade(found)), None)


def _is_grade(found: PublishedList) -> bool:
    return found.document == EVALUATION and "优良" in found.predicate


def _values(corpus: Corpus, place: Place) -> list[CityValue]:
    found = []
    for table in corpus.tables.values():
        row = _row(table, place)
        if row is None:
            continue
        for index, cell in enumerate(row.cells):
            if index == 0 or cell.kind == "text" or index >= len(table.header):
                continue
            known = [r.cells[index].value for r in table.rows if r.cells[index].value is not None]
            place_in, tied = None, 0
            if cell.value is not None:
                place_in = 1 + sum(v > cell.value for v in known if v is not None)
                tied = sum(v == cell.value for v in known)
            found.append(
                CityValue(
                    table.label, table.caption, table.header[index], cell, row.id, place_in, len(known), tied
                )
            )
    return found


def _row(table: Table, place: Place) -> Row | None:
    names = set(place.names_zh)
    return next((r for r in table.rows if squash(r.cells[0].text).rstrip("*") in names), None)


def _class(corpus: Corpus, place: Place) -> CityClass | None:
    """From a table whose rows list cities in a cell: name of the class, its cities, what it means."""
    for table in corpus.tables.values():
        if table.document != INDEX or len(table.header) < 3 or "城市" not in table.header[1]:
            continue
        for row in table.rows:
            members = [squash(m) for m in row.cells[1].text.split("、")]
            if any(name in members for name in place.names_zh):
                return CityClass(row.cells[0].text, row.cells[2].text, row.cells[2], len(members), row.id)
    return None


def _mentions(corpus: Corpus, place: Place, document: str) -> list[Mention]:
    found = []
    for clause in corpus.of(document):
        if clause.table or clause.kind == "note":
            continue
        text = clause.text.text
        if not any(name in text for name in place.names_zh):
            continue
        for start, end in sentence_spans(text):
            named = [m for m in _places().find(text[start:end]) if m.place.zh == place.zh]
            if named and len([m for m in _places().find(text[start:end]) if m.place.kind == "city"]) <= 12:
                found.append(
                    Mention(
                        document, clause.id, clause.label, start, end, clause.text.slice(start, end).strip()
                    )
                )
    return found


def _exclusion(corpus: Corpus, place: Place) -> Mention | None:
    """The sentence in which the white paper says that a place is left out."""
    together = (
        place.zh[0]
        if place.zh in ("香港", "澳门", "台湾") or place.province in ("香港", "澳门", "台湾")
        else ""
    )
    for clause in corpus.of(INDEX):
        text = clause.text.text
        for start, end in sentence_spans(text):
            sentence = text[start:end]
            named = any(name in sentence for name in place.names_zh) or (together and "港澳台" in sentence)
            if named and any(word in sentence for word in ("未含", "缺少", "缺失", "不包括", "不含")):
                return Mention(
                    INDEX, clause.id, clause.label, start, end, clause.text.slice(start, end).strip()
                )
    return None


def _computed(corpus: Corpus, name: str) -> tuple[Entry | None, RankInterval | None]:
    observations = published_observations(builtin_systems()[SYSTEM], corpus, COMPUTED_DOMAIN)
    if name not in observations.units:
        return None, None
    entry = score(observations).entry(name)
    spans = robustness(observations, weightings=5_000).intervals
    return entry, next((i for i in spans if i.unit == name), None)


def national_goals(corpus: Corpus) -> list[Target]:
    """National targets of the acts in force that bear on every city: those of their overall goals."""
    goals = [c.id for c in corpus.clauses.values() if c.kind == "paragraph" and c.id.count("/") == 2]
    return [
        t
        for t in find_targets(corpus)
        if t.status == "in force" and t.kind == "value" and t.year in (2025, 2030) and t.clause in goals
    ]
