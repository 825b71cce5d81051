"""What a search makes of dates: which bounds find a window, where it can be cut, and in which order it is read."""

from collections.abc import Callable, Iterable
from datetime import tzinfo
from itertools import pairwise, starmap
from typing import Protocol

from source_intercom.api.search import Order, day_bounds, second_bounds, start_of_day
from source_intercom.read.windows import OPEN_END, Count, Window, middle


class Dates(Protocol):
    """How a search matches `updated_at` (API notes 2.1).

    `prefetches`  whether a long range is worth counting in parts while its first page comes
    """

    prefetches: bool

    def bounds(self, window: Window) -> tuple[int, int]:
        """Values for `>` and `<` with which the search finds the window's records, and maybe others."""
        ...

    def split(self, window: Window) -> int | None:
        """Where a window that holds too many records is cut; None where it cannot be."""
        ...

    def split_busy(self, window: Window, occupied: Window, count: Count) -> Iterable[Window]:
        """What becomes of a window that holds too many records, all of them in `occupied`, and cannot be cut."""
        ...

    def order(self, window: Window) -> Order:
        """In which order a window is read."""
        ...


class Seconds:
    """Dates are exact: conversations and tickets."""

    prefetches = False

    def bounds(self, window: Window) -> tuple[int, int]:
        """The window's own."""
        return second_bounds(*window)

    def split(self, window: Window) -> int | None:
        """The middle."""
        return middle(window)

    def split_busy(self, window: Window, occupied: Window, count: Count) -> Iterable[Window]:
        """A second that is busy is read as it is."""
        return (window,)

    def order(self, window: Window) -> Order:
        """Oldest first."""
        return "ascending"


class WorkspaceDays:
    """Dates are whole days of the workspace's zone: contacts, on API versions up to 2.16.

    A window may begin within a day; read newest first, it ends at the first record that is older, so that the day's
    earlier contacts are not read again with every sync.

    :param zone: the workspace's zone, None where it is unknown; asked for when it is needed
    """

    # Contacts wait for the workspace's zone first and are many: they are what a small workspace waits for.
    prefetches = True

    def __init__(self, zone: Callable[[], tzinfo | None]) -> None:
        self._zone = zone

    def bounds(self, window: Window) -> tuple[int, int]:
        """Values that find the window under both date semantics."""
        return day_bounds(*window, self._zone())

    def split(self, window: Window) -> int | None:
        """The start of the day in the window's middle, or of the day after its start."""
        zone = self._zone()
        half = middle(window)
        if zone is None or half is None:
            return None
        for second in (half, window.end - 1):
            day = start_of_day(second, zone)
            if window.start < day < window.end:
                return day
        return None

    def split_busy(self, window: Window, occupied: Window, count: Count) -> Iterable[Window]:
        """A busy day, which no search can cut, is read from both ends, unless one of them is out of the window."""
        zone = self._zone()
        if zone is None or (day := start_of_day(occupied.start, zone)) < window.start:
            return (window,)
        _, first = count(occupied, "ascending")
        _, last = count(occupied, "descending")
        half = middle(Window(max(first or 0, occupied.start), min((last or 0) + 1, occupied.end)))
        if half is None:
            return (window,)
        cuts = [window.start, *([day] if day > window.start else []), half, window.end]
        return starmap(Window, pairwise(cuts))

    def order(self, window: Window) -> Order:
        """Newest first where the window begins within a day and ends."""
        zone = self._zone()
        is_aligned = zone is not None and window.start == start_of_day(window.start, zone)
        return "ascending" if is_aligned or window.end == OPEN_END else "descending"
