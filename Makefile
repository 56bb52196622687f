# Two commands do all set-up on a machine with Python 3.11 or newer and make:
#   make ask    set up, build the index, answer the example question
#   make test   set up, lint, check types and layers, run the tests, hold the figures against their limits
# Both can be repeated: what is already done is not done again.

VENV ?= .venv
BIN := $(VENV)/bin
QUESTION ?= what is the 2025 target for new-building PV coverage?
# The first of these that is Python 3.11 or newer; override with `make PYTHON=… ask`.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)
# One thread is fastest for models this small, above all on a busy machine.
export OMP_NUM_THREADS ?= 1
# Several projects' variables must not leak into the runs below.
unexport PYTHONPATH

.PHONY: ask test lint types layers unit gate install install-test clean

ask: install
	$(BIN)/policybot index build
	$(BIN)/policybot ask "$(QUESTION)"

test: lint types layers unit gate

lint: install-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install-test
	$(BIN)/mypy

layers: install-test
	$(BIN)/lint-imports

unit: install-test
	$(BIN)/pytest -n 2 --dist loadfile

# The held-out questions: prints figures only, fails below the limits of evals/thresholds.toml.
gate: install-test
	$(BIN)/policybot eval gate

install: $(VENV)/.installed
install-test: $(VENV)/.installed-test

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "policybot needs Python 3.11 or newer: install it, or name it with make PYTHON=…" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(BIN)/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-test: $(BIN)/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet -c constraints.txt -e ".[test]"
	@touch $@ $(VENV)/.installed

# Removes what `make` made, the index included; sources and settings stay.
clean:
	rm -rf $(VENV) index_store build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
