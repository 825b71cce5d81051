from collections.abc import Mapping
from typing import Any

import pytest
from airbyte_cdk.sources.types import Record

from source_intercom.read.windows import Window
from unit_tests.builders import states
from unit_tests.streams.cursors import Clock, Made, close, observe


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
