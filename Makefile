# Everything a contributor types. `make` prints this list; CI runs the same targets and nothing else.

FITS := import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do $$p -c '$(FITS)' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
CODE := schemas detectors streams tests
EXTRAS := embedded,parquet,images,fast
PYTEST := $(BIN)/pytest -q
PAGE ?= docs/detection/traces.md
export NUMBA_CACHE_DIR ?= $(CURDIR)/.cache/numba
export ORT_DISABLE_TELEMETRY ?= 1

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-servers test-browser test-faults check fix bench bench-gpu eval eval-lab eval-adaptive docs image chart lock clean

help:  ## print this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-13s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

setup: .venv/.ready  ## make .venv and install tidegate there, with all that the embedded default needs
	@echo "tidegate is installed: $(BIN)/tidegate --help"

demo: .venv/.ready  ## watch attacks on a model being caught; needs no server
	$(BIN)/tidegate demo $(ARGS)

test: .venv/.ready-dev  ## every test that needs no server (k=NAME picks some)
	$(PYTEST) -m "not servers and not faults and not browser and not chart" $(if $(k),-k "$(k)") $(ARGS)

test-servers: .venv/.ready-dev  ## tests on a real Kafka and a real ClickHouse, which it installs and starts
	./.ci/servers
	$(PYTEST) -m "servers and not faults" $(ARGS)

test-browser: .venv/.ready-dev  ## tests of the web page in chromium
	$(PYTEST) -m browser $(ARGS)

test-faults: .venv/.ready-dev  ## kill processes and brokers, slowly
	./.ci/servers
	$(PYTEST) -m faults $(ARGS)

check: .venv/.ready-dev  ## formatting, lint, types, layers, sizes
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(PYTEST) tests/test_architecture.py

fix: .venv/.ready-dev  ## repair what a machine can repair
	$(BIN)/ruff check --fix $(CODE)
	$(BIN)/ruff format $(CODE)
	$(BIN)/python -m streams.settings

bench: .venv/.ready  ## records/s end to end and per detector, beside peers
	$(BIN)/tidegate bench $(ARGS)

bench-gpu: .venv/.ready  ## prompts/s of the transformer by size of batch; says so where there is no GPU
	$(BIN)/uv pip install --quiet --python $(BIN)/python -c requirements.lock -e ".[train]"
	$(BIN)/tidegate bench --gpu $(ARGS)

eval: .venv/.ready  ## detection on labelled traces, beside peers, into PAGE: make eval DATA=DIR
	@test -n "$(DATA)" || { echo "say where the labelled traces are: make eval DATA=DIR" >&2; exit 2; }
	$(BIN)/tidegate evaluate --traces "$(DATA)" --peers --page "$(PAGE)" $(ARGS)

eval-lab: .venv/.ready  ## detection of victims left out of training, into docs/detection/laboratory.md; worlds are kept in WORLDS
	@test -n "$(WORLDS)" || { echo "say where worlds may be kept: make eval-lab WORLDS=DIR" >&2; exit 2; }
	$(BIN)/uv pip install --quiet --python $(BIN)/python -c requirements.lock -e ".[train]"
	$(BIN)/python -m streams.leftout "$(WORLDS)" $(ARGS)

eval-adaptive: .venv/.ready  ## what hiding costs attackers, and what they keep, into docs/detection/adaptive.md; WORLDS as in eval-lab
	@test -n "$(WORLDS)" || { echo "say where worlds are kept: make eval-adaptive WORLDS=DIR" >&2; exit 2; }
	$(BIN)/uv pip install --quiet --python $(BIN)/python -c requirements.lock -e ".[train]"
	$(BIN)/python -m streams.adaptive "$(WORLDS)" $(ARGS)

docs: .venv/.ready-dev  ## render what the docs show from real runs, and check every link and command
	$(BIN)/tidegate demo --svg docs/demo.svg $(ARGS)
	$(PYTEST) tests/test_docs.py

image: .venv/.ready-dev  ## check the Dockerfile, and build the image where a container engine is there
	$(PYTEST) tests/test_image.py
	@version=$$($(BIN)/python -c 'from importlib.metadata import version; print(version("tidegate"))'); \
	for engine in docker podman; do \
	  if $$engine info >/dev/null 2>&1; then exec $$engine build -t "tidegate:$$version" .; fi; \
	done; \
	echo "no container engine here, neither docker nor podman answers: the Dockerfile was checked, not built" >&2; exit 2

chart: .venv/.ready-dev  ## lint and render the Helm chart, validate every object
	helm=$$(./.ci/helm) && HELM="$$helm" $(PYTEST) -m chart tests/chart

lock: .venv/.uv  ## resolve the newest versions that pyproject.toml allows, for every system, with hashes
	printf 'uv\nhatchling\ngo-bin\n' | $(BIN)/uv pip compile pyproject.toml - --all-extras --group dev --universal --python-version 3.11 --upgrade \
	  --generate-hashes --no-emit-index-url --no-annotate --quiet --custom-compile-command "make lock" -o requirements.lock

clean:  ## remove what make made
	rm -rf .venv .cache .mypy_cache .ruff_cache .hypothesis dist

.venv/.uv: requirements.lock
	@test -n "$(PYTHON)" || { echo "tidegate needs Python 3.11, 3.12 or 3.13 with its venv module, and found none" \
	  "(Debian, Ubuntu: apt-get install python3-venv; else: make PYTHON=/path/to/python)" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null
	@awk '/^uv==/{p=1} p{print} p&&!/\\$$/{exit}' requirements.lock > .venv/uv.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt
	@touch $@

.venv/.ready: .venv/.uv pyproject.toml requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python -b requirements.lock -c requirements.lock -e ".[$(EXTRAS)]"
	@touch $@

.venv/.ready-dev: .venv/.ready
	$(BIN)/uv pip install --quiet --python $(BIN)/python -c requirements.lock --group dev
	@touch $@
