"""The option `apply_deletes` into PostgreSQL: after each sync the tables hold who is there, and nobody who is gone."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, LiteralString

import pytest

from integration_tests.comparison import NONE, Key, compare, truth
from integration_tests.connector import Connector
from integration_tests.matrix.changes import leave, leave_last
from integration_tests.matrix.destination import Deduplicating, Rows
from integration_tests.messages import Run
from integration_tests.postgres.deduped import DIRECT_LOAD, TYPING_AND_DEDUPING, Deduped
from integration_tests.postgres.replication import declared_in, rows
from integration_tests.postgres.server import Server
from integration_tests.sandboxes import start
from intercom_sandbox.client import Sandbox

STREAMS = ("contacts", "conversations")

LAGS = (0, 600, 600, 0)
"""By how many seconds the search lags in each of the syncs: so long it finds in the next ones, too, who is gone."""


@dataclass(frozen=True)
class Sync:
    """What a sync printed, and what each table holds then, if the search showed all that had changed."""

    run: Run
    expected: dict[str, Rows]
    is_up_to_date: bool


@pytest.fixture(scope="module")
def catalog() -> dict[str, dict[str, Any]]:
    """The streams as the option has them, by name."""
    connector = Connector(None)
    run = connector.run("discover", config=connector.config(apply_deletes=True))
    (found,) = run.of_type("CATALOG")
    return {stream["name"]: stream for stream in found["streams"]}


@pytest.fixture(scope="module")
def syncs() -> Iterator[list[Sync]]:
    """Syncs between which people go in every way, come, and change."""
    with start(rate_limit=0, contacts=150, conversations=60, parts=60) as sandbox:
        yield list(_synced(sandbox))


def _synced(sandbox: Sandbox) -> Iterator[Sync]:
    destination = Deduplicating()
    for number, lag in enumerate(LAGS):
        sandbox.configure(index_lag=lag)
        for stream in STREAMS if number else ():
            leave_last(sandbox, stream)
            sandbox.mutate("create", object=stream, count=3)
            sandbox.mutate("update", object=stream, count=5)
        if number:
            leave(sandbox)
        run = Connector(sandbox).read(STREAMS, destination.states, apply_deletes=True)
        assert (run.exit_code, run.failures) == (0, [])
        destination.apply(run)
        held = {stream: truth(sandbox, stream) for stream in STREAMS}
        yield Sync(run, {stream: destination.expected(sandbox, stream, held[stream]) for stream in STREAMS}, not lag)


@pytest.mark.parametrize("stream", STREAMS)
@pytest.mark.parametrize("merge", [TYPING_AND_DEDUPING, DIRECT_LOAD], ids=["typing and deduping", "direct load"])
def test_tables_hold_who_is_there_and_nobody_who_is_gone(
    postgres: Server, catalog: dict[str, dict[str, Any]], syncs: list[Sync], merge: LiteralString, stream: str
) -> None:
    schema = "direct" if merge is DIRECT_LOAD else "deduped"
    table = Deduped(postgres, schema, catalog[stream], merge)
    before = set[Key]()
    for number, sync in enumerate(syncs):
        table.load(sync.run)
        found = rows(postgres, stream, schema)
        held, expected = dict(found), declared_in(stream, sync.expected[stream])
        assert len(held) == len(found), f"a key is there twice after sync {number}"
        assert held.keys() - expected.keys() == set(), f"who is gone is there after sync {number}"
        assert before & expected.keys() - held.keys() == set(), f"who is there is gone after sync {number}"
        assert not sync.is_up_to_date or compare(held, expected) == NONE
        before = set(held)
