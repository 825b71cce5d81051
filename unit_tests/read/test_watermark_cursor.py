from hypothesis import given
from hypothesis import strategies as st

from unit_tests.streams.cursors import RESUMED, Made, close, second_of


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
