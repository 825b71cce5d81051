"""Lists of what happened at some time, newest first as far as is known, of which only the newest are wanted."""

from collections.abc import Iterator, Sequence

from source_intercom.api.reader import Reader
from source_intercom.read.finder import Audience, Finder
from source_intercom.read.lists import List, ListEndpoint, Parameters, without_repeats
from source_intercom.read.rows import Record, Rows
from source_intercom.read.state import to_second
from source_intercom.read.windows import Window


class Newest(Finder):
    """A list to which rows are added, asked for newest first, although nobody promises the order.

    It is left before its end where a whole page is too old, if it was surely in order up to there; else it is read to
    its end. Its count is no reason not to read it: one row may have come, and another one gone.

    :param cursor: the field whose time the rows are of
    :param parameters: those of the first page
    """

    def __init__(self, reader: Reader, endpoint: ListEndpoint, rows: Rows, cursor: str, parameters: Parameters) -> None:
        self.cursor = cursor
        self._list = List(reader, endpoint, rows, (parameters,), only_grows=True)
        self._reader = reader
        self._rows = rows
        self._parameters = parameters

    def probe(self) -> Record | None:
        """Ask for the first page."""
        return self._list.probe()

    def plan(self, whole: Window, largest: int, audience: Audience) -> Iterator[Window]:
        """The whole range: nothing but its beginning can be asked for."""
        yield whole

    def records_in(self, window: Window, audience: Audience) -> Iterator[Record]:
        """The rows since the window's start, with some that are older."""
        found = self._list.read_all(self._parameters, is_enough=_Older(window.start, self.cursor))
        return without_repeats(found, self._rows, self._reader)


class _Older:
    """Whether all rows of a page are older than a second, and all up to there were surely in descending order of time.

    A list by ids may look like one by time: conversations are deleted in the order in which they came, or many in one
    second. So their ids have to go up and down meanwhile, and rows have to come first that are not older: the last ones
    of the read before.
    """

    def __init__(self, second: int, cursor: str) -> None:
        self._second = second
        self._cursor = cursor
        self._is_by_time = True
        self._goes_up = self._goes_down = self._began_later = False
        self._last: Record | None = None

    def __call__(self, rows: Sequence[Record]) -> bool:
        for row in rows:
            second, before = self._second_of(row), self._second_of(self._last or row)
            self._is_by_time &= second is not None and before is not None and before >= second
            number, number_before = _number_of(row), _number_of(self._last or row)
            self._goes_up |= number > number_before
            self._goes_down |= number < number_before
            self._began_later |= second is not None and second >= self._second
            self._last = row
        is_sure = self._is_by_time and self._goes_up and self._goes_down and self._began_later
        return is_sure and bool(rows) and (self._second_of(rows[0]) or 0) < self._second

    def _second_of(self, row: Record) -> int | None:
        return to_second(row.get(self._cursor))


def _number_of(row: Record) -> int:
    """The id as a number; 0 for one that is none."""
    return int(row["id"]) if row["id"].isdecimal() else 0
