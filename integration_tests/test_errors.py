"""Errors that do not pass: said in one sentence per stream, after few tries; all else is read."""

import pytest

from integration_tests.comparison import NONE, assert_complete, difference
from integration_tests.conftest import Workspaces
from integration_tests.connector import STREAMS, Connector
from integration_tests.faults import fault, fault_of
from integration_tests.messages import Run
from intercom_sandbox.client import Sandbox
from unit_tests.contracts import relying_on


@pytest.fixture(scope="module")
def broken(sandbox: Sandbox, connector: Connector) -> Run:
    """A sync in which three things never work: the tags, one conversation, and the workspace's time zone.

    And the tickets cannot be read in pages of full size.
    """
    sandbox.reset_requests()
    sandbox.faults(
        [
            fault_of("tags", status=503),
            fault("^/me$", status=500),
            fault(f"^/conversations/{middle_conversation(sandbox)}$", status=504),
            fault_of("tickets", times=6, status=504),
        ]
    )
    run = connector.read()
    sandbox.faults([])
    return run


def middle_conversation(sandbox: Sandbox) -> str:
    """The conversation in the middle of those that a sync reads."""
    conversations = sorted(sandbox.truth("conversations"), key=lambda row: row["updated_at"])
    return str(conversations[len(conversations) // 2]["id"])


def test_an_error_that_does_not_pass_ends_its_stream_after_few_tries(sandbox: Sandbox, broken: Run) -> None:
    assert broken.exit_code == 1
    unavailable = "Intercom answered {} several times in a row; trying again later helps."
    gateway = unavailable.format("504 (Gateway Time-out)").removesuffix(".")
    assert broken.failed_streams.keys() == relying_on("tags", "conversation_parts")
    assert broken.failed_streams["tags"].message == unavailable.format("503 (Service Unavailable)")
    parts = broken.failed_streams["conversation_parts"].message
    assert parts.startswith("Intercom does not deliver the parts of conversation ")
    assert f" ({gateway}); all else was read" in parts
    assert {failure.kind for failure in broken.failed_streams.values()} == {"transient_error"}
    asked = sandbox.requests()["by_path"]
    assert 1 < asked["GET /tags"] <= 6
    assert asked["GET /conversations/{id}"] <= sandbox.counts()["conversations"] + 5
    assert_complete(sandbox, broken, set(STREAMS) - broken.failed_streams.keys())


def test_a_page_too_heavy_for_intercom_is_asked_for_in_smaller_ones(sandbox: Sandbox, broken: Run) -> None:
    assert sandbox.requests()["by_path"]["POST /tickets/search"] > 6
    assert_complete(sandbox, broken, ("tickets",))


def test_no_contact_is_lost_where_the_time_zone_is_unknown(sandbox: Sandbox, broken: Run) -> None:
    assert sandbox.requests()["by_path"]["GET /me"] > 1
    assert_complete(sandbox, broken, ("contacts",))


def test_a_stream_that_failed_goes_on_from_where_it_was(sandbox: Sandbox, connector: Connector, broken: Run) -> None:
    resumed = connector.read(["conversation_parts", "tags"], broken.final_states)
    assert resumed.exit_code == 0
    for stream in ("conversation_parts", "tags"):
        assert difference(sandbox, stream, broken, resumed) == NONE
    assert broken.final_states["conversation_parts"] != {}
    assert len(resumed.records["conversation_parts"]) < sandbox.counts()["conversation_parts"]


def test_cursors_that_go_round_in_circles_neither_lose_rows_nor_hang(workspace: Workspaces) -> None:
    circling = workspace(contacts=700, conversations=0, parts=0, tickets=700)
    circling.faults(
        [
            fault_of("contacts", kind="repeat_cursor", after=2, times=1),
            fault_of("tickets", kind="repeat_cursor", after=1),
        ]
    )
    run = Connector(circling).read(["contacts", "tickets"])
    assert run.exit_code == 1
    assert_complete(circling, run, ("contacts",))
    assert run.failed_streams.keys() == {"tickets"}
    assert run.failed_streams["tickets"].kind == "transient_error"
    assert run.final_states["tickets"] == {}
    assert circling.requests()["by_path"]["POST /tickets/search"] < 20
