"""What the platform hands over: a mistake is said in one sentence, and a state of any shape loses nothing."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from integration_tests.comparison import NONE, difference, table, truth
from integration_tests.conftest import Workspaces
from integration_tests.connector import CURSORS, GUARD_SECONDS, TIMED, Connector, configured
from integration_tests.faults import fault_of
from intercom_sandbox.client import Sandbox
from unit_tests.contracts import CONTRACTS, SCOPES_OF_ALL, Way, by_way, families, needed

JUNE_2025 = 1_750_000_000

RESUMED: dict[str, Callable[[str], dict[str, Any]]] = {
    "text": lambda cursor: {cursor: str(JUNE_2025)},
    "ISO 8601": lambda cursor: {cursor: "2025-06-15T15:06:40Z"},
    "the official connector's": lambda cursor: {
        cursor: JUNE_2025,
        "prior_state": {cursor: JUNE_2025 - 10_000_000},
    },
}
"""States of other shapes that name that second, by cursor field."""

NONSENSE: dict[str, Callable[[str], dict[str, Any]]] = {
    "the future": lambda cursor: {cursor: int(time.time()) + 10 * 86_400},
    "no time": lambda cursor: {cursor: "soon"},
    "negative": lambda cursor: {cursor: -5},
    "no cursor": lambda cursor: {"cursor": [1, 2]},
}
"""States that name no second, by cursor field."""


def unknown_stream() -> dict[str, Any]:
    """A catalog with a stream that the connector does not have."""
    (tags,) = configured(["tags"], "full_refresh")["streams"]
    return {"streams": [{**tags, "stream": {**tags["stream"], "name": "planets"}}]}


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"config": "{oops"}, "is not valid JSON: Expecting property name enclosed in double quotes in line 1."),
        ({"config": {}}, "credentials is missing. start_date is missing."),
        ({"catalog": {"streams": [{"name": "tags"}]}}, "The catalog is not a configured Airbyte catalog"),
        ({"state": "[{"}, "is not valid JSON"),
        ({"state": [{"updated_at": JUNE_2025}]}, "The state is neither a list of Airbyte state messages nor"),
    ],
    ids=["broken config", "empty config", "broken catalog", "broken state", "state without a stream"],
)
def test_a_file_that_makes_no_sense_is_told_and_nothing_is_asked_of_intercom(
    sandbox: Sandbox, connector: Connector, files: dict[str, Any], sentence: str
) -> None:
    sandbox.reset_requests()
    good = {"config": connector.config(), "catalog": configured(["tags"], "full_refresh")}
    run = connector.run("read", **{**good, **files})
    assert run.exit_code == 1
    assert run.failure.kind == "config_error"
    assert sentence in run.failure.message
    assert sandbox.requests()["total"] == 0


def test_a_stream_that_the_connector_does_not_have_fails_the_sync_by_name(connector: Connector) -> None:
    run = connector.run("read", config=connector.config(), catalog=unknown_stream())
    assert run.exit_code == 1
    assert {failure.kind for failure in run.failures} == {"config_error"}
    assert run.failed_streams.keys() == {"planets"}


CHECKS = {
    "wrong token": (
        {"credentials": {"auth_type": "AccessToken", "access_token": "no-such-token"}},
        "Intercom refused the access token (Access Token Invalid): it is wrong, was revoked, or belongs to a workspace",
    ),
    "wrong region": (
        {"region": "EU"},
        "The workspace lives in Intercom's region US, not EU; set the region to US.",
    ),
}


@pytest.mark.parametrize(("options", "sentence"), CHECKS.values(), ids=CHECKS)
def test_a_check_says_what_is_wrong_with_the_options(
    connector: Connector, options: dict[str, Any], sentence: str
) -> None:
    run = connector.check(**options)
    assert run.exit_code == 0
    assert run.status[0] == "FAILED"
    assert run.status[1].startswith(sentence)


def test_a_check_says_that_intercom_cannot_be_reached() -> None:
    run = Connector(None).check()
    assert run.exit_code == 0
    assert run.status[0] == "FAILED"
    assert run.status[1].startswith("Intercom could not be reached")


def test_a_check_names_missing_permissions_and_fails_only_if_nothing_can_be_read(workspace: Workspaces) -> None:
    restricted = workspace(without_scope=[*SCOPES_OF_ALL, "export_reporting_data"])
    connector = Connector(restricted)
    nothing = connector.check()
    restricted.configure(without_scope=["read_tags"])
    restricted.faults([fault_of("admins", status=402, code="api_plan_restricted")])
    restricted.reset_requests()
    most = connector.check()
    asked = restricted.requests()["by_path"]

    assert (nothing.exit_code, nothing.status[0]) == (0, "FAILED")
    assert nothing.status[1].startswith("The access token is valid but cannot read any stream.")
    named = [name for name, (first, *_) in families().items() if CONTRACTS[first].permission]
    untold = [name for name in named if CONTRACTS[families()[name][0]].lacking not in nothing.status[1]]
    assert untold == [name for name in named if len(needed(name)) > 1]
    assert (most.exit_code, most.status[0]) == (0, "SUCCEEDED")
    plan, permission = most.warnings
    admins = ", ".join(families()["Read admins"])
    assert plan.startswith(f"Could not be tried: {admins}. The workspace's Intercom plan")
    assert permission.startswith(f"Not readable: {', '.join(families()['Read tags'])}.")
    assert "“Read tags”" in permission
    assert sum(asked.values()) == 2 + sum(len(needed(name)) for name in families())  # and for the list of datasets
    assert asked.keys().isdisjoint(CONTRACTS[name].counted_as for name in by_way(Way.SCROLL))


@pytest.mark.parametrize("shape", RESUMED)
def test_states_of_other_shapes_are_gone_on_from(sandbox: Sandbox, connector: Connector, shape: str) -> None:
    states = {stream: RESUMED[shape](cursor) for stream, cursor in TIMED.items()}
    assert_resumed(sandbox, connector, states)


def test_parts_go_on_from_the_state_of_their_conversations(sandbox: Sandbox, connector: Connector) -> None:
    """The official connector's own time of the parts is later: what it had not read then would be lost."""
    state = {"updated_at": JUNE_2025 + 9, "parent_state": {"conversations": {"updated_at": JUNE_2025}}}
    assert_resumed(sandbox, connector, {"conversation_parts": state})


def assert_resumed(sandbox: Sandbox, connector: Connector, states: dict[str, dict[str, Any]]) -> None:
    """A read from these states, as a state file of an older platform, brings what came after that second."""
    run = connector.run("read", config=connector.config(), catalog=configured(states, "incremental"), state=states)
    assert run.exit_code == 0
    for stream in states:
        cursor, rows = TIMED[stream], truth(sandbox, stream).items()
        assert table(stream, run) == {key: row for key, row in rows if row[cursor] >= JUNE_2025 - GUARD_SECONDS}


@pytest.mark.parametrize("shape", NONSENSE)
def test_a_state_in_the_future_or_without_sense_means_reading_everything(
    sandbox: Sandbox, connector: Connector, shape: str
) -> None:
    run = connector.read(CURSORS, {stream: NONSENSE[shape](cursor) for stream, cursor in CURSORS.items()})
    assert run.exit_code == 0
    assert {stream: difference(sandbox, stream, run) for stream in CURSORS} == dict.fromkeys(CURSORS, NONE)
    for stream in CURSORS:
        assert [line for line in run.warnings if line.startswith(f"{stream}: the state") and "not usable" in line]
