"""The connector as a command: what it answers to `check` and `discover`."""

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import orjson

from source_intercom.read.datasets import PREFIX
from unit_tests.contracts import EXPORTED

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


def answer(command: str, config: Mapping[str, Any]) -> dict[str, Any]:
    """The message with which the connector answers a command.

    :raises Failure: the connector has not ended with exit code 0
    """
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "config.json")
        path.write_bytes(orjson.dumps(config))
        done = subprocess.run([CONNECTOR, command, "--config", path], capture_output=True, check=False)
    messages = [orjson.loads(line) for line in done.stdout.splitlines()]
    if done.returncode:
        raise Failure(f"{command} has ended with exit code {done.returncode}. {' '.join(reasons(messages))}")
    (found,) = (message for message in messages if message["type"] not in ("LOG", "TRACE", "CONTROL"))
    return dict(found)


def reasons(messages: Iterable[Mapping[str, Any]]) -> list[str]:
    """The first line of each error among messages, told once."""
    errors = [message["trace"].get("error") for message in messages if message["type"] == "TRACE"]
    return [*dict.fromkeys(error["message"].partition("\n")[0] for error in errors if error)]


def shown(catalog: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The streams of a catalog that the demo reads: not those of exports, whose jobs would be all that one sees."""
    streams: list[dict[str, Any]] = catalog["streams"]
    return [each for each in streams if each["name"] not in EXPORTED and not each["name"].startswith(PREFIX)]


def streams_of(catalog: Mapping[str, Any]) -> list[Stream]:
    """The same, as the demo speaks of them."""
    return [
        Stream(
            name=stream["name"],
            key=tuple(path[0] for path in stream["source_defined_primary_key"]),
            incremental="incremental" in stream["supported_sync_modes"],
            schema=stream["json_schema"],
        )
        for stream in shown(catalog)
    ]
