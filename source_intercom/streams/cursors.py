"""Cursors of the incremental streams: what a state message promises.

The invariant of both: a state of second S is only emitted when every record before S, and every record
of the windows or parents that S stands for, has been put on the queue to stdout ahead of it, but for what the state
names as owed. Messages and
records share one queue, so what a state covers is printed before the state. S comes from records, never
from the clock, does not go back, and the next read begins with S itself, less the guard interval.
"""

import heapq
import itertools
import threading
import time
from abc import abstractmethod
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any, Final

from airbyte_cdk.sources.connector_state_manager import ConnectorStateManager
from airbyte_cdk.sources.message import MessageRepository
from airbyte_cdk.sources.streams.concurrent.cursor import Cursor
from airbyte_cdk.sources.streams.concurrent.partitions.partition import Partition
from airbyte_cdk.sources.types import Record

from source_intercom.streams.owed import Owed
from source_intercom.streams.progress import Progress
from source_intercom.streams.state import to_second
from source_intercom.streams.windows import Window

STATE_INTERVAL: Final = 1.0
"""Least seconds between two state messages of a stream, the last one excepted."""


class CheckpointCursor(Cursor):
    """Emits `{name: second}` states, at most one a second and one at the end.

    :param name: the state's key
    :param second: the state that the read resumes from, None at the first read
    :param progress: once a partition has failed the state stays where it is, as others may not be read
    :param owed: what earlier reads did not get; a slice with the key `owed` reads a part of it again
    """

    def __init__(
        self,
        stream_name: str,
        name: str,
        second: int | None,
        messages: MessageRepository,
        progress: Progress,
        owed: Owed | None = None,
    ) -> None:
        self.owed = owed or Owed()
        self._stream_name = stream_name
        self._name = name
        self._second = second
        self._messages = messages
        self._progress = progress
        self._lock = threading.Lock()
        self._states = ConnectorStateManager()
        self._emitted = second
        self._emitted_at = 0.0

    @property
    def state(self) -> MutableMapping[str, Any]:
        """The state as of now; without a second while nothing is known to be complete."""
        return {**({} if self._second is None else {self._name: self._second}), **self.owed.state}

    def observe(self, record: Record) -> None:
        """Nothing: a state moves when partitions close."""

    def close_partition(self, partition: Partition) -> None:
        """Note that all records of the partition are on the queue, but for those that are owed."""
        self.close(partition.to_slice() or {})

    def close(self, stream_slice: Mapping[str, Any]) -> None:
        """Note the same of a slice, where its reading ends with an error."""
        with self._lock:
            if self._progress.failed:
                return
            if stream_slice.get("owed"):
                self._pay(stream_slice)
            else:
                self._close(stream_slice)
            self._advance_and_emit()

    def ensure_at_least_one_state_emitted(self) -> None:
        """The stream is done: emit its last state."""
        with self._lock:
            self._emit()

    def should_be_synced(self, record: Record) -> bool:
        """True: the streams filter their records themselves."""
        return True

    @abstractmethod
    def _close(self, stream_slice: Mapping[str, Any]) -> None: ...

    @abstractmethod
    def _pay(self, stream_slice: Mapping[str, Any]) -> None: ...

    @abstractmethod
    def _complete_second(self) -> int | None:
        """The latest second that may be promised, None if none can."""

    def _advance_and_emit(self) -> None:
        self._advance(self._complete_second())
        if self._second != self._emitted and time.monotonic() - self._emitted_at >= STATE_INTERVAL:
            self._emit()

    def _advance(self, second: int | None) -> None:
        if second is not None and (self._second is None or second > self._second):
            self._second = second

    def _emit(self) -> None:
        self._states.update_state_for_stream(self._stream_name, None, self.state)
        self._messages.emit_message(self._states.create_state_message(self._stream_name, None))
        self._emitted, self._emitted_at = self._second, time.monotonic()


@dataclass
class _Progress:
    latest: int | None = None
    closed: bool = False
    read_to: int | None = None
    """All records before this second are on the queue, although the window is not closed."""


class WindowCursor(CheckpointCursor):
    """State of a stream that is read in windows: the latest record of the windows closed without a gap."""

    def __init__(self, *arguments: Any) -> None:
        """Takes what `CheckpointCursor` takes."""
        super().__init__(*arguments)
        self._windows: dict[int, _Progress] = {}

    def opened(self, window: Window) -> None:
        """A window is about to be read; windows come in ascending order."""
        with self._lock:
            self._windows[window.start] = _Progress()

    def observe(self, record: Record) -> None:
        """Note the latest cursor value of the record's window; a later one promises nothing of what lies between."""
        second = to_second(record.data.get(self._name))
        stream_slice: Mapping[str, Any] = record.associated_slice or {}
        if second is None or second >= stream_slice["end"] or stream_slice.get("owed"):
            return
        progress = self._windows[stream_slice["start"]]
        if progress.latest is None or second > progress.latest:
            progress.latest = second

    def read_to(self, window: Window, second: int) -> None:
        """All records of an open window that come before a second are on the queue."""
        with self._lock:
            if not self._progress.failed:
                self._windows[window.start].read_to = second
                self._advance_and_emit()

    def _close(self, stream_slice: Mapping[str, Any]) -> None:
        self._windows[stream_slice["start"]].closed = True

    def _pay(self, stream_slice: Mapping[str, Any]) -> None:
        self.owed.pay(Window(stream_slice["start"], stream_slice["end"]))

    def _complete_second(self) -> int | None:
        latest = None
        for start, progress in list(self._windows.items()):
            if not progress.closed:
                return progress.read_to if progress.read_to is not None else latest
            latest = progress.latest if progress.latest is not None else latest
            del self._windows[start]
        return latest


class WatermarkCursor(CheckpointCursor):
    """State of a stream that reads the children of parents: the second up to which every parent is done."""

    def __init__(self, *arguments: Any) -> None:
        """Takes what `CheckpointCursor` takes."""
        super().__init__(*arguments)
        self._open: list[tuple[int, int]] = []
        self._walks: set[int] = set()
        self._done: set[int] = set()
        self._numbers = itertools.count()
        self._last: int | None = None

    def walking(self, second: int) -> int:
        """A search for parents last updated from `second` on begins: until its end nothing from there on is promised.

        Returns the number that ends it.
        """
        with self._lock:
            number = self._push(second)
            self._walks.add(number)
            return number

    def walked(self, number: int) -> None:
        """A search is at its end: all its parents are opened."""
        with self._lock:
            self._pop(number)
            self._advance(self._complete_second())

    def opened(self, second: int) -> int:
        """A parent last updated at `second` is about to be read.

        Returns the `number` that the parent's slice carries.
        """
        with self._lock:
            return self._push(second)

    def _push(self, second: int) -> int:
        number = next(self._numbers)
        heapq.heappush(self._open, (second, number))
        return number

    def _pop(self, number: int) -> None:
        self._done.add(number)
        while self._open and self._open[0][1] in self._done:
            second, number = heapq.heappop(self._open)
            self._done.remove(number)
            if number in self._walks:
                self._walks.remove(number)
            else:
                self._last = second

    def _close(self, stream_slice: Mapping[str, Any]) -> None:
        self._pop(stream_slice["number"])

    def _pay(self, stream_slice: Mapping[str, Any]) -> None:
        self.owed.pay(stream_slice["id"])

    def _complete_second(self) -> int | None:
        if self._open and self._open[0][1] not in self._walks:
            return self._open[0][0]
        return self._last
