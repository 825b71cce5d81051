"""Streams of one family: what is found once is read for all of them.

Conversations, their tags and their parts are found by the same search. The family plans and reads it once; each
record found is asked by every member for its rows, and for the children that need requests of their own. Where
children wait, the next windows are searched meanwhile: a prefetch. Each sync begins a guard interval before its cursor.
"""

import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from threading import Condition
from typing import Any, Final

from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom.api.search import MAX_PAGE_SIZE
from source_intercom.read.checkpoints import OWED
from source_intercom.read.children import Child, Children
from source_intercom.read.finder import WHOLE, Finder
from source_intercom.read.member import Member, Owing, Read, Row, Task, owing_each
from source_intercom.read.open_window import OpenWindow
from source_intercom.read.owed import Owed
from source_intercom.read.rows import Record
from source_intercom.read.times import written
from source_intercom.read.windows import Window

WINDOW_RECORDS: Final = 75 * MAX_PAGE_SIZE
"""Records in a window at most, if it can be split: 75 pages."""

PARENT_RECORDS: Final = 5 * MAX_PAGE_SIZE
"""The same where children of the records wait in memory until they are read."""

PREFETCHED_WINDOWS: Final = 4
"""Windows that are searched for parents while the children of others are read: a page of one takes longer to come
than its 150 conversations take to be fetched when the rate limit is high."""

MOST_WAITING: Final = 10 * MAX_PAGE_SIZE
"""Parents whose children wait to be read at most, when others are looked for: as many as are read in three seconds
when the rate limit is high. Each takes a kilobyte, in each of a dozen families."""


class Family:
    """What one finder finds, for one or several streams.

    The first member leads: it plans the windows, and its partitions read them for all. When a window is read its rows
    are on the queue, whichever stream they are of, and the places of all members close. The others come to their ends
    when all windows are read, and so after their rows. Children that several members share are partitions of the first
    of those (read/children.py).

    `has_one_reader`  whether all tasks are read by the thread that takes them, so that none can wait for others
    """

    has_one_reader = False

    def __init__(self, finder: Finder, members: Sequence[Member], children: Sequence[Children] = ()) -> None:
        self.finder = finder
        self._members = members
        self._leader = members[0]
        self._children = children
        self._asks_each = any(each.source.asks_each for each in children)
        finder.is_followed = bool(children)
        self._writes = {member.name: write for member in members if (write := member.write)}
        self._changed = Condition()
        self._tasks: dict[str, deque[Task]] = {member.name: deque() for member in members}
        self._planned = self._plan()
        self._after_all: Window | None = None
        self._last: Window | None = None
        """The window to be read when all others are, once all others are planned."""
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
            if not member.partitions.failed and (rows := member.sequel()):
                yield self._task(member, {}, lambda: ((member.name, row) for row in rows))
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
        """Those are told for whom all records are; nobody knows how many are for the others."""
        earliest = min(self._starts.values())
        for member in self._members:
            if self._starts[member.name] == earliest:
                member.expect(total)
        self._say_price(total)

    def estimate_more(self, records: int) -> None:
        """All members are told: what is not counted is not found by time either."""
        for member in self._members:
            member.estimate_more(records)
        self._say_price(records)

    def _say_price(self, parents: int) -> None:
        for children in self._children:
            children.source.say_price(parents)

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
                if error := self._error_for(member):
                    raise error
                if self._is_lost(member):
                    return None
                if self._tasks[member.name]:
                    return self._tasks[member.name].popleft()
                if self._is_over(member):
                    return None
            self._open_next()

    def _is_ready(self, member: Member) -> bool:
        if self._tasks[member.name] or self._error_for(member) or self._is_over(member) or self._is_lost(member):
            return True
        return member is self._leader and self._may_open()

    def _is_over(self, member: Member) -> bool:
        """Whether all that a member waits for has been read."""
        awaited = any(each.open for each in self._led_by_others(member))
        return self._error is not None or (self._all_planned and not self._open and not awaited)

    def _led_by_others(self, member: Member) -> list[Children]:
        return [each for each in self._children if member in each.members and member is not each.leader]

    def _is_lost(self, member: Member) -> bool:
        """Whether nothing of a member is read any more; who leads reads on for the others."""
        led = self._members if member is self._leader else [member]
        of_children = [one for each in self._children if member is each.leader for one in each.members]
        return all(one.partitions.failed for one in (*led, *of_children))

    def _error_for(self, member: Member) -> Exception | None:
        """What happened to somebody else that keeps a member from its rows."""
        if self._error and member is not self._leader:
            return self._error
        return next((each.error for each in self._led_by_others(member) if each.error), None)

    def _may_open(self) -> bool:
        if self._all_planned or self._open >= self.finder.at_once:
            return False
        if self._last:
            # Else an older answer of a child might overtake a newer one.
            children = any(each.open and not each.is_lost for each in self._children)
            return not self._open and not children
        if self._asks_each and self._open >= PREFETCHED_WINDOWS:
            return False
        return sum(each.open for each in self._children if not each.is_lost) < MOST_WAITING

    def _open_next(self) -> None:
        try:
            window = self._last or next(self._planned, None)
        except Exception as error:
            self._fail(error)
            raise
        with self._changed:
            if window is not None:
                self._tasks[self._leader.name].append(self._window_task(window))
                self._all_planned = window is self._last
            elif self._after_all is None:
                self._all_planned = True
            else:
                self._last = self._after_all
            self._changed.notify_all()

    def _plan(self) -> Iterator[Window]:
        now = int(time.time()) + 1
        self._starts = {member.name: min(member.starts_at(now), now) for member in self._members}
        is_full = any(not member.keeps_state for member in self._members)
        whole = Window(min(self._starts.values()), now) if self.finder.cursor else WHOLE
        self._after_all = self.finder.begin(whole, is_full)
        yield from self.finder.plan(whole, PARENT_RECORDS if self._asks_each else WINDOW_RECORDS, self)

    def _window_task(self, window: Window) -> Task:
        opened = OpenWindow(window, self.finder, self._members, self._starts)
        self._open += 1
        return self._task(self._leader, window._asdict(), partial(self._read_window, opened))

    def _task(self, member: Member, stream_slice: Mapping[str, Any], rows: Read) -> Task:
        member.partitions.register()
        # Thousands of tasks may wait, and a function of its own would take as much memory as all else of one.
        return Task(stream_slice, partial(self._read_task, member, stream_slice, rows))

    # Reading, by any thread

    def _read_task(self, member: Member, stream_slice: Mapping[str, Any], rows: Read) -> Iterator[Row]:
        try:
            with member.partitions.partition():
                yield from written(rows(), self._writes) if self._writes else rows()
            member.end(stream_slice)
        finally:
            with self._changed:
                self._changed.notify_all()

    def _read_window(self, opened: OpenWindow) -> Iterator[Row]:
        def found(record: Record, second: int | None, members: Sequence[Member]) -> None:
            for children in self._children:
                if child := children.found(record, second, opened.window, members, self._starts):
                    self._add(children.leader, self._child(children, children.leader, child))

        with self._reading():
            if not all(member.partitions.failed for member in self._members):
                yield from opened.rows(self, found)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Around the reading of a window: its failure is that of all members."""
        try:
            yield
        except Exception as error:
            self._fail(error)
            raise
        finally:
            with self._changed:
                self._open -= 1
                self._changed.notify_all()

    def _child(self, children: Children, member: Member, child: Child) -> Task:
        """The reading of one parent's children, as a partition of a member."""
        with self._changed:
            children.open += 1
        return self._task(member, child.stream_slice, partial(self._read_child, children, child))

    def _read_child(self, children: Children, child: Child) -> Iterator[Row]:
        try:
            yield from children.read(child)
        finally:
            with self._changed:
                children.open -= 1

    def _add(self, member: Member, task: Task) -> None:
        with self._changed:
            self._tasks[member.name].append(task)
            self._changed.notify_all()
            self._changed.wait_for(self._has_room)

    def _has_room(self) -> bool:
        """Whether more children may wait: those of a list have no windows in which they come bit by bit."""
        may_wait = self.finder.at_once == 1 and not self.has_one_reader
        return not may_wait or all(each.is_lost or each.open < MOST_WAITING for each in self._children)

    def _fail(self, error: Exception) -> None:
        with self._changed:
            self._error = self._error or error
            self._changed.notify_all()

    # What is owed

    def _owed(self, member: Member) -> Iterator[Task]:
        """What earlier syncs did not get: children of parents, and windows in which not all was found.

        What several members owe is read once for all of them, as a partition of the first.
        """
        for children in self._children:
            for parent_id, owing in owing_each(children.members, Owed.ids).items():
                if member is owing[0]:
                    yield self._child(children, member, Child({"id": parent_id, OWED: True}, owing))
        for window, owing in owing_each(self._members, Owed.windows).items():
            if member is owing[0]:
                with self._changed:
                    self._open += 1
                stream_slice = {**window._asdict(), OWED: True}
                yield self._task(member, stream_slice, partial(self._read_owed, owing, window, stream_slice))

    def _read_owed(self, owing: list[Member], window: Window, stream_slice: Mapping[str, Any]) -> Iterator[Row]:
        with self._reading():
            for record in self.finder.records_in(window, Owing(owing)):
                yield from [(member.name, row) for member in owing for row in member.rows_of(record)]
                for children in self._children:
                    members = [member for member in children.members if member in owing]
                    child = children.source.child_of(record) if members else None
                    if child is not None:
                        for member in members:
                            member.checkpoints.owed.add(child["id"])
                        self._add(members[0], self._child(children, members[0], Child({**child, OWED: True}, members)))
            for member in owing[1:]:
                member.checkpoints.close(stream_slice)
