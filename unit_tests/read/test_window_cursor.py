import pytest
from hypothesis import given
from hypothesis import strategies as st

from source_intercom.read.windows import Window
from unit_tests.streams.cursors import RESUMED, Clock, Made, close, observe, second_of


@st.composite
def filled_windows(draw: st.DrawFn) -> list[tuple[Window, list[int]]]:
    """Adjacent windows with the seconds of the records in them."""
    windows, start = [], 0
    for length in draw(st.lists(st.integers(1, 20), min_size=1, max_size=8)):
        window = Window(start, start + length)
        windows.append((window, draw(st.lists(st.integers(start, start + length - 1), max_size=5))))
        start += length
    return windows


@given(filled_windows(), RESUMED, st.data())
def test_window_state_never_passes_what_is_complete(
    windows: list[tuple[Window, list[int]]], resumed: int | None, data: st.DataObject
) -> None:
    made = Made()
    cursor = made.windows(resumed)
    to_open, closed = list(windows), []
    opened: list[tuple[Window, list[int]]] = []
    seen = [resumed]
    while to_open or opened:
        if to_open and (not opened or data.draw(st.booleans())):
            cursor.opened(to_open[0][0])
            opened.append(to_open.pop(0))
        else:
            window, seconds = opened.pop(data.draw(st.integers(0, len(opened) - 1)))
            for second in seconds:
                observe(cursor, window, second)
            close(cursor, window._asdict())
            closed.append(window)
        now = second_of(cursor)
        seen.append(now)
        incomplete = [second for window, seconds in windows if window not in closed for second in seconds]
        if now != resumed:
            assert now is not None
            assert all(second >= now for second in incomplete)
    known = [second for second in seen if second is not None]
    assert known == sorted(known)
    everything = [second for _, seconds in windows for second in seconds]
    assert second_of(cursor) == max([*everything, *([] if resumed is None else [resumed])], default=None)
    cursor.ensure_at_least_one_state_emitted()
    emitted = made.emitted()
    assert emitted[-1] == second_of(cursor)
    assert set(emitted) <= {None, *known}


def test_a_later_window_that_is_done_first_moves_nothing(made: Made) -> None:
    cursor = made.windows()
    for window in (Window(0, 10), Window(10, 20)):
        cursor.opened(window)
        observe(cursor, window, window.end - 1)
    close(cursor, Window(10, 20)._asdict())
    assert cursor.state == {}
    close(cursor, Window(0, 10)._asdict())
    assert cursor.state == {"updated_at": 19}


def test_an_empty_window_moves_nothing(made: Made) -> None:
    cursor = made.windows(5)
    cursor.opened(Window(0, 100))
    close(cursor, Window(0, 100)._asdict())
    assert cursor.state == {"updated_at": 5}


def test_state_never_goes_back_into_the_guard_interval(made: Made) -> None:
    cursor = made.windows(500)
    cursor.opened(Window(0, 1000))
    observe(cursor, Window(0, 1000), 400)
    close(cursor, Window(0, 1000)._asdict())
    assert cursor.state == {"updated_at": 500}


@pytest.mark.parametrize("second", [None, "yesterday", "", []])
def test_a_record_without_a_time_moves_nothing(second: object, made: Made) -> None:
    cursor = made.windows()
    cursor.opened(Window(0, 10))
    observe(cursor, Window(0, 10), 3)
    observe(cursor, Window(0, 10), second)
    close(cursor, Window(0, 10)._asdict())
    assert cursor.state == {"updated_at": 3}


def test_state_comes_from_records_and_not_from_the_clock(made: Made, clock: Clock) -> None:
    clock.second = 10**9
    cursor = made.windows()
    cursor.opened(Window(0, 10**9))
    observe(cursor, Window(0, 10**9), 7)
    close(cursor, Window(0, 10**9)._asdict())
    assert cursor.state == {"updated_at": 7}
