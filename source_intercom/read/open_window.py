"""A window of a family's while it is read: the rows of all members, and what their states may promise meanwhile."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from source_intercom.read.checkpoints import PLACE
from source_intercom.read.finder import Audience, Finder
from source_intercom.read.member import Member, Row
from source_intercom.read.rows import Record
from source_intercom.read.state import to_second
from source_intercom.read.windows import GUARD_SECONDS, OPEN_END, Window

LONG_WINDOW: Final = 20_000
"""Records of a window after each of which the states may move, although the window is not read to its end."""

Found = Callable[[Record, int | None, Sequence[Member]], None]
"""Told a record, its time if it was found by time, and the members that are concerned."""


class OpenWindow:
    """Those members have a place in it that keep a state and do not go on from a later second.

    What is not found by time has a place, too: rows of a parent that is found last may be older than all that came.

    :param starts: the second from which on records are found for each member
    """

    def __init__(self, window: Window, finder: Finder, members: Sequence[Member], starts: Mapping[str, int]) -> None:
        self.window = window
        self._finder = finder
        self._starts = starts
        # What changes after the range's end belongs to the next sync of those that have one.
        is_after_all = bool(finder.cursor) and window.end == OPEN_END
        self._members = [member for member in members if not (is_after_all and member.keeps_state)]
        self._places = [
            (member.checkpoints, member.checkpoints.open(window.start if finder.cursor else starts[member.name]))
            for member in members
            if member.keeps_state and (not finder.cursor or starts[member.name] < window.end < OPEN_END)
        ]

    def rows(self, audience: Audience, found: Found) -> Iterator[Row]:
        """The rows; when all are taken the places are closed."""
        cursor = self._finder.cursor
        for number, record in enumerate(self._finder.records_in(self.window, audience), 1):
            second = to_second(record.get(cursor)) if cursor else None
            members = [one for one in self._members if second is None or second >= self._starts[one.name]]
            rows: list[Row] = []
            for member in members:
                rows += [(member.name, row) for row in member.rows_of(record)]
            found(record, second, members)
            yield from rows
            if second is not None and second < self.window.end:
                self._note(number, second)
        for checkpoints, place in self._places:
            checkpoints.close({PLACE: place})

    def _note(self, number: int, second: int) -> None:
        for checkpoints, place in self._places:
            checkpoints.note(place, second)
        if number % LONG_WINDOW == 0 and self._finder.may_promise_within(self.window):
            self._reach(second)

    def _reach(self, second: int) -> None:
        """Move the states within a long window, such as a day on which all contacts were imported."""
        if second < int(time.time()) - GUARD_SECONDS:
            for checkpoints, place in self._places:
                checkpoints.reach(place, second)
