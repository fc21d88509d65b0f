# `make` alone lists what there is.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STORE ?= data
SOURCE ?= seeds/documents
export DO_NOT_TRACK := 1
# A failure before a pipe counts.
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c

.DEFAULT_GOAL := help
.PHONY: help run test test-long test-slow test-browser test-ducklake check audit format serve docs lock benchmark

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/core ## Build a release of the sample documents into data/ (SOURCE=, STORE=)
	@echo 'Building a release of $(SOURCE) into $(STORE)/: read, clean, find names, check, publish.'
	@$(BIN)/babelmill build "$(SOURCE)" --store "$(STORE)"

# Where ours opens text in the encoding of the locale, a test fails (pyproject.toml).
test test-long test-slow: export PYTHONWARNDEFAULTENCODING := 1

test: $(VENV)/dev ## Run the tests (five minutes and a half on two cores)
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not long and not slow and not browser"

test-long: $(VENV)/dev ## Run the tests of builds that are stopped, servers, addresses and environments (CI does, too)
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "long and not slow"

test-slow: $(VENV)/dev ## Run the slow tests, and look for new examples against each property
	$(BIN)/python -m pytest -m slow
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "hypothesis and not slow" --hypothesis-profile search

test-browser: $(VENV)/dev ## Build, look and schedule in a real browser (needs Debian's chromium)
	$(BIN)/python -m pytest -m browser

test-ducklake: $(VENV)/dev $(VENV)/ducklake/installed ## Register releases in a DuckLake (its DuckDB is older than ours, and comes aside)
	PYTHONPATH=$(VENV)/ducklake $(BIN)/python -m pytest tests/releases/test_ducklake.py

check: $(VENV)/dev ## Format, lint, types, import contracts, generated docs, licences
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/python -m docs.generate --check
	$(BIN)/python -m docs.licences
	$(BIN)/mypy

format: $(VENV)/dev ## Format and mend what ruff can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

serve: $(VENV)/core ## Start the Prefect UI, a worker and the deployments on this machine
	@exec $(BIN)/babelmill serve

docs: $(VENV)/dev ## Write the generated pages of docs/, and the site into site/ (no network)
	$(BIN)/python -m docs.generate
	$(BIN)/mkdocs build --quiet --strict

benchmark: $(VENV)/dev ## Build generated corpora of 4,000 and 20,000 documents and print the figures
	$(BIN)/python -m benchmarks.speed

audit: $(VENV)/dev ## Look up known weaknesses of the locked packages (needs the network and PyPI)
	$(BIN)/uv tool run pip-audit --strict --no-deps --disable-pip -r requirements.lock

lock: $(VENV)/dev ## Write the three lock files anew
	$(BIN)/uv pip compile $(LOCK) -o requirements.lock pyproject.toml
	$(BIN)/uv pip compile $(LOCK) --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml
	sed -n '/^ducklake = /s/[^"]*"\([^"]*\)"[^"]*/\1\n/gp' pyproject.toml | $(BIN)/uv pip compile $(LOCK) --no-annotate -o requirements-ducklake.lock -

LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links --upgrade

# What pip fetches, counted: it says nothing for a minute otherwise, or six hundred lines.
INSTALL = $(BIN)/python -m pip install --disable-pip-version-check --no-deps
COUNTED = awk -v all="$$(grep -c '==' $(1))" \
	'/^Collecting|^Requirement already/ { n++; if (tty) printf "  package %d of at most %d: %s\033[K\r", n, all, $$2; else if (n % 25 == 0) printf "  %d packages of at most %d\n", n, all; fflush() } \
	/^Installing collected/ { printf "%s  unpacking %d packages\n", tty ? "\033[K" : "", n; fflush() } \
	/^ERROR/ { print > "/dev/stderr" }' tty="$$(test -t 2 && echo 1)"

$(VENV)/core: requirements.lock pyproject.toml
	@test -w . || { echo "make: $(CURDIR) cannot be written by this user; clone Babelmill where you may write" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13) and "Babelmill needs Python 3.11 to 3.13; name one: make PYTHON=python3.11")'
	@echo "Installing what Babelmill needs into $(VENV)/, once: some 2 GB, a few minutes."
	@$(PYTHON) -m venv $(VENV)
	@$(INSTALL) --require-hashes -r requirements.lock | $(call COUNTED,requirements.lock)
	@$(INSTALL) --quiet --no-build-isolation -e .
	@$(BIN)/python -m compileall -q babelmill expectations tasks training flows
	@touch $@

$(VENV)/dev: $(VENV)/core requirements-dev.lock
	@echo "Installing what the tests and checks need, once."
	@$(INSTALL) --require-hashes -r requirements-dev.lock | $(call COUNTED,requirements-dev.lock)
	@touch $@

$(VENV)/ducklake/installed: requirements-ducklake.lock $(VENV)/dev
	@$(INSTALL) --quiet --upgrade --require-hashes --target $(VENV)/ducklake -r requirements-ducklake.lock
	@touch $@
