import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from source_intercom.read import ids
from source_intercom.read.ids import IdSet


@pytest.fixture(autouse=True)
def _few_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ids, "MEMORY_IDS", 5)


@given(st.lists(st.text(max_size=3)))
def test_it_holds_what_a_set_holds_however_much_memory_it_may_take(keys: list[str]) -> None:
    found, expected = IdSet(), set[str]()
    for key in keys:
        assert found.add(key) == (key not in expected)
        expected.add(key)
        assert len(found) == len(expected)


def test_what_is_beyond_the_bound_takes_no_memory_of_python() -> None:
    tracemalloc.start()
    try:
        ids = IdSet()
        for number in range(50_000):
            ids.add(f"{number:024x}")
        assert tracemalloc.get_traced_memory()[0] < 500_000
    finally:
        tracemalloc.stop()
    assert len(ids) == 50_000
