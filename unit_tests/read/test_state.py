import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from source_intercom.read.state import CLOCK_SKEW, MAX_DEPTH, resume_second
from unit_tests.builders import NOW

T = 1_734_537_511
OWN = ("updated_at",)
PARTS = ("conversation_updated_at", "updated_at")


@pytest.mark.parametrize(
    ("state", "second"),
    [
        ({"updated_at": T}, T),
        ({"updated_at": str(T)}, T),
        ({"updated_at": f" {T} "}, T),
        ({"updated_at": float(T)}, T),
        ({"updated_at": f"{T}.0"}, T),
        ({"updated_at": T * 1000}, T),
        ({"updated_at": str(T * 1000)}, T),
        ({"updated_at": "2024-12-18T15:58:31Z"}, T),
        ({"updated_at": "2024-12-18T15:58:31.999Z"}, T),
        ({"updated_at": "2024-12-18T15:58:31"}, T),
        ({"updated_at": "2024-12-18T16:58:31+01:00"}, T),
        ({"updated_at": 0}, 0),
        ({"updated_at": T, "prior_state": {"updated_at": T - 5}}, T),
        ({"updated_at": T, "__ab_full_refresh_sync_complete": True}, T),
        ({"cursor": {"updated_at": T}}, T),
        ({"updated_at": T, "slices": [{"updated_at": T - 9}]}, T - 9),
    ],
)
def test_states_of_all_ages_are_read(state: dict[str, Any], second: int) -> None:
    assert resume_second(state, OWN, NOW) == second


@pytest.mark.parametrize(
    ("state", "second"),
    [
        ({"conversation_updated_at": T}, T),
        ({"updated_at": T}, T),
        ({"conversations": {"updated_at": T}}, T),
        ({"conversations": {"updated_at": str(T)}, "updated_at": T + 100}, T),
        ({"updated_at": T + 100, "parent_state": {"conversations": {"updated_at": T}}}, T),
        (
            {
                "use_global_cursor": False,
                "states": [
                    {"partition": {"id": "1"}, "cursor": {"updated_at": T + 7}},
                    {"partition": {"id": "2"}, "cursor": {"updated_at": T}},
                ],
            },
            T,
        ),
        (
            {
                "use_global_cursor": True,
                "state": {"updated_at": T},
                "states": [{"partition": {"id": "1"}, "cursor": {"updated_at": 5}}],
                "lookback_window": 1,
            },
            T,
        ),
        (
            {
                "state": {"updated_at": T + 100},
                "states": [{"partition": {"id": "1"}, "cursor": {"updated_at": 5}}],
                "parent_state": {"conversations": {"updated_at": T}},
            },
            T,
        ),
    ],
)
def test_states_of_conversation_parts_are_read(state: dict[str, Any], second: int) -> None:
    assert resume_second(state, PARTS, NOW) == second


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"created_at": T},
        {"updated_at": None},
        {"updated_at": True},
        {"updated_at": "yesterday"},
        {"updated_at": ""},
        {"updated_at": []},
        {"updated_at": {}},
        {"updated_at": -1},
        {"updated_at": NOW + CLOCK_SKEW + 1},
        {"updated_at": "9999-12-31T23:59:59Z"},
        {"updated_at": T, "slices": [{"updated_at": NOW + 2 * CLOCK_SKEW}]},
        {"prior_state": {"updated_at": T}},
        {"__ab_no_cursor_state_message": True},
    ],
)
def test_a_state_without_a_time_to_trust_is_none(state: dict[str, Any]) -> None:
    assert resume_second(state, OWN, NOW) is None


@pytest.mark.parametrize("ahead", [0, 1, CLOCK_SKEW])
def test_a_clock_that_is_a_little_behind_intercoms_is_forgiven(ahead: int) -> None:
    assert resume_second({"updated_at": NOW + ahead}, OWN, NOW) == NOW + ahead


@pytest.mark.parametrize(
    "value",
    ["inf", "-inf", "nan", "1e999", "9" * 400, 10**400, float("inf"), float("-inf"), float("nan")],
    ids=lambda value: f"{type(value).__name__}-{value!s:.9}",
)
def test_a_number_that_is_none_does_not_crash_the_sync(value: object) -> None:
    assert resume_second({"updated_at": value}, OWN, NOW) is None


times = (
    st.integers(-(10**30), 10**30)
    | st.integers(NOW - 10**8, NOW + 10**6)
    | st.floats(allow_nan=True, allow_infinity=True)
    | st.datetimes().map(lambda moment: moment.isoformat())
    | st.integers().map(str)
    | st.floats().map(str)
    | st.sampled_from(["inf", "nan", "1e999"])
    | st.text()
    | st.none()
    | st.booleans()
)
keys = st.sampled_from(["updated_at", "conversation_updated_at", "conversations", "states", "cursor", "partition", "x"])
foreign = keys | st.sampled_from(["prior_state", "parent_state", "state"])


def shapes(names: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    inner = st.recursive(
        times, lambda value: st.lists(value, max_size=4) | st.dictionaries(names, value, max_size=4), max_leaves=10
    )
    return st.dictionaries(names, times | inner, max_size=5)


@given(shapes(foreign | st.text()))
def test_no_shape_makes_resuming_crash(state: dict[str, Any]) -> None:
    second = resume_second(state, PARTS, NOW)
    assert second is None or 0 <= second <= NOW + CLOCK_SKEW


def plain_seconds(state: Any) -> list[int]:
    """All integer seconds under the cursor fields, prior states left out."""
    if isinstance(state, list):
        return [second for item in state for second in plain_seconds(item)]
    if not isinstance(state, dict):
        return []
    own = [value for key, value in state.items() if key in PARTS and type(value) is int]
    return own + [second for key, part in state.items() if key != "prior_state" for second in plain_seconds(part)]


def sane(second: int) -> bool:
    return 0 <= second <= NOW + CLOCK_SKEW


@given(shapes(keys))
def test_resume_is_never_later_than_the_earliest_time_to_trust(state: dict[str, Any]) -> None:
    second = resume_second(state, PARTS, NOW)
    trusted = [value for value in plain_seconds(state) if sane(value)]
    assert second is None or not trusted or second <= min(trusted)


@given(shapes(keys), st.integers(0, NOW))
def test_the_parents_state_decides(state: dict[str, Any], second: int) -> None:
    assert resume_second({**state, "parent_state": {"conversations": {"updated_at": second}}}, PARTS, NOW) == second


def nested(names: tuple[str, ...], depth: int) -> dict[str, Any]:
    """An object that holds itself under each of the names, and so on."""
    state: dict[str, Any] = {}
    for _ in range(depth):
        state = dict.fromkeys(names, state)
    return state


class Counted(dict[str, Any]):
    """Counts how often a part of it is asked for."""

    asked = 0

    def items(self) -> Any:
        Counted.asked += 1
        return super().items()


@pytest.mark.parametrize("depth", [5, 25])
def test_every_object_of_a_nested_state_is_looked_at_once(depth: int, monkeypatch: pytest.MonkeyPatch) -> None:
    state = Counted()
    for _ in range(depth):
        state = Counted({"state": state})
    monkeypatch.setattr(Counted, "asked", 0)
    assert resume_second(state, OWN, NOW) is None
    assert Counted.asked == depth + 1


@pytest.mark.parametrize("depth", [MAX_DEPTH, 400, 100_000])
def test_a_time_beyond_the_depth_that_is_read_is_not_trusted_nor_is_any_other(depth: int) -> None:
    assert resume_second({"updated_at": T, "x": nested(("x",), depth)}, OWN, NOW) is None


def test_a_state_that_is_nested_less_deeply_is_read() -> None:
    assert resume_second({"updated_at": T, "x": nested(("x",), MAX_DEPTH - 2)}, OWN, NOW) == T


@given(st.integers(0, NOW))
def test_a_state_of_our_own_comes_back_as_it_was(second: int) -> None:
    state = json.loads(json.dumps({"updated_at": second}))
    assert resume_second(state, OWN, NOW) == second
