import json
from pathlib import Path

import pytest
from airbyte_cdk.models import AirbyteStateType, FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from hypothesis import given
from hypothesis import strategies as st

from source_intercom.inputs import read_json, states_of
from source_intercom.source import SourceIntercom
from unit_tests.builders import Json


def stream_state(name: str, state: object) -> Json:
    return {"type": "STREAM", "stream": {"stream_descriptor": {"name": name}, "stream_state": state}}


def told(error: pytest.ExceptionInfo[AirbyteTracedException]) -> str:
    assert error.value.failure_type == FailureType.config_error
    return str(error.value)


def by_stream(value: object) -> dict[str, object]:
    """State of each stream."""
    found: dict[str, object] = {}
    for message in states_of(value):
        assert message.type == AirbyteStateType.STREAM
        assert message.stream is not None
        state = message.stream.stream_state
        found[message.stream.stream_descriptor.name] = None if state is None else dict(state.__dict__)
    return found


@pytest.mark.parametrize("value", [{"a": [1, None]}, [], 7, "text", None])
def test_a_json_file_is_read(value: object, tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text(json.dumps(value))
    assert read_json(str(path), "configuration") == value


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    with pytest.raises(AirbyteTracedException) as error:
        read_json(str(path), "configuration")
    assert told(error) == f"The configuration file {path} cannot be read: No such file or directory."


def test_a_directory_is_told(tmp_path: Path) -> None:
    with pytest.raises(AirbyteTracedException) as error:
        read_json(str(tmp_path), "state")
    assert told(error) == f"The state file {tmp_path} cannot be read: Is a directory."


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "Expecting value in line 1"),
        (b'{"a": 1,\n', "in line 2"),
        (b'{"access_token": "secret"', "in line 1"),
        (b"\xff\xfe", "not UTF-8"),
    ],
)
def test_a_broken_file_is_told_without_its_content(content: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_bytes(content)
    with pytest.raises(AirbyteTracedException) as error:
        read_json(str(path), "configuration")
    assert told(error).startswith(f"The configuration file {path} is not valid JSON: ")
    assert reason in told(error)
    assert "secret" not in str(error.value.as_airbyte_message())


@pytest.mark.parametrize("value", [[], {}, None])
def test_an_empty_state_is_none(value: object) -> None:
    assert states_of(value) == []


def test_state_messages_are_read() -> None:
    value = [stream_state("contacts", {"updated_at": 1}), stream_state("tickets", {"updated_at": 2})]
    assert by_stream(value) == {"contacts": {"updated_at": 1}, "tickets": {"updated_at": 2}}


def test_a_single_state_message_is_read() -> None:
    assert by_stream(stream_state("contacts", {"updated_at": 1})) == {"contacts": {"updated_at": 1}}


def test_the_older_state_of_one_object_is_read() -> None:
    value = {"contacts": {"updated_at": 1}, "conversation_parts": {"conversations": {"updated_at": 2}}}
    assert by_stream(value) == value


@pytest.mark.parametrize("value", ["text", 7, True, [1], ["text"], [None], [{"type": "OTHER"}], {"type": "X"}])
def test_what_is_no_state_is_a_config_error_that_says_so(value: object) -> None:
    with pytest.raises(AirbyteTracedException) as error:
        states_of(value)
    assert told(error) == (
        "The state is neither a list of Airbyte state messages nor an object with a state per stream."
    )


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["type", "stream", "contacts", "x"]), inner),
    max_leaves=8,
)


@given(json_values)
def test_any_state_is_read_or_a_config_error(value: object) -> None:
    failure = None
    try:
        states_of(value)
    except AirbyteTracedException as error:
        failure = error.failure_type
    assert failure in (None, FailureType.config_error)


def test_without_a_state_file_there_is_no_state() -> None:
    assert SourceIntercom.read_state("") == []


def test_a_config_that_is_no_object_is_told(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text('["secret"]')
    with pytest.raises(AirbyteTracedException) as error:
        SourceIntercom.read_config(str(path))
    assert told(error) == "The configuration is not a JSON object."


@pytest.mark.parametrize("content", ["[]", "{}", '{"streams": [{"name": "contacts"}]}', '"text"'])
def test_a_catalog_that_is_none_is_told(content: str, tmp_path: Path) -> None:
    path = tmp_path / "catalog.json"
    path.write_text(content)
    with pytest.raises(AirbyteTracedException) as error:
        SourceIntercom.read_catalog(str(path))
    assert told(error).startswith("The catalog is not a configured Airbyte catalog: ")
