"""Markdown paragraphs and tables, and how numbers are written in them."""

from collections.abc import Iterable, Sequence
from textwrap import fill
from typing import Final

WIDTH: Final = 150


def paragraph(text: str) -> str:
    """Text in lines of the width that the other pages have."""
    return fill(" ".join(text.split()), WIDTH, break_long_words=False, break_on_hyphens=False)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table whose first column is text and whose other columns are numbers."""
    lines = [_row(head), _row(["---", *["---:"] * (len(head) - 1)])]
    return "\n".join([*lines, *(_row([str(cell) for cell in row]) for row in rows)])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def seconds(value: float) -> str:
    """Two digits behind the point below ten seconds, one from there on."""
    return f"{value:.2f} s" if value < 10 else f"{value:,.1f} s"


def microseconds(value: float) -> str:
    """Seconds as whole microseconds."""
    return f"{value * 1e6:,.0f} µs"


def megabytes(value: float) -> str:
    """Bytes as whole megabytes."""
    return f"{value / 1e6:,.0f} MB"


def percent(value: float) -> str:
    """A share from 0 to 1."""
    return f"{value:.1%}"


def ratio(first: float, second: float) -> str:
    """How many times the second the first is."""
    return f"{first / second:.2f}"
