"""Walking a search: the records of a window, each once, whatever becomes of paging on the way.

A search can sort by `updated_at` and says how many records match (API notes 2.1). Searching is safe to repeat: a
record that moves while its window is read moves past the window's end.
"""

import time
from abc import ABC
from collections.abc import Generator, Iterable, Iterator, Mapping
from typing import Any, ClassVar, Final

import orjson
from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.streams.http.pagination_reset_exception import PaginationResetRequiredException
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom import report
from source_intercom.api.bodies import Body, json_object
from source_intercom.api.paginators import Paginator, SearchCursor
from source_intercom.api.search import INDEX_LAG_SECONDS, MAX_PAGE_SIZE, Order, search_body, second_bounds
from source_intercom.streams.base import IntercomStream, Record, StreamContext
from source_intercom.streams.flags import Flags
from source_intercom.streams.state import to_second
from source_intercom.streams.windows import OPEN_END, Window, halve

MIN_PAGE_SIZE: Final = 5

MAX_FRUITLESS_WALKS: Final = 3
"""Walks over a window in a row that bring nothing new; one, if that many were in vain for another window."""

SETTLING_SECONDS: Final = 5
"""Times are whole seconds: a record may be written again, with the same time, until its second has surely passed."""


class SearchMixin(IntercomStream, ABC):
    """Asks for the records of a window in order, and starts again where paging loses its way.

    `flags`  the column that each flag of the query string fills
    """

    http_method = "POST"
    paginator: ClassVar[Paginator] = SearchCursor()
    cursor_field: ClassVar[str] = "updated_at"
    page_size = MAX_PAGE_SIZE
    flags: ClassVar[Mapping[str, str]] = {}

    def __init__(self, context: StreamContext, reader: str | None = None) -> None:
        super().__init__(context, reader)
        # Another reader does not emit the rows, so that it needs no column that has to be asked for.
        self._flags = Flags({} if reader else self.flags, self._say_refused)
        self._begun: dict[Window, Body] = {}
        self._recent: dict[str, int] = {}
        self.recent_from = OPEN_END
        self.read_to = OPEN_END
        self.withheld = False

    def bounds(self, window: Window) -> tuple[int, int]:
        """Values for `>` and `<` with which the search finds the window's records, and maybe others."""
        return second_bounds(*window)

    def request_params(
        self,
        stream_state: Mapping[str, Any] | None,
        stream_slice: Mapping[str, Any] | None = None,
        next_page_token: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """The flags; a search carries everything else in the body (API notes 2.1)."""
        return dict((next_page_token or {}).get("flags", {}))

    def request_body_json(
        self,
        stream_state: Mapping[str, Any] | None,
        stream_slice: Mapping[str, Any] | None = None,
        next_page_token: Mapping[str, Any] | None = None,
    ) -> Mapping[str, Any]:
        """The search for the slice's window."""
        window = Window(**(stream_slice or {}))
        return search_body(self.bounds(window), **(next_page_token or {})["page"])

    def probe(self) -> None:
        """Search for one record."""
        self.look(Window(self.context.config.start_second, int(time.time())), "ascending")

    def search(
        self, window: Window, per_page: int, order: Order = "ascending", starting_after: str | None = None
    ) -> Body:
        """One page of a window."""
        page = {"per_page": per_page, "order": order, "starting_after": starting_after}
        return self._flags.ask(lambda flags: self._search(window, {"page": page, "flags": flags}))

    def _search(self, window: Window, token: Mapping[str, Any]) -> Body:
        try:
            _, response = self._fetch_next_page(window._asdict(), None, token)
        except PaginationResetRequiredException as error:
            if token["page"]["starting_after"]:
                raise
            sentence = f"Intercom refused the connector's search for {self.reader}; please report this."
            raise AirbyteTracedException(sentence, sentence, FailureType.system_error) from error
        return json_object(response) or {}

    def _say_refused(self, flags: Mapping[str, str]) -> None:
        self.logger.warning(
            "%s: Intercom refuses %s; these columns stay empty in this read: %s.",
            self.reader,
            ", ".join(flags),
            ", ".join(flags.values()),
        )

    def look(self, window: Window, order: Order) -> tuple[int, int | None]:
        """How many records a window holds by the search's own count, and the time of the first one in that order."""
        body = self.search(window, 1, order)
        times = [to_second(record.get(self.cursor_field)) for record in body.get(self.records_key) or []]
        return int(body.get("total_count") or 0), times[0] if times else None

    def begin(self, window: Window) -> int:
        """How many records a window holds, counted with its first page: reading the window starts with that page.

        A page read newest first that reaches back beyond the window, as it may where searches find whole days, holds
        all of it: what is in the page then counts, not the day. Where Intercom cannot deliver such a page, the window
        is only counted.
        """
        try:
            page = self.search(window, self.page_size, self.order(window))
        except AirbyteTracedException as error:
            if error.failure_type != FailureType.transient_error:
                raise
            return self.look(window, self.order(window))[0]
        self._begun[window] = page
        seconds = [to_second(record.get(self.cursor_field)) for record in page.get(self.records_key) or []]
        inside = [second for second in seconds if second is None or second >= window.start]
        if self.order(window) == "descending" and len(inside) < len(seconds):
            return len(inside)
        return int(page.get("total_count") or 0)

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

    def order(self, window: Window) -> Order:
        """In which order a window is read."""
        return "ascending"

    def found(self, window: Window) -> Iterator[Record]:
        """The window's records, each once, in order of `updated_at`.

        The window is walked again when a cursor comes back that was there before, or is refused (API notes 2.1), and
        when its pages held fewer records than the last of them counts: those that do not come then either are
        reported. A page that Intercom cannot deliver is asked for in smaller sizes.

        :raises AirbyteTracedException: a transient error when paging does not lead to the end
        """
        order = self.order(window)
        seen: set[Any] = set()
        met: set[Any] = set()
        missing = fruitless = 0
        while fruitless < (1 if self.withheld and missing else MAX_FRUITLESS_WALKS):
            met_before = len(met)
            try:
                missing = yield from self._walk(window, order, seen, met)
                if missing <= 0:
                    return
                reason = f"Intercom counts {missing} more"
            except PaginationResetRequiredException:
                missing, reason = 0, "paging lost its way"
            fruitless = fruitless + 1 if len(met) == met_before else 0
            self.count(report.RESTARTS)
            self.logger.warning("%s: %s after %d records of %s.", self.reader, reason, len(met), window)
        if not missing:
            raise AirbyteTracedException(
                message=f"Intercom's search for {self.reader} loses its way again and again; trying again later helps.",
                failure_type=FailureType.transient_error,
            )
        self.withheld = True
        self.count(report.WITHHELD, missing)

    def _walk(self, window: Window, order: Order, seen: set[Any], met: set[Any]) -> Generator[Record, None, int]:
        """The window's records that are not in `seen`; returns how many more Intercom counts than are in `met`.

        Both take in the ids that come by: `seen` those that are emitted, `met` all. Where a record stands is older than
        the record: one that changed lately may stand where its former time belongs. It does not tell that the window
        ends, and is emitted where it is met, as the index may show it nowhere else yet.
        """
        counted = 0
        for body in self._pages(window, order):
            counted = int(body.get("total_count") or 0)
            settled = time.time() - INDEX_LAG_SECONDS
            for record in _taken_out(self.records(body)):
                key, second = record.get("id"), to_second(record.get(self.cursor_field))
                met.add(key)
                if second is not None and second < window.start:
                    if order == "descending":
                        return 0
                    continue
                if second is not None and second >= window.end:
                    if second > window.end and second < settled and order == "ascending":
                        return 0
                    if second < settled or self._comes_later(second, window):
                        continue
                if key not in seen:
                    seen.add(key)
                    if window.end != OPEN_END or not self._is_known(record):
                        self._remember(record, second)
                        yield record
        return counted - len(met)

    def _comes_later(self, second: int, window: Window) -> bool:
        """Whether the next window or the next sync asks for a record that changed at or after the window's end."""
        return second >= self.read_to or (second == window.end and self.read_to != OPEN_END)

    def _remember(self, record: Record, second: int | None) -> None:
        """So that the open window skips a recent record that has not changed since; one just written may change yet."""
        if second is not None and self.recent_from <= second < time.time() - SETTLING_SECONDS:
            self._recent[record["id"]] = hash(orjson.dumps(record))

    def _is_known(self, record: Record) -> bool:
        return self._recent.get(record["id"]) == hash(orjson.dumps(record))

    def _pages(self, window: Window, order: Order) -> Iterator[Body]:
        cursors: set[str] = set()
        cursor: str | None = None
        per_page = self.page_size
        while True:
            with self.context.pages:
                try:
                    body = self._begun.pop(window, None) or self.search(window, per_page, order, cursor)
                except AirbyteTracedException as error:
                    if error.failure_type != FailureType.transient_error or per_page // 2 < MIN_PAGE_SIZE:
                        raise
                    per_page //= 2
                    self.logger.warning("%s: a page failed, asking for %d records at a time.", self.reader, per_page)
                    continue
                token = self.paginator.next_token(body)
                yield body
            if token is None:
                return
            cursor = str(token["starting_after"])
            if cursor in cursors:
                raise PaginationResetRequiredException
            cursors.add(cursor)


def _taken_out(records: list[Record]) -> Iterator[Record]:
    """The records, which leave the list one by one, so that memory holds no more of a page than is still to come."""
    records.reverse()
    while records:
        yield records.pop()
