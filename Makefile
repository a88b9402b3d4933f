# make demo    install and screen the samples
# make test    lint, type-check, test, build the wheel and test it
# make bench   measure against the peers and write docs/benchmarks.md; QUICK=1: a first look
# make lock    resolve the locked versions anew
# make clean   remove what the above made
#
# Needs Python 3.11 or newer with venv; everything else goes into .venv.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
LOCK   := requirements-ci.lock

# For bench. imagededup as well (it brings torch): make bench PEERS="pdqhash imagededup"
PEERS  ?= pdqhash

DEMO        := out/demo
CAMPAIGN    := samples/campaigns/jeonbuk-2025.toml
SUBMISSIONS := $(wildcard samples/submissions.csv)
SOURCES     := $(shell find receipt_screen models samples -type f \
                 -not -name '*.pyc' -not -path 'samples/render/*')

.DEFAULT_GOAL := help
.PHONY: help demo test lint bench lock clean python

help:
	@sed -n '1,5s/^# //p' Makefile

python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Python 3.11 or newer is needed; $(PYTHON) is: $$($(PYTHON) --version 2>&1)." \
	         "Name another one: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python's venv is missing. On Debian: apt-get install python3-venv" >&2; exit 1; }

$(BIN)/python: | python
	@$(PYTHON) -m venv $(VENV)

# The package itself, and the versions that are tested. Stamps make the second run quick.
$(VENV)/.installed: pyproject.toml $(LOCK) | $(BIN)/python
	@echo "installing into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement $(LOCK)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps \
	  --no-build-isolation --editable .
	@touch $@

demo: $(DEMO)/summary.txt
	@cat $<
	@echo "results: $(DEMO)/results.csv, $(DEMO)/results.jsonl"

# Results of older code or other samples would be taken for finished.
$(DEMO)/summary.txt: $(VENV)/.installed $(SOURCES)
	@rm -rf $(DEMO)
	@$(BIN)/receipt-screen batch samples/images --campaign $(CAMPAIGN) --out $(DEMO) \
	  $(if $(SUBMISSIONS),--submissions $(SUBMISSIONS)) >/dev/null

lint: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: lint
	$(BIN)/python -m pytest -n 2 --dist loadgroup

# What can't be installed, for want of a compiler or a network, is named as missing in the results.
$(VENV)/.bench: $(VENV)/.installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation \
	  --editable '.[bench]'
	@for peer in $(PEERS); do \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation \
	    --editable ".[peer-$$peer]" || echo "bench: goes on without $$peer" >&2; done
	@touch $@

bench: $(VENV)/.bench
	@set -e; for script in reading detection fields speed scale reuse redaction report_opening \
	  desk_page; do \
	  $(BIN)/python -m benchmarks.$$script $(if $(QUICK),--quick); done
	@$(BIN)/python -m benchmarks.report $(if $(QUICK),--quick)

# Registry addresses are the machine's business, not the project's: none is written.
lock: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet 'pip-tools>=7.5,<8'
	$(BIN)/pip-compile --quiet --upgrade --strip-extras --generate-hashes --allow-unsafe \
	  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header \
	  --extra dev --extra tesseract --extra postgresql --output-file $(LOCK) pyproject.toml

clean:
	rm -rf $(VENV) out dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
