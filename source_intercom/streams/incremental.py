"""Streams that go on from a state: windows of `updated_at`, read side by side, checkpointed in order.

The range from the cursor to the moment the stream starts is frozen and cut into windows. What moved out of a window
while it was read has an `updated_at` past the frozen end and belongs to the next sync.
"""

import time
from abc import ABC
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, ClassVar, Final

from airbyte_cdk.models import (
    AirbyteEstimateTraceMessage,
    AirbyteMessage,
    AirbyteTraceMessage,
    EstimateType,
    SyncMode,
    TraceType,
    Type,
)
from airbyte_cdk.sources.streams.concurrent.cursor import Cursor

from source_intercom import report
from source_intercom.api.search import INDEX_LAG_SECONDS, MAX_PAGE_SIZE
from source_intercom.streams.base import IntercomStream, Record, StreamContext
from source_intercom.streams.cursors import CheckpointCursor, WindowCursor
from source_intercom.streams.progress import Progress
from source_intercom.streams.searches import SearchMixin
from source_intercom.streams.state import resume_second
from source_intercom.streams.windows import OPEN_END, Window, plan, window_size

GUARD_SECONDS: Final = INDEX_LAG_SECONDS
"""Seconds before its cursor from which each sync reads again."""

WINDOW_RECORDS: Final = 75 * MAX_PAGE_SIZE
"""Records in a window at most, if it can be split: 75 pages."""


class IncrementalMixin(IntercomStream, ABC):
    """Goes on from a state: which range to read, and the cursor that keeps its state.

    `largest_window`  records in a window at most, where WINDOW_RECORDS are too many
    """

    cursor_field: ClassVar[str]
    checkpoint_class: ClassVar[type[CheckpointCursor]]
    state_names: ClassVar[tuple[str, ...]] = ("updated_at",)
    largest_window: ClassVar[int] = WINDOW_RECORDS

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
        size = window_size(total, search.page_size, min(WINDOW_RECORDS, self.largest_window))
        windows = plan(whole, total, size, search.look, search.cut, search.crowded)
        if self.keeps_state:
            search.read_to = whole.end
        else:
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
                self.progress.wait_for_others(own=1)
            if self.progress.failed:
                return
            for record in self.found(window):
                self.note_emitted(record)
                yield record
