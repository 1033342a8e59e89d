# `make run` and `make test` are the only set-up: both need Python 3.11 and make, nothing else.

VENV := .venv
BIN := $(VENV)/bin
PYTHON_CANDIDATES := $(PYTHON) python3.11 python3 /usr/local/bin/python3.11 /usr/bin/python3.11
PIP := $(BIN)/python -m pip install --quiet --no-input --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help run test lint test-sqlite test-postgres test-browser mutants repeated rehearse format pins env handbook

help:
	@echo "make run             set up what is missing and serve the portal (PORT=8000)"
	@echo "make test            every check: lint, the suite on SQLite and PostgreSQL, the browser"
	@echo "make lint            only the linters; also: test-sqlite, test-postgres, test-browser (ARGS='-k words')"
	@echo "make mutants         change the rules one at a time and see whether a test fails (ROOMS='catalog/standing' SAMPLE=50)"
	@echo "make repeated        run the suite on PostgreSQL whole, and write down which tests ask it nothing of their own"
	@echo "make rehearse        kills, pairs of acts, readers, faults, backups, nodes, a long list: one table (KILLS=25 PAIRS=5 LISTED=100000)"
	@echo "make format          let ruff and djade rewrite what they can"
	@echo "make handbook        take the pictures of docs/操作手册.md anew"
	@echo "make env             write .env.example from portal/installation.py"
	@echo "make pins            pin requirements.in, requirements-s3.in and requirements-dev.in anew"

run: $(VENV)/run-installed
	@$(BIN)/python -m tools.serve

test: $(VENV)/test-installed
	@$(BIN)/python -m tools.check lint sqlite postgres browser -- $(ARGS)

lint: $(VENV)/test-installed
	@$(BIN)/python -m tools.check lint

test-sqlite test-postgres test-browser: $(VENV)/test-installed
	@$(BIN)/python -m tools.check $(@:test-%=%) -- $(ARGS)

# Without ROOMS, the files of the rooms of rules that differ from the branch main.
mutants: $(VENV)/test-installed
	@nice $(BIN)/python -m tools.mutants $(if $(ROOMS),--rooms $(ROOMS)) $(if $(SAMPLE),--sample $(SAMPLE))

repeated: $(VENV)/test-installed
	@$(BIN)/python -m tools.repeated

# Twenty minutes on two processors that do nothing else. LISTED=0 leaves the long list out.
rehearse: $(VENV)/test-installed
	@$(BIN)/python -m tools.rehearse $(if $(KILLS),--kills $(KILLS)) $(if $(PAIRS),--pairs $(PAIRS)) $(if $(LISTED),--listed $(LISTED))

format: $(VENV)/test-installed
	@$(BIN)/python -m tools.check format

handbook: $(VENV)/test-installed
	@$(BIN)/python -m tools.handbook

env: $(VENV)/test-installed
	@$(BIN)/python -m tools.env_example

pins: $(VENV)/test-installed
	@for name in requirements requirements-s3 requirements-dev; do \
		$(BIN)/uv pip compile --quiet --python-version 3.11 --no-emit-index-url --no-emit-find-links \
			--no-header $$name.in -o $$name.txt || exit 1; \
	done

# The stamps make a second call quick; make installs again when the pins change.
$(VENV)/run-installed: requirements.txt | $(BIN)/python
	@echo "Installing what the portal runs on (requirements.txt) ..."
	@$(PIP) -r requirements.txt && touch $@

$(VENV)/test-installed: requirements-dev.txt requirements-s3.txt $(VENV)/run-installed
	@echo "Installing what the tests need (requirements-dev.txt) ..."
	@$(PIP) -r requirements.txt -r requirements-s3.txt -r requirements-dev.txt && touch $@

# Debian's python3.11 comes without venv's ensurepip, which is a package of its own.
$(BIN)/python:
	@for python in $(PYTHON_CANDIDATES) none; do \
		if "$$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then break; fi; \
	done; \
	if [ "$$python" = none ]; then \
		echo "Python 3.11 was not found. Install it, or name it: make PYTHON=/path/to/python3.11" >&2; exit 1; \
	fi; \
	if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y python3.11-venv </dev/null || exit 1; \
		else \
			echo "$$python cannot make virtual environments. Install the package python3.11-venv." >&2; exit 1; \
		fi; \
	fi; \
	echo "Creating $(VENV) with $$($$python --version) ..."; \
	"$$python" -m venv --clear $(VENV) || { rm -rf $(VENV); exit 1; }
