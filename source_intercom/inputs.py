"""The files that Airbyte hands to the connector, read so that a broken one is told in one sentence."""

import json
from pathlib import Path
from typing import Any, Final

from airbyte_cdk.models import AirbyteStateMessage, AirbyteStateMessageSerializer, AirbyteStateType, FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

MAX_DEPTH: Final = 100
"""Objects and lists within each other, in a file; what Airbyte and Intercom write has a dozen."""


def read_json(path: str, what: str) -> Any:
    """The JSON value in a file.

    :param what: what the file is, for the error
    :raises AirbyteTracedException: a config error if the file cannot be read or is not JSON
    """
    try:
        value = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise _broken(f"The {what} file {path} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        reason = f"{error.msg} in line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "not UTF-8"
        raise _broken(f"The {what} file {path} is not valid JSON: {reason}.") from None
    except RecursionError:
        raise _too_deep(path, what) from None
    if not _is_shallow(value):
        raise _too_deep(path, what)
    return value


def states_of(value: Any) -> list[AirbyteStateMessage]:
    """State messages, one per stream, from the value of a state file.

    Shapes: a list of state messages, of which a global one stands for those of its streams; or, as older platforms send
    it, one object `{stream: state}`, either bare or as the `data` of a legacy message.

    :raises AirbyteTracedException: a config error if it is neither
    """
    if not value:
        return []
    try:
        messages = [message for one in (value if isinstance(value, list) else [value]) for message in _messages(one)]
        states = [state for message in messages for state in _per_stream(AirbyteStateMessageSerializer.load(message))]
    except Exception:
        states = [AirbyteStateMessage()]
    if not all(state.stream for state in states):
        raise _broken("The state is neither a list of Airbyte state messages nor an object with a state per stream.")
    return states


def _per_stream(state: AirbyteStateMessage) -> list[AirbyteStateMessage]:
    if state.global_ is None:
        return [state]
    return [AirbyteStateMessage(type=AirbyteStateType.STREAM, stream=stream) for stream in state.global_.stream_states]


def _messages(value: dict[str, Any]) -> list[dict[str, Any]]:
    if value.keys() & {"stream", "global"} and "type" in value:
        return [value]
    states: dict[str, Any] = value["data"] if value.get("type", "LEGACY") == "LEGACY" and "data" in value else value
    if not all(isinstance(state, dict) for state in states.values()):
        raise TypeError("no object of states")
    return [_stream_state(name, state) for name, state in states.items()]


def _stream_state(name: str, state: Any) -> dict[str, Any]:
    return {"type": "STREAM", "stream": {"stream_descriptor": {"name": name}, "stream_state": state}}


def _is_shallow(value: Any) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            part
            for each in level
            if isinstance(each, dict | list)
            for part in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return True
    return False


def _too_deep(path: str, what: str) -> AirbyteTracedException:
    return _broken(f"The {what} file {path} is nested too deeply to be what Airbyte writes.")


def _broken(message: str) -> AirbyteTracedException:
    return AirbyteTracedException(message, message, FailureType.config_error)
