"""Where things are: the home folder, the index under it, the built-in corpus and `policybot.toml`."""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Any

from policybot.errors import PolicybotError

CONFIG_NAME = "policybot.toml"
BACKENDS = ("auto", "exact", "chroma")
_PACKAGE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class EmbedderConfig:
    """`[embedder]`: a sentence-transformers model by name or path ("" = the one that is shipped).

    The prompts are put before a question and before a passage, as the model's card asks for.
    """

    model: str = ""
    query_prompt: str = ""
    document_prompt: str = ""


@dataclass(frozen=True)
class SearchConfig:
    """`[search]`: where vectors are searched: "exact" (numpy), "chroma", or "auto" (by size).

    `chroma_url` names a Chroma server that holds the vectors instead of the local store.
    """

    backend: str = "auto"
    chroma_url: str = ""


@dataclass(frozen=True)
class TraceConfig:
    """`[trace]`: whether answers leave a trace on this machine, and of how many answers."""

    on: bool = True
    keep: int = 50


@dataclass(frozen=True)
class CorpusConfig:
    """`[corpus]`: a folder with catalog.toml and sources/ instead of the built-in one ("" = built in)."""

    path: str = ""


@dataclass(frozen=True)
class LlmConfig:
    """`[llm]`: the chat model that answers where one is asked for; without one the planner answers.

    `model` is "provider:name", `base_url` an OpenAI-compatible server, `key_variable` the environment
    variable (or keyring entry) that holds its key. `timeout` is seconds for one answer, `max_calls` calls
    of the model for one answer, `retries` of one call. `offline` forbids every connection; `tracing`
    lets LangSmith's variables send runs away, which is off whatever they say.
    """

    model: str = ""
    base_url: str = ""
    key_variable: str = ""
    timeout: float = 120.0
    max_calls: int = 8
    retries: int = 2
    offline: bool = False
    tracing: bool = False


@dataclass(frozen=True)
class Config:
    """The contents of `policybot.toml`; every key is optional."""

    embedder: EmbedderConfig = field(default_factory=EmbedderConfig)
    search: SearchConfig = field(default_factory=SearchConfig)
    trace: TraceConfig = field(default_factory=TraceConfig)
    corpus: CorpusConfig = field(default_factory=CorpusConfig)
    llm: LlmConfig = field(default_factory=LlmConfig)


_DEFAULTS = Config()
_SECTIONS: dict[str, dict[str, Any]] = {
    section.name: asdict(getattr(_DEFAULTS, section.name)) for section in fields(Config)
}
_KINDS: dict[type, tuple[str, str]] = {
    str: ("text in quotes", "带引号的文本"),
    bool: ("true or false", "true 或 false"),
    int: ("a whole number, 0 or more", "不小于 0 的整数"),
    float: ("a number above 0", "大于 0 的数"),
}


@dataclass(frozen=True)
class Home:
    """The folder that holds the user's settings and the index.

    `root` need not exist yet: it is made when an index is first written.
    """

    root: Path
    no_connections: bool = False

    @staticmethod
    def resolve(path: Path | None = None, *, offline: bool = False) -> Home:
        """The home to use: `path`, else POLICYBOT_HOME, else the checkout, else the user's data folder.

        `offline` forbids every connection, as the environment and the settings can too.

        Raises:
            PolicybotError: the path names something that is not a folder.
        """
        named = path if path is not None else _environment_path()
        root = (named or checkout_root() or user_data_folder()).expanduser()
        root = Path(os.path.abspath(root))
        if root.exists() and not root.is_dir():
            raise PolicybotError(
                f"The home {root} is a file, not a folder.",
                "Name a folder with --home or POLICYBOT_HOME.",
                what_zh=f"主目录 {root} 是文件，不是文件夹。",
                hint_zh="请用 --home 或 POLICYBOT_HOME 指定一个文件夹。",
            )
        return Home(root, offline)

    @property
    def offline(self) -> bool:
        """True when no connection may be made, not even to this machine, whose servers may pass things on.

        Forbidden by `--offline`, by POLICYBOT_OFFLINE (anything but empty and 0) or by `[llm] offline`.
        """
        named = os.environ.get("POLICYBOT_OFFLINE", "").strip()
        return self.no_connections or named not in ("", "0") or self.config.llm.offline

    @property
    def index_store(self) -> Path:
        """Folder of the index generations."""
        return self.root / "index_store"

    @property
    def config_file(self) -> Path:
        """Where `policybot.toml` is read from when it exists."""
        return self.root / CONFIG_NAME

    @property
    def traces(self) -> Path:
        """Folder of the traces of answers."""
        return self.root / "traces"

    @cached_property
    def config(self) -> Config:
        """The parsed `policybot.toml`, defaults where there is none.

        Raises:
            PolicybotError: the file is not TOML, or has an unknown key or a value of the wrong kind.
        """
        return read_config(self.config_file)

    @cached_property
    def corpus_root(self) -> Path:
        """Folder with `catalog.toml` and `sources/`: the built-in corpus unless configured otherwise."""
        configured = self.config.corpus.path
        if configured:
            return self.root / Path(configured).expanduser()
        return builtin_corpus()


def checkout_root() -> Path | None:
    """The repository this package runs from, None when it is installed away from one."""
    root = _PACKAGE.parent
    return root if (root / "pyproject.toml").is_file() and (root / "corpus").is_dir() else None


def builtin_corpus() -> Path:
    """The corpus that comes with the package: beside it in a checkout, inside it in a wheel."""
    root = checkout_root()
    return root / "corpus" if root else _PACKAGE / "_corpus"


def user_data_folder(platform: str = sys.platform, environment: Mapping[str, str] = os.environ) -> Path:
    """Where the operating system keeps a user's application data."""
    if platform == "win32":
        base = Path(environment.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(environment.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "policybot"


def read_config(file: Path) -> Config:
    """Parse and check a `policybot.toml`; a missing file gives the defaults.

    Raises:
        PolicybotError: names the file, the key or line that is wrong, and what is allowed.
    """
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return Config()
    except UnicodeDecodeError as error:
        raise _bad(file, "it is not UTF-8 text", "不是 UTF-8 文本") from error
    except tomllib.TOMLDecodeError as error:
        raise _bad(file, f"it is not valid TOML ({error})", f"不是有效的 TOML（{error}）") from error
    except OSError as error:
        raise _bad(file, f"it cannot be read ({error.strerror})", f"无法读取（{error.strerror}）") from error
    _check(file, data)
    config = Config(
        EmbedderConfig(**data.get("embedder", {})),
        SearchConfig(**data.get("search", {})),
        TraceConfig(**data.get("trace", {})),
        CorpusConfig(**data.get("corpus", {})),
        LlmConfig(**data.get("llm", {})),
    )
    if config.search.backend not in BACKENDS:
        allowed = ", ".join(BACKENDS)
        raise _bad(
            file,
            f'search.backend is "{config.search.backend}" and must be one of {allowed}',
            f"search.backend 的值“{config.search.backend}”无效，只能是 {allowed}",
        )
    for key, url in (("search.chroma_url", config.search.chroma_url), ("llm.base_url", config.llm.base_url)):
        if url and not url.startswith(("http://", "https://")):
            raise _bad(
                file,
                f'{key} is "{url}" and must start with http:// or https://',
                f"{key} 的值“{url}”无效，必须以 http:// 或 https:// 开头",
            )
    return config


def _check(file: Path, data: dict[str, Any]) -> None:
    """Refuse unknown sections and keys, and values of another kind than the default."""
    for section, keys in data.items():
        known = _SECTIONS.get(section)
        if known is None or not isinstance(keys, dict):
            allowed = ", ".join(f"[{name}]" for name in _SECTIONS)
            raise _bad(
                file,
                f'it has an unknown section or key "{section}"; known sections are {allowed}',
                f"含有未知的段或键“{section}”，可用的段为 {allowed}",
            )
        for key, value in keys.items():
            if key not in known:
                allowed = ", ".join(known)
                raise _bad(
                    file,
                    f'[{section}] has an unknown key "{key}"; known keys are {allowed}',
                    f"[{section}] 含有未知的键“{key}”，可用的键为 {allowed}",
                )
            kind = type(known[key])
            if not _fits(value, kind):
                english, chinese = _KINDS[kind]
                raise _bad(file, f"{section}.{key} must be {english}", f"{section}.{key} 必须是{chinese}")


def _fits(value: object, kind: type) -> bool:
    """True for a value of the kind of its default; a truth value is no number."""
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e6
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1e6
    return isinstance(value, kind)


def _bad(file: Path, why: str, why_zh: str) -> PolicybotError:
    return PolicybotError(
        f"The settings in {file} cannot be used: {why}.",
        "Correct or remove the file.",
        what_zh=f"设置文件 {file} 无法使用：{why_zh}。",
        hint_zh="请更正或删除该文件。",
    )


def _environment_path() -> Path | None:
    named = os.environ.get("POLICYBOT_HOME", "").strip()
    return Path(named) if named else None
