"""Custom objects: their types are found where something refers to them, and named where nothing does."""

from integration_tests.comparison import assert_complete
from integration_tests.conftest import Workspaces
from integration_tests.connector import Connector
from intercom_sandbox.custom_objects import NAMED_NOWHERE

STREAM = "custom_object_instances"


def test_a_type_that_nothing_refers_to_is_read_if_it_is_named(workspace: Workspaces) -> None:
    sandbox = workspace(contacts=20, conversations=20, parts=40)
    found = Connector(sandbox).read([STREAM])
    assert_complete(sandbox, found, [STREAM])
    named = Connector(sandbox).read([STREAM], custom_object_types=[NAMED_NOWHERE])
    assert named.exit_code == 0
    more = [row for row in named.records[STREAM] if row["type"] == NAMED_NOWHERE]
    assert len(named.records[STREAM]) == len(found.records[STREAM]) + len(more)
    assert len(more) == 20


def test_a_type_that_is_not_there_fails_the_stream_with_its_name_and_no_other(workspace: Workspaces) -> None:
    sandbox = workspace(contacts=20, conversations=20, parts=40)
    run = Connector(sandbox).read([STREAM, "tags"], custom_object_types=["order"])
    assert run.failed_streams.keys() == {STREAM}
    assert run.failed_streams[STREAM].kind == "config_error"
    assert "names order, which" in run.failed_streams[STREAM].message
    assert_complete(sandbox, run, ["tags"])


def test_types_are_found_with_contacts_and_conversations_where_attributes_may_not_be_read(
    workspace: Workspaces,
) -> None:
    for lacking in ("read_users_companies", "read_conversations"):
        sandbox = workspace(
            contacts=40, conversations=40, parts=80, without_scope=["read_conversation_attributes", lacking]
        )
        run = Connector(sandbox).read([STREAM])
        assert run.exit_code == 0
        expected = {row["id"] for row in sandbox.truth(STREAM) if row["type"] == "Order"}
        assert {row["id"] for row in run.records[STREAM]} == expected
        said = [entry["message"] for entry in run.of_type("LOG") if "are not looked for in" in entry["message"]]
        assert len(said) == 2


def test_a_check_names_a_type_that_is_not_there_and_passes(workspace: Workspaces) -> None:
    sandbox = workspace(contacts=20, conversations=20, parts=40)
    run = Connector(sandbox).check(custom_object_types=["Ordr"])
    assert run.exit_code == 0
    assert any("names Ordr, which" in entry["message"] for entry in run.of_type("LOG"))
