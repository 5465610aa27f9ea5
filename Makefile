# headstart: every target does its own set-up; Python >= 3.11, make and a package index are all it needs.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
BENCHES := bench-look bench-verdict bench-prefix bench-memory bench-tuning bench-start bench-store bench-power \
           bench-resume bench-prior bench-develop bench-selection bench-pretext bench-wise bench-control \
           bench-sim-speed bench-pairs bench-identify bench-hindsight

.DEFAULT_GOAL := help
.PHONY: help install demo test test-slow lint types contract bench $(BENCHES) clean

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*##  *\(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20
	@echo "  make bench-NAME   one of: $(BENCHES:bench-%=%)"

install: $(STAMP)  ## .venv with headstart and all that its tests and demos need

# The stamp makes a second install free: pip runs again only when the dependencies may have changed.
$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "headstart needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>/dev/null || echo 'not there')." >&2; \
	  echo "  Name a newer one: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

demo: install  ## the main job on real images, then on real texts
	$(BIN)/headstart demo images
	$(BIN)/headstart demo text

test: lint types contract  ## lint, types, import contract, tests
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -q

test-slow: install  ## tests that take minutes each
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -q -m slow

lint: install  ## ruff: rules and layout
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install  ## mypy
	$(BIN)/mypy

contract: install  ## who may import whom
	$(BIN)/lint-imports

bench: $(BENCHES)  ## every benchmark (long); results belong in docs/LOG.md

$(BENCHES): bench-%: install
	$(BIN)/python benchmarks/bench_$(subst -,_,$*).py

clean:  ## remove what the targets made; your runs and HEADSTART_HOME stay
	rm -rf $(VENV) build dist .bench .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
