"""One read by the connector, as a platform runs it: into a file first, so that it waits for nobody who loads the rows.

    python -m integration_tests.demo.attempt DIRECTORY read --config config.json --catalog catalog.json

PyAirbyte runs this in the connector's place. In the directory `order.json` says when the connector is killed; what it
printed is passed on when it has ended, and what is told of it is in `attempt.json`.
"""

import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from integration_tests.demo.connector import CONNECTOR, reasons

ORDER: Final = "order.json"
MESSAGES: Final = "messages.jsonl"
TOLD: Final = "attempt.json"


@dataclass(frozen=True)
class Attempt:
    """What became of a read.

    `rows` are those that it printed, by stream; `seconds` passed from the start of the process to its end, at the Unix
    second `ended`. `failure` says why it failed; it is empty if it was killed, or has succeeded.
    """

    rows: dict[str, int]
    seconds: float
    ended: float
    killed: bool
    failure: str


def attempt(arguments: Sequence[str], messages: Path, kill_after: int | None) -> Attempt:
    """Run the connector with these arguments.

    :param messages: the file that the messages go to; of a killed read all whole lines that had come out
    :param kill_after: end it by SIGKILL when it has printed so many rows
    """
    began, rows, killed = time.time(), 0, False
    with messages.open("wb") as file, subprocess.Popen([CONNECTOR, *arguments], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if not line.endswith(b"\n"):
                break  # it was killed while it printed this line
            file.write(line)
            rows += line.startswith(b'{"type":"RECORD"')
            if rows == kill_after and not killed:
                process.kill()
                killed = True
    ended = time.time()
    failure = ""
    if process.returncode and not killed:
        failure = f"read has ended with exit code {process.returncode}. {' '.join(reasons(printed(messages)))}"
    counts = Counter(each["record"]["stream"] for each in printed(messages) if each["type"] == "RECORD")
    return Attempt(dict(counts), ended - began, ended, killed, failure)


def printed(messages: Path) -> Iterator[dict[str, Any]]:
    """The messages in a file, one after the other."""
    with messages.open("rb") as file:
        yield from map(orjson.loads, file)


def main() -> int:
    """Run the connector in PyAirbyte's stead; the exit code."""
    directory, *arguments = sys.argv[1:]
    messages = Path(directory, MESSAGES)
    told = attempt(arguments, messages, orjson.loads(Path(directory, ORDER).read_bytes()))
    Path(directory, TOLD).write_bytes(orjson.dumps(told))
    with messages.open("rb") as file:
        shutil.copyfileobj(file, sys.stdout.buffer)
    return 1 if told.failure else 0


if __name__ == "__main__":
    sys.exit(main())
