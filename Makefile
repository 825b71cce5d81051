# Every command sets the environment up by itself; nothing but make and Python 3.11 or newer is needed.
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# Where it is set, each of hundreds of processes would compile all that it imports: two seconds of three.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test lint unit integration bench pages lock clean

demo: $(READY)
	$(BIN)/python -m integration_tests.demo

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

# The tables of streams, the diagram, the data dictionary: after any change of a stream or a schema.
pages: $(READY)
	$(BIN)/python -m scripts.pages

# dbt-core 1.12 has a parser that is downloaded while it is installed, which no hash covers. Beside dbt stands the DuckDB
# of the tests, since each version opens no files but those of its own and of older ones.
lock:
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --no-annotate -q --extra dev pyproject.toml -o requirements-dev.txt
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --no-annotate -q -c requirements-dev.txt pyproject.toml -o requirements.txt
	echo airbyte-source-intercom==0.8.3 | $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --no-annotate -q - -o benchmarks/peer-requirements.txt
	(printf '%s\n' altair jinja2 markupsafe vl-convert-python; grep -o '^duckdb==[0-9.]*' requirements-dev.txt) | $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --no-annotate -q - -o examples/dashboard-requirements.txt
	echo dagster | $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --no-annotate -q - -o examples/dagster/requirements.txt
	echo apache-airflow | $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --no-annotate -q - -o examples/airflow/requirements.txt
	(echo 'dbt-core<1.12'; echo dbt-duckdb; echo dbt-postgres; grep -o '^duckdb==[0-9.]*' requirements-dev.txt) | $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --no-annotate -q - -o examples/dbt/requirements.txt

$(READY): requirements-dev.txt pyproject.toml
	PYTHON=$(PYTHON) sh scripts/setup.sh $(VENV)
	touch $@

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
