"""What docs/coming-from-airbyte.md says of Airbyte's own connector: its configs and states are taken over.

What it declares is in scripts/pages/official.yaml; its states are those that the page shows.
"""

import json
import re

import pytest
from airbyte_cdk.models import AirbyteStateMessage, FailureType, SyncMode
from airbyte_cdk.test.catalog_builder import CatalogBuilder, ConfiguredAirbyteStreamBuilder
from airbyte_cdk.test.entrypoint_wrapper import EntrypointOutput
from airbyte_cdk.test.entrypoint_wrapper import read as run_read
from airbyte_cdk.test.models.scenario import ExpectedOutcome
from airbyte_cdk.test.state_builder import StateBuilder
from requests_mock import Mocker

from scripts.pages.official import facts, theirs
from source_intercom.config import Config, migrated
from source_intercom.inputs import states_of
from source_intercom.read.windows import GUARD_SECONDS
from source_intercom.source import SourceIntercom
from source_intercom.streams import STREAMS
from unit_tests import builders
from unit_tests.builders import NOW, TOKEN, URL, Json, company, example, scroll_page
from unit_tests.pages import ROOT, catalogue, rows

PAGE = ROOT / "docs" / "coming-from-airbyte.md"
NONE = "\N{EN DASH}"

T = NOW - 86_400
FULL_STATE: Json = {"__ab_full_refresh_sync_complete": True}


# What it offers, in its form's order, with values that it accepts.
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
    there, here = zip(*[(row[0], row[1]) for row in rows(PAGE, "| option of ")], strict=True)
    names = {name for cell in there for name in cell.replace("`", "").split(", ")} - {NONE}
    assert names == set(OPTIONS) == set(facts()["options"])
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


def told() -> list[tuple[str, str, str]]:
    """What the page says of states: a stream, a state, and where the stream goes on from."""
    table = rows(PAGE, "| versions | streams | state |")
    return [(name, state.strip("`"), second) for _, names, state, second in table for name in names.split(", ")]


def filled(state: str, s: int, t: int) -> Json:
    """A state of the page with times in the places of s and t."""
    value: Json = json.loads(re.sub(r"\bt\b", str(t), re.sub(r"\bs\b", str(s), state)))
    return value


@pytest.mark.parametrize(("s", "t"), [(T, T - 50), (T - 50, T)])
@pytest.mark.parametrize(("name", "state", "second"), told())
def test_a_stream_goes_on_from_where_the_page_says(
    name: str, state: str, second: str, s: int, t: int, now: object
) -> None:
    meant = {"`s`": s, "`t`": t, "the earlier of `s` and `t`": min(s, t), "the start date": None}
    if second == "not used: read whole each time":
        assert catalogue()[name][0] == ["full refresh"]
    else:
        assert resumed(name, filled(state, s, t)) == meant[second.partition(",")[0]]


def test_states_of_all_its_streams_are_in_the_table() -> None:
    with_rows_here = {their.name for their in theirs()} & set(catalogue())
    assert {name for name, *_ in told()} == with_rows_here


def test_states_of_one_object_for_all_streams_are_gone_on_from(now: object) -> None:
    """As before 0.1.27."""
    old = {"contacts": {"updated_at": T}, "conversation_parts": {"updated_at": T - 9}, "tags": {}}
    states = {one.stream.stream_descriptor.name: one.stream.stream_state for one in states_of(old) if one.stream}
    assert states.keys() == old.keys()
    for name in ("contacts", "conversation_parts"):
        assert resumed(name, dict(states[name].__dict__ if states[name] else {})) == old[name]["updated_at"]


def test_the_lookback_window_counts_from_the_official_connectors_state(now: object) -> None:
    (kind,) = [kind for kind in STREAMS if kind.__name__ == "Conversations"]
    stream = kind(builders.context(lookback_window=2))
    stream.new_cursor({"updated_at": str(T)})
    assert stream.starts_at(builders.NOW) == T - GUARD_SECONDS - 2 * 86_400


# Whole syncs with what it leaves behind


def sync(
    streams: dict[str, str], states: dict[str, Json], config: Json | None = None, fails: bool = False
) -> EntrypointOutput:
    """One sync of a connection as it had it: incremental streams with its cursors, in its modes."""
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
    state = {
        "use_global_cursor": True,
        "state": {"updated_at": str(T + 60)},
        "lookback_window": 1,
        "parent_state": {"conversations": {"updated_at": str(T)}},
    }
    output = sync({"conversation_parts": "updated_at"}, {"conversation_parts": state})
    assert {record["conversation_id"] for record in records(output, "conversation_parts")} == {"2", "3"}
    assert last_state(output, "conversation_parts") == {"conversation_updated_at": T + 60}
    again = sync({"conversation_parts": "updated_at"}, {"conversation_parts": last_state(output, "conversation_parts")})
    assert last_state(again, "conversation_parts") == {"conversation_updated_at": T + 60}


def test_a_search_emits_todays_state(workspace: Mocker) -> None:
    output = sync({"conversations": "updated_at"}, {"conversations": {"updated_at": str(T)}})
    assert [record["id"] for record in records(output, "conversations")] == ["2", "3"]
    assert last_state(output, "conversations") == {"updated_at": T + 60}


@pytest.mark.parametrize(("name", "rows_there"), [("companies", 2), ("segments", 2)])
def test_streams_that_were_incremental_are_read_whole(name: str, rows_there: int, workspace: Mocker) -> None:
    output = sync({name: "updated_at"}, {name: {"updated_at": str(NOW)}})
    assert len(records(output, name)) == rows_there


def test_the_state_of_a_full_refresh_is_not_used(workspace: Mocker) -> None:
    assert len(records(sync({"tags": NONE}, {"tags": FULL_STATE}), "tags")) == 1


def test_streams_that_are_not_here_are_named_and_the_others_read(workspace: Mocker) -> None:
    gone = [their.name for their in theirs() if their.name not in catalogue()]
    assert gone == ["company_attributes", "contact_attributes"]
    output = sync(dict.fromkeys(["tags", *gone], NONE), dict.fromkeys(gone, FULL_STATE), fails=True)
    assert len(records(output, "tags")) == 1
    told = [one.trace.error for one in output.errors if one.trace and one.trace.error]
    assert f"The connector has no stream {', '.join(gone)}; refresh the connection's schema." in {
        error.message for error in told if error.failure_type == FailureType.config_error
    }
