"""Runs the connector in forked children, against one sandbox."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from threading import Timer
from typing import IO, Any

import orjson

from integration_tests.connector import PATIENCE, STREAMS, Connector, States, configured, state_messages
from integration_tests.matrix.child import Job, Kill, main
from integration_tests.messages import Run
from intercom_sandbox.client import Sandbox

_PROCESSES = get_context("forkserver")
_PROCESSES.set_forkserver_preload(["integration_tests.matrix.zygote"])

KILLED = -9
"""The exit code of a run that SIGKILL ended."""


class Runner:
    """Reads one sandbox; each read is a process of its own.

    :param broken: the name of a function of `sabotage` that breaks the connector
    """

    def __init__(self, sandbox: Sandbox, broken: str | None = None) -> None:
        self._sandbox = sandbox
        self._broken = broken

    def read(
        self,
        states: States | None = None,
        *,
        streams: Iterable[str] = STREAMS,
        mode: str = "incremental",
        kill: Kill | None = None,
        lines: int | None = None,
        scaled: bool = True,
        read_timeout: float = 1.0,
        **options: Any,
    ) -> Run:
        """One read, from states by stream, with a config of these options.

        :param kill: at which request the process is killed, if it gets there
        :param lines: after how many lines of output it is killed; what it prints beyond them is not delivered
        """
        files: dict[str, object] = {
            "config": Connector(self._sandbox).config(**options),
            "catalog": configured(streams, mode),
            "state": state_messages(states or {}),
        }
        with tempfile.TemporaryDirectory() as directory:
            arguments = ["read"]
            for name, content in files.items():
                path = Path(directory, f"{name}.json")
                path.write_bytes(orjson.dumps(content))
                arguments += [f"--{name}", str(path)]
            environment = {**self._sandbox.environment, "NO_PROXY": "127.0.0.1"}
            errors = Path(directory, "stderr")
            errors.touch()
            job = Job(arguments, environment, scaled, read_timeout, kill, self._broken)
            with _started(job, errors) as (process, output):
                printed = _printed(process, output, lines)
                process.join()
            return Run(process.exitcode or 0, b"".join(printed), errors.read_bytes(), peak_memory=0)


@contextmanager
def _started(job: Job, errors: Path) -> Iterator[tuple[ForkServerProcess, IO[bytes]]]:
    reader, writer = _PROCESSES.Pipe(duplex=False)
    process = _PROCESSES.Process(target=main, args=(job, writer, str(errors)), daemon=True)
    process.start()
    writer.close()
    hangs = Timer(PATIENCE, process.kill)
    hangs.start()
    try:
        with os.fdopen(os.dup(reader.fileno()), "rb") as output:
            yield process, output
        assert hangs.is_alive(), "the connector hangs"
    finally:
        hangs.cancel()
        reader.close()
        process.kill()
        process.join()


def _printed(process: ForkServerProcess, output: IO[bytes], lines: int | None) -> list[bytes]:
    """The complete lines that are printed, up to the one after which the process is killed."""
    printed: list[bytes] = []
    for line in output:
        if line.endswith(b"\n") and (lines is None or len(printed) < lines):
            printed.append(line)
        if len(printed) == lines:
            process.kill()
    return printed
