from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import Any

import pytest

from integration_tests.dbt.engines import DuckDB, Engine, Postgres
from integration_tests.dbt.warehouse import Warehouse
from integration_tests.matrix.destination import Deduplicating, Destination
from integration_tests.postgres.conftest import postgres
from integration_tests.sandboxes import start

__all__ = ["postgres"]

Warehouses = Callable[..., Warehouse]

SIZES = {"contacts": 300, "companies": 60, "conversations": 60, "parts": 600, "tickets": 20}

ENGINES = ("duckdb", "postgres")
FORMATS = {"duckdb": "unix", "postgres": "date-time"}
"""How times are in the tables of each engine that the tests of a module share."""


@pytest.fixture(scope="module")
def open_warehouse(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouses]:
    """Opens warehouses of a test's own, e.g. `open_warehouse("duckdb", {"contacts": 10}, Deduplicating())`."""
    with ExitStack() as stack:

        def open_one(name: str, sizes: Mapping[str, Any], destination: Destination, **options: Any) -> Warehouse:
            directory = tmp_path_factory.mktemp(name)
            sandbox = stack.enter_context(start(rate_limit=0, **sizes))
            engine: Engine
            if name == "duckdb":
                engine = DuckDB(directory)
            else:
                engine = Postgres(request.getfixturevalue("postgres"), directory.name)
            return Warehouse(sandbox, engine, directory, destination, **options)

        yield open_one


@pytest.fixture(scope="module", params=ENGINES)
def warehouse(request: pytest.FixtureRequest, open_warehouse: Warehouses) -> Warehouse:
    """A small workspace in one engine, then in the other: what is deleted in Intercom is deleted in its tables."""
    options = {"time_format": FORMATS[request.param], "apply_deletes": True}
    return open_warehouse(request.param, SIZES, Deduplicating(), **options)
