"""The command line run inside the test's own process, for tests that need no process of its own."""

from __future__ import annotations

import io
import os
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from unittest.mock import patch

import policybot.corpus
from policybot.cli import main
from policybot.corpus.loader import corpus_root
from policybot.corpus.model import Corpus

_load = policybot.corpus.load_corpus
_built_in = cache(_load)


def _load_once(root: Path | None = None) -> Corpus:
    return _built_in() if root in (None, corpus_root()) else _load(root)  # a user's own documents change


def call_here(*arguments: str) -> subprocess.CompletedProcess[str]:
    """`policybot ARGUMENTS` with an English locale, like `conftest.call` but without starting Python.

    The built-in corpus, which nothing changes, is read once for all of these runs.
    """
    out, err = io.StringIO(), io.StringIO()
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("POLICYBOT_", "LC_"))}
    environment = {**kept, "LANG": "en_US.UTF-8"}
    with (
        patch.dict(os.environ, environment, clear=True),
        patch.object(policybot.corpus, "load_corpus", _load_once),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        code = main(list(arguments))
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())
