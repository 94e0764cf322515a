# Needs python3 (3.11 or newer) with venv and pip, and make; everything else goes into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READER := .venv-reader
CODE := index assistant eval $(wildcard ui.py)
WORKERS ?= 2

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
export PIP_DISABLE_PIP_VERSION_CHECK := 1
unexport PYTHONDONTWRITEBYTECODE PYTHONPATH PYTHONHOME

INSTALL := $(BIN)/python -m pip install -qq --no-compile --no-deps
# Compiled once here, everything starts three times as fast. Templates and old syntax in packages do not compile: no matter.
COMPILE := $(BIN)/python -m compileall -qq -j 0

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

.PHONY: install
install: $(VENV)/base.stamp ## Make .venv with what pullquote needs, and .venv/bin/pullquote itself
	@$(COMPILE) $(CODE)

.PHONY: install-dev
install-dev: $(VENV)/dev.stamp ## The same with what the checks and tests need
	@$(COMPILE) $(CODE)

$(VENV)/base.stamp: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Pullquote needs Python 3.11 or newer. Name one: make install PYTHON=python3.12" >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@echo "Installing Pullquote into $(VENV) (the first time takes a minute or two)"
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-build-isolation --editable .
	@$(COMPILE) $(VENV)/lib || true
	@touch $@

$(VENV)/web.stamp: $(VENV)/base.stamp requirements-web.lock
	@echo "Installing what the page needs"
	@$(INSTALL) --require-hashes -r requirements-web.lock
	@$(COMPILE) $(VENV)/lib || true
	@touch $@

$(VENV)/dev.stamp: $(VENV)/web.stamp requirements-dev.lock requirements-multilingual.lock
	@echo "Installing what the checks and tests need"
	@command -v chromium >/dev/null || [ "$$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null || \
	  { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; } || \
	  echo "Chromium could not be installed; the tests of the page are skipped" >&2
	@$(INSTALL) --require-hashes -r requirements-dev.lock -r requirements-multilingual.lock
	@$(COMPILE) $(VENV)/lib || true
	@touch $@

# $(call show,ARGUMENTS) prints a command as a reader would type it, and runs it.
show = echo; echo '$$ pullquote --library .demo/library $(1)'; $(BIN)/pullquote --library .demo/library $(1)

.PHONY: demo
demo: export PULLQUOTE_WRITER := quoting
demo: install ## Put the sample articles into a library and ask it three questions
	@$(call show,add articles)
	@$(call show,ask "For how many days will Russia stop striking energy infrastructure?")
	@$(call show,ask "What does Grushko demand?")
	@status=0; $(call show,ask "Who won the 2022 World Cup?") || status=$$?; \
	  if [ $$status -ne 1 ]; then \
	    echo "The articles do not answer that: exit code 1 was expected, not $$status" >&2; exit 1; \
	  fi

.PHONY: demo-local
demo-local: demo $(VENV)/local.stamp ## The demo with the embedded chat model (1.1 GB to install), which reads and writes
	@$(call show,models)
	@$(call show,ask "For how many days will Russia stop striking energy infrastructure?" --writer composed)

$(VENV)/local.stamp: $(VENV)/base.stamp requirements-local.lock
	@echo "Installing the embedded chat model (1.1 GB)"
	@$(INSTALL) --require-hashes -r requirements-local.lock
	@$(COMPILE) $(VENV)/lib || true
	@touch $@

.PHONY: ui
ui: $(VENV)/web.stamp install ## Open the page on the sample articles, at http://127.0.0.1:7860
	@$(BIN)/pullquote --library .demo/library add articles
	@$(BIN)/pullquote --library .demo/library ui

.PHONY: test
test: lint ## Lint, check types, run the tests
	@$(BIN)/python -m pytest -n $(WORKERS) -m "not slow"

.PHONY: test-all
test-all: install-dev ## All tests, the slow ones too
	@$(BIN)/python -m pytest -n $(WORKERS)

.PHONY: lint
lint: install-dev ## Lint and check types
	@$(BIN)/ruff check
	@$(BIN)/mypy

.PHONY: docs
docs: install-dev ## Build the documentation into build/docs
	@$(BIN)/zensical build --clean --strict

.PHONY: pictures
pictures: install-dev ## Take the pictures of the documentation anew, from the page as it is
	@$(BIN)/python -m pytest -q -n 0 tests/page/test_pictures.py
	@cp build/pictures/*.png docs/pictures/

.PHONY: wheel
wheel: install ## Build the wheel into dist
	@rm -rf build/lib
	@$(BIN)/python -m pip wheel -qq --no-index --no-deps --no-build-isolation --wheel-dir dist .

.PHONY: rules
rules: install-dev ## Count the rules that were written by hand: they only become fewer
	@$(BIN)/python tests/rules.py

.PHONY: bench
bench: install-dev ## Measure speed and size; writes the table of docs/benchmarks.md
	@$(BIN)/python -m eval.bench.speed

.PHONY: eval
eval: install ## Ask the evaluation cases and report into .eval/dev (SPLIT=release: the other half)
	@$(BIN)/python -m eval run --split $(SPLIT) --out .eval/$(SPLIT) --replace --canaries

SPLIT ?= dev

.PHONY: reader
reader: $(READER)/reader.stamp ## For maintainers, wants a GPU: train the reader anew, into .cache/reader (OUT=)
	@[ ! $(OUT) -ef assistant/reader/weights ] || \
	  { echo "OUT is where the weights in use are: name another folder, and copy by hand" >&2; exit 1; }
	@$(LEARN).bodies $(OUT)/bodies
	@$(LEARN).packing --sets $(SETS) --measured $(MEASURED) --out $(OUT)/packed
	@rm -f $(OUT)/trained/reader-*
	@$(LEARN).training --data $(OUT)/packed --body $(OUT)/bodies/small.safetensors --seconds $(SECONDS) \
	  --teacher $(OUT)/bodies/large.safetensors --teacher-seconds $(TEACHER_SECONDS) --out $(OUT)/trained
	@$(LEARN).exporting $(OUT)/trained/reader-*.npz --out $(OUT)/reader.onnx \
	  --calibration assistant/reader/weights/calibration.json
	@$(LEARN).measuring --sets $(SETS) --measured $(MEASURED) --weights $(OUT)

LEARN = $(READER)/bin/python -m eval.fitting.reader
OUT ?= .cache/reader
SETS ?= eval/fitting/reader/sets
MEASURED ?=
TEACHER_SECONDS ?= 240
SECONDS ?= 600

$(READER)/reader.stamp: requirements.lock pyproject.toml
	@echo "Installing what training needs into $(READER): PyTorch alone is 6 GB"
	@$(READER)/bin/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(READER)
	@$(READER)/bin/python -m pip install -qq --no-deps --require-hashes -r requirements.lock
	@$(READER)/bin/python -m pip install -qq --no-build-isolation --editable '.[training]'
	@touch $@

.PHONY: lock
lock: ## For maintainers, needs uv: pin every dependency anew (LOCK=--upgrade for newer versions)
	@command -v uv >/dev/null || { echo "make lock is for maintainers and needs uv; nothing else does" >&2; exit 1; }
	@$(UV_COMPILE) pyproject.toml --extra web -o requirements-web.lock
	@$(call requirements,["build-system"]["requires"]) | \
	  $(UV_COMPILE) pyproject.toml - -c requirements-web.lock -o requirements.lock
	@$(UV_COMPILE) pyproject.toml --extra dev -c requirements-web.lock -o requirements-dev.lock
	@for extra in multilingual local; do \
	  $(call requirements,["project"]["optional-dependencies"]["'$$extra'"]) | \
	    $(UV_COMPILE) --no-deps - -c requirements.lock -o requirements-$$extra.lock; \
	done

LOCK ?=
UV_COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
  --no-emit-index-url $(LOCK)
requirements = $(PYTHON) -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))$(1), sep="\n")'

.PHONY: clean
clean: ## Delete .venv, the demo's library, reports and everything that tools left behind
	@rm -rf $(VENV) .venv-local $(READER) .demo .eval build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .cache
	@find $(filter-out %.py,$(CODE)) tests -name __pycache__ -type d -prune -exec rm -rf {} +
