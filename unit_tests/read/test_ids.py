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


@given(st.lists(st.tuples(st.tuples(st.integers(0, 20), st.sampled_from(["1", "2"])), st.sampled_from([b"1", b"2"]))))
def test_a_key_is_new_again_with_every_content_that_is_not_its_last(met: list[tuple[tuple[int, str], bytes]]) -> None:
    found, last = IdSet(), dict[object, bytes]()
    for key, content in met:
        assert (key in found) == (key in last)
        assert found.add(key, content) == (last.get(key) != content)
        last[key] = content
        assert len(found) == len(last)


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
