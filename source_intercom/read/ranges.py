"""Lists that can be asked for a range of time: what a range holds, in pages, newest first."""

from collections.abc import Iterator
from typing import Final

from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom.api.errors import MAX_RETRIES
from source_intercom.read.finder import Audience
from source_intercom.read.lists import TimedList, without_repeats
from source_intercom.read.rows import Record
from source_intercom.read.search_pages import PROBE_RETRIES, is_about_records
from source_intercom.read.state import to_second
from source_intercom.read.windows import Window, middle

DAY: Final = 86_400

RANGE: Final = 30 * DAY
"""Seconds that one list is asked for; long ranges have been answered 500 (docs/intercom-api.md, 5b)."""


class Ranges(TimedList):
    """A list of what never changes, newest first, read range by range.

    What is written while it is read is left to the next read.
    """

    at_once = 4
    is_frozen = True

    def probe(self) -> Record | None:
        """Ask for the first page of a day."""
        return self._endpoint.first(self._reader, self._parameters(Window(0, DAY)))

    def plan(self, whole: Window, largest: int, audience: Audience) -> Iterator[Window]:
        """Windows of RANGE seconds."""
        for start in range(whole.start, whole.end, RANGE):
            yield Window(start, min(start + RANGE, whole.end))

    def records_in(self, window: Window, audience: Audience) -> Iterator[Record]:
        """A window's records; one that Intercom does not deliver is asked for in halves, down to days."""
        return without_repeats(self._read(window, audience), self._rows, self._reader)

    def _read(self, window: Window, audience: Audience) -> Iterator[Record]:
        half = middle(window) if window.end - window.start > DAY else None
        parameters = self._parameters(window)
        try:
            for row in self._list.read_all(parameters, audience, MAX_RETRIES if half is None else PROBE_RETRIES):
                second = to_second(row.get(self.cursor))
                if second is None or window.start <= second < window.end:
                    yield row
        except AirbyteTracedException as error:
            if half is None or not is_about_records(error):
                raise
            self._reader.logger.warning("%s: %s is not delivered, asking for half of it.", self._reader.name, window)
            yield from self._read(Window(half, window.end), audience)
            yield from self._read(Window(window.start, half), audience)
