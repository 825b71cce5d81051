"""Lists that can be asked for what has changed since a second, and whose rows change while they are read."""

from collections.abc import Iterator
from hashlib import blake2b

from source_intercom import report
from source_intercom.read.finder import WHOLE, Audience
from source_intercom.read.ids import IdSet
from source_intercom.read.lists import TimedList
from source_intercom.read.rows import Record
from source_intercom.read.windows import Window


class Since(TimedList):
    """A list of what has changed since a second, in one window: nothing is promised before its end is read.

    A row that changes meanwhile moves within the list, and may not be met. So the list is read until two readings have
    met the same rows, and a row that a later one meets with another content comes again: the newest of a row is the
    last, and no state passes a change that was seen.
    """

    is_frozen = False

    def probe(self) -> Record | None:
        """Ask for the first page."""
        return self._endpoint.first(self._reader, self._parameters(WHOLE))

    def plan(self, whole: Window, largest: int, audience: Audience) -> Iterator[Window]:
        """The range as it is: no request ends before its rows do."""
        yield whole

    def records_in(self, window: Window, audience: Audience) -> Iterator[Record]:
        """What has changed since the window's start; what else the list holds the family leaves out."""
        contents = IdSet()
        for row in self._list.read_all(self._parameters(window), audience):
            if contents.add(self._rows.key_of(row), blake2b(repr(row).encode(), digest_size=16).digest()):
                yield row
            else:
                self._reader.count(report.REPEATED)
