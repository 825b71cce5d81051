"""Cutting a range of time into windows that hold few enough records to be read side by side."""

from collections.abc import Callable, Iterator
from math import isqrt
from typing import Final, NamedTuple

Count = Callable[["Window"], int]
Split = Callable[["Window"], int | None]

OPEN_END: Final = 4_102_444_800
"""The year 2100: the end of a window that has none."""


class Window(NamedTuple):
    """The records with start <= `updated_at` < end, in integer Unix seconds."""

    start: int
    end: int


def plan(whole: Window, total: int, largest: int, count: Count, split: Split) -> Iterator[Window]:
    """Windows in ascending order that cover `whole` without gap or overlap.

    A window that holds more than `largest` records is split at the second that `split` names, until
    there is none. Only later halves are counted, earlier ones hold the rest; the counts are a plan, not
    a promise, so what changes meanwhile shifts sizes and never loses a second. Windows counted as empty
    are kept: a record may have moved in since.

    :param total: how many records `whole` holds
    """
    middle = split(whole) if total > largest else None
    if middle is None:
        yield whole
        return
    earlier, later = Window(whole.start, middle), Window(middle, whole.end)
    later_total = count(later)
    yield from plan(earlier, max(total - later_total, 0), largest, count, split)
    yield from plan(later, later_total, largest, count, split)


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
