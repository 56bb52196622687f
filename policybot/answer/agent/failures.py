"""What can go wrong with a chat model, and the one line that says so.

Only the kind of a failure is told: messages of servers and clients may quote keys, and are not shown.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from string import Formatter

from policybot.retrieve.datafile import bad_data, read_toml

NOTICES = Path(__file__).resolve().parent / "data" / "notices.toml"
_STATUS = {401: "key", 403: "key", 404: "model", 408: "timeout", 429: "rate", 504: "timeout"}
# Parts of the names of exceptions, in the order in which they are looked for along the chain of causes.
_NAMES = (
    ("GraphRecursion", "loop"),
    ("Timeout", "timeout"),
    ("ConnectError", "unreachable"),
    ("RemoteProtocol", "broken"),
    ("ReadError", "broken"),
    ("JSONDecode", "broken"),
    ("UnicodeDecode", "broken"),
    ("ConnectionError", "unreachable"),
    ("Connection", "unreachable"),
    ("APIError", "broken"),
)


class AgentFailure(Exception):
    """The model gave no usable reply. `kind` is a key of ``data/notices.toml``, `name` a detail for it."""

    def __init__(self, kind: str, name: str = "") -> None:
        super().__init__(kind)
        self.kind = kind
        self.name = name


def classify(error: BaseException) -> AgentFailure:
    """The kind of failure behind an exception of a chat model's client, whichever client it is."""
    if isinstance(error, AgentFailure):
        return error
    chain: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in chain and len(chain) < 10:
        chain.append(at)
        at = at.__cause__ or at.__context__
    for found in chain:
        status = getattr(found, "status_code", None)
        if not isinstance(status, int):
            status = getattr(getattr(found, "response", None), "status_code", None)
        if isinstance(status, int) and status >= 400:
            return AgentFailure(_STATUS.get(status, "server" if status >= 500 else "request"))
    names = [base.__name__ for found in chain for base in type(found).__mro__]
    for part, kind in _NAMES:
        if any(part in name for name in names):
            return AgentFailure(kind)
    if "No generation" in str(error):
        return AgentFailure("empty")
    return AgentFailure("other", type(error).__name__)


def notice(kind: str, language: str, **slots: object) -> str:
    """The line for a failure in "zh" or "en"."""
    return notices()["zh" if language == "zh" else "en"][kind].format(**slots)


@cache
def notices(path: Path = NOTICES) -> dict[str, dict[str, str]]:
    """The lines by language.

    Raises:
        CorpusError: the file is missing or not TOML, or its languages differ in keys or placeholders.
    """
    data = read_toml(path)
    if set(data) != {"zh", "en"} or set(data["zh"]) != set(data["en"]):
        raise bad_data(path, "it must have the sections [zh] and [en] with the same keys")
    for key, text in data["en"].items():
        if _slots(text) != _slots(data["zh"][key]):
            raise bad_data(path, f"{key!r} names different placeholders in its two languages")
    return data


def _slots(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
