"""Lists that can be asked for what has changed since a second, and whose rows change while they are read."""

from collections.abc import Callable, Iterator
from hashlib import blake2b

from source_intercom import report
from source_intercom.api.reader import Reader
from source_intercom.read.finder import WHOLE, Audience, Finder
from source_intercom.read.lists import List, ListEndpoint, Parameters
from source_intercom.read.rows import Record, Rows
from source_intercom.read.windows import Window


class Since(Finder):
    """A list of what has changed since a second, in one window: nothing is promised before its end is read.

    A row that changes meanwhile moves within the list, and may not be met. So the list is read until two readings have
    met the same rows, and a row that a later one meets with another content comes again: the newest of a row is the
    last, and no state passes a change that was seen.

    :param cursor: the field whose time the range is of
    :param parameters: those of a window
    """

    def __init__(
        self,
        reader: Reader,
        endpoint: ListEndpoint,
        rows: Rows,
        cursor: str,
        parameters: Callable[[Window], Parameters],
    ) -> None:
        self.cursor = cursor
        self._list = List(reader, endpoint, rows)
        self._reader = reader
        self._endpoint = endpoint
        self._rows = rows
        self._parameters = parameters

    def probe(self) -> Record | None:
        """Ask for the first page."""
        return self._endpoint.first(self._reader, self._parameters(WHOLE))

    def plan(self, whole: Window, largest: int, audience: Audience) -> Iterator[Window]:
        """The range as it is: no request ends before its rows do."""
        yield whole

    def records_in(self, window: Window, audience: Audience) -> Iterator[Record]:
        """What has changed since the window's start; what else the list holds the family leaves out."""
        contents: dict[tuple[object, ...], bytes] = {}
        for row in self._list.read_all(self._parameters(window), audience):
            key, content = self._rows.key_of(row), blake2b(repr(row).encode()).digest()
            if contents.get(key) == content:
                self._reader.count(report.REPEATED)
                continue
            contents[key] = content
            yield row
