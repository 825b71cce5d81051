"""The option `apply_deletes`: who is gone from Intercom is gone from the destination, and nobody else is."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from integration_tests.conftest import Workspaces
from integration_tests.connector import Connector, discovered
from integration_tests.faults import fault
from integration_tests.matrix.runner import Runner
from integration_tests.messages import Record, Run
from intercom_sandbox.client import Sandbox

STREAMS = ("contacts", "conversations")
DELETED_AT = "_ab_cdc_deleted_at"


class Deduplicating:
    """The tables of a destination in the mode append + deduped: newest by cursor, then by arrival; then it deletes.

    What is deleted is gone: a row of the same key that comes in a later sync is there again, whatever its cursor.
    """

    def __init__(self) -> None:
        self.tables: dict[str, dict[str, Record]] = {stream: {} for stream in STREAMS}
        self.states: dict[str, Mapping[str, Any]] = {}

    def apply(self, run: Run) -> None:
        """Take in what a sync printed."""
        for stream in STREAMS:
            table = self.tables[stream]
            for row in run.records[stream]:
                present = table.get(row["id"])
                if present is None or row["updated_at"] >= present["updated_at"]:
                    table[row["id"]] = row
            for key in [key for key, row in table.items() if row.get(DELETED_AT)]:
                del table[key]
        self.states.update(run.final_states)


def leave(sandbox: Sandbox) -> set[str]:
    """Contacts and conversations go in every way; the ids of contacts that are inactive and not gone."""
    for _ in range(2):
        sandbox.mutate("delete", object="contacts", count=3)
        sandbox.mutate("merge_contacts", count=3)
        sandbox.mutate("delete", object="conversations", count=4)
    sandbox.mutate("update", object="contacts", count=5)
    return {*sandbox.mutate("archive_contacts", count=2), *sandbox.mutate("block_contacts", count=2)}


def ids(rows: Iterable[Mapping[str, Any]]) -> set[str]:
    return {str(row["id"]) for row in rows}


def assert_true(destination: Deduplicating, sandbox: Sandbox, inactive: set[str]) -> None:
    """Nobody is left who is gone, and nobody who is there has been deleted."""
    assert set(destination.tables["contacts"]) - inactive == ids(sandbox.truth("contacts"))
    assert set(destination.tables["conversations"]) == ids(sandbox.truth("conversations"))
    assert inactive <= set(destination.tables["contacts"]), "who is archived or blocked is not deleted"


Settings = dict[str, Any]
CONDITIONS: dict[str, Settings] = {
    "calm": {},
    "a search that lags": {"index_lag": 2.0},
    "a search that lags with fresh bodies": {"index_lag": 2.0, "fresh_bodies": True},
    "another order": {"deleted_order": "id"},
}


@pytest.mark.parametrize("condition", CONDITIONS)
def test_who_is_gone_is_deleted_and_nobody_else(workspace: Workspaces, condition: str) -> None:
    sandbox = workspace(contacts=150, conversations=60, parts=60, **CONDITIONS[condition])
    destination, inactive = Deduplicating(), set[str]()
    for number in range(3):
        if number:
            inactive |= leave(sandbox)
        run = Connector(sandbox).read(STREAMS, destination.states, apply_deletes=True)
        assert run.exit_code == 0
        destination.apply(run)
    sandbox.configure(index_lag=0.0)  # what the search showed too long is gone with the next sync
    destination.apply(Connector(sandbox).read(STREAMS, destination.states, apply_deletes=True))
    assert_true(destination, sandbox, inactive)


def test_what_went_before_the_option_was_on_is_deleted(workspace: Workspaces) -> None:
    sandbox = workspace(contacts=100, conversations=40, parts=40)
    destination = Deduplicating()
    destination.apply(Connector(sandbox).read(STREAMS, destination.states))
    inactive = leave(sandbox)
    destination.apply(Connector(sandbox).read(STREAMS, destination.states))
    assert set(destination.tables["conversations"]) > ids(sandbox.truth("conversations"))
    destination.apply(Connector(sandbox).read(STREAMS, destination.states, apply_deletes=True))
    assert_true(destination, sandbox, inactive)


def test_a_feed_whose_store_is_down_is_gone_on_from_where_it_was(workspace: Workspaces) -> None:
    sandbox = workspace(contacts=100, conversations=40, parts=40)
    destination = Deduplicating()
    destination.apply(Connector(sandbox).read(STREAMS, destination.states, apply_deletes=True))
    inactive = leave(sandbox)
    sandbox.configure(activity_store_down=True)
    destination.apply(Connector(sandbox).read(STREAMS, destination.states, apply_deletes=True))
    sandbox.configure(activity_store_down=False)
    destination.apply(Connector(sandbox).read(STREAMS, destination.states, apply_deletes=True))
    assert_true(destination, sandbox, inactive)


@pytest.mark.parametrize("lines", [1, 10, 40])
def test_a_sync_that_is_killed_leaves_nobody_who_is_gone(workspace: Workspaces, lines: int) -> None:
    sandbox = workspace(contacts=100, conversations=40, parts=40)
    destination, runner = Deduplicating(), Runner(sandbox)
    destination.apply(runner.read(streams=STREAMS, apply_deletes=True))
    inactive = leave(sandbox)
    destination.apply(runner.read(destination.states, streams=STREAMS, lines=lines, apply_deletes=True))
    destination.apply(runner.read(destination.states, streams=STREAMS, apply_deletes=True))
    assert_true(destination, sandbox, inactive)


def columns_of(sandbox: Sandbox, **options: Any) -> dict[str, set[str]]:
    connector = Connector(sandbox)
    run = connector.run("discover", config=connector.config(**options))
    (catalog,) = run.of_type("CATALOG")
    return {one["name"]: set(one["json_schema"]["properties"]) for one in catalog["streams"]}


def test_the_column_that_makes_destinations_delete_is_there_only_with_the_option(sandbox: Sandbox) -> None:
    assert {name for name, columns in columns_of(sandbox).items() if DELETED_AT in columns} == set()
    with_option = columns_of(sandbox, apply_deletes=True)
    assert {name for name, columns in with_option.items() if DELETED_AT in columns} == set(STREAMS)
    assert discovered().keys() == with_option.keys()


@pytest.mark.parametrize("options", [{"mode": "full_refresh", "apply_deletes": True}, {"mode": "incremental"}])
def test_no_row_is_marked_in_a_full_refresh_or_without_the_option(
    workspace: Workspaces, options: dict[str, Any]
) -> None:
    sandbox = workspace(contacts=100, conversations=40, parts=40)
    leave(sandbox)
    run = Connector(sandbox).read(STREAMS, **options)
    assert run.exit_code == 0
    assert not [row for stream in STREAMS for row in run.records[stream] if DELETED_AT in row]
    assert ids(run.records["conversations"]) == ids(sandbox.truth("conversations"))


def test_a_workspace_without_the_newer_api_hears_of_merges_and_is_warned_of_the_rest(workspace: Workspaces) -> None:
    sandbox = workspace(contacts=100, conversations=40, parts=40)
    destination = Deduplicating()
    destination.apply(Connector(sandbox).read(STREAMS, destination.states, apply_deletes=True))
    deleted = sandbox.mutate("delete", object="contacts", count=3)
    merged, _ = sandbox.mutate("merge_contacts")
    sandbox.faults([fault("^/contacts/activities$", status=400, code="intercom_version_invalid")])
    run = Connector(sandbox).read(STREAMS, destination.states, apply_deletes=True)
    assert run.exit_code == 0
    assert any("contacts: deletions are not seen" in line for line in run.logs)
    destination.apply(run)
    assert set(destination.tables["contacts"]) == ids(sandbox.truth("contacts")) | set(deleted)
    assert merged not in destination.tables["contacts"]
