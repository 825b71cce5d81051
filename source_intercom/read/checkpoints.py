"""What the state messages of an incremental stream promise: a watermark.

The invariant: a state of second S is only emitted when every record before S, and every record of the windows or
parents that S stands for, has been put on the queue to stdout ahead of it, but for what the state names as owed.
Messages and records share one queue, so what a state covers is printed before the state. S comes from records, never
from the clock, does not go back, and the next read begins with S itself, less the guard interval.
"""

import heapq
import threading
import time
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final

from airbyte_cdk.sources.connector_state_manager import ConnectorStateManager
from airbyte_cdk.sources.message import MessageRepository
from airbyte_cdk.sources.streams.concurrent.cursor import Cursor
from airbyte_cdk.sources.streams.concurrent.partitions.partition import Partition
from airbyte_cdk.sources.types import Record

from source_intercom.read.open_partitions import OpenPartitions
from source_intercom.read.owed import Owed
from source_intercom.read.windows import Window

STATE_INTERVAL: Final = 1.0
"""Least seconds between two state messages of a stream, the last one excepted."""

PLACE: Final = "place"
OWED: Final = "owed"
"""Keys of a slice: the place that its reading closes, and that it reads again what earlier reads did not get."""


@dataclass(order=True, slots=True)
class _Place:
    """Something open: nothing that comes at or after `second` is promised.

    `latest` is the last record that was seen of it, None before the first; `is_record` whether `second` is the time of
    a record before which all is done, so that a state may name it.
    """

    second: int
    number: int
    is_record: bool = field(compare=False)
    latest: int | None = field(default=None, compare=False)
    is_closed: bool = field(default=False, compare=False)


class Checkpoints(Cursor):
    """Emits `{name: second}` states, at most one a second and one at the end.

    A place is opened for each window that is searched, and for each parent whose children are read by themselves;
    those of a window are opened before the window is closed. The second of a state is the latest up to which
    everything is closed.

    :param name: the state's key
    :param second: the state that the read resumes from, None at the first read
    :param partitions: once one has failed the state stays where it is, as others may not be read
    :param owed: what earlier reads did not get
    """

    def __init__(
        self,
        stream_name: str,
        name: str,
        second: int | None,
        messages: MessageRepository,
        partitions: OpenPartitions,
        owed: Owed | None = None,
    ) -> None:
        self.owed = owed or Owed()
        self.beside: dict[str, Any] = {}
        """What a state says besides: how far rows came that no place is for."""
        self._stream_name = stream_name
        self._name = name
        self._second = second
        self._messages = messages
        self._partitions = partitions
        self._lock = threading.Lock()
        self._states = ConnectorStateManager()
        self._emitted = second
        self._emitted_at = 0.0
        self._open: list[_Place] = []
        self._places: dict[int, _Place] = {}
        self._number = 0
        self._last: int | None = None

    # What the CDK asks for

    @property
    def state(self) -> MutableMapping[str, Any]:
        """The state as of now; without a second while nothing is known to be complete."""
        second = {} if self._second is None else {self._name: self._second}
        return {**second, **self.beside, **self.owed.state}

    def observe(self, record: Record) -> None:
        """Nothing: a state moves when places close."""

    def close_partition(self, partition: Partition) -> None:
        """Note that all records of the partition are on the queue, but for those that are owed."""
        self.close(partition.to_slice() or {})

    def ensure_at_least_one_state_emitted(self) -> None:
        """The stream is done: emit its last state."""
        with self._lock:
            self._emit()

    def should_be_synced(self, record: Record) -> bool:
        """True: the streams filter their records themselves."""
        return True

    # What reading tells

    def open(self, second: int, is_record: bool = False) -> int:
        """From a second on nothing is promised until the place that is returned is closed.

        :param is_record: whether it is that of a record, and all others before it are open or closed
        """
        with self._lock:
            self._number += 1
            self._push(_Place(second, self._number, is_record, second if is_record else None))
            return self._number

    def note(self, place: int, second: int) -> None:
        """A record of an open place is on the queue, or its own place is open."""
        open_place = self._places[place]
        if open_place.latest is None or second > open_place.latest:
            open_place.latest = second

    def reach(self, place: int, second: int) -> None:
        """All records of an open place that come before one of this second are on the queue, or open themselves."""
        with self._lock:
            open_place = self._places[place]
            if not self._partitions.failed and second > open_place.second:
                open_place.is_closed, latest = True, open_place.latest
                self._push(_Place(second, place, True, latest))
                self._advance_and_emit()

    def close(self, stream_slice: Mapping[str, Any]) -> None:
        """A slice is read: all its records are on the queue, but for those that are owed."""
        with self._lock:
            if self._partitions.failed:
                return
            if stream_slice.get(OWED):
                self._pay(stream_slice)
            elif PLACE in stream_slice:
                self._places.pop(stream_slice[PLACE]).is_closed = True
            self._advance_and_emit()

    def _push(self, place: _Place) -> None:
        self._places[place.number] = place
        heapq.heappush(self._open, place)

    def _pay(self, stream_slice: Mapping[str, Any]) -> None:
        if "id" in stream_slice:
            self.owed.pay(stream_slice["id"])
        else:
            self.owed.pay(Window(stream_slice["start"], stream_slice["end"]))

    def _complete_second(self) -> int | None:
        """The latest second that may be promised, None if none can."""
        while self._open and self._open[0].is_closed:
            place = heapq.heappop(self._open)
            if place.latest is not None and place.number not in self._places:
                self._last = max(place.latest, self._last or place.latest)
        if not self._open or self._last is None:
            return self._open[0].second if self._open and self._open[0].is_record else self._last
        return self._open[0].second if self._open[0].is_record else min(self._last, self._open[0].second)

    def _advance_and_emit(self) -> None:
        second = self._complete_second()
        if second is not None and (self._second is None or second > self._second):
            self._second = second
        if self._second != self._emitted and time.monotonic() - self._emitted_at >= STATE_INTERVAL:
            self._emit()

    def _emit(self) -> None:
        self._states.update_state_for_stream(self._stream_name, None, self.state)
        self._messages.emit_message(self._states.create_state_message(self._stream_name, None))
        self._emitted, self._emitted_at = self._second, time.monotonic()
