"""Cutting a range of time into windows of few enough records to be read side by side: a binary split by counts."""

from collections.abc import Callable, Iterable, Iterator
from math import isqrt
from typing import Final, NamedTuple

from source_intercom.api.search import INDEX_LAG_SECONDS, Order

Count = Callable[["Window", Order], tuple[int, int | None]]
"""How many records a window holds, and the second of its first one in that order, if it is known."""

Split = Callable[["Window"], int | None]

SplitBusy = Callable[["Window", "Window"], Iterable["Window"]]

GUARD_SECONDS: Final = INDEX_LAG_SECONDS
"""Seconds before its cursor from which each sync reads again."""

OPEN_END: Final = 4_102_444_800
"""The year 2100: the end of a window that has none."""


class Window(NamedTuple):
    """The records with start <= `updated_at` < end, in integer Unix seconds."""

    start: int
    end: int


def plan(
    whole: Window, total: int, largest: int, count: Count, split: Split, split_busy: SplitBusy
) -> Iterator[Window]:
    """Windows in ascending order that cover `whole` without gap or overlap.

    A window that holds more than `largest` records is cut at the second that `split` names, until there is none. Only
    what follows a cut is counted, what precedes it holds the rest; the counts are a plan, not a promise, so what
    changes meanwhile shifts sizes and never loses a second. Stretches without records, as before, between and after
    busy hours, are skipped in search of a cut: they cost two requests, however long they are.

    :param total: how many records `whole` holds
    :param split_busy: makes windows of one that holds too many and has no cut; all its records are in the second
        argument
    """
    window, occupied = whole, whole
    while total > largest and (cut := split(occupied)) is not None:
        later = Window(cut, window.end)
        later_total, first = count(later, "ascending")
        if later_total <= 0:
            _, last = count(Window(window.start, cut), "descending")
            occupied = Window(occupied.start, min(cut, (last or occupied.start) + 1))
        elif later_total >= total:
            occupied = Window(max(cut, first or cut), occupied.end)
        else:
            yield from plan(Window(window.start, cut), total - later_total, largest, count, split, split_busy)
            window, total = later, later_total
            occupied = Window(max(cut, first or cut), occupied.end)
    yield from split_busy(window, occupied) if total > largest else (window,)


def window_size(total: int, page: int, largest: int) -> int:
    """Records that a window should hold at most, of `total` in pages of `page`.

    Windows are counted one after another and then read side by side, so that it is quickest to have as many windows
    as pages in each. From 100,000 records on, `largest` keeps what counting and half-filled pages add below a
    twentieth of the requests.
    """
    return largest if total >= 100_000 else min(largest, page * max(4, isqrt(total // page)))


def middle(window: Window) -> int | None:
    """The second in the middle of a window; None if the window is a single second."""
    second = (window.start + window.end) // 2
    return second if window.start < second < window.end else None
