# The developers' manual: `make help` lists what can be done here.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
# Stamps: what runs is there, and what tests it.
READY := .venv/.ready
TESTED := .venv/.tested
# What is made once and not at every start: Prefect's database, empty, and the language model, unpacked.
MADE = $(BIN)/python -m flows.board.up.database && $(BIN)/python -m extract.read.language_model
LOCK = $$(scripts/setup --uv) pip compile pyproject.toml --universal --generate-hashes --no-annotate --no-header \
    --no-emit-index-url --upgrade -q

.PHONY: help setup setup-dev demo test test-fast coverage faults mutants bench lint docs questions pictures format lock clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY)  ## make .venv from requirements.lock: what runs

setup-dev: $(TESTED)  ## and from requirements-dev.lock: what tests it

$(READY): requirements.lock pyproject.toml scripts/setup
	@PYTHON=$(PYTHON) scripts/setup && $(MADE) && touch $@

$(TESTED): requirements-dev.lock requirements.lock pyproject.toml scripts/setup
	@PYTHON=$(PYTHON) scripts/setup --dev && $(MADE) && touch $(READY) $@

demo: setup  ## run the main job on the embedded newsroom and show the stories
	@$(BIN)/newsduck demo

# Tests start a hundred processes: what the first compiles the others need not, whatever the environment has of it.
test coverage test-fast faults: export PYTHONDONTWRITEBYTECODE =

test: setup-dev  ## the whole test suite
	@$(BIN)/pytest -n 3 --dist loadgroup

coverage: setup-dev  ## the whole suite once more, counting which lines and branches it came to
	@$(BIN)/pytest -n 2 --dist loadgroup --cov --cov-report=term:skip-covered

test-fast: setup-dev  ## the tests that need no Prefect server and no browser
	@$(BIN)/pytest -n 2 --dist loadgroup -m "not server" -q

faults: setup-dev  ## try every promise by the hundred (LONG=1: by the thousand; ONLY=FILE: some again) and write docs/promises.md
	@$(if $(ONLY),,rm -f .promises;) PROMISES=$(CURDIR)/.promises $(BIN)/pytest -m "promise or apart" -n 2 --dist loadgroup --timeout 14400 \
	    $(if $(LONG),--long,--many) $(ONLY); failed=$$?; \
	$(BIN)/python -m tests.promises .promises $(if $(LONG),--long) > .promises.md && mv .promises.md docs/promises.md; exit $$failed

mutants: setup-dev  ## 200 mutants of what decides, and which the tests find (half an hour; SEED=2: 200 others)
	@$(BIN)/python scripts/mutants.py --seed $(or $(SEED),1)

bench: setup-dev  ## figures: the demo's parts, articles and feeds per second, the reader's time
	@for b in benchmarks/bench_*.py; do echo "== $$b"; $(BIN)/python $$b || exit 1; done

lint: setup-dev  ## ruff, mypy
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

docs: setup  ## write docs/data-dictionary.md anew from the migrations, docs/house.md from the files' first words
	@$(BIN)/python scripts/house.py > docs/house.md
	@$(BIN)/python -c 'from storage.dictionary import markdown; print(markdown(), end="")' > docs/data-dictionary.md

questions: demo  ## write docs/questions.md anew from what the demo answers
	@$(BIN)/python scripts/questions.py newsduck-demo/data/warehouse.duckdb > .questions.md && mv .questions.md docs/questions.md

pictures: setup-dev demo  ## take docs/pictures/ anew, of the demo's pages and dashboard (needs Chromium)
	@$(BIN)/python scripts/pictures.py newsduck-demo docs/pictures

format: setup-dev  ## let ruff write what it can
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

lock:  ## make both locks anew from pyproject.toml
	@$(LOCK) --extra setup -o requirements.lock
	@$(LOCK) --extra setup --extra dev --extra cluster --extra s3 -c requirements.lock -o requirements-dev.lock

clean:  ## remove what setup, tests and the demo made
	rm -rf .venv .uv newsduck-demo .coverage .pytest_cache .mypy_cache .ruff_cache .hypothesis .promises .promises.md .mutants
