"""Whatever JSON a config, a state and a catalog hold: streams are ready to be read, or a sentence says why not."""

import copy
import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from airbyte_cdk.models import ConfiguredAirbyteCatalogSerializer, FailureType, SyncMode
from airbyte_cdk.sources.connector_state_manager import ConnectorStateManager
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from hypothesis import given, settings
from hypothesis import strategies as st

from source_intercom import config as options
from source_intercom.catalogs import readable, unknown
from source_intercom.config import Config, migrated
from source_intercom.inputs import states_of
from source_intercom.source import SourceIntercom
from source_intercom.streams import STREAMS
from source_intercom.streams.base import IntercomStream
from unit_tests import builders
from unit_tests.builders import NOW, TOKEN, Json
from unit_tests.examples import tries

MANY = settings(max_examples=tries(1_000))
LOGGER = logging.getLogger("airbyte")

texts = st.text(max_size=5) | st.sampled_from(
    [
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "1e400",
        "nan",
        "inf",
        "contacts",
    ]
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts | st.just(10**400),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)

STATE: Json = {
    "type": "STREAM",
    "stream": {"stream_descriptor": {"name": "contacts"}, "stream_state": {"updated_at": NOW}},
}
STATES: list[Any] = [
    [STATE, {**STATE, "stream": {**STATE["stream"], "stream_descriptor": {"name": "conversation_parts"}}}],
    {"contacts": {"updated_at": NOW}, "conversation_parts": {"states": [{"cursor": {"updated_at": NOW}}]}},
    [{"type": "GLOBAL", "global": {"shared_state": {"x": 1}, "stream_states": [STATE["stream"]]}}],
]


def places(value: Any) -> list[list[Any]]:
    """The way to every place in a value, the whole included."""
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [[], *([key, *rest] for key, part in items for rest in places(part))]


def replaced(value: Any, place: list[Any], other: Any) -> Any:
    """A copy of a value with another one in a place."""
    if not place:
        return other
    changed = copy.copy(value)
    changed[place[0]] = replaced(value[place[0]], place[1:], other)
    return changed


def anywhere(*values: Any) -> st.SearchStrategy[Any]:
    """One of the values, with anything in one place of it."""
    return st.sampled_from(values).flatmap(
        lambda value: st.builds(replaced, st.just(value), st.sampled_from(places(value)), anything)
    )


def catalog_of(*names: str, mode: str = "incremental") -> Json:
    streams = [
        {"name": name, "json_schema": {}, "supported_sync_modes": ["full_refresh", "incremental"]} for name in names
    ]
    return {"streams": [{"stream": each, "sync_mode": mode, "destination_sync_mode": "append"} for each in streams]}


def unless_refused(load: Callable[[], Any]) -> Any:
    """What is loaded; None after a config error."""
    refusal = loaded = None
    try:
        loaded = load()
    except AirbyteTracedException as error:
        refusal = error
    if refusal:
        assert refusal.failure_type == FailureType.config_error
        assert str(refusal)
    return loaded


@pytest.fixture(scope="module")
def streams() -> list[IntercomStream]:
    context = builders.context()
    return [stream(context) for stream in STREAMS]


@MANY
@given(anywhere(builders.config(), {"access_token": TOKEN, "start_date": "2024-01-01T00:00:00Z"}))
def test_any_config_is_valid_or_a_config_error_of_one_sentence_for_each_mistake(config: Any) -> None:
    if not isinstance(config, Mapping):
        return  # what `read_config` refuses
    if parsed := unless_refused(lambda: Config.parse(migrated(config))):
        assert parsed.start_second >= 0
        assert 2 <= parsed.num_workers <= 200


@MANY
@given(anywhere(*STATES))
def test_any_state_is_gone_on_from_or_ignored_or_a_config_error(streams: list[IntercomStream], state: Any) -> None:
    manager = ConnectorStateManager(unless_refused(lambda: states_of(state)) or [])
    for stream in streams:
        stream.new_cursor(manager.get_stream_state(stream.name, None))


@MANY
@given(anywhere(catalog_of("contacts", "tags", "planets", "contacts"), catalog_of("articles", mode="full_refresh")))
def test_any_catalog_is_readable_or_a_config_error(
    streams: list[IntercomStream], tmp_path_factory: pytest.TempPathFactory, catalog: Any
) -> None:
    path = tmp_path_factory.getbasetemp() / "catalog.json"
    path.write_text(json.dumps(catalog))
    loaded = unless_refused(lambda: SourceIntercom.read_catalog(str(path)))
    if loaded is None:
        return
    names = [each.stream.name for each in readable(loaded, streams, LOGGER).streams]
    known = {stream.name for stream in streams}
    assert len(set(names)) == len(names)
    assert set(names) | set(unknown(loaded, known)) == {each.stream.name for each in loaded.streams}
    assert set(names) <= known


def test_a_stream_that_is_configured_twice_is_read_once_and_said(
    streams: list[IntercomStream], caplog: pytest.LogCaptureFixture
) -> None:
    twice = ConfiguredAirbyteCatalogSerializer.load(catalog_of("contacts", "contacts"))
    assert len(readable(twice, streams, LOGGER).streams) == 1
    assert "contacts: the catalog names this stream more than once; it is read once." in caplog.messages


def test_a_stream_that_is_configured_with_a_mode_it_lacks_is_read_in_full_and_said(
    streams: list[IntercomStream], caplog: pytest.LogCaptureFixture
) -> None:
    incremental = ConfiguredAirbyteCatalogSerializer.load(catalog_of("tags", "tickets"))
    assert [each.sync_mode for each in readable(incremental, streams, LOGGER).streams] == [SyncMode.incremental] * 2
    assert caplog.messages == ["tags: cannot be read incrementally, so all of it is read."]


@pytest.mark.parametrize("depth", [100, 101, 500, 100_000])
def test_a_file_that_is_nested_without_end_is_told(depth: int, tmp_path: Any) -> None:
    path = tmp_path / "state.json"
    path.write_text('{"a":' * (depth - 1) + "{}" + "}" * (depth - 1))
    if depth <= 100:
        assert SourceIntercom.read_config(str(path))
        return
    with pytest.raises(AirbyteTracedException, match="nested too deeply"):
        SourceIntercom.read_config(str(path))


@pytest.mark.parametrize("year", ["0001", "1969"])
@pytest.mark.parametrize("offset", ["Z", "+14:00", "-12:00"])
def test_a_start_date_before_all_times_means_everything(year: str, offset: str) -> None:
    assert options.Config.parse(builders.config(start_date=f"{year}-01-01T00:00:00{offset}")).start_second == 0
