"""Lists that can be asked for what has changed since a second: nothing is lost, whatever moves while they are read."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from hypothesis import given, settings
from hypothesis import strategies as st
from requests_mock import Mocker

from source_intercom import report
from source_intercom.streams.content import Macros
from source_intercom.streams.context import StreamContext
from unit_tests import builders
from unit_tests.builders import NOW, START, URL, Json, error_list, example, ids, messages, read, states
from unit_tests.clock import set_clock
from unit_tests.examples import tries

if TYPE_CHECKING:  # names that only the stubs of requests-mock have
    from requests_mock.request import Request
    from requests_mock.response import Context


class Server:
    """Answers as Intercom does: last updated first, by a cursor that is the place of a page's last macro.

    `before` is called ahead of each answer with the number of the request, so that it can change the macros.
    """

    def __init__(self, mocker: Mocker, seconds: list[int], per_page: int = 150, inclusive: bool = False) -> None:
        self.seconds = {str(number): second for number, second in enumerate(seconds)}
        self.names = dict.fromkeys(self.seconds, "first")
        self.per_page = per_page
        self.inclusive = inclusive
        self.before: Callable[[int], None] = lambda number: None
        self.asked: list[dict[str, str]] = []
        mocker.get(f"{URL}macros", json=self)

    def change(self, macro: str, second: int, name: str) -> None:
        self.seconds[macro], self.names[macro] = second, name

    def __call__(self, request: "Request", answer: "Context") -> Json:
        query = {name: values[0] for name, values in parse_qs(urlsplit(request.url).query).items()}
        self.asked.append(query)
        self.before(len(self.asked))
        since = int(query["updated_since"]) + (not self.inclusive)
        places = sorted((-second, macro) for macro, second in self.seconds.items() if second >= since)
        if "starting_after" in query:
            last = json.loads(base64.b64decode(query["starting_after"]))
            places = [place for place in places if place > (-int(last[0]), last[1])]
        shown = places[: self.per_page]
        following = None
        if len(places) > len(shown):
            cursor = [float(-shown[-1][0]), shown[-1][1]]
            following = {"starting_after": base64.b64encode(json.dumps(cursor).encode()).decode()}
        pages = {"type": "pages", "per_page": self.per_page, "next": following}
        return {"type": "list", "data": [self.row(macro) for _, macro in shown], "pages": pages}

    def row(self, macro: str) -> Json:
        """A macro as the wire has it."""
        return {
            **example("macros")["data"][0],
            "id": macro,
            "name": self.names[macro],
            "updated_at": datetime.fromtimestamp(self.seconds[macro], UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        }


def last_state(stream: Macros) -> Json:
    return states(messages(stream))[-1]


@pytest.mark.parametrize("inclusive", [False, True])
def test_the_history_is_asked_for_since_the_start_date_and_times_become_seconds(
    inclusive: bool, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    server = Server(requests_mock, [START - 1, START, NOW - 5], inclusive=inclusive)
    stream = Macros(context)
    found = read(stream, {})
    assert [(row["id"], row["updated_at"]) for row in found] == [("2", NOW - 5), ("1", START)]
    assert server.asked == [{"updated_since": str(START - 1), "per_page": "150"}]
    assert last_state(stream) == {"updated_at": NOW - 5}


def test_the_next_sync_begins_at_the_guard_interval_before_the_state(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    server = Server(requests_mock, [NOW - 611, NOW - 610, NOW - 5])
    stream = Macros(context)
    assert ids(read(stream, {"updated_at": NOW - 10})) == ["2", "1"]
    assert [query["updated_since"] for query in server.asked] == [str(NOW - 611)]
    assert last_state(stream) == {"updated_at": NOW - 5}


def test_a_full_refresh_begins_at_the_start_date_whatever_the_state(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    Server(requests_mock, [START - 1, START, NOW])
    assert ids(read(Macros(context))) == ["2", "1"]


def test_pages_are_read_until_two_readings_agree_and_every_macro_comes_once(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    server = Server(requests_mock, [NOW - number for number in range(5)], per_page=2)
    assert ids(read(Macros(context), {})) == ["0", "1", "2", "3", "4"]
    assert ["starting_after" in query for query in server.asked] == [False, True, True] * 2
    assert context.reports.count("macros", report.REPEATED) == 5
    assert context.reports.count("macros", report.RESTARTS) == 0


def test_a_macro_that_moves_to_the_front_while_the_others_are_read_comes_with_another_reading(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    server = Server(requests_mock, [NOW - 10 * number for number in range(1, 6)], per_page=2)
    server.before = lambda number: server.change("4", NOW, "second") if number == 2 else None
    assert [(row["id"], row["name"]) for row in read(Macros(context), {}) if row["id"] == "4"] == [("4", "second")]


def test_what_another_reading_meets_changed_comes_again_so_that_no_state_passes_it(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    server = Server(requests_mock, [NOW - 10 * number for number in range(1, 6)], per_page=2)

    def change(number: int) -> None:
        if number == 3:
            server.change("0", NOW - 10, "edited within its second")
            server.change("1", NOW - 2, "second")
            server.change("9", NOW - 1, "new")

    server.before = change
    stream = Macros(context)
    found = read(stream, {})
    names = {row["id"]: row["name"] for row in found}
    assert names == server.names
    assert ids(found) == ["0", "1", "2", "3", "4", "9", "1", "0"]
    assert last_state(stream) == {"updated_at": NOW - 1}


def test_no_state_comes_before_the_list_is_read_to_its_end(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    server = Server(requests_mock, [NOW - number for number in range(5)], per_page=2)
    last = server.__call__

    def fail(request: "Request", answer: "Context") -> Any:
        if len(server.asked) == 2:
            answer.status_code = 400
            return error_list("client_error", "Invalid starting_after param.")
        return last(request, answer)

    requests_mock.get(f"{URL}macros", json=fail)
    stream = Macros(context)
    records: list[Json] = []
    with pytest.raises(AirbyteTracedException) as error:
        read(stream, {"updated_at": NOW - 10}, records)
    assert error.value.failure_type == FailureType.transient_error
    assert len(records) == 4
    assert stream.checkpoints.state == {"updated_at": NOW - 10}


def test_a_macro_without_a_time_comes_and_moves_no_state(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    row = {**example("macros")["data"][0], "updated_at": None}
    requests_mock.get(f"{URL}macros", json={"type": "list", "data": [row], "pages": {"type": "pages", "next": None}})
    stream = Macros(context)
    assert ids(read(stream, {"updated_at": NOW - 10})) == ["123"]
    assert last_state(stream) == {"updated_at": NOW - 10}


CHANGES = st.lists(
    st.tuples(st.integers(1, 12), st.sampled_from(["change", "create", "delete"]), st.integers(0, 19)), max_size=6
)


@settings(max_examples=tries(60), deadline=None)
@given(
    seconds=st.lists(st.integers(NOW - 5000, NOW - 1), max_size=20),
    per_page=st.integers(1, 7),
    inclusive=st.booleans(),
    is_full=st.booleans(),
    changes=CHANGES,
)
def test_whatever_moves_between_its_pages_a_sync_and_the_next_bring_every_macro_as_it_is(
    seconds: list[int], per_page: int, inclusive: bool, is_full: bool, changes: list[tuple[int, str, int]]
) -> None:
    clock = NOW
    with pytest.MonkeyPatch.context() as patch, Mocker() as mocker:
        set_clock(patch, lambda: clock)
        server = Server(mocker, seconds, per_page, inclusive)
        there = dict(server.names)

        def disturb(number: int) -> None:
            nonlocal clock
            clock += 1
            for at, what, which in changes:
                if at != number:
                    continue
                if what == "delete":
                    server.seconds.pop(str(which), None)
                elif what == "create" or str(which) in server.seconds:
                    server.change(str(which + (100 if what == "create" else 0)), clock, f"{number}")

        server.before = disturb
        stream = Macros(builders.context())
        try:
            first = read(stream, None if is_full else {})
        except AirbyteTracedException as error:
            assert "kept changing" in str(error)  # noqa: PT017
            return
        unchanged = {macro for macro in server.seconds if there.get(macro) == server.names[macro]}
        assert unchanged <= set(ids(first))
        if is_full:
            return
        state = last_state(stream)
        server.before = lambda number: None
        clock += 10_000
        rows = {row["id"]: row["name"] for row in first + read(Macros(builders.context()), state)}
    assert {macro: rows.get(macro) for macro in server.seconds} == {
        macro: server.names[macro] for macro in server.seconds
    }
