"""The command line run inside the test's own process, for tests that need no process of its own."""

from __future__ import annotations

import io
import os
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from unittest.mock import patch

from policybot.cli import main


def call_here(*arguments: str) -> subprocess.CompletedProcess[str]:
    """`policybot ARGUMENTS` with an English locale, like `conftest.call` but without starting Python."""
    out, err = io.StringIO(), io.StringIO()
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("POLICYBOT_", "LC_"))}
    environment = {**kept, "LANG": "en_US.UTF-8"}
    with patch.dict(os.environ, environment, clear=True), redirect_stdout(out), redirect_stderr(err):
        code = main(list(arguments))
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())
