"""Runs the connector as a platform does: a command as a process, with files for its arguments."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import IO, Any

import orjson
import psutil

from integration_tests.forked import PATIENCE, console_script, forked
from integration_tests.messages import Record, Run
from intercom_sandbox.client import Sandbox
from source_intercom.api.jobs import POLL_VARIABLE
from unit_tests import contracts

ROOT = Path(__file__).resolve().parents[1]
COMMAND = (str(Path(sys.executable).with_name("source-intercom")),)
MAIN = (sys.executable, str(ROOT / "main.py"))

STREAMS = tuple(name for name in contracts.STREAMS if name not in contracts.EXPORTED)
"""The streams that lists and searches bring; those of exports are told of in exports.py."""

CURSORS = {name: cursor for name, cursor in contracts.CURSORS.items() if name in STREAMS}
TIMED = {name: cursor for name, cursor in contracts.TIMED.items() if name in STREAMS}

GUARD_SECONDS = 600
"""Seconds before its state from which an incremental sync reads again."""

START_DATE = "2020-01-01T00:00:00Z"
"""Before everything that a sandbox holds."""

States = Mapping[str, Mapping[str, Any]]
"""States by stream."""


class Connector:
    """The connector's commands, against one sandbox.

    :param sandbox: None leaves the connector with an address where nothing answers
    :param command: how it is called: the installed command, or `python main.py`. None: a run that is waited for is
        forked from a process that has imported what the installed command runs; which goes on meanwhile is installed
    """

    def __init__(self, sandbox: Sandbox | None, command: Sequence[str] | None = None) -> None:
        self._command = command
        self._address = sandbox.environment if sandbox else {"INTERCOM_API_URL": "http://127.0.0.1:9"}
        self._token = sandbox.access_token if sandbox else "no-token"

    @property
    def environment(self) -> dict[str, str]:
        """The variables that it is run with."""
        return {**os.environ, **self._address, POLL_VARIABLE: "0.02", "NO_PROXY": "127.0.0.1"}

    def config(self, **options: Any) -> dict[str, Any]:
        """A config that reads everything, with times in the seconds that tests count; `options` replace its fields."""
        credentials = {"auth_type": "AccessToken", "access_token": self._token}
        return {"credentials": credentials, "start_date": START_DATE, "time_format": "unix", **options}

    def check(self, **options: Any) -> Run:
        """`check`, with a config of these options."""
        return self.run("check", config=self.config(**options))

    def read(
        self,
        streams: Iterable[str] = STREAMS,
        state: States | None = None,
        *,
        mode: str = "incremental",
        **options: Any,
    ) -> Run:
        """`read` of streams, from states by stream, with a config of these options.

        :param mode: the sync mode of the streams that support it; the others are read in full
        """
        return self.run("read", **self._files(streams, state, mode, options))

    @contextmanager
    def reading(self, streams: Iterable[str] = STREAMS, **options: Any) -> Iterator["Reading"]:
        """An incremental `read` that goes on while the caller does; it is killed at the end if it still runs."""
        with self.running("read", **self._files(streams, None, "incremental", options)) as reading:
            yield reading

    @contextmanager
    def running(self, *arguments: str, **files: Any) -> Iterator["Reading"]:
        """A command that goes on while the caller does; it is killed at the end if it still runs."""
        with self._started(self._command or COMMAND, arguments, files, subprocess.PIPE) as begun:
            yield Reading(*begun)

    def run(self, *arguments: str, **files: Any) -> Run:
        """A command with any arguments.

        :param files: contents of the files whose paths are passed as `--config`, `--catalog` and `--state`;
            strings are written as they are, everything else as JSON
        """
        run = self._run_apart(self._command, arguments, files) if self._command else self._run_forked(arguments, files)
        self._assert_silent_about_token(run)
        return run

    def _run_forked(self, arguments: Sequence[str], files: Mapping[str, Any]) -> Run:
        with tempfile.TemporaryDirectory() as directory:
            errors = Path(directory, "stderr")
            line = command_line(directory, *arguments, **files)
            with forked(console_script, errors, line, self.environment) as (process, output):
                printed = output.read()
                process.join()
            return Run(process.exitcode or 0, printed, errors.read_bytes(), peak_memory=0)

    def _run_apart(self, command: Sequence[str], arguments: Sequence[str], files: Mapping[str, Any]) -> Run:
        with tempfile.TemporaryFile() as output, self._started(command, arguments, files, output) as (process, errors):
            peak_memory = _wait(process)
            return Run(process.returncode, _content(output), _content(errors), peak_memory)

    def _assert_silent_about_token(self, run: Run) -> None:
        """The token is in nothing that was printed, but for a config that is handed back to the platform."""
        secret = self._token.encode()
        assert secret not in run.stderr, run.stderr
        for line in run.stdout.splitlines():
            assert secret not in line or orjson.loads(line)["type"] == "CONTROL", line

    def _files(
        self, streams: Iterable[str], state: States | None, mode: str, options: Mapping[str, Any]
    ) -> dict[str, Any]:
        files: dict[str, Any] = {"config": self.config(**options), "catalog": configured(streams, mode)}
        if state is not None:
            files["state"] = state_messages(state)
        return files

    @contextmanager
    def _started(
        self, command: Sequence[str], arguments: Sequence[str], files: Mapping[str, Any], output: IO[bytes] | int
    ) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
        with tempfile.TemporaryDirectory() as directory, tempfile.TemporaryFile() as errors:
            line = [*command, *command_line(directory, *arguments, **files)]
            process = subprocess.Popen(line, stdout=output, stderr=errors, env=self.environment)
            try:
                yield process, errors
            finally:
                process.kill()
                if process.stdout:
                    process.stdout.close()
                process.wait()


class Reading:
    """A read that goes on while the caller looks at what it prints, at the caller's pace."""

    def __init__(self, process: subprocess.Popen[bytes], errors: IO[bytes]) -> None:
        self._process = process
        self._errors = errors
        self._printed: list[bytes] = []

    @property
    def process(self) -> psutil.Process:
        """The connector's."""
        return psutil.Process(self._process.pid)

    def next_line(self) -> bytes:
        """The next line; waits until there is one. Empty at the end."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        self._printed.append(line)
        return line

    def finish(self) -> Run:
        """Reads on to the end."""
        while self.next_line():
            pass
        return self._run()

    def wait(self) -> None:
        """Waits until the connector has ended, without reading on."""
        self._process.wait(PATIENCE)

    def leave(self) -> Run:
        """Reads nothing any more, as a destination that has ended, and waits until the connector has ended, too."""
        assert self._process.stdout is not None
        self._process.stdout.close()
        return self._run()

    def kill(self) -> Run:
        """Ends the connector at once; the run holds what it had printed, without a line that is not complete."""
        self._process.kill()
        while self.next_line():
            pass
        self._printed = [line for line in self._printed if line.endswith(b"\n")]
        return self._run()

    def _run(self) -> Run:
        return Run(self._process.wait(PATIENCE), b"".join(self._printed), _content(self._errors), peak_memory=0)


def command_line(directory: str, *arguments: str, **files: Any) -> list[str]:
    """Arguments, with contents of files that are written to a directory and passed by their paths."""
    line = [*arguments]
    for name, content in files.items():
        path = Path(directory, f"{name}.json")
        path.write_bytes(content.encode() if isinstance(content, str) else orjson.dumps(content))
        line += [f"--{name}", str(path)]
    return line


def configured(streams: Iterable[str], mode: str) -> dict[str, Any]:
    """A configured catalog of streams, in that order."""
    catalog = discovered()
    return {
        "streams": [
            {
                "stream": catalog[name],
                "sync_mode": mode if mode in catalog[name]["supported_sync_modes"] else "full_refresh",
                "destination_sync_mode": "append_dedup",
                "primary_key": catalog[name]["source_defined_primary_key"],
                "cursor_field": catalog[name].get("default_cursor_field", []),
            }
            for name in streams
        ]
    }


def state_messages(states: States) -> list[dict[str, Any]]:
    """A state file's content, from states by stream."""
    return [
        {"type": "STREAM", "stream": {"stream_descriptor": {"name": name}, "stream_state": state}}
        for name, state in states.items()
    ]


@cache
def discovered() -> dict[str, dict[str, Any]]:
    """The streams of the catalog that the connector discovers, by name."""
    connector = Connector(None)
    (catalog,) = connector.run("discover", config=connector.config()).of_type("CATALOG")
    return {stream["name"]: stream for stream in catalog["streams"]}


@cache
def primary_key(stream: str) -> tuple[str, ...]:
    """The fields that identify a record, as the catalog declares them."""
    return tuple(path[0] for path in discovered()[stream]["source_defined_primary_key"])


def key_of(stream: str, record: Record) -> tuple[Any, ...]:
    """The values that identify a record."""
    return tuple(record[field] for field in primary_key(stream))


def _wait(process: subprocess.Popen[bytes]) -> int:
    """Waits until a process ends, and returns the largest resident memory seen, in bytes."""
    peak, deadline = 0, time.monotonic() + PATIENCE
    watched = psutil.Process(process.pid)
    while process.poll() is None:
        assert time.monotonic() < deadline, "the connector hangs"
        with suppress(psutil.Error):
            peak = max(peak, watched.memory_info().rss)
        time.sleep(0.02)
    return peak


def _content(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()
