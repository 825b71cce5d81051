"""When states are said, and of which stream."""

import pytest
from airbyte_cdk.sources.types import Record

from unit_tests.builders import states
from unit_tests.read.checkpoints import Clock, Made, close


def test_states_of_300_parents_that_are_done_in_one_second_are_two(made: Made, clock: Clock) -> None:
    checkpoints = made.checkpoints()
    for place in [checkpoints.open(second, is_record=True) for second in range(300)]:
        close(checkpoints, place)
    checkpoints.ensure_at_least_one_state_emitted()
    assert made.emitted() == [1, 299]


def test_states_come_once_a_second(made: Made, clock: Clock) -> None:
    checkpoints = made.checkpoints()
    places = [checkpoints.open(second, is_record=True) for second in range(5)]
    for place, later in zip(places, [0.0, 0.999, 0.001, 1.0, 0.5], strict=True):
        clock.second += later
        close(checkpoints, place)
    assert made.emitted() == [1, 3, 4]


def test_states_go_on_when_seconds_are_stepped_over(made: Made, clock: Clock) -> None:
    checkpoints = made.checkpoints()
    for place in [checkpoints.open(second, is_record=True) for second in range(5)]:
        clock.second += 7.5
        close(checkpoints, place)
    assert made.emitted() == [1, 2, 3, 4]


def test_progress_held_back_by_the_throttle_comes_with_the_next_partition(made: Made, clock: Clock) -> None:
    checkpoints = made.checkpoints()
    places = [checkpoints.open(second, is_record=True) for second in (100, 200, 300, 400)]
    close(checkpoints, places[0])
    clock.second += 0.5
    close(checkpoints, places[1])  # moves on to 300, too soon to say so
    clock.second += 1.0
    close(checkpoints, places[3])  # moves nothing, but a second has passed
    assert made.emitted() == [200, 300]


def test_a_state_that_does_not_move_is_not_repeated(made: Made, clock: Clock) -> None:
    checkpoints = made.checkpoints()
    first, *others = [checkpoints.open(second, is_record=True) for second in range(100, 400)]
    for place in others:
        clock.second += 5
        close(checkpoints, place)
    assert made.emitted() == [100]
    clock.second += 5
    close(checkpoints, first)
    assert made.emitted() == [399]


def test_a_read_without_records_still_says_its_state(made: Made) -> None:
    made.checkpoints().ensure_at_least_one_state_emitted()
    made.checkpoints(9).ensure_at_least_one_state_emitted()
    assert made.emitted() == [None, 9]


def test_state_messages_name_their_stream(made: Made) -> None:
    made.checkpoints(9).ensure_at_least_one_state_emitted()
    (message,) = made.messages.consume_queue()
    assert message.state is not None
    assert message.state.stream is not None
    assert message.state.stream.stream_descriptor.name == "contacts"
    assert states([message]) == [{"updated_at": 9}]


@pytest.mark.parametrize("is_record", [True, False])
def test_once_a_partition_has_failed_the_state_stays(is_record: bool, made: Made) -> None:
    checkpoints = made.checkpoints(5)
    place = checkpoints.open(9, is_record)
    checkpoints.note(place, 9)
    made.partitions.failed = True
    checkpoints.reach(place, 10)
    close(checkpoints, place)
    checkpoints.ensure_at_least_one_state_emitted()
    assert made.emitted() == [5]


def test_every_record_is_the_streams_to_filter(made: Made) -> None:
    assert made.checkpoints(5).should_be_synced(Record(data={}, stream_name="contacts", associated_slice=None))
