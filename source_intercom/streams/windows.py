"""Cutting a range of time into windows that hold few enough records to be read side by side."""

from collections.abc import Callable, Iterable, Iterator
from math import isqrt
from typing import Final, NamedTuple

from source_intercom.api.search import Order

Look = Callable[["Window", Order], tuple[int, int | None]]
"""How many records a window holds, and the second of its first one in that order, if it is known."""

Split = Callable[["Window"], int | None]

Crowded = Callable[["Window", "Window"], Iterable["Window"]]

OPEN_END: Final = 4_102_444_800
"""The year 2100: the end of a window that has none."""


class Window(NamedTuple):
    """The records with start <= `updated_at` < end, in integer Unix seconds."""

    start: int
    end: int


def plan(whole: Window, total: int, largest: int, look: Look, split: Split, crowded: Crowded) -> Iterator[Window]:
    """Windows in ascending order that cover `whole` without gap or overlap.

    A window that holds more than `largest` records is cut at the second that `split` names, until there is none. Only
    what follows a cut is counted, what precedes it holds the rest; the counts are a plan, not a promise, so what
    changes meanwhile shifts sizes and never loses a second. Stretches without records, as before, between and after
    busy hours, are skipped in search of a cut: they cost two requests, however long they are.

    :param total: how many records `whole` holds
    :param crowded: makes windows of one that holds too many and has no cut; all its records are in the second argument
    """
    window, core = whole, whole
    while total > largest and (middle := split(core)) is not None:
        later = Window(middle, window.end)
        later_total, first = look(later, "ascending")
        if later_total <= 0:
            _, last = look(Window(window.start, middle), "descending")
            core = Window(core.start, min(middle, (last or core.start) + 1))
        elif later_total >= total:
            core = Window(max(middle, first or middle), core.end)
        else:
            yield from plan(Window(window.start, middle), total - later_total, largest, look, split, crowded)
            window, total = later, later_total
            core = Window(max(middle, first or middle), core.end)
    yield from crowded(window, core) if total > largest else (window,)


def window_size(total: int, page: int, largest: int) -> int:
    """Records that a window should hold at most, of `total` in pages of `page`.

    Windows are counted one after another and then read side by side, so that it is quickest to have as many windows
    as pages in each. From 100,000 records on, `largest` keeps what counting and half-filled pages add below a
    twentieth of the requests.
    """
    return largest if total >= 100_000 else min(largest, page * max(4, isqrt(total // page)))


def halve(window: Window) -> int | None:
    """The second in the middle of a window; None if the window is a single second."""
    middle = (window.start + window.end) // 2
    return middle if window.start < middle < window.end else None
