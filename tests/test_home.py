"""The home folder and its settings file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from policybot import home as home_module
from policybot.errors import PolicybotError
from policybot.home import Config, Home, read_config, user_data_folder

REPOSITORY = Path(__file__).resolve().parent.parent


def test_an_argument_comes_before_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICYBOT_HOME", str(tmp_path / "from-environment"))
    assert Home.resolve(tmp_path / "argument").root == tmp_path / "argument"
    assert Home.resolve().root == tmp_path / "from-environment"


def test_a_checkout_is_its_own_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("POLICYBOT_HOME", raising=False)
    home = Home.resolve()
    assert home.root == REPOSITORY
    assert home.index_store == REPOSITORY / "index_store"
    assert home.corpus_root == REPOSITORY / "corpus"


def test_a_blank_environment_variable_names_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICYBOT_HOME", "  ")
    assert Home.resolve().root == REPOSITORY


def test_an_installed_package_uses_the_users_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("POLICYBOT_HOME", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    package = tmp_path / "site-packages" / "policybot"
    monkeypatch.setattr(home_module, "_PACKAGE", package)
    home = Home.resolve()
    assert home.root == user_data_folder()
    assert home.corpus_root == package / "_corpus"


def test_each_system_has_its_own_data_folder() -> None:
    assert user_data_folder("linux", {"XDG_DATA_HOME": "/x"}) == Path("/x/policybot")
    assert user_data_folder("linux", {}) == Path.home() / ".local/share/policybot"
    assert user_data_folder("darwin", {}) == Path.home() / "Library/Application Support/policybot"
    assert user_data_folder("win32", {"LOCALAPPDATA": "/y"}) == Path("/y/policybot")


def test_a_relative_home_is_made_absolute_and_tilde_expanded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert Home.resolve(Path("here")).root == tmp_path / "here"
    assert Home.resolve(Path("~/there")).root == Path(os.path.expanduser("~/there"))


def test_a_file_is_no_home(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PolicybotError, match="is a file, not a folder"):
        Home.resolve(tmp_path / "file")


def test_without_a_settings_file_the_defaults_hold(tmp_path: Path) -> None:
    assert read_config(tmp_path / "policybot.toml") == Config()


def test_all_settings_are_read(tmp_path: Path) -> None:
    (tmp_path / "policybot.toml").write_text(
        '[embedder]\nmodel = "intfloat/multilingual-e5-small"\nquery_prompt = "query: "\n'
        'document_prompt = "passage: "\n[search]\nbackend = "chroma"\n[corpus]\npath = "mine"\n',
        encoding="utf-8",
    )
    home = Home(tmp_path)
    assert home.config.embedder.model == "intfloat/multilingual-e5-small"
    assert (home.config.embedder.query_prompt, home.config.embedder.document_prompt) == (
        "query: ",
        "passage: ",
    )
    assert home.config.search.backend == "chroma"
    assert home.corpus_root == tmp_path / "mine"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("[embedder\n", "not valid TOML"),
        ("[embeder]\nmodel = 'x'\n", 'unknown section or key "embeder"'),
        ("model = 'x'\n", 'unknown section or key "model"'),
        ("[embedder]\nmodle = 'x'\n", '[embedder] has an unknown key "modle"'),
        ("[embedder]\nmodel = 3\n", "embedder.model must be text"),
        ("[search]\nbackend = 'faiss'\n", "must be one of auto, exact, chroma"),
        ("[search]\nchroma_url = 'localhost:8000'\n", "must start with http:// or https://"),
    ],
)
def test_wrong_settings_are_named_in_both_languages(tmp_path: Path, text: str, part: str) -> None:
    file = tmp_path / "policybot.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PolicybotError) as caught:
        read_config(file)
    assert part in caught.value.sentence("en")
    assert str(file) in caught.value.sentence("en")
    assert str(file) in caught.value.sentence("zh")
    assert caught.value.sentence("zh") != caught.value.sentence("en")


def test_settings_that_are_not_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "policybot.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PolicybotError, match="not UTF-8"):
        read_config(tmp_path / "policybot.toml")
