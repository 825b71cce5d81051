"""Streams that go on from a state: windows of `updated_at`, read side by side, checkpointed in order.

The range from the cursor to the moment the stream starts is frozen and cut into windows. What moved out of a window
while it was read has an `updated_at` past the frozen end and belongs to the next sync.
"""

import reprlib
import time
from abc import ABC
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import chain
from typing import Any, ClassVar, Final

from airbyte_cdk.models import FailureType, SyncMode
from airbyte_cdk.sources.streams.concurrent.cursor import Cursor
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom import report
from source_intercom.api.search import INDEX_LAG_SECONDS, MAX_PAGE_SIZE
from source_intercom.api.sentences import UNDELIVERED
from source_intercom.streams.base import IntercomStream, Record, StreamContext
from source_intercom.streams.cursors import CheckpointCursor, WindowCursor
from source_intercom.streams.owed import Owed
from source_intercom.streams.progress import Progress
from source_intercom.streams.searches import SearchMixin
from source_intercom.streams.state import resume_second, to_second
from source_intercom.streams.windows import OPEN_END, Window, plan, window_size

GUARD_SECONDS: Final = INDEX_LAG_SECONDS
"""Seconds before its cursor from which each sync reads again."""

WINDOW_RECORDS: Final = 75 * MAX_PAGE_SIZE
"""Records in a window at most, if it can be split: 75 pages."""


LONG_WINDOW: Final = 20_000
"""Records of a window after each of which the state may move, although the window is not read to its end."""

NAMED: Final = 5
"""How much of what is not delivered an error names; the log names all."""


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
        try:
            owed = Owed.of(state)
            self._resumed = resume_second(state, self.state_names, int(time.time())) if state else None
        except ValueError:
            owed, self._resumed = Owed(), None
        if state and self._resumed is None and not owed.state:
            short = reprlib.repr(state)
            self.logger.warning("%s: the state %s is not usable; reading from the start date.", self.name, short)
        self.checkpoint = self.checkpoint_class(
            self.name, self.cursor_field, self._resumed, self.context.messages, self.progress, owed
        )
        return self.checkpoint if self.keeps_state else super().new_cursor(None)

    def stop(self) -> None:
        """The partitions that are left are not read, and nobody waits for them."""
        self.progress.stop()

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

    def leave_out(self, what: str, reason: AirbyteTracedException, owed: Window | str, count: int = 1) -> None:
        """Note what Intercom does not deliver, so that all else is read: it is counted, said, and owed by the state.

        :param what: it in words
        :param owed: what the next sync asks for again
        :raises AirbyteTracedException: the reason, if too much is left out for that
        """
        self.count(report.UNDELIVERED, count)
        self.logger.warning("%s: Intercom does not deliver %s: %s", self.name, what, reason)
        if not self.progress.undelivered(f"{what} ({str(reason).rstrip('.')})"):
            raise reason
        if self.keeps_state:
            self.checkpoint.owed.add(owed)

    def leave_out_window(self, found: str, window: Window, count: int, reason: AirbyteTracedException) -> None:
        """Note so many records of a search, which finds `found`, all that are lacking in a window."""
        first, last = (datetime.fromtimestamp(second, UTC).isoformat() for second in (window.start, window.end - 1))
        self.leave_out(f"{count} of the {found} updated from {first} to {last}", reason, window, count)

    def end(self, stream_slice: Mapping[str, Any] | None = None) -> None:
        """The slice has been read, or the last slice made; what is the last of all says what was not delivered.

        :raises AirbyteTracedException: a transient error that names it
        """
        undelivered = self.progress.last_words()
        if undelivered is None:
            return
        self.completed()
        if not undelivered:
            return
        if self.keeps_state and stream_slice is not None:
            self.checkpoint.close(stream_slice)
        more = f" and {len(undelivered) - NAMED} more" if len(undelivered) > NAMED else ""
        sentence = UNDELIVERED.format(what="; ".join(undelivered[:NAMED]) + more)
        raise AirbyteTracedException(sentence, sentence, FailureType.transient_error)

    def completed(self) -> None:
        """All is read, and nothing failed."""


class SearchStream(SearchMixin, IncrementalMixin, ABC):
    """A stream whose records are what the search finds; each window is a partition."""

    checkpoint_class = WindowCursor
    checkpoint: WindowCursor

    def __init__(self, context: StreamContext, reader: str | None = None) -> None:
        super().__init__(context, reader)
        self.undelivered = self.leave_out_window

    def stream_slices(
        self,
        *,
        sync_mode: SyncMode,
        cursor_field: list[str] | None = None,
        stream_state: Mapping[str, Any] | None = None,
    ) -> Iterable[Mapping[str, Any]]:
        """The windows to read: those that are owed, then the others in ascending order."""
        with self.progress.failing():
            for window in self.checkpoint.owed.windows():
                self.progress.opened()
                yield {**window._asdict(), "owed": True}
            for window in self.plan(self):
                self.progress.opened()
                if self.keeps_state:
                    self.checkpoint.opened(window)
                yield window._asdict()
        self.progress.generated()
        self.end()

    def read_records(
        self,
        sync_mode: SyncMode,
        cursor_field: list[str] | None = None,
        stream_slice: Mapping[str, Any] | None = None,
        stream_state: Mapping[str, Any] | None = None,
    ) -> Iterable[Record]:
        """The records of one window; none once another has failed."""
        stream_slice = stream_slice or {}
        window = Window(stream_slice["start"], stream_slice["end"])
        with self.progress.reading():
            if window.end == OPEN_END:
                self.progress.wait_for_others(own=1)
            if self.progress.failed:
                return
            for number, record in enumerate(self.found(window), 1):
                self.note_emitted(record)
                yield record
                if number % LONG_WINDOW == 0 and self.keeps_state and not stream_slice.get("owed"):
                    self._promise_within(window, record)
        self.end(stream_slice)

    def _promise_within(self, window: Window, record: Record) -> None:
        """Move the state within a long window, such as a day on which all contacts were imported."""
        second = to_second(record.get(self.cursor_field))
        settled = min(window.end, int(time.time()) - GUARD_SECONDS)
        if self.order(window) == "ascending" and second is not None and second < settled:
            self.checkpoint.read_to(window, second)
