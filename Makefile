# Everything a developer types. The first run of a target installs what it needs into .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PACKAGES := vocab storage streams federation server
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links

.PHONY: help run test lint types contracts bench docs format lock clean

help:
	@echo 'make run        serve on http://127.0.0.1:8000'
	@echo 'make test       the whole suite'
	@echo 'make lint types contracts'
	@echo 'make bench      measure'
	@echo 'make docs       write the reference pages anew'
	@echo 'make format     put the code into shape'
	@echo 'make lock       choose versions anew'

run: $(VENV)/run.stamp
	@$(BIN)/headwater init
	@exec $(BIN)/headwater serve

test: $(VENV)/dev.stamp
	$(BIN)/pytest --numprocesses auto

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev.stamp
	$(BIN)/mypy $(PACKAGES:%=-p %)

contracts: $(VENV)/dev.stamp
	$(BIN)/lint-imports

bench: $(VENV)/dev.stamp
	$(BIN)/python -m benchmarks

docs: $(VENV)/dev.stamp
	$(BIN)/headwater config example > config.example.toml
	$(BIN)/python docs/references.py
	$(BIN)/python docs/conformance.py

format: $(VENV)/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(VENV)/dev.stamp
	$(PIP) install uv
	$(COMPILE) --upgrade -o requirements/build.txt requirements/build.in
	$(COMPILE) --upgrade -o requirements/run.txt pyproject.toml
	$(COMPILE) --upgrade -o requirements/dev.txt -c requirements/run.txt --extra amqp --extra postgres --group dev pyproject.toml

clean:
	rm -rf $(VENV) build dist

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: pyproject.toml requirements/build.txt requirements/run.txt | $(BIN)/python
	$(PIP) install --require-hashes -r requirements/build.txt -r requirements/run.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/run.stamp
	$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@
