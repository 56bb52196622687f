"""`python -m policybot` is the `policybot` command."""

from __future__ import annotations

from policybot.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
