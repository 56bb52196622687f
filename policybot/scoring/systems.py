"""Index systems: domains and indicators with direction, unit, weight and where their data stand."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from policybot.errors import PolicybotError

FORMAT = 1
Direction = Literal["max", "min"]
_WEIGHT_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class DataSource:
    """Where an indicator's values stand: table label, column name, unit ("" where none is printed)."""

    table: str
    column: str
    unit: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator. `direction` says whether more ("max") or less ("min") is better, and
    `direction_source` who says so; `weight` is None where none is given; `image` names the figure
    that carries its values only as a picture."""

    id: str
    zh: str
    en: str
    direction: Direction
    direction_source: str
    unit: str = ""
    weight: float | None = None
    data: DataSource | None = None
    image: str = ""
    low: float | None = None  # goalposts, where the system fixes them
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Domain:
    """A group of indicators; `weight` is None where none is given."""

    id: str
    zh: str
    en: str
    indicators: tuple[Indicator, ...]
    weight: float | None = None


@dataclass(frozen=True, slots=True)
class IndexSystem:
    """An index as data. `document` and `table` say where its structure is printed ("" for a user's own)."""

    id: str
    title_zh: str
    title_en: str
    document: str
    table: str
    scale: tuple[float, float]
    domains: tuple[Domain, ...]

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """All indicators in printed order."""
        return tuple(i for d in self.domains for i in d.indicators)

    def domain(self, name: str) -> Domain:
        """A domain by id or name.

        Raises:
            PolicybotError: unknown; the message lists the known ones.
        """
        for domain in self.domains:
            if name in (domain.id, domain.zh, domain.en):
                return domain
        known = "; ".join(f"{d.id} {d.en}" for d in self.domains)
        known_zh = "；".join(f"{d.id} {d.zh}" for d in self.domains)
        raise PolicybotError(
            f"{self.title_en} has no domain {name!r}.",
            f"Its domains are: {known}.",
            what_zh=f"{self.title_zh}没有领域“{name}”。",
            hint_zh=f"其领域为：{known_zh}。",
        )


def builtin_systems() -> dict[str, IndexSystem]:
    """The index systems that ship with the package, by id."""
    folder = resources.files("policybot.scoring") / "data"
    found = {}
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".toml"):
            system = parse_system(entry.read_text("utf-8"), entry.name)
            found[system.id] = system
    return found


def load_system(path: Path) -> IndexSystem:
    """A user's index system from a TOML file.

    Raises:
        PolicybotError: unreadable file, wrong TOML, or a wrong entry (named).
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PolicybotError(
            f"The index file {path} cannot be read ({error}).",
            "Give a UTF-8 TOML file; `policybot score new` writes a template.",
            what_zh=f"无法读取指数文件 {path}（{error}）。",
            hint_zh="请提供 UTF-8 编码的 TOML 文件；`policybot score new` 可生成模板。",
        ) from error
    return parse_system(text, path.name)


def parse_system(text: str, name: str) -> IndexSystem:
    """An index system from the text of a TOML file; `name` is used in errors."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _bad(name, str(error)) from error
    if data.get("format") != FORMAT:
        raise _bad(name, f"format must be {FORMAT}")
    for key in ("id", "title_zh", "title_en"):
        if not isinstance(data.get(key), str) or not data[key]:
            raise _bad(name, f"the text field {key!r} is missing")
    domains = tuple(_domain(name, d) for d in data.get("domain", []))
    if not domains or not any(d.indicators for d in domains):
        raise _bad(name, "it has no [[domain.indicator]]")
    ids = [i.id for d in domains for i in d.indicators]
    twice = sorted({i for i in ids if ids.count(i) > 1})
    if twice:
        raise _bad(name, f"indicator {twice[0]} occurs twice")
    _check_weights(name, "domains", [(d.id, d.weight) for d in domains])
    for domain in domains:
        _check_weights(name, f"domain {domain.id}", [(i.id, i.weight) for i in domain.indicators])
    scale = data.get("scale", [0, 100])
    if not (isinstance(scale, list) and len(scale) == 2 and scale[0] < scale[1]):
        raise _bad(name, "scale must be [low, high]")
    return IndexSystem(
        data["id"],
        data["title_zh"],
        data["title_en"],
        str(data.get("document", "")),
        str(data.get("table", "")),
        (float(scale[0]), float(scale[1])),
        domains,
    )


def _bad(name: str, why: str) -> PolicybotError:
    return PolicybotError(
        f"The index file {name} is not usable: {why}.",
        "Correct that entry; `policybot score new` writes a template.",
        what_zh=f"指数文件 {name} 不可用：{why}。",
        hint_zh="请改正该项；`policybot score new` 可生成模板。",
    )


def _domain(name: str, entry: Mapping[str, Any]) -> Domain:
    for key in ("id", "zh", "en"):
        if not isinstance(entry.get(key), str):
            raise _bad(name, f"a [[domain]] lacks {key!r}")
    indicators = tuple(_indicator(name, i) for i in entry.get("indicator", []))
    return Domain(entry["id"], entry["zh"], entry["en"], indicators, _weight(name, entry))


def _indicator(name: str, entry: Mapping[str, Any]) -> Indicator:
    for key in ("id", "zh", "en", "direction"):
        if not isinstance(entry.get(key), str):
            raise _bad(name, f"an indicator lacks {key!r}")
    if entry["direction"] not in ("max", "min"):
        raise _bad(name, f"indicator {entry['id']}: direction must be max or min")
    raw = entry.get("data")
    source = None
    if raw is not None:
        if not isinstance(raw, Mapping) or not all(isinstance(raw.get(k), str) for k in ("table", "column")):
            raise _bad(name, f"indicator {entry['id']}: data needs table and column")
        source = DataSource(raw["table"], raw["column"], str(raw.get("unit", "")))
    goalposts = entry.get("goalposts")
    low = high = None
    if goalposts is not None:
        if not (isinstance(goalposts, list) and len(goalposts) == 2 and goalposts[0] < goalposts[1]):
            raise _bad(name, f"indicator {entry['id']}: goalposts must be [low, high]")
        low, high = float(goalposts[0]), float(goalposts[1])
    return Indicator(
        entry["id"],
        entry["zh"],
        entry["en"],
        entry["direction"],
        str(entry.get("direction_source", "stated in the index file")),
        str(entry.get("unit", source.unit if source else "")),
        _weight(name, entry),
        source,
        str(entry.get("image", "")),
        low,
        high,
    )


def _weight(name: str, entry: Mapping[str, Any]) -> float | None:
    weight = entry.get("weight")
    if weight is None:
        return None
    if (
        isinstance(weight, bool)
        or not isinstance(weight, int | float)
        or not math.isfinite(weight)
        or weight < 0
    ):
        raise _bad(name, f"{entry['id']}: weight must be a number of at least 0")
    return float(weight)


def _check_weights(name: str, where: str, weights: list[tuple[str, float | None]]) -> None:
    given = [(i, w) for i, w in weights if w is not None]
    if not given:
        return
    if len(given) != len(weights):
        missing = next(i for i, w in weights if w is None)
        raise _bad(name, f"{where}: {missing} has no weight while others have")
    total = sum(w for _, w in given)
    if abs(total - 1) > _WEIGHT_TOLERANCE and abs(total - 100) > _WEIGHT_TOLERANCE * 100:
        raise _bad(name, f"the weights of {where} sum to {total:g}, not to 1 (or 100)")
