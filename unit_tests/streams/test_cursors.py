from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from airbyte_cdk.sources.message import InMemoryMessageRepository
from airbyte_cdk.sources.streams.concurrent.partitions.partition import Partition
from airbyte_cdk.sources.types import Record, StreamSlice
from hypothesis import given
from hypothesis import strategies as st

from source_intercom.streams import cursors as module
from source_intercom.streams.cursors import CheckpointCursor, WatermarkCursor, WindowCursor
from source_intercom.streams.progress import Progress
from source_intercom.streams.windows import Window
from unit_tests.builders import states

RESUMED = st.none() | st.integers(0, 120)


@dataclass
class Done(Partition):
    """A partition that has been read."""

    stream_slice: Mapping[str, Any]

    def read(self) -> Iterable[Record]:
        return []

    def to_slice(self) -> Mapping[str, Any]:
        return self.stream_slice

    def stream_name(self) -> str:
        return "contacts"

    def __hash__(self) -> int:
        return id(self)


@dataclass
class Clock:
    """The monotonic clock of the cursors."""

    second: float = 1000.0

    def monotonic(self) -> float:
        return self.second


@dataclass
class Made:
    """What cursors are made with."""

    messages: InMemoryMessageRepository = field(default_factory=InMemoryMessageRepository)
    progress: Progress = field(default_factory=Progress)

    def windows(self, second: int | None = None) -> WindowCursor:
        return WindowCursor("contacts", "updated_at", second, self.messages, self.progress)

    def watermark(self, second: int | None = None) -> WatermarkCursor:
        return WatermarkCursor("parts", "conversation_updated_at", second, self.messages, self.progress)

    def emitted(self) -> list[int | None]:
        return [next(iter(state.values()), None) for state in states(self.messages.consume_queue())]


@pytest.fixture
def made() -> Made:
    return Made()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    return clock


def second_of(cursor: CheckpointCursor) -> int | None:
    return next(iter(cursor.state.values()), None)


def observe(cursor: WindowCursor, window: Window, second: Any) -> None:
    cursor.observe(
        Record(
            data={"updated_at": second},
            stream_name="contacts",
            associated_slice=StreamSlice(partition={}, cursor_slice=window._asdict()),
        )
    )


def close(cursor: CheckpointCursor, stream_slice: Mapping[str, Any]) -> None:
    cursor.close_partition(Done(stream_slice))


# Windows


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


# Watermarks


@given(st.lists(st.integers(0, 100), min_size=1, max_size=12), RESUMED, st.booleans(), st.data())
def test_watermark_never_passes_a_parent_that_is_not_done(
    parents: list[int], resumed: int | None, ascending: bool, data: st.DataObject
) -> None:
    made = Made()
    cursor = made.watermark(resumed)
    to_open = sorted(parents) if ascending else parents
    opened: list[tuple[int, int]] = []
    seen = [resumed]
    while to_open or opened:
        if to_open and (not opened or data.draw(st.booleans())):
            opened.append((cursor.opened(to_open[0]), to_open[0]))
            to_open = to_open[1:]
        else:
            number, _ = opened.pop(data.draw(st.integers(0, len(opened) - 1)))
            before = second_of(cursor)
            close(cursor, {"id": "7", "number": number})
            now = second_of(cursor)
            if now != before:
                assert now is not None
                assert all(second >= now for _, second in opened)
                assert not ascending or all(second >= now for second in to_open)
        seen.append(second_of(cursor))
    known = [second for second in seen if second is not None]
    assert known == sorted(known)
    if ascending:
        assert second_of(cursor) == max([*parents, *([] if resumed is None else [resumed])])
    cursor.ensure_at_least_one_state_emitted()
    assert made.emitted()[-1] == second_of(cursor)


def test_children_are_missing_because_the_cursor_moved_past_their_parent(made: Made) -> None:
    cursor = made.watermark()
    first, second, third = (cursor.opened(at) for at in (100, 200, 300))
    close(cursor, {"number": third})
    assert cursor.state == {"conversation_updated_at": 100}  # inclusive: 100 is read again
    close(cursor, {"number": first})
    assert cursor.state == {"conversation_updated_at": 200}
    close(cursor, {"number": second})
    assert cursor.state == {"conversation_updated_at": 300}


def test_parents_of_one_second_are_told_apart(made: Made) -> None:
    cursor = made.watermark()
    first, second = cursor.opened(100), cursor.opened(100)
    third = cursor.opened(200)
    assert len({first, second, third}) == 3
    close(cursor, {"id": "9", "number": second})
    close(cursor, {"id": "1000", "number": third})
    assert cursor.state == {"conversation_updated_at": 100}


def test_a_finished_read_forgets_its_parents(made: Made) -> None:
    cursor = made.watermark()
    walk = cursor.walking(0)
    for number in [cursor.opened(second) for second in range(1000)]:
        close(cursor, {"number": number})
    cursor.walked(walk)
    assert not cursor._open
    assert not cursor._done
    assert not cursor._walks


def test_a_parent_that_a_second_walk_finds_is_lost_when_the_state_went_past_it(made: Made) -> None:
    cursor = made.watermark()
    before = cursor.walking(0)
    done = cursor.opened(90)
    cursor.walked(before)
    walk = cursor.walking(100)
    first = cursor.opened(200)
    close(cursor, {"number": done})
    close(cursor, {"number": first})
    assert cursor.state == {"conversation_updated_at": 90}  # the walk may begin again, and find older ones
    second = cursor.opened(150)
    cursor.walked(walk)
    assert cursor.state == {"conversation_updated_at": 150}
    close(cursor, {"number": second})
    assert cursor.state == {"conversation_updated_at": 200}


def test_windows_found_ahead_wait_for_those_before_them(made: Made) -> None:
    cursor = made.watermark()
    walks = [cursor.walking(start) for start in (0, 100, 200)]
    later = cursor.opened(250)
    cursor.walked(walks[2])
    close(cursor, {"number": later})
    assert cursor.state == {}
    cursor.walked(walks[1])
    assert cursor.state == {}
    cursor.walked(walks[0])
    assert cursor.state == {"conversation_updated_at": 250}


def test_a_walk_that_finds_nothing_promises_nothing(made: Made) -> None:
    cursor = made.watermark(70)
    cursor.walked(cursor.walking(100))
    cursor.ensure_at_least_one_state_emitted()
    assert made.emitted() == [70]


# Messages


def test_300_state_messages_for_300_parents(made: Made, clock: Clock) -> None:
    cursor = made.watermark()
    for number in [cursor.opened(second) for second in range(300)]:
        close(cursor, {"number": number})
    cursor.ensure_at_least_one_state_emitted()
    assert made.emitted() == [1, 299]


def test_states_come_once_a_second(made: Made, clock: Clock) -> None:
    cursor = made.watermark()
    numbers = [cursor.opened(second) for second in range(5)]
    for number, later in zip(numbers, [0.0, 0.999, 0.001, 1.0, 0.5], strict=True):
        clock.second += later
        close(cursor, {"number": number})
    assert made.emitted() == [1, 3, 4]


def test_checkpoints_do_not_stop_when_a_second_is_stepped_over(made: Made, clock: Clock) -> None:
    cursor = made.watermark()
    for number in [cursor.opened(second) for second in range(5)]:
        clock.second += 7.5
        close(cursor, {"number": number})
    assert made.emitted() == [1, 2, 3, 4]


def test_progress_held_back_by_the_throttle_comes_with_the_next_partition(made: Made, clock: Clock) -> None:
    cursor = made.watermark()
    numbers = [cursor.opened(second) for second in (100, 200, 300, 400)]
    close(cursor, {"number": numbers[0]})
    clock.second += 0.5
    close(cursor, {"number": numbers[1]})  # moves on to 300, too soon to say so
    clock.second += 1.0
    close(cursor, {"number": numbers[3]})  # moves nothing, but a second has passed
    assert made.emitted() == [200, 300]


def test_a_state_that_does_not_move_is_not_repeated(made: Made, clock: Clock) -> None:
    cursor = made.watermark()
    first, *others = [cursor.opened(second) for second in range(100, 400)]
    for number in others:
        clock.second += 5
        close(cursor, {"number": number})
    assert made.emitted() == [100]
    clock.second += 5
    close(cursor, {"number": first})
    assert made.emitted() == [399]


def test_a_read_without_records_still_says_its_state(made: Made) -> None:
    made.windows().ensure_at_least_one_state_emitted()
    made.watermark(9).ensure_at_least_one_state_emitted()
    assert made.emitted() == [None, 9]


def test_state_messages_name_their_stream(made: Made) -> None:
    made.windows(9).ensure_at_least_one_state_emitted()
    (message,) = made.messages.consume_queue()
    assert message.state is not None
    assert message.state.stream is not None
    assert message.state.stream.stream_descriptor.name == "contacts"
    assert states([message]) == [{"updated_at": 9}]


@pytest.mark.parametrize("kind", ["windows", "watermark"])
def test_once_a_partition_has_failed_the_state_stays(kind: str, made: Made) -> None:
    if kind == "windows":
        cursor: Any = made.windows(5)
        cursor.opened(Window(0, 10))
        observe(cursor, Window(0, 10), 9)
        stream_slice: Mapping[str, Any] = Window(0, 10)._asdict()
    else:
        cursor = made.watermark(5)
        stream_slice = {"number": cursor.opened(9)}
    made.progress.failed = True
    close(cursor, stream_slice)
    cursor.ensure_at_least_one_state_emitted()
    assert made.emitted() == [5]


def test_every_record_is_the_streams_to_filter(made: Made) -> None:
    assert made.windows(5).should_be_synced(Record(data={}, stream_name="contacts", associated_slice=None))
