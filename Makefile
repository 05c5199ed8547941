# Each target does all the set-up it needs; the machine wants Python 3.11 or newer, with venv, and make.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.PHONY: help demo test check install clean
.DEFAULT_GOAL := help

help:
	@echo "make demo    set up, then compare prompt, rag and lora on the demo corpus (two reports)"
	@echo "make test    set up, then run the tests"
	@echo "make check   set up, then lint, types and layers"

install: $(INSTALLED)

$(INSTALLED): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "ragvsft needs Python 3.11 or newer: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt torch
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[offline,docs,judge,dev]'
	@touch $@

demo: $(INSTALLED)
	$(BIN)/ragvsft run -c evalsets/marrowick-facts.yaml
	$(BIN)/ragvsft run -c evalsets/marrowick-tickets.yaml

test: $(INSTALLED)
	OMP_NUM_THREADS=1 HF_HUB_OFFLINE=1 $(BIN)/python -m pytest -n auto  # a worker per core: more threads would stall

check: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

clean:
	rm -rf $(VENV) .ragvsft .mypy_cache .ruff_cache .pytest_cache
