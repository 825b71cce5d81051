"""Rows as lines of CSV, with times in one of the forms that were seen."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from intercom_sandbox.exports.groups import Value

_FORMS: dict[str, Callable[[int], str]] = {
    "seconds": str,
    "milliseconds": lambda second: str(second * 1000),
    "text": lambda second: datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%d %H:%M:%S UTC"),
    "iso": lambda second: datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
}


def line(values: Iterable[object]) -> bytes:
    """One line of CSV, quoted where it must be."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow(values)
    return written.getvalue().encode()


class Layout:
    """Which columns a group's CSV has, in which order, and how its times are written.

    ``change`` may have ``missing`` columns, an ``extra`` one, or be ``reordered``: what Intercom may do one day.
    """

    def __init__(self, columns: Sequence[str], times: str, change: dict[str, Any]) -> None:
        gone = set(change.get("missing", ()))
        self._places = [place for place, name in enumerate(columns) if name not in gone]
        if change.get("reordered"):
            self._places.reverse()
        self._extra: str | None = change.get("extra")
        self._written = _FORMS[times]
        self.header = line([*(columns[place] for place in self._places), *([self._extra] if self._extra else [])])

    def line(self, row: Sequence[Value]) -> bytes:
        """A row as a line."""
        values = [self._written(value) if isinstance(value, int) else value or "" for value in row]
        shown = [values[place] for place in self._places]
        return line([*shown, "x, y"] if self._extra else shown)
