"""From "provider:name" and the settings to a LangChain chat model: address, key, timeout.

A key is taken from the environment or the keyring, goes to the model's client and nowhere else. A server
that the settings name gets no key but the one that the settings name for it.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policybot.errors import ModelError
from policybot.home import Home, LlmConfig
from policybot.retrieve.datafile import bad_data, read_toml

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

PROVIDERS = Path(__file__).resolve().parent / "data" / "providers.toml"
KEYRING_SERVICE = "policybot"
_NO_KEY = "none"  # the clients insist on a key, servers on this machine do not
_GATEWAY = "LANGSMITH_GATEWAY"
_ENVIRONMENT = threading.Lock()


@dataclass(frozen=True)
class ModelSpec:
    """A chat model to use.

    `base_url` is "" where LangChain's own package for the provider knows the address; `key_variable` is ""
    when no key is sent.
    """

    provider: str
    name: str
    base_url: str = ""
    key_variable: str = ""

    @property
    def compatible(self) -> bool:
        """True when the server speaks OpenAI's protocol."""
        return bool(self.base_url)

    @property
    def package(self) -> str:
        """Name of the Python package to install."""
        return "langchain-openai" if self.compatible else f"langchain-{self.provider.replace('_', '-')}"

    def __str__(self) -> str:
        return f"{self.provider}:{self.name}" if self.provider else self.name


def read_spec(text: str, config: LlmConfig) -> ModelSpec:
    """The model that `text`, or without it the settings, name.

    Raises:
        ModelError: no model is named, or it cannot be told which provider serves it.
    """
    named = text.strip() or config.model.strip()
    provider, colon, name = named.partition(":")
    provider = provider.strip().lower()
    if not named or (colon and not name.strip()):
        raise ModelError(
            "No chat model is named.",
            'Name one, as in --llm openai:gpt-5-mini, or set [llm] model = "provider:name".',
            what_zh="没有指定对话模型。",
            hint_zh='请指定，例如 --llm openai:gpt-5-mini，或设置 [llm] model = "提供方:模型名"。',
        )
    known = providers()
    if colon and (entry := known.get(provider)) is not None:
        url = config.base_url or entry["base_url"]
        key = config.key_variable or ("" if config.base_url else entry.get("key", ""))
        return ModelSpec(provider, name.strip(), url, key)
    if config.base_url:
        return ModelSpec("", named, config.base_url, config.key_variable)
    if colon and provider.replace("_", "").isalnum() and provider.isascii():
        return ModelSpec(provider, name.strip(), "", config.key_variable)
    names = ", ".join(known)
    raise ModelError(
        f'The provider of the model "{named[:80]}" is not known.',
        f"Write provider:name (providers: {names}, and those of LangChain), or set [llm] base_url.",
        what_zh=f"无法判断模型“{named[:80]}”由谁提供。",
        hint_zh=f"请写成 提供方:模型名（{names}，或 LangChain 支持的其他提供方），或设置 [llm] base_url。",
    )


def require_model(home: Home, text: str) -> ModelSpec:
    """The chat model that `text`, or without it the settings, name; nothing is imported or sent.

    Raises:
        ModelError: connections are forbidden, no or an unknown provider is named, or the model's Python
            package is not installed.
    """
    if home.offline:
        raise ModelError(
            "A chat model needs a connection, and connections are forbidden (offline).",
            "Ask without --llm, or allow connections.",
            what_zh="对话模型需要联网，但当前禁止联网（offline）。",
            hint_zh="请不带 --llm 提问，或允许联网。",
        )
    spec = read_spec(text, home.config.llm)
    if find_spec(spec.package.replace("-", "_")) is None:
        raise _missing(spec.package)
    return spec


def find_key(variable: str) -> str | None:
    """The key that an environment variable, or else the keyring's entry of that name, holds."""
    if not variable:
        return None
    found = os.environ.get(variable, "").strip()
    if found:
        return found
    try:
        import keyring

        return keyring.get_password(KEYRING_SERVICE, variable) or None
    except Exception:  # not installed, locked, or without a backend: there is no key then
        return None


def make_model(spec: ModelSpec, config: LlmConfig) -> BaseChatModel:
    """The chat model's client; nothing is sent yet.

    Raises:
        ModelError: its package is missing, or LangChain does not know the provider.
        MissingKey: no key is found.
    """
    from langchain.chat_models import init_chat_model

    settings: dict[str, Any] = {"timeout": config.timeout, "max_retries": config.retries}
    key = find_key(spec.key_variable)
    if spec.key_variable and key is None:
        raise MissingKey(spec.key_variable)
    if spec.compatible:
        # Some names would switch the client to an interface that only OpenAI has.
        settings |= {"base_url": spec.base_url, "use_responses_api": False, "stream_usage": True}
        settings["api_key"] = key or _NO_KEY
    elif key is not None:
        settings["api_key"] = key
    provider = "openai" if spec.compatible else spec.provider
    try:
        with _without_gateway(config.tracing):
            model: BaseChatModel = init_chat_model(spec.name, model_provider=provider, **settings)
            return model
    except ImportError as error:
        name = (error.name or "").partition(".")[0].replace("_", "-")
        raise _missing(name if name.startswith("langchain-") else spec.package) from error
    except ValueError as error:
        # Clients report a missing key with a message of their own, which is not shown: it may quote one.
        if "unsupported" in str(error).lower():
            raise ModelError(
                f'LangChain has no provider "{spec.provider}".',
                "Use one of its providers, or set [llm] base_url to an OpenAI-compatible server.",
                what_zh=f"LangChain 没有名为“{spec.provider}”的提供方。",
                hint_zh="请使用它支持的提供方，或把 [llm] base_url 设为兼容 OpenAI 的服务器。",
            ) from None
        raise MissingKey(spec.key_variable or f"{spec.provider.upper()}_API_KEY") from None


class MissingKey(Exception):
    """No key was found; the argument is the name of the variable that should hold it."""


@contextmanager
def _without_gateway(wanted: bool) -> Iterator[None]:
    """LangSmith's gateway variable sends every request through LangSmith; it counts only when asked for."""
    if wanted:
        yield
        return
    with _ENVIRONMENT:
        kept = os.environ.pop(_GATEWAY, None)
        try:
            yield
        finally:
            if kept is not None:
                os.environ[_GATEWAY] = kept


def _missing(package: str) -> ModelError:
    command = 'pip install "policybot[llm]"' if package == "langchain-openai" else f"pip install {package}"
    return ModelError(
        f"The package {package}, which this chat model needs, is not installed.",
        f"Install it: {command}",
        what_zh=f"此对话模型所需的软件包 {package} 没有安装。",
        hint_zh=f"请安装：{command}",
    )


@cache
def providers(path: Path = PROVIDERS) -> dict[str, dict[str, str]]:
    """Servers that speak OpenAI's protocol: name → {"base_url", "key"}.

    Raises:
        CorpusError: the file is missing, not TOML, or an entry has no base URL.
    """
    data = read_toml(path)
    for name, entry in data.items():
        if not isinstance(entry, dict) or not str(entry.get("base_url", "")).startswith("http"):
            raise bad_data(path, f"[{name}] needs a base_url")
    return data
