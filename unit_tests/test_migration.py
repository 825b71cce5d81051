"""What docs/coming-from-airbyte.md says of Airbyte's own connector 0.8.3: configs and states are taken over.

What is known of 0.8.3 stands here as literals: its catalog is what its `discover` prints, its states are what it
emitted at the end of a first and of a second sync.
"""

import json
import logging
from typing import Any

import pytest
from airbyte_cdk.models import AirbyteStateMessage, FailureType, SyncMode
from airbyte_cdk.test.catalog_builder import CatalogBuilder, ConfiguredAirbyteStreamBuilder
from airbyte_cdk.test.entrypoint_wrapper import EntrypointOutput
from airbyte_cdk.test.entrypoint_wrapper import read as run_read
from airbyte_cdk.test.models.scenario import ExpectedOutcome
from airbyte_cdk.test.state_builder import StateBuilder
from requests_mock import Mocker

from scripts.differences import fields
from source_intercom.config import Config, migrated
from source_intercom.read.windows import GUARD_SECONDS
from source_intercom.source import SourceIntercom
from source_intercom.streams import STREAMS
from unit_tests import builders
from unit_tests.builders import NOW, TOKEN, URL, Json, company, example, scroll_page
from unit_tests.pages import ROOT, catalogue, rows

PAGE = ROOT / "docs" / "coming-from-airbyte.md"
NONE = "\N{EN DASH}"

FULL, BOTH = "full refresh", "full refresh, incremental"

# Stream of 0.8.3: sync modes, cursor, key.
OFFICIAL: dict[str, tuple[str, str, str]] = {
    "activity_logs": (BOTH, "created_at", "id"),
    "admins": (FULL, NONE, "id"),
    "tags": (FULL, NONE, "name"),
    "teams": (FULL, NONE, "name"),
    "segments": (BOTH, "updated_at", "id"),
    "companies": (BOTH, "updated_at", "id"),
    "company_attributes": (FULL, NONE, "name"),
    "contact_attributes": (FULL, NONE, "name"),
    "contacts": (BOTH, "updated_at", NONE),
    "conversations": (BOTH, "updated_at", NONE),
    "conversation_parts": (BOTH, "updated_at", "id"),
    "company_segments": (BOTH, "updated_at", "id"),
}

T = NOW - 86_400
FULL_STATE: Json = {"__ab_full_refresh_sync_complete": True}


def prior(state: Json) -> Json:
    """The state of 0.8.3 after a second sync that began with `state`."""
    return {**state, "prior_state": {**state, "prior_state": state}}


# What 0.8.3 offered, in its form's order, with values that it accepts.
OPTIONS: Json = {
    "access_token": TOKEN,
    "client_id": "client",
    "client_secret": "secret",
    "activity_logs_time_step": 30,
    "lookback_window": 2,
    "start_date": "2024-01-01T00:00:00Z",
}


# Configuration


@pytest.mark.parametrize(
    ("absent", "kind"),
    [((), "Client"), (("client_id", "client_secret"), "AccessToken"), (("client_id",), "AccessToken")],
)
def test_a_config_of_the_official_connector_is_moved(absent: tuple[str, ...], kind: str) -> None:
    old = {name: value for name, value in OPTIONS.items() if name not in absent}
    parsed = Config.parse(old)
    assert parsed.credentials.auth_type == kind
    assert parsed.access_token == TOKEN
    assert parsed.start_second == builders.START
    assert parsed.lookback_window == 2
    assert (parsed.region, parsed.num_workers) == ("US", 100)
    assert migrated(old)["credentials"] == {
        "auth_type": kind,
        **{name: value for name, value in old.items() if name in ("access_token", "client_id", "client_secret")},
    }


def test_every_option_of_the_official_connector_is_in_the_table() -> None:
    there, here = zip(*[(row[0], row[1]) for row in rows(PAGE, "| option of 0.8.3 |")], strict=True)
    names = {name for cell in there for name in cell.replace("`", "").split(", ")} - {NONE}
    assert names == set(OPTIONS)
    moved = {name for cell in here for name in cell.replace("`", "").split(", ")} - {NONE}
    assert {name.split(".")[0] for name in moved} == set(Config.model_fields)


def test_a_longer_lookback_window_is_refused_and_named() -> None:
    with pytest.raises(Exception, match=r"^lookback_window must be 3650 or less\.$"):
        Config.parse({**OPTIONS, "lookback_window": 3651})


# States


def resumed(name: str, state: Json) -> int | None:
    """The second from which a stream goes on, without guard interval and lookback; None where it starts anew."""
    kind = next(kind for kind in STREAMS if kind.__name__.lower() == name.replace("_", ""))
    stream = kind(builders.context())
    stream.new_cursor(state)
    start = stream.starts_at(builders.NOW)
    return None if start == builders.START else start + GUARD_SECONDS


@pytest.mark.parametrize("name", ["contacts", "conversations"])
@pytest.mark.parametrize("state", [{"updated_at": T}, prior({"updated_at": T})])
def test_searches_go_on_from_the_official_connectors_state(name: str, state: Json, now: object) -> None:
    assert resumed(name, state) == T
    assert resumed(name, {**state, "prior_state": {"updated_at": T - 999}}) == T


def test_activity_logs_go_on_from_the_official_connectors_state(now: object) -> None:
    assert resumed("activity_logs", {"created_at": str(T)}) == T


@pytest.mark.parametrize(("parts", "conversations"), [(T, T), (T, T - 50), (T - 50, T)])
@pytest.mark.parametrize("again", [False, True])
def test_parts_go_on_from_the_earlier_of_both_times(parts: int, conversations: int, again: bool, now: object) -> None:
    state = {"conversations": {"updated_at": conversations}, "updated_at": parts}
    assert resumed("conversation_parts", prior(state) if again else state) == min(parts, conversations)


@pytest.mark.parametrize("name", ["contacts", "conversations", "conversation_parts", "tickets"])
def test_streams_without_a_time_in_their_state_start_anew(name: str, now: object) -> None:
    assert resumed(name, FULL_STATE) is None


def test_the_lookback_window_counts_from_the_official_connectors_state(now: object) -> None:
    (kind,) = [kind for kind in STREAMS if kind.__name__ == "Conversations"]
    stream = kind(builders.context(lookback_window=2))
    stream.new_cursor(prior({"updated_at": T}))
    assert stream.starts_at(builders.NOW) == T - GUARD_SECONDS - 2 * 86_400


# Whole syncs with what 0.8.3 leaves behind


def sync(
    streams: dict[str, str], states: dict[str, Json], config: Json | None = None, fails: bool = False
) -> EntrypointOutput:
    """One sync of a connection as 0.8.3 had it: incremental streams with its cursors, in its modes."""
    catalog = CatalogBuilder()
    for name, cursor in streams.items():
        mode = SyncMode.full_refresh if cursor == NONE else SyncMode.incremental
        catalog.with_stream(ConfiguredAirbyteStreamBuilder().with_name(name).with_sync_mode(mode))
    built = catalog.build()
    for configured in built.streams:
        cursor = streams[configured.stream.name]
        configured.cursor_field = None if cursor == NONE else [cursor]
    state = StateBuilder()
    for name, value in states.items():
        state.with_stream_state(name, value)
    messages: list[AirbyteStateMessage] = state.build()
    outcome = ExpectedOutcome.EXPECT_EXCEPTION if fails else ExpectedOutcome.EXPECT_SUCCESS
    return run_read(SourceIntercom(), config or OPTIONS, built, messages, expected_outcome=outcome)


def records(output: EntrypointOutput, stream: str) -> list[Json]:
    return [dict(one.record.data) for one in output.records if one.record and one.record.stream == stream]


def last_state(output: EntrypointOutput, stream: str) -> Json:
    (*_, last) = [one.state.stream for one in output.state_messages if one.state and one.state.stream]
    assert last.stream_descriptor.name == stream
    state: Json = json.loads(json.dumps(last.stream_state.__dict__)) if last.stream_state else {}
    return state


@pytest.fixture
def workspace(requests_mock: Mocker, now: object) -> Mocker:
    """A conversation from before the lookback window and two from after it, two companies, and small lists."""
    whole = [
        builders.whole_conversation(number, at, parts=2) for number, at in ((1, T - 3 * 86_400), (2, T), (3, T + 60))
    ]
    found = [builders.conversation(int(one["id"]), one["updated_at"]) for one in whole]
    requests_mock.get(f"{URL}me", json=builders.me())
    requests_mock.post(f"{URL}conversations/search", json=builders.SearchServer("conversations", found))
    for one in whole:
        requests_mock.get(f"{URL}conversations/{one['id']}", json=one)
    requests_mock.get(f"{URL}companies/scroll", json=scroll_page(company(1), company(2)))
    requests_mock.get(f"{URL}companies/scroll?scroll_param=43cc3160", json=scroll_page())
    for name in ("tags", "segments"):
        requests_mock.get(f"{URL}{name}", json=example(name))
    return requests_mock


def test_a_connection_goes_on_with_its_config_states_and_cursor_fields(workspace: Mocker) -> None:
    state = prior({"conversations": {"updated_at": T}, "updated_at": T - 5})
    output = sync({"conversation_parts": "updated_at"}, {"conversation_parts": state})
    assert {record["conversation_id"] for record in records(output, "conversation_parts")} == {"2", "3"}
    assert last_state(output, "conversation_parts") == {"conversation_updated_at": T + 60}
    again = sync({"conversation_parts": "updated_at"}, {"conversation_parts": last_state(output, "conversation_parts")})
    assert last_state(again, "conversation_parts") == {"conversation_updated_at": T + 60}


def test_a_search_emits_todays_state(workspace: Mocker) -> None:
    output = sync({"conversations": "updated_at"}, {"conversations": prior({"updated_at": T})})
    assert [record["id"] for record in records(output, "conversations")] == ["2", "3"]
    assert last_state(output, "conversations") == {"updated_at": T + 60}


@pytest.mark.parametrize(("name", "rows_there"), [("companies", 2), ("segments", 2)])
def test_streams_that_were_incremental_are_read_whole(name: str, rows_there: int, workspace: Mocker) -> None:
    output = sync({name: "updated_at"}, {name: prior({"updated_at": NOW})})
    assert len(records(output, name)) == rows_there


def test_the_state_of_a_full_refresh_is_not_used(workspace: Mocker) -> None:
    assert len(records(sync({"tags": NONE}, {"tags": FULL_STATE}), "tags")) == 1


def test_streams_that_are_not_here_are_named_and_the_others_read(workspace: Mocker) -> None:
    gone = [name for name, row in there().items() if row[0] != name]
    assert gone == ["company_attributes", "contact_attributes"]
    states = dict.fromkeys(gone, FULL_STATE)
    output = sync({"tags": NONE, **{name: OFFICIAL[name][1] for name in gone}}, states, fails=True)
    assert len(records(output, "tags")) == 1
    told = [one.trace.error for one in output.errors if one.trace and one.trace.error]
    assert f"The connector has no stream {', '.join(gone)}; refresh the connection's schema." in {
        error.message for error in told if error.failure_type == FailureType.config_error
    }


# The tables of the page


def there() -> dict[str, list[str]]:
    """Stream of 0.8.3: the rest of its row."""
    return {row[0]: row[1:] for row in rows(PAGE, "| stream of 0.8.3 |")}


def schemas() -> dict[str, dict[str, set[str]]]:
    """Stream: its fields and their types."""
    discovered = SourceIntercom().discover(logging.getLogger("airbyte"), builders.config()).streams
    return {stream.name: dict(fields(stream.json_schema)) for stream in discovered}


def test_the_streams_of_the_official_connector_are_in_the_table() -> None:
    assert {name: (row[1], row[3], row[5]) for name, row in there().items()} == OFFICIAL


def test_the_streams_of_the_table_are_those_that_are_here() -> None:
    table = {row[1]: (row[3], row[5], row[7]) for row in rows(PAGE, "| stream of 0.8.3 |") if row[1] != NONE}
    ours = {name: (", ".join(modes), cursor, ", ".join(key)) for name, (modes, cursor, key) in catalogue().items()}
    assert table == {name: ours[name] for name in table}
    assert set(OFFICIAL) & set(ours) <= set(table)
    for _, here, _, modes, *_ in rows(PAGE, "| stream of 0.8.3 |"):
        assert (here == NONE) == (modes == NONE)


def test_the_streams_with_states_are_in_the_table() -> None:
    *table, others = rows(PAGE, "| stream | state of 0.8.3 |")
    assert others == ["all others", "none", "start anew"]
    assert sorted(name for row in table for name in row[0].split(", ")) == sorted(set(OFFICIAL) & set(catalogue()))


def test_fields_that_are_only_there_are_not_here_and_the_other_way_round() -> None:
    ours = schemas()
    for stream, theirs, new in rows(PAGE, "| stream | only in 0.8.3 |"):
        assert not [name for name in theirs.split(", ") if name in ours[stream]]
        assert [name for name in new.split(", ") if name not in ours[stream]] == []


def test_the_types_in_the_table_are_those_of_the_schemas() -> None:
    ours = schemas()
    table = rows(PAGE, "| stream | field |")
    assert len(table) > 10
    for stream, field, before, here in table:
        assert ours[stream][field.strip("`")] == set(here.split(" or "))
        assert before != here


def test_a_field_of_two_types_is_found() -> None:
    schema: dict[str, Any] = {
        "properties": {
            "a": {"anyOf": [{"type": "array", "items": {"type": "integer"}}, {"type": "null"}]},
            "b": {"type": ["null", "object", "string"], "properties": {"c": {"type": "string"}}},
        }
    }
    assert dict(fields(schema)) == {"a": {"array"}, "a[]": {"integer"}, "b": {"object", "string"}, "b.c": {"string"}}
