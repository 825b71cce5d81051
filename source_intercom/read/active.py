"""Records that were active since a second, whichever of some times tells it (API notes 2.1)."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Semaphore
from typing import Any, Final

from source_intercom import report
from source_intercom.api.bodies import Body
from source_intercom.api.errors import MAX_RETRIES
from source_intercom.api.reader import Reader
from source_intercom.api.search import Order, since_search_body
from source_intercom.read.dates import Dates
from source_intercom.read.finder import Audience
from source_intercom.read.passes import Passes
from source_intercom.read.rows import Record, Rows, listed_in
from source_intercom.read.search import Search
from source_intercom.read.search_pages import CURSOR, SearchEndpoint, SearchPages, Stuck
from source_intercom.read.state import to_second
from source_intercom.read.windows import OPEN_END, Window

ACTIVE_AT: Final = "active_at"
"""A field of the records found, which Intercom's do not have: the latest of those times."""


class ActivePages(SearchPages):
    """The requests of a search for records with one of some times in a window, or after it."""

    def __init__(
        self,
        reader: Reader,
        endpoint: SearchEndpoint,
        dates: Dates,
        start: int,
        slots: Semaphore,
        times: Sequence[str],
    ) -> None:
        """Takes what `SearchPages` takes, and the names of the times."""
        super().__init__(reader, endpoint, dates, start, slots)
        self._times = times

    def _body(self, window: Window, per_page: int, order: Order, starting_after: str | None) -> dict[str, Any]:
        return since_search_body(self._times, self._dates.bounds(window)[0], per_page, order, starting_after)

    @contextmanager
    def _slot(self) -> Iterator[None]:
        """Nothing is held: a page waits here until what belongs to its records is read."""
        yield


class ActiveSearch(Search):
    """A search that finds records by the latest of some times, in one window and in the order of `updated_at`.

    A record that becomes active while the pages are read stays among those that are found, and moves to their end if
    it moves at all.

    :param times: the names of these times
    """

    cursor = ACTIVE_AT
    at_once = 1

    def __init__(
        self,
        reader: Reader,
        endpoint: SearchEndpoint,
        rows: Rows,
        dates: Dates,
        start: int,
        slots: Semaphore,
        times: Sequence[str],
    ) -> None:
        """Takes what `Search` takes, and the names of the times."""
        super().__init__(reader, endpoint, rows, dates, start, slots)
        self.pages = ActivePages(reader, endpoint, dates, start, slots, times)
        self._times = times

    def plan(self, whole: Window, largest: int, audience: Audience) -> Iterator[Window]:
        """The range as it is: no bound can be put on the later of two times."""
        yield whole

    def may_promise_within(self, window: Window) -> bool:
        """No: who was seen late may have been updated long ago."""
        return False

    def records_in(self, window: Window, audience: Audience, retries: int = MAX_RETRIES) -> Iterator[Record]:
        """The records that were active at the window's start or later, those too that were active since its end.

        Where Intercom does not deliver one, the others are read from the other end.
        """
        expect = audience.expect if window.end != OPEN_END else _nobody
        passes = Passes(self._reader, self.pages, self._taken, "id", expect=expect)
        reached = window.start
        try:
            for batch in passes.batches(window):
                reached = max([reached, *(to_second(record.get(CURSOR)) or 0 for record in batch)])
                yield from self._active_in(batch, window)
        except Stuck as stuck:
            try:
                for batch in passes.once(window, "descending"):
                    yield from self._active_in(batch, window)
                if passes.missing:
                    self._reader.count(report.OVERCOUNTED, passes.missing)
            except Stuck:
                rest = Window(min(reached, window.end - 1), window.end)
                audience.undelivered(rest, max(passes.missing or 0, 1), stuck.reason)

    def _taken(self, body: Body) -> tuple[int, list[Record]]:
        listed = listed_in(body, self._records_key)
        return len(listed), self._rows.fit(list(listed))

    def _active_in(self, batch: list[Record], window: Window) -> Iterator[Record]:
        """Those of a page that are wanted: a search may find more, since it goes by whole days."""
        for record in batch:
            record[ACTIVE_AT] = second = active_at(record, self._times)
            is_inside = second is None or second >= window.start
            if is_inside and (window.end != OPEN_END or not self._is_known(record)):
                self._remember(record, second)
                yield record


def _nobody(total: int) -> None:
    """Who is found again was counted before."""


def active_at(record: Mapping[str, Any], times: Sequence[str]) -> int | None:
    """The latest of a record's times, None if it has none."""
    seconds = [second for name in times if (second := to_second(record.get(name))) is not None]
    return max(seconds, default=None)
