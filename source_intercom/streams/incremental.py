"""Streams read through a search: windows of `updated_at`, walked with keyset cursors, checkpointed in order.

A search can sort by `updated_at` and says how many records match (API notes 2.1). The range from the cursor
to the moment the stream starts is frozen, cut into windows, and the windows are read side by side. Searching
is safe to repeat: what moved out of a window while it was read has an `updated_at` past the frozen end and
belongs to the next sync.
"""

import time
from abc import ABC
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, ClassVar, Final

import orjson
from airbyte_cdk.models import (
    AirbyteEstimateTraceMessage,
    AirbyteMessage,
    AirbyteTraceMessage,
    EstimateType,
    FailureType,
    SyncMode,
    TraceType,
    Type,
)
from airbyte_cdk.sources.streams.concurrent.cursor import Cursor
from airbyte_cdk.sources.streams.http.pagination_reset_exception import PaginationResetRequiredException
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom import report
from source_intercom.api.bodies import Body, json_object
from source_intercom.api.paginators import Paginator, SearchCursor
from source_intercom.api.search import MAX_PAGE_SIZE, Order, search_body, second_bounds
from source_intercom.streams.base import IntercomStream, Record, StreamContext
from source_intercom.streams.cursors import CheckpointCursor, WindowCursor
from source_intercom.streams.progress import Progress
from source_intercom.streams.state import resume_second, to_second
from source_intercom.streams.windows import Window, halve, plan, window_size

GUARD_SECONDS: Final = 600
"""Seconds before its cursor from which each sync reads again: search results lag by minutes (API notes 2.1)."""

WINDOW_RECORDS: Final = 50 * MAX_PAGE_SIZE
"""Records in a window at most, if it can be split: 50 pages."""

MIN_PAGE_SIZE: Final = 5

SETTLING_SECONDS: Final = 5
"""Times are whole seconds: a record may be written again, with the same time, until its second has surely passed."""

OPEN_END: Final = 4_102_444_800
"""The year 2100: the end of a window that has none."""


class SearchMixin(IntercomStream, ABC):
    """Asks for the records of a window in order, and starts again where paging loses its way."""

    http_method = "POST"
    paginator: ClassVar[Paginator] = SearchCursor()
    cursor_field: ClassVar[str] = "updated_at"

    def __init__(self, context: StreamContext, reader: str | None = None) -> None:
        super().__init__(context, reader)
        self._begun: dict[Window, Body] = {}
        self._recent: dict[str, int] = {}
        self.recent_from = OPEN_END

    def bounds(self, window: Window) -> tuple[int, int]:
        """Values for `>` and `<` with which the search finds the window's records, and maybe others."""
        return second_bounds(*window)

    def request_params(
        self,
        stream_state: Mapping[str, Any] | None,
        stream_slice: Mapping[str, Any] | None = None,
        next_page_token: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """None: searches carry everything in the body (API notes 2.1)."""
        return {}

    def request_body_json(
        self,
        stream_state: Mapping[str, Any] | None,
        stream_slice: Mapping[str, Any] | None = None,
        next_page_token: Mapping[str, Any] | None = None,
    ) -> Mapping[str, Any]:
        """The search for the slice's window."""
        window = Window(**(stream_slice or {}))
        return search_body(self.bounds(window), **(next_page_token or {}))

    def probe(self) -> None:
        """Search for one record."""
        self.total(Window(self.context.config.start_second, int(time.time())))

    def search(
        self, window: Window, per_page: int, order: Order = "ascending", starting_after: str | None = None
    ) -> Body:
        """One page of a window."""
        token = {"per_page": per_page, "order": order, "starting_after": starting_after}
        try:
            _, response = self._fetch_next_page(window._asdict(), None, token)
        except PaginationResetRequiredException as error:
            if starting_after:
                raise
            sentence = f"Intercom refused the connector's search for {self.reader}; please report this."
            raise AirbyteTracedException(sentence, sentence, FailureType.system_error) from error
        return json_object(response) or {}

    def total(self, window: Window) -> int:
        """How many records a window holds, by the search's own count."""
        return int(self.search(window, per_page=1).get("total_count") or 0)

    def begin(self, window: Window) -> int:
        """How many records a window holds, counted with its first page: reading the window starts with that page.

        A page read newest first that reaches back beyond the window, as it may where searches find whole days, holds
        all of it: what is in the page then counts, not the day. Where Intercom cannot deliver such a page, the window
        is only counted.
        """
        try:
            page = self.search(window, MAX_PAGE_SIZE, self.order(window))
        except AirbyteTracedException as error:
            if error.failure_type != FailureType.transient_error:
                raise
            return self.total(window)
        self._begun[window] = page
        seconds = [to_second(record.get(self.cursor_field)) for record in page.get(self.records_key) or []]
        inside = [second for second in seconds if second is None or second >= window.start]
        if self.order(window) == "descending" and len(inside) < len(seconds):
            return len(inside)
        return int(page.get("total_count") or 0)

    def split(self, window: Window) -> int | None:
        """Where a window that holds too many records is cut."""
        return halve(window)

    def order(self, window: Window) -> Order:
        """In which order a window is read."""
        return "ascending"

    def found(self, window: Window) -> Iterator[Record]:
        """The window's records, each once, in order of `updated_at`.

        Paging starts again when a cursor comes back that was there before, or is refused (API notes 2.1); a
        page that Intercom cannot deliver is asked for in smaller sizes.

        :raises AirbyteTracedException: a transient error when neither leads on
        """
        order = self.order(window)
        seen: set[Any] = set()
        seen_before = -1
        while len(seen) > seen_before:
            seen_before = len(seen)
            try:
                for record in self._walk(window, order):
                    second = to_second(record.get(self.cursor_field))
                    if second is not None:
                        if order == "descending" and second < window.start:
                            return
                        if not window.start <= second < window.end:
                            continue
                    if record.get("id") not in seen:
                        seen.add(record.get("id"))
                        if window.end != OPEN_END or not self._is_known(record):
                            self._remember(record, second)
                            yield record
                return
            except PaginationResetRequiredException:
                self.count(report.RESTARTS)
                self.logger.warning("%s: paging lost its way after %d records of %s.", self.reader, len(seen), window)
        raise AirbyteTracedException(
            message=f"Intercom's search for {self.reader} loses its way again and again; trying again later helps.",
            failure_type=FailureType.transient_error,
        )

    def _remember(self, record: Record, second: int | None) -> None:
        """So that the open window skips a recent record that has not changed since; one just written may change yet."""
        if second is not None and self.recent_from <= second < time.time() - SETTLING_SECONDS:
            self._recent[record["id"]] = hash(orjson.dumps(record))

    def _is_known(self, record: Record) -> bool:
        return self._recent.get(record["id"]) == hash(orjson.dumps(record))

    def _walk(self, window: Window, order: Order) -> Iterator[Record]:
        cursors: set[str] = set()
        cursor: str | None = None
        per_page = MAX_PAGE_SIZE
        while True:
            try:
                body = self._begun.pop(window, None) or self.search(window, per_page, order, cursor)
            except AirbyteTracedException as error:
                if error.failure_type != FailureType.transient_error or per_page // 2 < MIN_PAGE_SIZE:
                    raise
                per_page //= 2
                self.logger.warning("%s: a page failed, asking for %d records at a time.", self.reader, per_page)
                continue
            yield from self.records(body)
            token = self.paginator.next_token(body)
            if token is None:
                return
            cursor = str(token["starting_after"])
            if cursor in cursors:
                raise PaginationResetRequiredException
            cursors.add(cursor)


class IncrementalMixin(IntercomStream, ABC):
    """Goes on from a state: which range to read, and the cursor that keeps its state."""

    cursor_field: ClassVar[str]
    checkpoint_class: ClassVar[type[CheckpointCursor]]
    state_names: ClassVar[tuple[str, ...]] = ("updated_at",)

    def __init__(self, context: StreamContext, reader: str | None = None) -> None:
        super().__init__(context, reader)
        self.progress = Progress()
        self._resumed: int | None = None
        self.keeps_state = False

    def new_cursor(self, state: Mapping[str, Any] | None) -> Cursor:
        """A cursor that goes on from the state, or from `start_date` where the state is empty or makes no sense.

        A full refresh (`state` is None) keeps no state, and also reads what changes while it reads.
        """
        self.keeps_state = state is not None
        self._resumed = resume_second(state, self.state_names, int(time.time())) if state else None
        if state and self._resumed is None:
            self.logger.warning("%s: the state %s is not usable; reading from the start date.", self.name, state)
        self.checkpoint = self.checkpoint_class(
            self.name, self.cursor_field, self._resumed, self.context.messages, self.progress
        )
        return self.checkpoint if self.keeps_state else super().new_cursor(None)

    def range(self) -> Window:
        """From the cursor, less the guard interval and the lookback window, to now: the end is frozen here."""
        config = self.context.config
        now = int(time.time()) + 1
        start = config.start_second
        if self._resumed is not None:
            start = max(start, min(self._resumed, now) - GUARD_SECONDS - config.lookback_window * 86_400)
        return Window(min(start, now), now)

    def plan(self, search: SearchMixin) -> Iterator[Window]:
        """The windows to read, in ascending order, as long as none has failed.

        A full refresh ends with an open window: a record that changes while the others are read, or reaches the search
        late, is not in them, and no later sync would bring it. In one ascending walk it is met, however often it
        moves on.
        """
        whole = self.range()
        total = search.begin(whole)
        self.expect(total)
        size = window_size(total, MAX_PAGE_SIZE, WINDOW_RECORDS)
        windows = plan(whole, total, size, search.total, search.split)
        if not self.keeps_state:
            search.recent_from = whole.end - GUARD_SECONDS
            windows = chain(windows, [Window(search.recent_from, OPEN_END)])
        for window in windows:
            if self.progress.failed:
                return
            yield window

    def expect(self, total: int) -> None:
        """Tell the platform how many rows will come, for its progress bar and for the report."""
        self.count(report.EXPECTED, total)
        estimate = AirbyteEstimateTraceMessage(name=self.name, type=EstimateType.STREAM, row_estimate=total)
        trace = AirbyteTraceMessage(type=TraceType.ESTIMATE, emitted_at=time.time() * 1000, estimate=estimate)
        self.context.messages.emit_message(AirbyteMessage(type=Type.TRACE, trace=trace))


class SearchStream(SearchMixin, IncrementalMixin, ABC):
    """A stream whose records are what the search finds; each window is a partition."""

    checkpoint_class = WindowCursor
    checkpoint: WindowCursor

    def stream_slices(
        self,
        *,
        sync_mode: SyncMode,
        cursor_field: list[str] | None = None,
        stream_state: Mapping[str, Any] | None = None,
    ) -> Iterable[Mapping[str, Any]]:
        """The windows to read, in ascending order."""
        with self.progress.failing():
            for window in self.plan(self):
                self.progress.opened()
                if self.keeps_state:
                    self.checkpoint.opened(window)
                yield window._asdict()

    def read_records(
        self,
        sync_mode: SyncMode,
        cursor_field: list[str] | None = None,
        stream_slice: Mapping[str, Any] | None = None,
        stream_state: Mapping[str, Any] | None = None,
    ) -> Iterable[Record]:
        """The records of one window; none once another has failed."""
        window = Window(**(stream_slice or {}))
        with self.progress.reading():
            if window.end == OPEN_END:
                self.progress.wait_for_others()
            if self.progress.failed:
                return
            for record in self.found(window):
                self.count(report.EMITTED)
                yield record
