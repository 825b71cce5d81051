"""Runs the connector in forked children, against one sandbox."""

import tempfile
from collections.abc import Iterable
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import IO, Any

from integration_tests.connector import STREAMS, Connector, States, command_line, configured, state_messages
from integration_tests.forked import forked
from integration_tests.matrix.child import Job, Kill, main
from integration_tests.messages import Run
from intercom_sandbox.client import Sandbox

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
        connector = Connector(self._sandbox)
        files: dict[str, object] = {
            "config": connector.config(**options),
            "catalog": configured(streams, mode),
            "state": state_messages(states or {}),
        }
        with tempfile.TemporaryDirectory() as directory:
            arguments, errors = command_line(directory, "read", **files), Path(directory, "stderr")
            job = Job(arguments, connector.environment, scaled, read_timeout, kill, self._broken)
            with forked(main, errors, job) as (process, output):
                printed = _printed(process, output, lines)
                process.join()
            return Run(process.exitcode or 0, b"".join(printed), errors.read_bytes(), peak_memory=0)


def _printed(process: ForkServerProcess, output: IO[bytes], lines: int | None) -> list[bytes]:
    """The complete lines that are printed, up to the one after which the process is killed."""
    printed: list[bytes] = []
    for line in output:
        if line.endswith(b"\n") and (lines is None or len(printed) < lines):
            printed.append(line)
        if len(printed) == lines:
            process.kill()
    return printed
