# Everything a person or CI runs. `make help` lists it.
PORT ?= 3000
VENV := .venv
PY   := $(VENV)/bin/python
UV   := $(VENV)/bin/uv
# A Python from 3.11 to 3.13 that can make virtual environments; PYTHON=… chooses another.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo "$$p" && break; done)

# What is compiled once is kept: it takes half of a start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help training run test unit e2e long lint bench attack soak screenshots browser clean lock machines open sbom mutants journeys fuzz kills nightly
.DEFAULT_GOAL := help

help: ## show this list
	@grep -hE '^[a-z0-9]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

run: $(VENV)/.runtime ## set everything up and serve on http://localhost:$(PORT)
	@$(PY) -m dashboard serve --port $(PORT)

training: $(VENV)/.runtime ## practise: invented figures and people, on http://localhost:3100
	@$(PY) -m dashboard training

test: unit e2e ## all tests: rooms, PostgreSQL, browser, accessibility (WHOLE=--whole: with long and journeys, as CI)

unit: $(VENV)/.dev ## every test that needs no browser
	@$(PY) -m pytest -n 2 --dist loadfile -m "not browser and not nightly and not journey$(if $(WHOLE),, and not long)"

e2e: $(VENV)/.dev browser ## the real product in Chromium
	@$(PY) -m tests.e2e $(WHOLE)

long: $(VENV)/.dev browser ## the long tests: kills, sweeps over everything, stores on PostgreSQL, pages in Arabic with axe
	@$(PY) -m pytest -n 2 --dist worksteal -m "long and not nightly and not browser"
	@$(PY) -m tests.e2e --long

journeys: $(VENV)/.dev browser ## long ways in Chromium: the training workspace, a citizen with a telephone
	@$(PY) -m pytest -m journey tests/journeys

nightly: $(VENV)/.dev browser ## every command of .ci/nightly: kills, attacks, sweeps, PostgreSQL, Firefox (ONLY=word)
	@$(PY) -m tests.nightly $(ONLY)

lint: $(VENV)/.dev ## style, types and the direction of imports
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports

bench: $(VENV)/.dev browser ## measure every promise of speed and size, as ratios in one run
	@$(PY) -m tests.bench

attack: $(VENV)/.dev ## attack the running product, each figure beside its limit (WHOLE=--whole: all of it)
	@$(PY) -m tests.attack $(WHOLE)

soak: $(VENV)/.dev ## three days of requests, publications and kills in one go (SHARE=0.1 of a million)
	@$(PY) -m tests.attack.soak $(SHARE)

machines: $(VENV)/.dev ## three web processes behind nginx, with PostgreSQL and Redis: what they promise together
	@$(PY) -m tests.machines

open: $(VENV)/.dev ## read the figures back with people's own tools, each figure beside its limit (ONLY="sdmx")
	@$(PY) -m tests.open $(ONLY)

sbom: $(VENV)/.runtime ## list all packages with licences and hashes (CycloneDX) in deploy/sbom.json
	@$(PY) deploy/sbom.py deploy/sbom.json
mutants: $(VENV)/.dev ## change decisions, orders, limits and words, one at a time: does a test notice? (COUNT=40 a room, SEED=1, ROOM=api)
	@$(PY) -m tests.mutation --planted
	@$(PY) -m tests.mutation --count $(or $(COUNT),40) --seed $(or $(SEED),1) $(if $(ROOM),--room=$(patsubst --room=%,%,$(ROOM)))
fuzz: $(VENV)/.dev ## read 10,000 damaged files of ministries, 2,000 of counts, send 2,000 forms of citizens (COUNT=, SEED=)
	@$(PY) -m tests.contributions.submissions.fuzz
	@$(PY) -m tests.contributions.submissions.fuzz_counts
	@$(PY) -m tests.contributions.voice.fuzz_form

kills: $(VENV)/.dev ## kill publications, opinions, complaints, drafts, backups, submissions and letters on SQLite and PostgreSQL (COUNT=)
	@$(PY) -m tests.operations.kills --count $(or $(COUNT),200)
	@$(PY) -m tests.contributions.submissions.kills
	@$(PY) -m tests.interfaces.subscriptions.kills

screenshots: $(VENV)/.dev browser ## pictures of every page into test-results/screenshots
	@$(PY) -m tests.e2e.screenshots

browser: ## install Chromium where the machine lets us
	@command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || command -v google-chrome >/dev/null || \
	{ [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && \
	{ apt-get install -y -qq chromium-headless-shell || apt-get install -y -qq chromium; }; } || \
	{ echo "Chromium is missing: install it (Debian, Ubuntu: sudo apt-get install chromium) and run this again." >&2; exit 1; }

clean: ## remove what was built; data in var/ stays
	@rm -rf .web .web-test .web*.lock .states assets/external test-results bench-results .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

$(PY):
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11, 3.12 or 3.13 with its venv module is needed (Debian, Ubuntu: sudo apt-get install python3-venv)." >&2; exit 1; }
	@echo "Making a virtual environment with $(PYTHON)…"
	@$(PYTHON) -m venv $(VENV)

# uv comes as a wheel, by pip and its hash; everything else by uv, by the hashes of the lock files (docs/decisions/0027).
$(VENV)/.uv: requirements-uv.txt | $(PY)
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --only-binary :all: -r requirements-uv.txt
	@touch $@

$(VENV)/.runtime: requirements.lock $(VENV)/.uv
	@echo "Installing what the monitor needs…"
	@$(UV) pip install --quiet --python $(PY) --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@echo "Installing what the tests need…"
	@$(UV) pip install --quiet --python $(PY) --require-hashes -r requirements-dev.lock
	@touch $@

lock: $(VENV)/.uv ## write the lock files anew from requirements.txt and requirements-dev.txt
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header requirements.txt -o requirements.lock
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header requirements-dev.txt -o requirements-dev.lock
