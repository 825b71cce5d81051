"""The records of a search, window by window, each once, whatever becomes of paging on the way.

A search can sort by `updated_at` and says how many records match (API notes 2.1). Searching is safe to repeat: a
record that moves while its window is read moves past the window's end.
"""

import time
from collections.abc import Collection, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Semaphore
from typing import Any, Final

import orjson
from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.streams.http.pagination_reset_exception import PaginationResetRequiredException
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom import report
from source_intercom.api.bodies import records_in
from source_intercom.api.errors import MAX_RETRIES
from source_intercom.api.reader import Reader
from source_intercom.api.search import INDEX_LAG_SECONDS, Order
from source_intercom.api.sentences import LOST
from source_intercom.api.shapes import as_count
from source_intercom.ending import starting_threads
from source_intercom.read.dates import Dates
from source_intercom.read.finder import Audience, Finder
from source_intercom.read.flags import Refused
from source_intercom.read.ids import IdSet
from source_intercom.read.rows import Record, Rows
from source_intercom.read.search_pages import (
    CURSOR,
    MAX_FRUITLESS_PASSES,
    PROBE_RETRIES,
    SearchEndpoint,
    SearchPages,
    Stuck,
    is_about_records,
)
from source_intercom.read.state import to_second
from source_intercom.read.windows import OPEN_END, Window, plan, window_size

SETTLING_SECONDS: Final = 5
"""Times are whole seconds: a record may be written again, with the same time, until its second has surely passed."""

HISTORY: Final = 90 * 86_400
"""Seconds from which on a range is likely to be cut twice."""


class Search(Finder):
    """A search as a finder of records: it counts ranges, cuts them into windows, and reads each window."""

    cursor = CURSOR
    at_once = 1_000

    def __init__(
        self, reader: Reader, endpoint: SearchEndpoint, rows: Rows, dates: Dates, start: int, slots: Semaphore
    ) -> None:
        """Takes what `SearchPages` takes, and what makes its records fit their schema."""
        self.pages = SearchPages(reader, endpoint, dates, start, slots)
        self._reader = reader
        self._records_key = endpoint.records_key
        self._rows = rows
        self._dates = dates
        self._recent: dict[str, int] = {}
        self._prefetched: dict[Window, Any] = {}
        self._recheck_from = OPEN_END
        """From this second on the open window skips what has not changed since another window brought it."""
        self._read_to = OPEN_END
        """What changed from this second on is left to the next sync."""
        self._overcounts = False

    def want(self, columns: Collection[str], refused: Refused) -> None:
        """Send the flags that fill them."""
        self.pages.flags.want(columns, refused)

    def probe(self) -> Record | None:
        """Search for one record.

        :raises AirbyteTracedException: what keeps Intercom from answering
        """
        return self.pages.first()

    # Planning

    def begin(self, whole: Window, is_full: bool) -> Window | None:
        """Without a later sync, a window without an end is read at last.

        A record that changes while the others are read, or reaches the search late, is not in them. In one ascending
        pass it is met, however often it moves on.
        """
        if not is_full:
            self._read_to = whole.end
            return None
        self._recheck_from = whole.end - INDEX_LAG_SECONDS
        return Window(self._recheck_from, OPEN_END)

    def plan(self, whole: Window, largest: int, audience: Audience) -> Iterator[Window]:
        """Windows in ascending order that cover a range, none with many more than `largest` records."""
        total = self._count_with_first_page(whole)
        audience.expect(total)
        size = window_size(total, self.pages.page_size, largest)

        def split_busy(window: Window, occupied: Window) -> Any:
            return self._dates.split_busy(window, occupied, self._count)

        for window in plan(whole, total, size, self._count, self._dates.split, split_busy):
            if window != whole:
                self.pages.drop_first_page(whole)
            yield window

    def _count_with_first_page(self, window: Window) -> int:
        """How many records a window holds; in a long one what its first two cuts ask for is counted meanwhile."""
        half = self._dates.split(window) if self._dates.prefetches and window.end - window.start >= HISTORY else None
        if half is None:
            return self._first_page_count(window)
        quarter = self._dates.split(Window(window.start, half))
        parts = [Window(half, window.end), *([Window(quarter, half)] if quarter else [])]
        with ThreadPoolExecutor(len(parts)) as threads:
            with starting_threads():
                self._prefetched = {each: threads.submit(self.pages.count, each, "ascending") for each in parts}
            return self._first_page_count(window)

    def _first_page_count(self, window: Window) -> int:
        """How many records a window holds, counted with its first page.

        A page read newest first that reaches back beyond the window, as it may where searches find whole days, holds
        all of it: what is in the page then counts, not the day. Where Intercom cannot deliver such a page, the window
        is only counted.
        """
        order = self._dates.order(window)
        try:
            page = self.pages.keep_first_page(window)
        except AirbyteTracedException as error:
            if not is_about_records(error):
                raise
            return self._count(window, order)[0]
        seconds = self.pages.times_in(page)
        inside = [second for second in seconds if second is None or second >= window.start]
        if order == "descending" and len(inside) < len(seconds):
            return len(inside)
        return as_count(page.get("total_count"))

    def _count(self, window: Window, order: Order) -> tuple[int, int | None]:
        """What has been asked for already is not asked for again."""
        prefetched = self._prefetched.pop(window, None) if order == "ascending" else None
        counted: tuple[int, int | None] = prefetched.result() if prefetched else self.pages.count(window, order)
        return counted

    # Reading

    def may_promise_within(self, window: Window) -> bool:
        """Whether the records of a window come oldest first, so that those before a record's time have all come."""
        return self._dates.order(window) == "ascending"

    def records_in(self, window: Window, audience: Audience, retries: int = MAX_RETRIES) -> Iterator[Record]:
        """The window's records, each once, in order of `updated_at`.

        The window is read again when a cursor comes back that was there before, or is refused (API notes 2.1), and
        when its pages held fewer records than the last of them counts: those that do not come then either are
        reported. A page that Intercom cannot deliver is asked for in smaller sizes.

        :param audience: told what Intercom does not deliver
        :raises AirbyteTracedException: a transient error when paging does not lead to the end
        """
        order = self._dates.order(window)
        emitted, counted = IdSet(), set[Any]()
        missing = fruitless = 0
        while fruitless < (1 if self._overcounts and missing else MAX_FRUITLESS_PASSES):
            before = len(emitted) + len(counted)
            try:
                missing = yield from self._read_once(window, order, emitted, counted, retries)
                if missing <= 0:
                    return
                reason = f"Intercom counts {missing} more"
            except PaginationResetRequiredException:
                missing, reason = 0, "paging lost its way"
            except Stuck as stuck:
                yield from self._around(stuck, window, order, emitted, counted, audience)
                return
            after = len(emitted) + len(counted)
            fruitless = fruitless + 1 if after == before else 0
            self._reader.count(report.RESTARTS)
            self._reader.logger.warning(
                "%s: %s after %s of %s.", self._reader.name, reason, report.counted(after, "records"), window
            )
        if not missing:
            sentence = LOST.format(name=self._reader.name)
            raise AirbyteTracedException(sentence, sentence, FailureType.transient_error)
        self._overcounts = True
        self._reader.count(report.OVERCOUNTED, missing)

    def _around(
        self,
        stuck: Stuck,
        window: Window,
        order: Order,
        emitted: IdSet,
        counted: set[Any],
        audience: Audience,
    ) -> Iterator[Record]:
        """The records on the other side of one that Intercom does not deliver, read from the other end of the window.

        What lies between two of them is a window of its own, if the search can cut there.
        """
        reason = stuck.reason
        try:
            missing = yield from self._read_once(window, _reversed(order), emitted, counted, PROBE_RETRIES)
        except Stuck as far:
            if far.last_second is None and not self.pages.answers():
                raise reason from None
            first, last = (
                (stuck.last_second, far.last_second) if order == "ascending" else (far.last_second, stuck.last_second)
            )
            between = Window(window.start if first is None else first, window.end if last is None else last + 1)
            if between.start >= between.end:
                between = window
            total = stuck.counted or far.counted or self.pages.number_in(window)
            missing = total - len(emitted) - len(counted)
            cut = self._dates.split(between) if missing > 1 else None
            if cut is None:
                audience.undelivered(between, max(missing, 1), reason)
                return
            for part in (Window(between.start, cut), Window(cut, between.end)):
                found = self.records_in(part, audience, PROBE_RETRIES)
                yield from (record for record in found if emitted.add(record.get("id")))
        else:
            if missing > 0:
                self._reader.count(report.OVERCOUNTED, missing)

    def _read_once(
        self, window: Window, order: Order, emitted: IdSet, counted: set[Any], retries: int
    ) -> Generator[Record, None, int]:
        """The window's records that are not in `emitted`; returns how many more Intercom counts than came by.

        `emitted` takes in the ids of those that are, `counted` those of the rest. Where a record stands is older
        than the record: one that changed lately may stand where its former time belongs. It does not tell that the
        window ends, and is emitted where it is met, as the index may show it nowhere else yet.
        """
        pages, unusable, last_second = self.pages.pages(window, order, retries), 0, None
        try:
            for body in pages:
                settled = time.time() - INDEX_LAG_SECONDS
                records = self._rows.of(body, self._records_key)
                unusable += len(records_in(body, self._records_key) or records) - len(records)
                for record in _taken_out(records):
                    key, second = record.get("id"), to_second(record.get(CURSOR))
                    if second is not None:
                        if second < window.start and order == "descending":
                            return 0
                        if window.end < second < settled and order == "ascending":
                            return 0
                        if second < window.start or (
                            second >= window.end and (second < settled or self._comes_later(second, window))
                        ):
                            counted.add(key)
                            continue
                        last_second = second if second < window.end else last_second
                    if emitted.add(key):
                        counted.discard(key)
                        if window.end != OPEN_END or not self._is_known(record):
                            self._remember(record, second)
                            yield record
        except Stuck as stuck:
            stuck.last_second, stuck.counted = last_second, pages.counted or 0
            raise
        return pages.lacking(len(emitted) + len(counted) + unusable)

    def _comes_later(self, second: int, window: Window) -> bool:
        """Whether the next window or the next sync asks for a record that changed at or after the window's end."""
        return second >= self._read_to or (second == window.end and self._read_to != OPEN_END)

    def _remember(self, record: Record, second: int | None) -> None:
        """So that the open window skips a recent record that has not changed since; one just written may change yet."""
        if second is not None and self._recheck_from <= second < time.time() - SETTLING_SECONDS:
            self._recent[record["id"]] = hash(orjson.dumps(record))

    def _is_known(self, record: Record) -> bool:
        return self._recent.get(record["id"]) == hash(orjson.dumps(record))


def _reversed(order: Order) -> Order:
    return "descending" if order == "ascending" else "ascending"


def _taken_out(records: list[Record]) -> Iterator[Record]:
    """The records, which leave the list one by one, so that memory holds no more of a page than is still to come."""
    records.reverse()
    while records:
        yield records.pop()
