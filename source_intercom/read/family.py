"""Streams of one family: what is found once is read for all of them.

Conversations, their tags and their parts are found by the same search. The family plans and reads it once; each
record found is asked by every member for its rows, and for the children that need requests of their own.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from threading import Condition
from typing import Any, ClassVar, Final, Protocol

from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom.api.search import INDEX_LAG_SECONDS, MAX_PAGE_SIZE
from source_intercom.read.checkpoints import OWED, PLACE, Checkpoints
from source_intercom.read.finder import WHOLE, Finder
from source_intercom.read.open_partitions import OpenPartitions
from source_intercom.read.rows import Record
from source_intercom.read.state import to_second
from source_intercom.read.windows import OPEN_END, Window

GUARD_SECONDS: Final = INDEX_LAG_SECONDS
"""Seconds before its cursor from which each sync reads again."""

WINDOW_RECORDS: Final = 75 * MAX_PAGE_SIZE
"""Records in a window at most, if it can be split: 75 pages."""

PARENT_RECORDS: Final = 10 * MAX_PAGE_SIZE
"""The same where children of the records wait in memory until they are read."""

WINDOWS_AHEAD: Final = 4
"""Windows that are searched for parents while the children of others are read: a page of one takes longer to come
than its 150 conversations take to be fetched when the rate limit is high."""

LONG_WINDOW: Final = 20_000
"""Records of a window after each of which the states may move, although the window is not read to its end."""

Row = tuple[str, Record]
"""The name of a stream, and a record of it."""


class Member(Protocol):
    """What a family has to know of a stream.

    `reads_children`  whether children of the records found take requests of their own
    """

    @property
    def name(self) -> str:
        """The stream's name."""
        ...

    reads_children: ClassVar[bool]
    keeps_state: bool
    checkpoints: Checkpoints
    partitions: OpenPartitions

    def starts_at(self, now: int) -> int:
        """The second from which on records are to be found."""
        ...

    def rows_of(self, found: Record) -> Iterable[Record]:
        """The rows that a record found makes by itself."""
        ...

    def child_of(self, found: Record) -> Mapping[str, Any] | None:
        """The slice by which the record's children are read, with its `id`; None where none are to be read."""
        ...

    def read_child(self, stream_slice: Mapping[str, Any]) -> Iterable[Record]:
        """The rows of a parent's children; of one that is owed the slice has nothing but the `id`."""
        ...

    def expect(self, total: int) -> None:
        """So many records are found, beside those of which this was said before."""
        ...

    def estimate_more(self, records: int) -> None:
        """So many will be found, although Intercom does not count them."""
        ...

    def leave_out_window(self, window: Window, count: int, reason: AirbyteTracedException) -> None:
        """So many records of a window are not delivered."""
        ...

    def end(self, stream_slice: Mapping[str, Any]) -> None:
        """A slice is read, or the last one made; what is the last of all says what was not delivered."""
        ...


@dataclass(frozen=True)
class Task:
    """Something to be read for a member: what is left of it is in the slice once it is read."""

    stream_slice: Mapping[str, Any]
    read: Callable[[], Iterator[Row]]


@dataclass
class _Window:
    """A window that is read for all members; those that go on from a later second have no place in it."""

    window: Window
    places: dict[str, int] = field(default_factory=dict)
    marks: list[tuple[Checkpoints, int]] = field(default_factory=list)
    """The places, each with the checkpoints that it is in."""


class Family:
    """What one finder finds, for one or several streams.

    The first member leads: it plans the windows, and its partitions read them. The others, once a window is read, get
    an empty partition each, so that their states and their ends come after the rows. Children are partitions of their
    own member.
    """

    def __init__(self, finder: Finder, members: Sequence[Member]) -> None:
        self.finder = finder
        """What finds the records."""
        self._members = members
        self._leader = members[0]
        self._parents = [member for member in members if member.reads_children]
        self._changed = Condition()
        self._tasks: dict[str, deque[Task]] = {member.name: deque() for member in members}
        self._windows: Iterator[Window] | None = None
        self._starts: dict[str, int] = {}
        self._open = 0
        self._all_planned = False
        self._error: Exception | None = None

    def tasks(self, member: Member) -> Iterator[Task]:
        """All that is to be read for a member; ends when the family's windows are read, or the member has failed."""
        with member.partitions.stream_failure():
            yield from self._owed(member)
            while (task := self._next(member)) is not None:
                yield task
        member.partitions.all_registered()
        member.end({})

    def stop(self) -> None:
        """The read is over."""
        for member in self._members:
            member.partitions.stop()
        with self._changed:
            self._changed.notify_all()

    # What finders tell

    def expect(self, total: int) -> None:
        """All members are told."""
        for member in self._members:
            member.expect(total)

    def estimate_more(self, records: int) -> None:
        """All members are told."""
        for member in self._members:
            member.estimate_more(records)

    def undelivered(self, window: Window, count: int, reason: AirbyteTracedException) -> None:
        """All members leave it out, and owe it if they keep a state."""
        for member in self._members:
            if window.end > self._starts.get(member.name, 0):
                member.leave_out_window(window, count, reason)

    # Planning, by the leader

    def _next(self, member: Member) -> Task | None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._is_ready(member))
                if self._error and member is not self._leader:
                    raise self._error
                if self._is_lost(member):
                    return None
                if self._tasks[member.name]:
                    return self._tasks[member.name].popleft()
                if self._is_over():
                    return None
            self._open_next()

    def _is_ready(self, member: Member) -> bool:
        may_go_on = self._is_over() or self._is_lost(member) or (member is self._leader and self._may_open())
        return may_go_on or bool(self._tasks[member.name])

    def _is_over(self) -> bool:
        return self._error is not None or (self._all_planned and not self._open)

    def _is_lost(self, member: Member) -> bool:
        """Whether nothing of a member is read any more; the leader reads on for the others."""
        if member is self._leader:
            return all(one.partitions.failed for one in self._members)
        return member.partitions.failed

    def _may_open(self) -> bool:
        if self._all_planned:
            return False
        waiting = sum(len(self._tasks[parent.name]) for parent in self._parents if not parent.partitions.failed)
        is_ahead = self._open >= WINDOWS_AHEAD or waiting >= WINDOWS_AHEAD * PARENT_RECORDS
        return not (self._parents and is_ahead)

    def _open_next(self) -> None:
        try:
            if self._windows is None:
                self._windows = self._planned()
            window = next(self._windows, None)
        except Exception as error:
            self._fail(error)
            raise
        with self._changed:
            if window is None:
                self._all_planned = True
            else:
                self._tasks[self._leader.name].append(self._opened(window))
            self._changed.notify_all()

    def _planned(self) -> Iterator[Window]:
        now = int(time.time()) + 1
        self._starts = {member.name: min(member.starts_at(now), now) for member in self._members}
        is_full = any(not member.keeps_state for member in self._members)
        whole = Window(min(self._starts.values()), now) if self.finder.cursor else WHOLE
        last = self.finder.begin(whole, is_full)
        largest = PARENT_RECORDS if self._parents else WINDOW_RECORDS
        yield from self.finder.plan(whole, largest, self)
        if last:
            # A record that changes while the others are read, or reaches the search late, is in none of them.
            with self._changed:
                self._changed.wait_for(lambda: not self._open or self._error is not None)
            yield last

    def _opened(self, window: Window) -> Task:
        opened = _Window(window)
        for member in self._members:
            if member.keeps_state and window.end > self._starts[member.name]:
                place = member.checkpoints.open(window.start)
                opened.places[member.name] = place
                opened.marks.append((member.checkpoints, place))
        self._open += 1
        self._leader.partitions.register()
        return Task(self._slice(opened, self._leader), lambda: self._read_window(opened))

    def _slice(self, opened: _Window, member: Member) -> Mapping[str, Any]:
        place = opened.places.get(member.name)
        return opened.window._asdict() | ({} if place is None else {PLACE: place})

    # Reading, by any thread

    def _read_window(self, opened: _Window) -> Iterator[Row]:
        with self._leader.partitions.partition():
            try:
                if not all(member.partitions.failed for member in self._members):
                    yield from self._rows_in(opened)
            except Exception as error:
                self._fail(error)
                raise
            finally:
                self._close(opened)
        self._leader.end(self._slice(opened, self._leader))

    def _rows_in(self, opened: _Window) -> Iterator[Row]:
        window = opened.window
        # What changes after the range's end belongs to the next sync of those that have one.
        members = [one for one in self._members if window.end != OPEN_END or not one.keeps_state]
        cursor = self.finder.cursor
        for number, found in enumerate(self.finder.records_in(window, self), 1):
            second = to_second(found.get(cursor)) if cursor else None
            rows: list[Row] = []
            for member in members:
                if second is None or second >= self._starts[member.name]:
                    rows += [(member.name, row) for row in member.rows_of(found)]
                    if member.reads_children:
                        self._open_child(member, opened, found, second)
            yield from rows
            if second is not None and second < window.end:
                for checkpoints, place in opened.marks:
                    checkpoints.note(place, second)
                if number % LONG_WINDOW == 0 and self.finder.may_promise_within(window):
                    self._reach(opened, second)

    def _reach(self, opened: _Window, second: int) -> None:
        """Move the states within a long window, such as a day on which all contacts were imported."""
        if second < int(time.time()) - GUARD_SECONDS:
            for checkpoints, place in opened.marks:
                checkpoints.reach(place, second)

    def _open_child(self, member: Member, opened: _Window, found: Record, second: int | None) -> None:
        child = None if member.partitions.failed else member.child_of(found)
        if child is None:
            return
        stream_slice = dict(child)
        if member.keeps_state:
            # One that stands before its time says nothing of the others between.
            own = second if second is not None and second < opened.window.end else opened.window.start
            stream_slice[PLACE] = member.checkpoints.open(own, is_record=True)
        self._add(member, self._child(member, stream_slice))

    def _child(self, member: Member, stream_slice: Mapping[str, Any]) -> Task:
        def read() -> Iterator[Row]:
            with member.partitions.partition():
                if not member.partitions.failed:
                    yield from [(member.name, row) for row in member.read_child(stream_slice)]
            member.end(stream_slice)

        member.partitions.register()
        return Task(stream_slice, read)

    def _close(self, opened: _Window) -> None:
        """A window is read: the leader's place closes with its partition, the others' with empty ones."""
        with self._changed:
            self._open -= 1
            for member in self._members:
                if member is not self._leader and member.name in opened.places and not self._error:
                    member.partitions.register()
                    self._tasks[member.name].append(self._nothing(member, self._slice(opened, member)))
            self._changed.notify_all()

    def _nothing(self, member: Member, stream_slice: Mapping[str, Any]) -> Task:
        def read() -> Iterator[Row]:
            with member.partitions.partition():
                yield from ()
            member.end(stream_slice)

        return Task(stream_slice, read)

    def _add(self, member: Member, task: Task) -> None:
        with self._changed:
            self._tasks[member.name].append(task)
            self._changed.notify_all()

    def _fail(self, error: Exception) -> None:
        with self._changed:
            self._error = self._error or error
            self._changed.notify_all()

    # What is owed

    def _owed(self, member: Member) -> Iterator[Task]:
        """What earlier syncs did not get: children of parents, and windows in which not all was found."""
        owed = member.checkpoints.owed
        for parent_id in owed.ids():
            yield self._child(member, {"id": parent_id, OWED: True})
        for window in owed.windows():
            with self._changed:
                self._open += 1
            member.partitions.register()
            stream_slice = {**window._asdict(), OWED: True}
            yield Task(stream_slice, partial(self._read_owed, member, window, stream_slice))

    def _read_owed(self, member: Member, window: Window, stream_slice: Mapping[str, Any]) -> Iterator[Row]:
        with member.partitions.partition():
            try:
                for found in self.finder.records_in(window, _Alone(member)):
                    yield from [(member.name, row) for row in member.rows_of(found)]
                    child = member.child_of(found) if member.reads_children else None
                    if child is not None:
                        member.checkpoints.owed.add(child["id"])
                        self._add(member, self._child(member, {**child, OWED: True}))
            finally:
                with self._changed:
                    self._open -= 1
                    self._changed.notify_all()
        member.end(stream_slice)


class _Alone:
    """The audience of a window that one member owes: nothing of it was counted."""

    def __init__(self, member: Member) -> None:
        self._member = member

    def expect(self, total: int) -> None:
        pass

    def estimate_more(self, records: int) -> None:
        pass

    def undelivered(self, window: Window, count: int, reason: AirbyteTracedException) -> None:
        self._member.leave_out_window(window, count, reason)
