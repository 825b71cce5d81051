from collections.abc import Iterator

import pytest

from integration_tests.postgres.server import Server, running


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server for all tests; each takes a schema of its own."""
    with running() as server:
        yield server
