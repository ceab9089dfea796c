# Two commands for a newcomer: `make demo` and `make test`. Both set up `.venv` from the hash-locked requirements first.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
export DO_NOT_TRACK = 1
export PREFECT_SERVER_ANALYTICS_ENABLED = false
export GX_ANALYTICS_ENABLED = false

.PHONY: help setup demo test soak bench check tables reliability lock lake

help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

setup: $(READY) ## install the locked requirements into .venv

# uv installs what pip of an older Python refuses (it looks past the pinned sqlalchemy), in seconds instead of half a minute.
# Compiled once here: Prefect and Great Expectations take twice as long to import where Python has to compile them each time.
$(READY): requirements.lock bootstrap.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; set PYTHON=…")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r bootstrap.lock
	$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-build-isolation --no-deps --offline --editable .
	touch $@

demo: setup ## run the example review from made-up exports to a published map
	$(BIN)/python reviews/reducing-care-entry/demo.py

test: setup ## run the tests, on all cores
	$(BIN)/python -m pytest -n auto --dist loadfile

soak: setup ## the slow proofs: kills and faults by the dozen
	$(BIN)/python -m pytest -m soak

check: setup ## lint, types, and the one-way imports of the design
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

lake: setup ## also install the extensions of DuckDB for an object store and for DuckLake
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --require-hashes -r lake.lock

bench: setup ## measure the harvest of every connector against a server on this machine, the map page in Chromium, and how refreshes grow
	$(BIN)/python -m benchmarks.harvest
	$(BIN)/python -m benchmarks.map
	$(BIN)/python -m benchmarks.scale

tables: setup ## write docs/tables.md from the declared tables
	$(BIN)/python -m warehouse.tables.document > docs/tables.md

reliability: setup ## write docs/reliability.md from the table of faults and the marks of the tests
	$(BIN)/python -m tests.faults.table > docs/reliability.md

lock: ## resolve the dependencies again (needs the network)
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet --extra dev pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet --no-deps --group lake -o lake.lock
