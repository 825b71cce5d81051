import ctypes
import os
import threading
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest

from source_intercom import processor as module
from source_intercom.processor import share_one_processor

if not hasattr(os, "sched_getaffinity"):
    pytest.skip("needs Linux, which alone binds threads to processors", allow_module_level=True)

ALLOWED = os.sched_getaffinity(0)


class Sleeper(threading.Thread):
    """A thread that does nothing until it is told to end."""

    def __init__(self) -> None:
        super().__init__()
        self._end = threading.Event()
        self.start()

    def run(self) -> None:
        """Wait, not for ever."""
        self._end.wait(30)

    def end(self) -> None:
        """Wait no longer."""
        self._end.set()
        self.join()

    @property
    def processors(self) -> set[int]:
        """Where it may run."""
        assert self.native_id
        return os.sched_getaffinity(self.native_id)


@pytest.fixture
def sleeper() -> Iterator[Sleeper]:
    thread = Sleeper()
    yield thread
    thread.end()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.01)


def comes_true(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 30
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    return condition()


def room_on(monkeypatch: pytest.MonkeyPatch, processor: Callable[[], int]) -> None:
    """Make the system wake the scout where the test wants it."""
    monkeypatch.setattr(ctypes, "CDLL", lambda name: SimpleNamespace(sched_getcpu=processor))


def test_all_threads_but_the_scout_share_a_processor_and_follow_when_it_finds_room_elsewhere(
    monkeypatch: pytest.MonkeyPatch, sleeper: Sleeper
) -> None:
    room = min(ALLOWED)
    room_on(monkeypatch, lambda: room)
    with share_one_processor():
        (scout,) = [thread for thread in threading.enumerate() if thread.name == "scout"]
        assert comes_true(lambda: sleeper.processors == os.sched_getaffinity(0) == {min(ALLOWED)})
        later = Sleeper()
        assert later.processors == {min(ALLOWED)}
        room = max(ALLOWED)
        assert comes_true(lambda: sleeper.processors == later.processors == os.sched_getaffinity(0) == {max(ALLOWED)})
        assert os.sched_getaffinity(scout.native_id or 0) == ALLOWED
        later.end()
    assert sleeper.processors == os.sched_getaffinity(0) == ALLOWED
    assert not scout.is_alive()


def test_threads_are_let_go_after_an_error_too(sleeper: Sleeper) -> None:
    def fail() -> None:
        with share_one_processor():
            assert comes_true(lambda: len(sleeper.processors) == 1)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert sleeper.processors == os.sched_getaffinity(0) == ALLOWED


def test_a_thread_that_has_ended_does_not_keep_the_others(monkeypatch: pytest.MonkeyPatch, sleeper: Sleeper) -> None:
    bind, refused = os.sched_setaffinity, threading.Event()

    def bind_others(thread: int, processors: set[int]) -> None:
        if thread == threading.main_thread().native_id:
            refused.set()
            raise ProcessLookupError
        bind(thread, processors)

    monkeypatch.setattr(os, "sched_setaffinity", bind_others)
    with share_one_processor():
        assert comes_true(lambda: len(sleeper.processors) == 1)
        assert refused.wait(30)
        assert os.sched_getaffinity(0) == ALLOWED


def test_where_it_is_forbidden_threads_stay_free(monkeypatch: pytest.MonkeyPatch, sleeper: Sleeper) -> None:
    asked = threading.Event()

    def forbid(thread: int, processors: set[int]) -> None:
        asked.set()
        raise PermissionError

    monkeypatch.setattr(os, "sched_setaffinity", forbid)
    with share_one_processor():
        assert asked.wait(30)
        assert sleeper.processors == ALLOWED


@pytest.mark.parametrize("missing", ["sched_getaffinity", "sched_getcpu"])
def test_where_the_system_has_no_such_calls_nothing_happens(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if missing == "sched_getcpu":
        monkeypatch.setattr(ctypes, "CDLL", lambda name: SimpleNamespace())
    else:
        monkeypatch.delattr(os, missing)
    with share_one_processor():
        assert "scout" not in {thread.name for thread in threading.enumerate()}
