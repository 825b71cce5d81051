"""The incremental part of Airbyte's acceptance tests, which the CDK's standard tests do not run."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from airbyte_cdk.models import (
    AirbyteMessage,
    AirbyteStateMessage,
    AirbyteStateMessageSerializer,
    ConfiguredAirbyteCatalogSerializer,
    Type,
)
from airbyte_cdk.test.entrypoint_wrapper import EntrypointOutput, read

from integration_tests.connector import CURSORS, GUARD_SECONDS, TIMED, key_of
from source_intercom.source import SourceIntercom

pytestmark = [
    pytest.mark.xdist_group("acceptance"),
    pytest.mark.filterwarnings("error"),
    pytest.mark.filterwarnings("ignore::airbyte_cdk.sources.source.ExperimentalClassWarning"),
]


class Incremental:
    """Incremental reads of the entry in acceptance-test-config.yml."""

    def __init__(self, root: Path) -> None:
        settings = yaml.safe_load((root / "acceptance-test-config.yml").read_text())
        (entry,) = settings["acceptance_tests"]["incremental"]["tests"]
        self._config = json.loads((root / entry["config_path"]).read_text())
        self._catalog = ConfiguredAirbyteCatalogSerializer.load(
            json.loads((root / entry["configured_catalog_path"]).read_text())
        )
        future = json.loads((root / entry["future_state"]["future_state_path"]).read_text())
        self.future: list[AirbyteStateMessage] = [AirbyteStateMessageSerializer.load(state) for state in future]

    def read(self, states: Sequence[AirbyteStateMessage] = ()) -> EntrypointOutput:
        """A read from these states that must not fail."""
        output = read(SourceIntercom(), self._config, self._catalog, list(states))
        output.raise_if_errors()
        return output


@pytest.fixture(scope="module")
def incremental(root: Path) -> Incremental:
    return Incremental(root)


@pytest.fixture(scope="module")
def first(incremental: Incremental) -> EntrypointOutput:
    return incremental.read()


def test_every_stream_has_records_and_states(first: EntrypointOutput) -> None:
    assert {stream for stream, *_ in keys(first.records)} == set(CURSORS)
    assert set(newest_states(first.state_messages)) == set(CURSORS)


def test_a_second_read_brings_nothing_older_than_its_state(incremental: Incremental, first: EntrypointOutput) -> None:
    states = newest_states(first.state_messages)
    second = incremental.read(list(states.values()))
    assert not keys(second.records) - keys(first.records)
    for message in second.records:
        assert message.record is not None
        stream, data = message.record.stream, message.record.data
        if stream in TIMED:
            second_of_row = datetime.fromisoformat(data[TIMED[stream]]).timestamp()
            assert second_of_row >= value_of(states[stream])[TIMED[stream]] - GUARD_SECONDS
    assert len(second.records) < len(first.records)
    assert newest_states(second.state_messages).keys() == states.keys()


@pytest.mark.parametrize("share", [0.25, 0.5, 0.75])
def test_a_read_from_any_state_brings_everything_that_came_after_it(
    incremental: Incremental, first: EntrypointOutput, share: float
) -> None:
    messages = first.records_and_state_messages
    checkpoints = [position for position, message in enumerate(messages) if message.type == Type.STATE]
    checkpoint = checkpoints[int(len(checkpoints) * share)]
    states = newest_states(messages[: checkpoint + 1])
    missed = keys(messages[checkpoint + 1 :])
    assert not missed - keys(incremental.read(list(states.values())).records)


def test_a_state_of_the_future_loses_nothing(incremental: Incremental, first: EntrypointOutput) -> None:
    """The old acceptance tests want no records here; then a clock that was wrong once would end replication."""
    output = incremental.read(incremental.future)
    assert keys(output.records) == keys(first.records)
    warnings = [message.log.message for message in output.logs if message.log and message.log.level.value == "WARN"]
    assert len([warning for warning in warnings if "state" in warning]) == len(CURSORS)


def newest_states(messages: Sequence[AirbyteMessage]) -> dict[str, AirbyteStateMessage]:
    """The last state of each stream."""
    states = [message.state for message in messages if message.state]
    return {state.stream.stream_descriptor.name: state for state in states if state.stream}


def value_of(state: AirbyteStateMessage) -> dict[str, Any]:
    """The stream's own state in a state message."""
    assert state.stream is not None
    assert state.stream.stream_state is not None
    return dict(state.stream.stream_state.__dict__)


def keys(messages: Sequence[AirbyteMessage]) -> set[tuple[object, ...]]:
    """The streams and primary keys of the records among messages."""
    records = [message.record for message in messages if message.record]
    return {(record.stream, *key_of(record.stream, dict(record.data))) for record in records}
