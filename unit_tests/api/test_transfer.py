"""How large bodies may get, and how many large ones there are at the same time."""

import gzip
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from requests_mock import Mocker

from source_intercom.api import transfer
from source_intercom.api.transfer import LargeBodies, NoRoomError
from source_intercom.read.children import Child, Children
from source_intercom.read.windows import Window
from source_intercom.streams.context import StreamContext
from source_intercom.streams.conversations import ConversationParts, Conversations
from source_intercom.streams.workspace import Tags
from unit_tests.builders import NOW, URL, Json, SearchServer, conversation, example, read, whole_conversation
from unit_tests.read.finders import records_in, search_of

SMALL = 1_000
"""Bytes that a large body has in these tests."""


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer, "LARGE", SMALL)
    monkeypatch.setattr(transfer, "PATIENCE", 0.01)


def test_a_body_larger_than_any_of_intercoms_is_an_error_at_once(
    context: StreamContext, requests_mock: Mocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "LARGEST", 1_000_000)
    bomb = gzip.compress(b'{"data": [' + b" " * 2_000_000 + b"]}")
    asked = requests_mock.get(f"{URL}tags", content=bomb, headers={"Content-Encoding": "gzip"})
    with pytest.raises(AirbyteTracedException, match="body of more than 64 MB") as error:
        read(Tags(context))
    assert error.value.failure_type == FailureType.transient_error
    assert asked.call_count == 1


def test_the_error_names_the_bound() -> None:
    assert transfer.LARGEST == 64 * 1024 * 1024


def test_a_search_whose_page_is_too_large_asks_for_less(
    context: StreamContext, requests_mock: Mocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [conversation(number, NOW - number, title="x" * 1_000) for number in range(150)]
    page = SearchServer("conversations", rows)
    monkeypatch.setattr(transfer, "LARGEST", 100_000)
    requests_mock.post(f"{URL}conversations/search", json=page)
    found = list(records_in(search_of(Conversations(context)), Window(NOW - 1_000, NOW + 1)))
    assert len(found) == 150
    assert min(body["pagination"]["per_page"] for body in page.bodies) < 150


def parts_of(number: int) -> Json:
    return whole_conversation(number, NOW, parts=5, counted=6)


class Readers:
    """Threads that read a conversation each, and stop at its first part until they are let go."""

    def __init__(self, context: StreamContext, mocker: Mocker, count: int) -> None:
        for number in range(count):
            mocker.get(f"{URL}conversations/{number}", json=parts_of(number))
        self.mocker = mocker
        self.stream = ConversationParts(context)
        self.children = Children(self.stream, [self.stream])
        self.begun = threading.Semaphore(0)
        self.go_on = threading.Event()

    def read(self, number: int) -> int:
        parts: Iterator[Any] = self.children.read(Child({"id": str(number)}, [self.stream]))
        next(parts)
        self.begun.release()
        self.go_on.wait(20)
        return 1 + sum(1 for _ in parts)


def test_one_large_body_at_a_time_is_kept_until_its_records_are_handed_on(
    context: StreamContext, requests_mock: Mocker
) -> None:
    readers = Readers(context, requests_mock, 6)
    with ThreadPoolExecutor(6) as pool:
        reading = [pool.submit(readers.read, number) for number in range(6)]
        assert readers.begun.acquire(timeout=20)
        assert not readers.begun.acquire(timeout=0.5)
        readers.go_on.set()
        assert [one.result(20) for one in reading] == [5] * 6


def test_small_bodies_are_read_side_by_side(
    context: StreamContext, requests_mock: Mocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "LARGE", 1_000_000)
    readers = Readers(context, requests_mock, 6)
    with ThreadPoolExecutor(6) as pool:
        reading = [pool.submit(readers.read, number) for number in range(6)]
        assert all(readers.begun.acquire(timeout=20) for _ in range(6))
        readers.go_on.set()
        assert [one.result(20) for one in reading] == [5] * 6
    assert requests_mock.call_count == 6


def test_who_keeps_no_body_needs_no_room(context: StreamContext, requests_mock: Mocker) -> None:
    requests_mock.get(f"{URL}tags", json={"data": example("tags")["data"], "more": "x" * SMALL})
    with context.api.session.large_bodies.kept():
        context.api.session.large_bodies.admit()
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(read, Tags(context)).result(20)


def test_a_reader_that_fails_leaves_its_room() -> None:
    bodies = LargeBodies()

    def fail() -> None:
        with bodies.kept():
            bodies.admit()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with bodies.kept():
        bodies.admit()


def test_room_is_left_by_whichever_thread_closes_the_reader() -> None:
    bodies = LargeBodies()

    def reading() -> Iterator[None]:
        with bodies.kept():
            bodies.admit()
            yield

    reader = reading()
    next(reader)
    with bodies.kept(), pytest.raises(NoRoomError):
        bodies.admit()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(reader.close).result(20)  # type: ignore[attr-defined]
    with bodies.kept():
        bodies.admit()
