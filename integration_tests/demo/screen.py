"""What the user sees: a line per step, PyAirbyte's live view of a sync on a terminal, and a table."""

import io
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout

from rich import box
from rich.console import Console
from rich.table import Table

from integration_tests.demo.connector import Stream


class Screen:
    """The screen, or the file that stdout goes to."""

    def __init__(self) -> None:
        self._console = Console(file=sys.stdout, highlight=False)

    def step(self, name: str, text: str) -> None:
        """A line about a step; no name to go on about the one before."""
        self._console.print(f"{name:<12} {text}", markup=False, soft_wrap=True)

    def table(self, title: str, streams: Sequence[Stream], columns: Mapping[str, Mapping[str, int]]) -> None:
        """A row per stream, with its number in every column."""
        table = Table("stream", title=title, box=box.SIMPLE)
        for heading in columns:
            table.add_column(heading, justify="right")
        for stream in streams:
            table.add_row(stream.name, *(f"{numbers[stream.name]:,}" for numbers in columns.values()))
        self._console.print(table)

    @contextmanager
    def quiet(self, live: bool = False) -> Iterator[None]:
        """Hides warnings and what libraries print; if something fails, their stderr is shown after all.

        `live` lets stderr through if it is a terminal: PyAirbyte's live view is there.
        """
        hidden = io.StringIO()
        with ExitStack() as changes:
            changes.enter_context(warnings.catch_warnings())
            warnings.simplefilter("ignore")
            changes.enter_context(redirect_stdout(io.StringIO()))
            if not (live and sys.stderr.isatty()):
                changes.enter_context(redirect_stderr(hidden))
            try:
                yield
            except Exception:
                self._console.print(hidden.getvalue(), markup=False, soft_wrap=True)
                raise
