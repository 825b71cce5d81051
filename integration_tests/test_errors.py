"""What goes wrong at Intercom's end: waited out where that helps, else said in one sentence per stream."""

import pytest

from integration_tests.comparison import NONE, difference, repeated
from integration_tests.conftest import Workspaces
from integration_tests.connector import STREAMS, Connector
from integration_tests.messages import Run
from intercom_sandbox.client import Sandbox


def assert_complete(sandbox: Sandbox, run: Run, streams: tuple[str, ...] = STREAMS) -> None:
    for stream in streams:
        assert repeated(stream, run) == []
        assert difference(sandbox, stream, run) == NONE
        assert run.statuses[stream][-1] == "COMPLETE"


def fault(path: str, *, after: int = 0, times: int | None = 1, **action: object) -> dict[str, object]:
    """A fault rule for all paths that match."""
    return {"path": path, "after": after, "times": times, "action": action}


def test_a_missing_permission_fails_its_stream_by_name_and_no_other(workspace: Workspaces) -> None:
    restricted = workspace(without_scope=["read_tickets", "read_tags"])
    run = Connector(restricted).read()
    assert run.exit_code == 1
    assert run.failed_streams.keys() == {"tickets", "tags"}
    for stream, permission in (("tickets", "Read tickets"), ("tags", "Read tags")):
        assert run.failed_streams[stream].kind == "config_error"
        assert f"“{permission}”" in run.failed_streams[stream].message
        assert run.statuses[stream][-1] == "INCOMPLETE"
        assert run.records[stream] == []

    assert_complete(restricted, run, tuple(set(STREAMS) - {"tickets", "tags", "conversations", "conversation_parts"}))
    # Without the permission for tickets Intercom hides the conversations that are tickets.
    visible = {row["id"] for row in restricted.truth("conversations") if not row["ticket"]}
    parts = {row["id"] for row in restricted.truth("conversation_parts") if row["conversation_id"] in visible}
    assert {record["id"] for record in run.records["conversations"]} == visible
    assert {record["id"] for record in run.records["conversation_parts"]} == parts


def test_a_revoked_token_ends_the_sync_at_once(workspace: Workspaces) -> None:
    left = workspace()
    left.revoke()
    run = Connector(left).read()
    assert run.exit_code == 1
    assert run.failed_streams.keys() == set(STREAMS)
    assert {(failure.kind, "authenticate again" in failure.message) for failure in run.failures} == {
        ("config_error", True)
    }
    assert left.requests()["total"] < 2 * len(STREAMS)
    assert run.final_states.keys() == set(STREAMS)


def test_a_401_without_a_code_is_a_missing_permission_and_a_page_is_not_intercoms(workspace: Workspaces) -> None:
    odd = workspace(contacts=20, conversations=20, parts=20, tickets=20, companies=20)
    resource = "Not authorized to access resource"
    odd.faults(
        [
            fault("^/tags$", times=None, status=401, code=None, message=resource),
            fault("^/articles$", times=None, status=403, body="html", message="Access denied"),
        ]
    )
    run = Connector(odd).read()
    assert run.failed_streams.keys() == {"tags", "articles"}
    assert {failure.kind for failure in run.failed_streams.values()} == {"config_error"}
    assert f"the permission “Read tags” ({resource});" in run.failed_streams["tags"].message
    assert "answered 403 (Access denied);" in run.failed_streams["articles"].message


STORM = [
    fault("^/me$", status=500),
    fault("^/contacts/search$", kind="reset"),
    fault("^/contacts/search$", kind="truncated", after=1),
    fault("^/conversations/search$", kind="html"),
    fault("^/conversations/search$", kind="empty"),
    fault("^/tickets/search$", status=504),
    fault("^/companies/scroll$", status=503),
    fault("^/companies/scroll$", status=502, after=3),
    fault("^/admins$", status=500),
    fault("^/teams$", status=502, body="empty"),
    fault("^/tags$", kind="html"),
    fault("^/segments$", status=408),
    fault("^/data_attributes$", status=409),
    fault("^/articles$", status=503, body="truncated"),
    fault(r"^/conversations/\d+$", times=5, status=500),
    fault(r"^/conversations/\d+$", times=5, status=502),
    fault(r"^/conversations/\d+$", times=5, status=503, body="json"),
    fault(r"^/conversations/\d+$", times=5, status=504),
    fault(r"^/conversations/\d+$", times=5, kind="reset"),
    fault(r"^/conversations/\d+$", times=5, kind="truncated"),
    fault(r"^/conversations/\d+$", times=5, kind="empty"),
    fault(r"^/conversations/\d+$", times=5, kind="html"),
]


def test_a_storm_of_errors_that_pass_loses_nothing(workspace: Workspaces) -> None:
    stormy = workspace(companies=330, scroll_expiry=2)
    stormy.faults(STORM)
    run = Connector(stormy).read()
    assert (run.exit_code, run.failures) == (0, [])
    assert_complete(stormy, run)
    assert {"408", "409", "500", "502", "503", "504", "cut"} <= stormy.requests()["by_status"].keys()
    assert "repeated requests" in run.reports["conversation_parts"]


def test_a_burst_of_429_answers_is_waited_out(workspace: Workspaces) -> None:
    busy = workspace(rate_limit=1667)
    busy.faults([fault("^/(contacts|tags|companies|tickets)", times=4, status=429)])
    run = Connector(busy).read()
    assert (run.exit_code, run.failures) == (0, [])
    assert_complete(busy, run)
    assert busy.requests()["by_status"]["429"] >= 4


@pytest.fixture(scope="module")
def broken(sandbox: Sandbox, connector: Connector) -> Run:
    """A sync in which three things never work: the tags, one conversation, and the workspace's time zone.

    And the tickets cannot be read in pages of full size.
    """
    sandbox.reset_requests()
    sandbox.faults(
        [
            fault("^/tags$", times=None, status=503),
            fault("^/me$", times=None, status=500),
            fault(f"^/conversations/{middle_conversation(sandbox)}$", times=None, status=504),
            fault("^/tickets/search$", times=6, status=504),
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
    assert broken.failed_streams.keys() == {"tags", "conversation_parts"}
    assert broken.failed_streams["tags"].message == unavailable.format("503 (Service Unavailable)")
    parts = broken.failed_streams["conversation_parts"].message
    assert parts.startswith("Intercom does not deliver the parts of conversation ")
    assert f" ({gateway}); all else was read" in parts
    assert {failure.kind for failure in broken.failed_streams.values()} == {"transient_error"}
    asked = sandbox.requests()["by_path"]
    assert 1 < asked["GET /tags"] <= 6
    assert asked["GET /conversations/{id}"] <= sandbox.counts()["conversations"] + 5
    assert_complete(sandbox, broken, tuple(set(STREAMS) - broken.failed_streams.keys()))


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
            fault("^/contacts/search$", kind="repeat_cursor", after=2, times=1),
            fault("^/tickets/search$", kind="repeat_cursor", after=1, times=None),
        ]
    )
    run = Connector(circling).read(["contacts", "tickets"])
    assert run.exit_code == 1
    assert_complete(circling, run, ("contacts",))
    assert run.failed_streams.keys() == {"tickets"}
    assert run.failed_streams["tickets"].kind == "transient_error"
    assert run.final_states["tickets"] == {}
    assert circling.requests()["by_path"]["POST /tickets/search"] < 20
