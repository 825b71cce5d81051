"""The connector as a command: what it answers to `spec`, `check` and `discover`."""

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import orjson

CONNECTOR: Final = Path(sys.executable).with_name("source-intercom")

PYAIRBYTE: Final = find_spec("airbyte") is not None
"""Whether PyAirbyte is installed: it runs on no Python newer than 3.12."""


class Failure(Exception):  # noqa: N818
    """The demo has not succeeded; the message says why."""


@dataclass(frozen=True)
class Stream:
    """A stream of the connector's catalog; `key` are the fields that identify a row, `schema` is that of its rows."""

    name: str
    key: tuple[str, ...]
    incremental: bool
    schema: Mapping[str, Any]


def answer(command: str, config: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The message with which the connector answers a command.

    :raises Failure: the connector has not ended with exit code 0
    """
    files = {} if config is None else {"config": config}
    return next(message for message in printed(command, **files) if message["type"] != "LOG")


def printed(command: str, **files: Any) -> list[dict[str, Any]]:
    """What the connector prints, messages as dictionaries.

    :param files: contents of the files whose paths are passed as `--config`, `--catalog` and `--state`
    :raises Failure: the connector has not ended with exit code 0
    """
    with tempfile.TemporaryDirectory() as directory:
        arguments = [str(CONNECTOR), command]
        for name, content in files.items():
            path = Path(directory, f"{name}.json")
            path.write_bytes(orjson.dumps(content))
            arguments += [f"--{name}", str(path)]
        done = subprocess.run(arguments, capture_output=True, check=False)
    messages: list[dict[str, Any]] = [orjson.loads(line) for line in done.stdout.splitlines()]
    if done.returncode:
        errors = [message["trace"].get("error") for message in messages if message["type"] == "TRACE"]
        reasons = [error["message"] for error in errors if error]
        raise Failure(f"{command} has ended with exit code {done.returncode}. {' '.join(reasons)}")
    return messages


def streams_of(catalog: Mapping[str, Any]) -> list[Stream]:
    """The streams of a catalog."""
    return [
        Stream(
            name=stream["name"],
            key=tuple(path[0] for path in stream["source_defined_primary_key"]),
            incremental="incremental" in stream["supported_sync_modes"],
            schema=stream["json_schema"],
        )
        for stream in catalog["streams"]
    ]
