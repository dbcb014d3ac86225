# `make run` sets everything up and opens the chat; `make test` runs every test this machine can run.
# PROFILE=gpu uses CUDA vLLM and bigger models; PYTHON=python3.12 chooses the interpreter for a new environment.

PROFILE ?= cpu
# The two profiles' engines are the same Python package, so each gets an environment of its own.
VENV := .venv$(if $(filter-out cpu,$(PROFILE)),-$(PROFILE))
PY := $(VENV)/bin/python
SOURCES := $(wildcard assistant ingest config eval app.py requirements tests)
CHROMIUM := $(firstword $(foreach name,chromium chromium-browser google-chrome,$(shell command -v $(name))))
PYTEST := $(PY) -m pytest --require-passed $(ARGS)
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url \
	--custom-compile-command "make lock"

# Python writes compiled modules beside the sources, or every start compiles a gigabyte of packages again.
unexport PYTHONDONTWRITEBYTECODE
export ASSISTANT_PROFILE := $(PROFILE)

.PHONY: help run test test-live test-browser bench check lock install tools
.DEFAULT_GOAL := help

help: ## show this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: install ## set everything up and open the chat on 127.0.0.1 (PROFILE=gpu for CUDA)
	@exec $(PY) app.py

test: tools ## every test this machine can run without the language model
	$(PYTEST) -m "not live$(if $(CHROMIUM),, and not browser)"
	@echo
	@echo "Not run: tests on the real engine (1.1 GB of weights, some minutes): make test-live"
ifeq ($(CHROMIUM),)
	@echo "Not run: tests in a browser, for want of Chromium: install it (apt-get install chromium), then make test-browser"
endif

test-live: tools ## tests on the real vLLM; the first run fetches and converts its weights
	$(PYTEST) -m live

test-browser: tools ## tests of the page in a headless Chromium
	$(PYTEST) -m "browser and not live"

bench: tools ## measure speed and memory of this machine into docs/benchmarks.md, 15 minutes (ARGS="--only search")
	$(PY) -m eval.bench $(ARGS)

check: tools ## lint, format, types, import direction
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy $(SOURCES)
	$(VENV)/bin/lint-imports --no-cache

lock: ## pin requirements/*.in (needs uv: pip install uv; ARGS=--upgrade for newer versions)
	$(LOCK) $(ARGS) requirements/cpu.in --override requirements/cpu.overrides.txt --output-file requirements/cpu.lock
	$(LOCK) $(ARGS) requirements/gpu.in --output-file requirements/gpu.lock
	$(LOCK) $(ARGS) requirements/test.in --constraint requirements/cpu.lock --output-file requirements/test.lock

install: $(PY)
	@$(PY) requirements/install.py $(PROFILE)

tools: $(PY)
	@$(PY) requirements/install.py $(PROFILE) test

# A failure leaves no half-made environment behind.
$(PY):
	@python=; for name in $(or $(PYTHON),python3.11 python3.12 python3); do \
		$$name -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' 2>/dev/null || continue; \
		python=$$name; break; \
	done; \
	if [ -z "$$python" ]; then \
		echo "Python 3.11 or 3.12 is needed: install one, or name it: make run PYTHON=/path/to/python3.11" >&2; exit 1; \
	fi; \
	echo "Making a virtual environment in $(VENV) with $$($$python --version)"; \
	$$python -m venv $(VENV) || { rm -rf $(VENV); exit 1; }
