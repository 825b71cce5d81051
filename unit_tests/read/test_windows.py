from bisect import bisect_left
from collections.abc import Iterable
from functools import partial
from itertools import pairwise
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from source_intercom.api.search import MAX_PAGE_SIZE, Order
from source_intercom.read import windows as planning
from source_intercom.read.family import WINDOW_RECORDS
from source_intercom.read.windows import Window, middle, window_size

plan = partial(planning.plan, split_busy=lambda window, occupied: (window,))

ranges = st.tuples(st.integers(0, 2**31), st.integers(1, 2**31)).map(lambda pair: Window(pair[0], sum(pair)))
small_ranges = st.tuples(st.integers(0, 10**9), st.integers(0, 200)).map(lambda pair: Window(pair[0], sum(pair)))


def covers(windows: list[Window], whole: Window) -> bool:
    """Whether windows in ascending order cover the whole without gap or overlap."""
    return (windows[0].start, windows[-1].end) == whole and all(one.end == two.start for one, two in pairwise(windows))


class Records:
    """Times that can be looked at as a search's are; `counted` are the windows that were."""

    def __init__(self, seconds: Iterable[int]) -> None:
        self.seconds = sorted(seconds)
        self.counted: list[Window] = []

    def held(self, window: Window) -> list[int]:
        return self.seconds[bisect_left(self.seconds, window.start) : bisect_left(self.seconds, window.end)]

    def count(self, window: Window, order: Order) -> tuple[int, int | None]:
        self.counted.append(window)
        found = self.held(window)
        return len(found), (found[0] if order == "ascending" else found[-1]) if found else None


@given(small_ranges, st.integers(0, 10**6), st.integers(1, 100), st.data())
def test_windows_cover_the_range_whatever_the_search_says(
    whole: Window, total: int, largest: int, data: st.DataObject
) -> None:
    def count(window: Window, order: Order) -> tuple[int, int | None]:
        return data.draw(st.integers(0, 10**6)), data.draw(st.none() | st.integers(0, 2 * 10**9))

    windows = list(plan(whole, total, largest, count, middle))
    assert covers(windows, whole)
    assert all(window.start < window.end for window in windows) or windows == [whole]


@given(small_ranges, st.integers(0, 10**6), st.integers(1, 100), st.data())
def test_windows_cover_the_range_wherever_they_are_split(
    whole: Window, total: int, largest: int, data: st.DataObject
) -> None:
    def split(window: Window) -> int | None:
        inner = range(window.start + 1, window.end)
        return data.draw(st.sampled_from([None, *inner])) if inner else None

    def count(window: Window, order: Order) -> tuple[int, int | None]:
        return data.draw(st.integers(0, 10**6)), None

    assert covers(list(plan(whole, total, largest, count, split)), whole)


@given(ranges, st.lists(st.floats(0, 1, exclude_max=True), max_size=300), st.integers(1, 50))
def test_windows_hold_few_records_unless_they_are_a_single_second(
    whole: Window, places: list[float], largest: int
) -> None:
    records = Records(whole.start + int((whole.end - whole.start) * place) for place in places)
    windows = list(plan(whole, len(places), largest, records.count, middle))
    assert covers(windows, whole)
    for window in windows:
        held = records.held(window)
        assert len(held) <= largest or len(set(held)) == 1


def test_a_range_with_few_records_is_one_window_and_is_not_looked_at_again() -> None:
    records = Records(range(10))
    assert list(plan(Window(0, 100), 10, 10, records.count, middle)) == [Window(0, 100)]
    assert records.counted == []


def test_only_what_follows_a_cut_is_counted() -> None:
    records = Records(range(0, 100, 5))
    assert list(plan(Window(0, 100), 20, 10, records.count, middle)) == [Window(0, 50), Window(50, 100)]
    assert records.counted == [Window(50, 100)]


def test_windows_are_planned_as_they_are_read() -> None:
    records = Records(range(1024))
    first = next(
        plan(Window(0, 1024), 1024, 10, records.count, lambda window: middle(window) if window.start else None)
    )
    assert first == Window(0, 1024)
    assert records.counted == []


@pytest.mark.parametrize("records", [[*range(10), *range(2**30, 2**30 + 10)], [0] * 10 + [2**31 - 1] * 10])
def test_a_stretch_without_records_costs_two_looks_however_long_it_is(records: list[int]) -> None:
    several = Records(records)
    windows = list(plan(Window(0, 2**31), 20, 10, several.count, middle))
    assert covers(windows, Window(0, 2**31))
    assert [len(several.held(window)) for window in windows] == [10, 10]
    assert len(several.counted) <= 4


@given(ranges)
def test_middles_are_not_empty(window: Window) -> None:
    second = middle(window)
    assert second is None if window.end - window.start == 1 else window.start < (second or 0) < window.end


@pytest.mark.parametrize("window", [Window(5, 5), Window(5, 6), Window(6, 5)])
def test_a_single_second_has_no_middle(window: Window) -> None:
    assert middle(window) is None


YEAR = 365 * 86_400
NOW = 1_700_000_000


def busy(records: int, *spans: tuple[int, int]) -> list[int]:
    """Records that are spread evenly over spans of time, each with as many."""
    each = records // len(spans)
    return sorted(start + (end - start) * number // each for start, end in spans for number in range(each))


@pytest.mark.parametrize("size", [100_000, 250_000, 1_000_000])
@pytest.mark.parametrize(
    "spans",
    [
        [(NOW - 3 * YEAR, NOW)],
        [(NOW - 3 * YEAR, NOW), (NOW - 40 * 86_400, NOW - 39 * 86_400)],
        [(NOW - day * 86_400, NOW - day * 86_400 + 3_600) for day in (300, 200, 100)],
        [(NOW - 200 * 86_400, NOW - 200 * 86_400 + 60)],
    ],
    ids=["years of history", "a day of bulk import", "three busy hours", "a busy minute"],
)
def test_planning_costs_at_most_a_twentieth_of_the_requests(size: int, spans: list[tuple[int, int]]) -> None:
    records = Records(busy(size, *spans))
    largest = window_size(size, MAX_PAGE_SIZE, WINDOW_RECORDS)
    windows = list(plan(Window(NOW - 4 * YEAR, NOW), size, largest, records.count, middle))
    held = [len(records.held(window)) for window in windows]
    assert sum(held) == len(records.seconds)
    pages = sum(max(1, ceil(number / MAX_PAGE_SIZE)) for number in held)
    assert 1 + len(records.counted) + pages <= sum(held) / MAX_PAGE_SIZE * 1.05
