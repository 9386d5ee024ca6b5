# Everything here needs Python 3.11 or later and make; each target builds the environment that it uses.
#   make demo    train on the handwritten digits and write figures to demo-output/mnist
#   make test    ruff, mypy, lint-imports and pytest
#   make bench   a table of times beside other libraries, each in an environment of its own under .bench/
#   make conformance   random calls of every operation beside TensorFlow, in an environment under .bench/
PYTHON ?= python3
VENV ?= .venv
DEMO ?= mnist
PYTEST_ARGS ?= -n 2
BENCH_ARGS ?=
CONFORMANCE_ARGS ?=

BIN := $(VENV)/bin
LOCK := requirements/constraints.txt
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint $(LOCK)

.PHONY: help demo test lint types bench conformance lock clean distclean
.DEFAULT_GOAL := help

help:
	@sed -n '2,5s/^# //p' Makefile

# The build backend is installed first, from the same constraints, so that building the package fetches nothing else.
$(VENV)/.base: pyproject.toml $(LOCK)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "thalweg needs Python 3.11 or later, and " \
	    "$(PYTHON) is " + sys.version.split()[0] + ": name another with make PYTHON=...")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) hatchling
	@touch $@

$(VENV)/.demo: $(VENV)/.base
	$(PIP) --no-build-isolation --editable '.[plot]'
	@touch $@

$(VENV)/.dev: $(VENV)/.base
	$(PIP) --no-build-isolation --editable '.[dev]'
	@touch $@ $(VENV)/.demo

demo: $(VENV)/.demo
	$(BIN)/thalweg demo $(DEMO)

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/lint-imports

types: $(VENV)/.dev
	$(BIN)/mypy

test: lint types
	$(BIN)/pytest $(PYTEST_ARGS)

bench:
	$(PYTHON) bench/run.py $(BENCH_ARGS)

CONFORMANCE := .bench/conformance

$(CONFORMANCE)/.installed:
	$(PYTHON) -m venv --clear $(CONFORMANCE)
	$(CONFORMANCE)/bin/python -m pip --disable-pip-version-check install --quiet tensorflow-cpu ml_dtypes pillow
	@touch $@

conformance: $(CONFORMANCE)/.installed
	$(CONFORMANCE)/bin/python tools/conformance.py $(CONFORMANCE_ARGS)

# Writes the constraints anew from what the newest compatible versions resolve to.
lock:
	rm -rf build/lock
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip --disable-pip-version-check install --quiet hatchling '.[all,dev]'
	{ echo '# Versions that the development environment is built from. Written by `make lock`.'; \
	  build/lock/bin/python -m pip freeze --exclude thalweg; } > $(LOCK).new
	mv $(LOCK).new $(LOCK)
	rm -rf build/lock

clean:
	rm -rf build dist demo-output .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests bench tools -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean
	rm -rf $(VENV) .bench
