"""Walking a search: the records of a window, each once, whatever becomes of paging on the way.

A search can sort by `updated_at` and says how many records match (API notes 2.1). Searching is safe to repeat: a
record that moves while its window is read moves past the window's end.
"""

import time
from abc import ABC
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Any, Final

import orjson
from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.streams.http import HttpClient
from airbyte_cdk.sources.streams.http.pagination_reset_exception import PaginationResetRequiredException
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom import report
from source_intercom.api.bodies import records_in
from source_intercom.api.search import INDEX_LAG_SECONDS, Order
from source_intercom.api.shapes import as_count
from source_intercom.streams.base import Record, StreamContext
from source_intercom.streams.idset import IdSet
from source_intercom.streams.search_pages import SearchPages, Stuck
from source_intercom.streams.state import to_second
from source_intercom.streams.windows import OPEN_END, Window, halve

MAX_FRUITLESS_WALKS: Final = 3
"""Walks over a window in a row that bring nothing new; one, if that many were in vain for another window."""

SETTLING_SECONDS: Final = 5
"""Times are whole seconds: a record may be written again, with the same time, until its second has surely passed."""


class SearchMixin(SearchPages, ABC):
    """The records of a window in order, read again where paging loses its way.

    `undelivered` is told the stream's name, a window, how many of its records Intercom does not deliver, and why; all
    its other records are found.
    """

    undelivered: Callable[[str, Window, int, AirbyteTracedException], None]

    def __init__(self, context: StreamContext, reader: str | None = None) -> None:
        super().__init__(context, reader)
        self._recent: dict[str, int] = {}
        self.recent_from = OPEN_END
        self.read_to = OPEN_END
        self.withheld = False

    def split(self, window: Window) -> int | None:
        """Where a window that holds too many records is cut."""
        return halve(window)

    def cut(self, window: Window) -> int | None:
        """Where a window is cut; if it is, the page that it began with is not needed."""
        middle = self.split(window)
        if middle is not None:
            self._begun.pop(window, None)
        return middle

    def crowded(self, window: Window, core: Window) -> Iterable[Window]:
        """What becomes of a window that holds too many records, all of them in `core`, and cannot be cut."""
        return (window,)

    def found(self, window: Window, client: HttpClient | None = None) -> Iterator[Record]:
        """The window's records, each once, in order of `updated_at`.

        The window is walked again when a cursor comes back that was there before, or is refused (API notes 2.1), and
        when its pages held fewer records than the last of them counts: those that do not come then either are
        reported. A page that Intercom cannot deliver is asked for in smaller sizes.

        :param client: what sends the requests, if not the stream's own
        :raises AirbyteTracedException: a transient error when paging does not lead to the end
        """
        order = self.order(window)
        seen, others = IdSet(), set[Any]()
        missing = fruitless = 0
        while fruitless < (1 if self.withheld and missing else MAX_FRUITLESS_WALKS):
            met_before = len(seen) + len(others)
            try:
                missing = yield from self._walk(window, order, seen, others, client)
                if missing <= 0:
                    return
                reason = f"Intercom counts {missing} more"
            except PaginationResetRequiredException:
                missing, reason = 0, "paging lost its way"
            except Stuck as stuck:
                yield from self._around(stuck, window, order, seen, others)
                return
            met = len(seen) + len(others)
            fruitless = fruitless + 1 if met == met_before else 0
            self.count(report.RESTARTS)
            after = report.counted(met, "records")
            self.logger.warning("%s: %s after %s of %s.", self.reader, reason, after, window)
        if not missing:
            sentence = f"Intercom's search for {self.reader} loses its way again and again; trying again later helps."
            raise AirbyteTracedException(sentence, sentence, FailureType.transient_error)
        self.withheld = True
        self.count(report.WITHHELD, missing)

    def _around(
        self, stuck: Stuck, window: Window, order: Order, seen: IdSet, others: set[Any]
    ) -> Generator[Record, None, None]:
        """The records on the other side of one that Intercom does not deliver, read from the other end of the window.

        What lies between two of them is a window of its own, if the search can cut there.
        """
        reason = stuck.reason
        try:
            missing = yield from self._walk(window, _reversed(order), seen, others, self._probes)
        except Stuck as far:
            if far.place is None and not self.answers():
                raise reason from None
            first, last = (stuck.place, far.place) if order == "ascending" else (far.place, stuck.place)
            between = Window(window.start if first is None else first, window.end if last is None else last + 1)
            if between.start >= between.end:
                between = window
            counted = stuck.counted or far.counted or self.number_in(window)
            missing = counted - len(seen) - len(others)
            middle = self.split(between) if missing > 1 else None
            if middle is None:
                self.undelivered(self.name, between, max(missing, 1), reason)
                return
            for part in (Window(between.start, middle), Window(middle, between.end)):
                yield from (record for record in self.found(part, self._probes) if seen.add(record.get("id")))
        else:
            if missing > 0:
                self.count(report.WITHHELD, missing)

    def _walk(
        self, window: Window, order: Order, seen: IdSet, others: set[Any], client: HttpClient | None
    ) -> Generator[Record, None, int]:
        """The window's records that are not in `seen`; returns how many more Intercom counts than came by.

        `seen` takes in the ids of those that are emitted, `others` those of the rest. Where a record stands is older
        than the record: one that changed lately may stand where its former time belongs. It does not tell that the
        window ends, and is emitted where it is met, as the index may show it nowhere else yet.
        """
        counted, unusable, place = 0, 0, None
        try:
            for body in self._pages(window, order, client):
                counted = as_count(body.get("total_count"))
                settled = time.time() - INDEX_LAG_SECONDS
                records = self.records(body)
                unusable += len(records_in(body, self.records_key) or records) - len(records)
                for record in _taken_out(records):
                    key, second = record.get("id"), to_second(record.get(self.cursor_field))
                    if second is not None:
                        if second < window.start and order == "descending":
                            return 0
                        if window.end < second < settled and order == "ascending":
                            return 0
                        if second < window.start or (
                            second >= window.end and (second < settled or self._comes_later(second, window))
                        ):
                            others.add(key)
                            continue
                        place = second if second < window.end else place
                    if seen.add(key):
                        others.discard(key)
                        if window.end != OPEN_END or not self._is_known(record):
                            self._remember(record, second)
                            yield record
        except Stuck as stuck:
            stuck.place, stuck.counted = place, counted
            raise
        return counted - len(seen) - len(others) - unusable

    def _comes_later(self, second: int, window: Window) -> bool:
        """Whether the next window or the next sync asks for a record that changed at or after the window's end."""
        return second >= self.read_to or (second == window.end and self.read_to != OPEN_END)

    def _remember(self, record: Record, second: int | None) -> None:
        """So that the open window skips a recent record that has not changed since; one just written may change yet."""
        if second is not None and self.recent_from <= second < time.time() - SETTLING_SECONDS:
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
