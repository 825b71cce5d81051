"""What the token may not read is said in one sentence that names the permission, and costs no other stream a row."""

from integration_tests.comparison import assert_complete
from integration_tests.conftest import Workspaces
from integration_tests.connector import STREAMS, Connector
from integration_tests.faults import fault_of
from integration_tests.sizes import every
from unit_tests.contracts import CONTRACTS, families, relying_on


def test_a_missing_permission_fails_its_stream_by_name_and_no_other(workspace: Workspaces) -> None:
    restricted = workspace(without_scope=["read_tickets", "read_tags"])
    run = Connector(restricted).read()
    assert run.exit_code == 1
    failed = {*families()["Read tickets"], *families()["Read tags"]}
    assert run.failed_streams.keys() == failed
    for stream in failed:
        assert run.failed_streams[stream].kind == "config_error"
        assert CONTRACTS[stream].lacking in run.failed_streams[stream].message
        assert run.statuses[stream][-1] == "INCOMPLETE"
        assert run.records[stream] == []

    assert_complete(restricted, run, set(STREAMS) - failed - relying_on("conversations"))
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
    odd = workspace(parts=20, **every(20))
    resource = "Not authorized to access resource"
    odd.faults(
        [
            fault_of("tags", status=401, code=None, message=resource),
            fault_of("articles", status=403, body="html", message="Access denied"),
        ]
    )
    run = Connector(odd).read()
    assert run.failed_streams.keys() == relying_on("tags", "articles")
    assert {failure.kind for failure in run.failed_streams.values()} == {"config_error"}
    assert f"the permission “Read tags” ({resource});" in run.failed_streams["tags"].message
    assert "answered 403 (Access denied);" in run.failed_streams["articles"].message
