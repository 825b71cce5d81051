"""Sandboxes in processes that are forked: hundreds are started."""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import orjson

from integration_tests.forked import begun, print_to
from intercom_sandbox import __main__ as command
from intercom_sandbox.client import Sandbox, flags_of


@contextmanager
def start(*flags: str, **settings: Any) -> Iterator[Sandbox]:
    """A running sandbox, as `intercom_sandbox.client.start` has it."""
    with tempfile.TemporaryDirectory() as directory:
        errors = Path(directory, "stderr")
        with begun(_serve, errors, [*flags, *flags_of(settings)]) as (process, output):
            line = output.readline()
            if not line:
                raise RuntimeError(f"The sandbox did not start: {errors.read_text()}")
            with closing(Sandbox(**orjson.loads(line), pid=process.pid or 0)) as sandbox:
                yield sandbox


def _serve(output: Connection, errors: Path, arguments: Sequence[str]) -> None:
    print_to(output, errors)
    sys.argv = ["intercom_sandbox", *arguments]
    command.main()
