"""`policybot train`: what cannot be asked of it is said before anything is trained."""

from __future__ import annotations

from tests.cli.conftest import Run


def test_going_on_is_for_the_encoder_only(policybot: Run) -> None:
    for part in ((), ("--part", "reader")):
        done = policybot("train", "--further", *part)
        assert done.returncode == 2 and "--part encoder" in done.stderr and "Traceback" not in done.stderr
    assert "--part encoder" in policybot("train", "--further", "--lang", "zh").stderr
