# Everything a person or CI runs. `make help` lists it.
PORT ?= 3000
VENV := .venv
PY   := $(VENV)/bin/python
# A Python from 3.11 to 3.13 that can make virtual environments; PYTHON=… chooses another.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo "$$p" && break; done)

.PHONY: help run test unit e2e lint bench screenshots browser clean
.DEFAULT_GOAL := help

help: ## show this list
	@grep -hE '^[a-z0-9]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

run: $(VENV)/.runtime ## set everything up and serve on http://localhost:$(PORT)
	@$(PY) -m dashboard serve --port $(PORT)

test: unit e2e ## all tests: rooms, PostgreSQL, browser, accessibility

unit: $(VENV)/.dev ## every test that needs no browser
	@$(PY) -m pytest -n 2 --dist loadfile -m "not browser"

e2e: $(VENV)/.dev browser ## the real product in Chromium
	@$(PY) -m tests.e2e

lint: $(VENV)/.dev ## style, types and the direction of imports
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports

bench: $(VENV)/.dev browser ## measure every promise of speed and size, as ratios in one run
	@$(PY) -m tests.bench

screenshots: $(VENV)/.dev browser ## pictures of every page into test-results/screenshots
	@$(PY) -m tests.e2e.screenshots

browser: ## install Chromium where the machine lets us
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || \
	{ [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq chromium; } || \
	{ echo "Chromium is missing: install it (Debian, Ubuntu: sudo apt-get install chromium) and run this again." >&2; exit 1; }

clean: ## remove what was built; data in var/ stays
	@rm -rf .web .web-test .states assets/external test-results bench-results .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

$(PY):
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11, 3.12 or 3.13 with its venv module is needed (Debian, Ubuntu: sudo apt-get install python3-venv)." >&2; exit 1; }
	@echo "Making a virtual environment with $(PYTHON)…"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.txt | $(PY)
	@echo "Installing what the monitor needs (a minute the first time)…"
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	@echo "Installing what the tests need…"
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
