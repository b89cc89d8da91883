# The developers' manual: `make help` lists what can be done here.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: help setup demo test test-fast faults bench lint docs format lock clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY)  ## make .venv from requirements.lock

$(READY): requirements.lock pyproject.toml scripts/setup
	@PYTHON=$(PYTHON) scripts/setup && touch $@

demo: setup  ## run the main job on the embedded newsroom and show the stories
	@$(BIN)/newsduck demo

test: setup  ## the whole test suite
	@$(BIN)/pytest -n 2 --dist loadgroup

test-fast: setup  ## the tests that need no Prefect server and no browser
	@$(BIN)/pytest -n 2 --dist loadgroup -m "not server" -q

faults: setup  ## try every promise by the hundred (LONG=1: by the thousand) and write docs/promises.md
	@rm -f .promises; PROMISES=$(CURDIR)/.promises $(BIN)/pytest -m promise --no-cov -n 2 --dist loadgroup \
	    $(if $(LONG),--long,--many); failed=$$?; \
	$(BIN)/python -m tests.promises .promises $(if $(LONG),--long) > docs/promises.md; exit $$failed

bench: setup  ## figures: the demo's parts, articles and feeds per second, the reader's time
	@for b in benchmarks/bench_*.py; do echo "== $$b"; $(BIN)/python $$b || exit 1; done

lint: setup  ## ruff, mypy
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

docs: setup  ## write docs/data-dictionary.md anew from the migrations, docs/house.md from the files' first words
	@$(BIN)/python scripts/house.py > docs/house.md
	@$(BIN)/python -c 'from storage.dictionary import markdown; print(markdown(), end="")' > docs/data-dictionary.md

format: setup  ## let ruff write what it can
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

lock: setup  ## make requirements.lock anew from pyproject.toml
	@$$(scripts/setup --uv) pip compile pyproject.toml --extra dev --universal --generate-hashes --no-annotate \
	    --no-header --no-emit-index-url --upgrade -q -o requirements.lock

clean:  ## remove what setup, tests and the demo made
	rm -rf .venv .uv newsduck-demo .coverage .pytest_cache .mypy_cache .ruff_cache
