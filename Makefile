# Two commands for a newcomer: `make demo` and `make test`. Both set up `.venv` from the hash-locked requirements first.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
export DO_NOT_TRACK = 1
export PREFECT_SERVER_ANALYTICS_ENABLED = false
export GX_ANALYTICS_ENABLED = false

.PHONY: help setup demo test test-duckdb2 soak bench check audit tables reliability lock lake

help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

setup: $(READY) ## install the locked requirements into .venv

# uv installs what pip of an older Python refuses (it looks past the pinned sqlalchemy), in seconds instead of half a minute.
# Compiled once here, with our own: Prefect and Great Expectations take twice as long to import where Python compiles them each time.
$(READY): requirements.lock bootstrap.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; set PYTHON=…")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r bootstrap.lock
	$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-build-isolation --no-deps --offline --editable .
	$(BIN)/python -m compileall -q expectations flows tasks warehouse
	touch $@

demo: setup ## run the example review from made-up exports to a published map
	$(BIN)/python reviews/reducing-care-entry/demo.py

# Files are handed out in their order: by default those of few tests come last, which are the longest, and one core waits for another.
test: setup ## run the tests, on all cores
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

# The environment of .venv with another DuckDB before it. `make test-duckdb2 TESTS=tests/warehouse` runs a part.
DUCKDB2 := .venv-duckdb2
TESTS   ?= tests

test-duckdb2: setup ## run the tests with DuckDB 2, whose files the locked version does not open (fetches it the first time)
	$(BIN)/uv venv --quiet --allow-existing --python $(BIN)/python $(DUCKDB2)
	$(BIN)/uv pip sync --quiet --python $(DUCKDB2)/bin/python --require-hashes duckdb2.lock
	$(BIN)/python -c 'import sysconfig; print("import site; site.addsitedir(%r)" % sysconfig.get_path("purelib"))' \
		> $$($(DUCKDB2)/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/locked.pth
	ln -sf $(CURDIR)/$(BIN)/prefect $(CURDIR)/$(BIN)/uv $(CURDIR)/$(DUCKDB2)/bin/
	$(DUCKDB2)/bin/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(TESTS)

soak: setup ## the slow proofs: kills and faults by the dozen
	$(BIN)/python -m pytest -m soak

check: setup ## lint, types, and the one-way imports of the design
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

lake: setup ## also install the extensions of DuckDB for an object store and for DuckLake
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --require-hashes -r lake.lock

audit: setup ## look for known holes in the locked packages (needs the network)
	$(BIN)/uv venv --quiet --allow-existing --python $(BIN)/python .venv-audit
	$(BIN)/uv pip sync --quiet --python .venv-audit/bin/python --require-hashes audit.lock
	.venv-audit/bin/pip-audit --strict --require-hashes --disable-pip --requirement requirements.lock

bench: setup ## measure the harvest of every connector against a server on this machine, the map page in Chromium, how refreshes grow, how long a ranking takes, and what Prefect adds
	$(BIN)/python -m benchmarks.harvest
	$(BIN)/python -m benchmarks.map
	$(BIN)/python -m benchmarks.scale
	$(BIN)/python -m benchmarks.ranking
	$(BIN)/python -m benchmarks.orchestration

tables: setup ## write docs/tables.md from the declared tables
	$(BIN)/python -m warehouse.tables.document > docs/tables.md

reliability: setup ## write docs/reliability.md from the table of faults and the marks of the tests
	$(BIN)/python -m tests.faults.table > docs/reliability.md

COMPILE := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet
lock: ## resolve the dependencies again (needs the network)
	$(COMPILE) --extra dev pyproject.toml -o requirements.lock
	$(COMPILE) --no-deps --group lake -o lake.lock
	echo 'duckdb>=2,<3' | $(COMPILE) --no-config - -o duckdb2.lock
	echo 'pip-audit>=2' | $(COMPILE) --no-config - -o audit.lock
