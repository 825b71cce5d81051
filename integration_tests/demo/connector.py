"""The connector as a command: what it answers to `spec`, `check` and `discover`."""

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

CONNECTOR: Final = Path(sys.executable).with_name("source-intercom")


class Failure(Exception):  # noqa: N818
    """The demo has not succeeded; the message says why."""


@dataclass(frozen=True)
class Stream:
    """A stream of the connector's catalog; `key` are the fields that identify a row."""

    name: str
    key: tuple[str, ...]
    incremental: bool


def answer(command: str, config: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The message with which the connector answers a command.

    :raises Failure: the connector has not ended with exit code 0
    """
    with tempfile.NamedTemporaryFile() as file:
        arguments: list[str] = []
        if config is not None:
            file.write(orjson.dumps(config))
            file.flush()
            arguments = ["--config", file.name]
        done = subprocess.run([CONNECTOR, command, *arguments], capture_output=True, check=False)
    messages = [orjson.loads(line) for line in done.stdout.splitlines()]
    if done.returncode:
        reasons = [message["trace"]["error"]["message"] for message in messages if message["type"] == "TRACE"]
        raise Failure(f"{command} has ended with exit code {done.returncode}. {' '.join(reasons)}")
    found: dict[str, Any] = next(message for message in messages if message["type"] != "LOG")
    return found


def streams_of(catalog: Mapping[str, Any]) -> list[Stream]:
    """The streams of a catalog."""
    return [
        Stream(
            name=stream["name"],
            key=tuple(path[0] for path in stream["source_defined_primary_key"]),
            incremental="incremental" in stream["supported_sync_modes"],
        )
        for stream in catalog["streams"]
    ]
