"""`python -m policybot` is the `policybot` command."""

from __future__ import annotations

from policybot.cli import program

if __name__ == "__main__":
    program()
