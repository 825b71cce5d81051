"""What the user sees: a line per step, PyAirbyte's live view of a sync on a terminal, and tables."""

import io
import sys
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from datetime import datetime

from rich import box
from rich.console import Console
from rich.table import Table


class Screen:
    """The screen, or the file that stdout goes to."""

    def __init__(self) -> None:
        self._console = Console(file=sys.stdout, highlight=False)

    def step(self, name: str, text: str) -> None:
        """A line about a step; no name to go on about the one before."""
        self._console.print(f"{name:<12} {text}", markup=False, soft_wrap=True)

    def table(self, title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """A table below a line that says what is in it; numbers stand at the right."""
        self._console.print(title, markup=False, soft_wrap=True)
        table = Table(box=box.SIMPLE)
        cells = [[_written(value) for value in row] for row in rows]
        for number, column in enumerate(columns):
            table.add_column(
                column, justify="right" if number and _are_numbers(row[number] for row in cells) else "left"
            )
        for row in cells:
            table.add_row(*row)
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


def _written(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, float):
        return f"{value:,.1f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _are_numbers(cells: Iterable[str]) -> bool:
    return all(cell[:1].isdigit() and "-" not in cell for cell in cells)
