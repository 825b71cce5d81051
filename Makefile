# Every command sets the environment up by itself; nothing but make and Python 3.11 or newer is needed.
# DEMO are options of the demo, such as DEMO=--contacts=500.
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# Where it is set, each of hundreds of processes would compile all that it imports: two seconds of three.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test lint unit integration bench pages pictures lock audit clean

demo: $(READY)
	$(BIN)/python -m integration_tests.demo $(DEMO)

test: lint unit integration

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

unit: $(READY)
	$(BIN)/pytest unit_tests -n 2

integration: $(READY)
	$(BIN)/pytest integration_tests -n 4

bench: $(READY)
	$(BIN)/python -m benchmarks --write

# The tables of streams, the diagram, the data dictionary, the licences: after any change of a stream, a schema or a lock.
pages: $(READY)
	$(BIN)/python -m scripts.pages

# The pictures of the documentation, and what can be read in each: after any change of a page that one of them shows.
pictures: $(READY)
	$(BIN)/python -m integration_tests.pictures

# dbt-core 1.12 has a parser that is downloaded while it is installed, which no hash covers. Beside dbt stands the DuckDB
# of the tests, since each version opens no files but those of its own and of older ones.
lock:
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --no-annotate -q --extra dev pyproject.toml -o requirements-dev.txt
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --no-annotate -q -c requirements-dev.txt pyproject.toml -o requirements.txt
	printf '%s\n' cyclonedx-python-lib packaging | $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --no-annotate -q -c requirements-dev.txt - -o scripts/sbom-requirements.txt
	echo airbyte-source-intercom==0.8.3 | $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --no-annotate -q - -o benchmarks/peer-requirements.txt
	(printf '%s\n' altair jinja2 markupsafe vl-convert-python; grep -o '^duckdb==[0-9.]*' requirements-dev.txt) | $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --no-annotate -q - -o examples/dashboard-requirements.txt
	echo dagster | $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --no-annotate -q - -o examples/dagster/requirements.txt
	echo apache-airflow | $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --no-annotate -q - -o examples/airflow/requirements.txt
	(echo 'dbt-core<1.12'; echo dbt-duckdb; echo dbt-postgres; grep -o '^duckdb==[0-9.]*' requirements-dev.txt) | $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --no-annotate -q - -o examples/dbt/requirements.txt

# Ends with exit code 2 where the advisory database cannot be reached.
audit: $(READY)
	$(BIN)/python -m scripts.audit

$(READY): requirements-dev.txt pyproject.toml
	PYTHON=$(PYTHON) sh scripts/setup.sh $(VENV)
	touch $@

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
