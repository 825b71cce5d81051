"""Processes that are forked from one which has imported what they run: an import takes seconds, a fork none."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from threading import Timer
from typing import IO, Any

from source_intercom import run

PATIENCE = 240
"""Seconds after which a run counts as hanging."""

_PROCESSES = get_context("forkserver")
_PROCESSES.set_forkserver_preload(["integration_tests.zygote"])


def console_script(
    output: Connection,
    errors: Path,
    arguments: Sequence[str],
    environment: Mapping[str, str],
    prepare: Callable[[], None] | None = None,
) -> None:
    """What the command `source-intercom` does, with stdout on a pipe and stderr in a file; `prepare` comes before."""
    print_to(output, errors)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["source-intercom", *arguments]
    if prepare:
        prepare()
    try:
        run.run()
    except Exception:
        sys.excepthook(*sys.exc_info())
        sys.exit(1)


def print_to(output: Connection, errors: Path) -> None:
    """From now on stdout is a pipe, and stderr a file."""
    os.dup2(output.fileno(), 1)
    os.dup2(os.open(errors, os.O_WRONLY | os.O_CREAT), 2)


@contextmanager
def forked(main: Callable[..., None], *arguments: Any) -> Iterator[tuple[ForkServerProcess, IO[bytes]]]:
    """A run of the connector, by `main(output, *arguments)`, and what it prints; it is killed at the end."""
    with begun(main, *arguments) as (process, output):
        hangs = Timer(PATIENCE, process.kill)
        hangs.start()
        try:
            yield process, output
            assert hangs.is_alive(), "the connector hangs"
        finally:
            hangs.cancel()


@contextmanager
def begun(main: Callable[..., None], *arguments: Any) -> Iterator[tuple[ForkServerProcess, IO[bytes]]]:
    """A process that runs `main(output, *arguments)`, and what it prints to `output`; it is killed at the end."""
    reader, writer = _PROCESSES.Pipe(duplex=False)
    process = _PROCESSES.Process(target=main, args=(writer, *arguments), daemon=True)
    process.start()
    writer.close()
    try:
        with os.fdopen(os.dup(reader.fileno()), "rb") as output:
            yield process, output
    finally:
        reader.close()
        process.kill()
        process.join()
