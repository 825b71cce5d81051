"""States promise nothing that is not done, whatever the order in which windows and parents are."""

from hypothesis import given
from hypothesis import strategies as st

from source_intercom.read.windows import Window
from unit_tests.read.checkpoints import RESUMED, Clock, Made, close, second_of


@st.composite
def filled_windows(draw: st.DrawFn) -> list[tuple[Window, list[int]]]:
    """Adjacent windows with the seconds of the records in them."""
    windows, start = [], 0
    for length in draw(st.lists(st.integers(1, 20), min_size=1, max_size=8)):
        window = Window(start, start + length)
        windows.append((window, sorted(draw(st.lists(st.integers(start, start + length - 1), max_size=5)))))
        start += length
    return windows


@given(filled_windows(), RESUMED, st.data())
def test_no_state_passes_a_window_that_is_not_read(
    windows: list[tuple[Window, list[int]]], resumed: int | None, data: st.DataObject
) -> None:
    made = Made()
    checkpoints = made.checkpoints(resumed)
    to_open, closed = list(windows), []
    opened: list[tuple[Window, list[int], int]] = []
    seen = [resumed]
    while to_open or opened:
        if to_open and (not opened or data.draw(st.booleans())):
            window, seconds = to_open.pop(0)
            opened.append((window, seconds, checkpoints.open(window.start)))
        else:
            window, seconds, place = opened.pop(data.draw(st.integers(0, len(opened) - 1)))
            for second in seconds:
                checkpoints.note(place, second)
            close(checkpoints, place)
            closed.append(window)
        now = second_of(checkpoints)
        seen.append(now)
        incomplete = [second for window, seconds in windows if window not in closed for second in seconds]
        if now != resumed:
            assert now is not None
            assert all(second >= now for second in incomplete)
    known = [second for second in seen if second is not None]
    assert known == sorted(known)
    everything = [second for _, seconds in windows for second in seconds]
    assert second_of(checkpoints) == max([*everything, *([] if resumed is None else [resumed])], default=None)
    checkpoints.ensure_at_least_one_state_emitted()
    emitted = made.emitted()
    assert emitted[-1] == second_of(checkpoints)
    assert set(emitted) <= {None, *known}


@given(filled_windows(), RESUMED, st.data())
def test_no_state_passes_a_parent_whose_children_are_not_read(
    windows: list[tuple[Window, list[int]]], resumed: int | None, data: st.DataObject
) -> None:
    """Windows are searched side by side, their parents open as they are found, and close in any order."""
    made = Made()
    checkpoints = made.checkpoints(resumed)
    searched = [(window, list(seconds), checkpoints.open(window.start)) for window, seconds in windows]
    unfound = [second for _, seconds in windows for second in seconds]
    opened: list[tuple[int, int]] = []
    seen = [resumed]
    while searched or opened:
        before = second_of(checkpoints)
        if searched and (not opened or data.draw(st.booleans())):
            window, seconds, place = searched[data.draw(st.integers(0, len(searched) - 1))]
            if seconds:
                second = seconds.pop(0)
                opened.append((second, checkpoints.open(second, is_record=True)))
                checkpoints.note(place, second)
                unfound.remove(second)
            else:
                searched.remove((window, seconds, place))
                close(checkpoints, place)
        else:
            close(checkpoints, opened.pop(data.draw(st.integers(0, len(opened) - 1)))[1])
        now = second_of(checkpoints)
        seen.append(now)
        if now != before:
            assert now is not None
            assert all(second >= now for second in (*unfound, *(second for second, _ in opened)))
    known = [second for second in seen if second is not None]
    assert known == sorted(known)
    everything = [second for _, seconds in windows for second in seconds]
    assert second_of(checkpoints) == max([*everything, *([] if resumed is None else [resumed])], default=None)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=20).map(sorted), st.data())
def test_no_state_passes_what_is_open_within_a_long_window(seconds: list[int], data: st.DataObject) -> None:
    made = Made()
    checkpoints = made.checkpoints()
    place = checkpoints.open(0)
    children: list[tuple[int, int]] = []
    for number, second in enumerate(seconds):
        if data.draw(st.booleans()):
            children.append((second, checkpoints.open(second, is_record=True)))
        checkpoints.note(place, second)
        if data.draw(st.booleans()):
            checkpoints.reach(place, second)
        if data.draw(st.booleans()) and children:
            close(checkpoints, children.pop(data.draw(st.integers(0, len(children) - 1)))[1])
        now = second_of(checkpoints)
        assert now is None or all(now <= later for later in (*seconds[number:], *(each for each, _ in children)))
    close(checkpoints, place)
    for _, child in children:
        close(checkpoints, child)
    assert second_of(checkpoints) == seconds[-1]


def test_a_later_window_that_is_done_first_moves_nothing(made: Made) -> None:
    checkpoints = made.checkpoints()
    first, second = checkpoints.open(0), checkpoints.open(10)
    checkpoints.note(first, 9)
    checkpoints.note(second, 19)
    close(checkpoints, second)
    assert checkpoints.state == {}
    close(checkpoints, first)
    assert checkpoints.state == {"updated_at": 19}


def test_an_empty_window_moves_nothing(made: Made) -> None:
    checkpoints = made.checkpoints(5)
    close(checkpoints, checkpoints.open(0))
    assert checkpoints.state == {"updated_at": 5}


def test_a_state_never_goes_back_into_the_guard_interval(made: Made) -> None:
    checkpoints = made.checkpoints(500)
    place = checkpoints.open(0)
    checkpoints.note(place, 400)
    close(checkpoints, place)
    assert checkpoints.state == {"updated_at": 500}


def test_a_state_comes_from_records_and_not_from_the_clock(made: Made, clock: Clock) -> None:
    clock.second = 10**9
    checkpoints = made.checkpoints()
    place = checkpoints.open(0)
    checkpoints.note(place, 7)
    close(checkpoints, place)
    assert checkpoints.state == {"updated_at": 7}


def test_a_state_waits_for_the_earliest_parent_and_names_it(made: Made) -> None:
    checkpoints = made.checkpoints()
    first, second, third = (checkpoints.open(at, is_record=True) for at in (100, 200, 300))
    close(checkpoints, third)
    assert checkpoints.state == {"updated_at": 100}  # inclusive: 100 is read again
    close(checkpoints, first)
    assert checkpoints.state == {"updated_at": 200}
    close(checkpoints, second)
    assert checkpoints.state == {"updated_at": 300}


def test_parents_of_one_second_are_told_apart(made: Made) -> None:
    checkpoints = made.checkpoints()
    first, second = (checkpoints.open(100, is_record=True) for _ in range(2))
    third = checkpoints.open(200, is_record=True)
    assert len({first, second, third}) == 3
    close(checkpoints, second)
    close(checkpoints, third)
    assert checkpoints.state == {"updated_at": 100}


def test_what_is_closed_is_forgotten(made: Made) -> None:
    checkpoints = made.checkpoints()
    window = checkpoints.open(0)
    for place in [checkpoints.open(second, is_record=True) for second in range(1000)]:
        close(checkpoints, place)
    close(checkpoints, window)
    assert not checkpoints._open
    assert not checkpoints._places


def test_a_window_that_is_searched_again_may_find_older_parents(made: Made) -> None:
    checkpoints = made.checkpoints()
    before = checkpoints.open(0)
    done = checkpoints.open(90, is_record=True)
    close(checkpoints, before)
    window = checkpoints.open(100)
    first = checkpoints.open(200, is_record=True)
    close(checkpoints, done)
    close(checkpoints, first)
    assert checkpoints.state == {"updated_at": 90}
    second = checkpoints.open(150, is_record=True)
    close(checkpoints, window)
    assert checkpoints.state == {"updated_at": 150}
    close(checkpoints, second)
    assert checkpoints.state == {"updated_at": 200}


def test_windows_found_ahead_wait_for_those_before_them(made: Made) -> None:
    checkpoints = made.checkpoints()
    windows = [checkpoints.open(start) for start in (0, 100, 200)]
    later = checkpoints.open(250, is_record=True)
    close(checkpoints, windows[2])
    close(checkpoints, later)
    assert checkpoints.state == {}
    close(checkpoints, windows[1])
    assert checkpoints.state == {}
    close(checkpoints, windows[0])
    assert checkpoints.state == {"updated_at": 250}


def test_a_window_in_which_nothing_is_found_promises_nothing(made: Made) -> None:
    checkpoints = made.checkpoints(70)
    close(checkpoints, checkpoints.open(100))
    checkpoints.ensure_at_least_one_state_emitted()
    assert made.emitted()[-1] == 70
