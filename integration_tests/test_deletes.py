"""The option `apply_deletes`: who is gone from Intercom is gone from the destination, and nobody else is."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from integration_tests.comparison import NONE, compare, truth
from integration_tests.conftest import Workspaces
from integration_tests.connector import Connector, discovered
from integration_tests.faults import fault
from integration_tests.matrix.changes import leave
from integration_tests.matrix.destination import DELETED_AT, Deduplicating
from intercom_sandbox.client import Sandbox

STREAMS = ("contacts", "conversations")


def ids(rows: Iterable[Mapping[str, Any]]) -> set[str]:
    return {str(row["id"]) for row in rows}


def assert_true(destination: Deduplicating, sandbox: Sandbox, inactive: set[str]) -> None:
    """Nobody is left who is gone, and nobody who is there has been deleted."""
    assert inactive <= ids(destination.rows["contacts"].values()), "who is archived or blocked is not deleted"
    for stream in STREAMS:
        expected = destination.expected(sandbox, stream, truth(sandbox, stream))
        assert compare(destination.rows[stream], expected) == NONE, stream
        assert not destination.marked[stream] & expected.keys(), stream


def test_who_is_gone_is_deleted_and_nobody_else(workspace: Workspaces) -> None:
    """What may happen meanwhile is in the matrix."""
    sandbox = workspace(contacts=150, conversations=60, parts=60)
    destination, inactive = Deduplicating(), set[str]()
    for number in range(3):
        if number:
            inactive |= leave(sandbox)
        run = Connector(sandbox).read(STREAMS, destination.states, apply_deletes=True)
        assert run.exit_code == 0
        destination.apply(run)
    assert_true(destination, sandbox, inactive)


def test_what_went_before_the_option_was_on_is_deleted(workspace: Workspaces) -> None:
    sandbox = workspace(contacts=100, conversations=40, parts=40)
    destination = Deduplicating()
    destination.apply(Connector(sandbox).read(STREAMS, destination.states))
    inactive = leave(sandbox)
    destination.apply(Connector(sandbox).read(STREAMS, destination.states))
    assert ids(destination.rows["conversations"].values()) > ids(sandbox.truth("conversations"))
    destination.apply(Connector(sandbox).read(STREAMS, destination.states, apply_deletes=True))
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
    assert discovered().keys() <= with_option.keys()


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
    held = ids(destination.rows["contacts"].values())
    assert held == ids(sandbox.truth("contacts")) | set(deleted)
    assert merged not in held
