from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from source_intercom.streams.windows import Window, halve, plan

ranges = st.tuples(st.integers(0, 2**31), st.integers(1, 2**31)).map(lambda pair: Window(pair[0], sum(pair)))
small_ranges = st.tuples(st.integers(0, 10**9), st.integers(0, 200)).map(lambda pair: Window(pair[0], sum(pair)))


def covers(windows: list[Window], whole: Window) -> bool:
    """Whether windows in ascending order cover the whole without gap or overlap."""
    return (windows[0].start, windows[-1].end) == whole and all(one.end == two.start for one, two in pairwise(windows))


@given(small_ranges, st.integers(0, 10**6), st.integers(1, 100), st.data())
def test_windows_cover_the_range_whatever_the_counts_say(
    whole: Window, total: int, largest: int, data: st.DataObject
) -> None:
    windows = list(plan(whole, total, largest, lambda _: data.draw(st.integers(0, 10**6)), halve))
    assert covers(windows, whole)
    assert all(window.start < window.end for window in windows) or windows == [whole]


@given(small_ranges, st.integers(0, 10**6), st.integers(1, 100), st.data())
def test_windows_cover_the_range_wherever_they_are_split(
    whole: Window, total: int, largest: int, data: st.DataObject
) -> None:
    def split(window: Window) -> int | None:
        inner = range(window.start + 1, window.end)
        return data.draw(st.sampled_from([None, *inner])) if inner else None

    windows = list(plan(whole, total, largest, lambda _: data.draw(st.integers(0, 10**6)), split))
    assert covers(windows, whole)


@given(ranges, st.lists(st.floats(0, 1, exclude_max=True), max_size=300), st.integers(1, 50))
def test_windows_hold_few_records_unless_they_are_a_single_second(
    whole: Window, places: list[float], largest: int
) -> None:
    records = [whole.start + int((whole.end - whole.start) * place) for place in places]

    def count(window: Window) -> int:
        return sum(window.start <= record < window.end for record in records)

    windows = list(plan(whole, len(records), largest, count, halve))
    assert covers(windows, whole)
    assert all(count(window) <= largest or window.end - window.start == 1 for window in windows)


def test_a_range_with_few_records_is_one_window_and_is_not_counted_again() -> None:
    def count(window: Window) -> int:
        pytest.fail("counted")

    assert list(plan(Window(0, 100), 10, 10, count, halve)) == [Window(0, 100)]


def test_only_later_halves_are_counted() -> None:
    counted: list[Window] = []

    def count(window: Window) -> int:
        counted.append(window)
        return 10

    assert list(plan(Window(0, 100), 20, 10, count, halve)) == [Window(0, 50), Window(50, 100)]
    assert counted == [Window(50, 100)]


def test_windows_are_planned_as_they_are_read() -> None:
    counted: list[Window] = []

    def count(window: Window) -> int:
        counted.append(window)
        return 1000

    first = next(plan(Window(0, 1024), 2000, 10, count, lambda window: None if window.start == 0 else halve(window)))
    assert first == Window(0, 1024)
    assert counted == []


def test_a_window_counted_as_empty_is_kept() -> None:
    assert list(plan(Window(0, 100), 20, 10, lambda _: 0, lambda w: halve(w) if w == (0, 100) else None)) == [
        Window(0, 50),
        Window(50, 100),
    ]


@given(ranges)
def test_halves_are_not_empty(window: Window) -> None:
    middle = halve(window)
    assert middle is None if window.end - window.start == 1 else window.start < (middle or 0) < window.end


@pytest.mark.parametrize("window", [Window(5, 5), Window(5, 6), Window(6, 5)])
def test_a_single_second_is_not_halved(window: Window) -> None:
    assert halve(window) is None
