from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests_mock import Mocker

from source_intercom import report
from source_intercom.streams.context import StreamContext
from source_intercom.streams.deletions import DeletedConversations
from unit_tests import builders
from unit_tests.builders import NOW, START, URL, Json, ids, messages, read, states
from unit_tests.clock import set_clock

if TYPE_CHECKING:  # names that only the stubs of requests-mock have
    from requests_mock.request import Request
    from requests_mock.response import Context

DELETED = f"{URL}conversations/deleted"
GUARD, DAY = 600, 86_400
SIZE = 10
"""Rows of a page of the server."""


def deleted(number: int, deleted_at: int | None) -> Json:
    return {"type": "conversation", "id": str(number), "metrics_retained": True, "deleted_at": deleted_at}


class Server:
    """The list of deleted conversations, in the order in which it is given.

    `between` changes the rows, once a page was answered whose number is given.
    """

    def __init__(self, rows: list[Json], between: Callable[[list[Json], int], None] = lambda rows, page: None) -> None:
        self.rows = rows
        self.between = between
        self.asked: list[int] = []

    def __call__(self, request: "Request", answer: "Context") -> Json:
        assert (request.qs["order"], request.qs["per_page"]) == (["desc"], ["60"])
        page = int(request.qs.get("page", ["1"])[0])
        self.asked.append(page)
        last = -(-len(self.rows) // SIZE)
        numbers = {"type": "pages", "page": page, "per_page": SIZE, "total_pages": last}
        url = f"https://api.intercom.io/conversations/deleted?page={page + 1}" if page < last else None
        shown = self.rows[(page - 1) * SIZE : page * SIZE]
        body = {"conversations": [dict(row) for row in shown], "total_count": len(self.rows)}
        self.between(self.rows, page)
        return {"type": "conversations.list", **body, "pages": {**numbers, "next": url}}


def every(step: int, count: int) -> list[Json]:
    """Newest first, the newest of them now; up to a hundred, whose ids are in no order."""
    return [deleted((number + 1) * 37 % 101, NOW - step * number) for number in range(count)]


def serve(mocker: Mocker, rows: list[Json], between: Callable[[list[Json], int], None] | None = None) -> Server:
    server = Server(rows, between) if between else Server(rows)
    mocker.get(DELETED, json=server)
    return server


def test_a_list_in_order_is_left_after_a_page_that_is_older_than_the_guard_interval(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    server = serve(requests_mock, every(60, 100))
    stream = DeletedConversations(context)
    got = read(stream, {"deleted_at": NOW - 300})
    assert ids(got) == ids(every(60, 16))  # 300 and 600 seconds, both ends included
    assert server.asked == [1, 2, 3]
    assert states(messages(stream))[-1] == {"deleted_at": NOW}


def test_the_lookback_window_is_read_too(now: SimpleNamespace, requests_mock: Mocker) -> None:
    server = serve(requests_mock, every(DAY, 100))
    got = read(DeletedConversations(builders.context(lookback_window=20)), {"deleted_at": NOW - DAY})
    assert len(got) == 22
    assert server.asked == [1, 2, 3, 4]


def test_a_sync_without_news_asks_twice_and_keeps_its_state(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    server = serve(requests_mock, every(DAY, 100))
    stream = DeletedConversations(context)
    assert ids(read(stream, {"deleted_at": NOW})) == ids(every(DAY, 1))
    assert server.asked == [1, 2]
    assert states(messages(stream))[-1] == {"deleted_at": NOW}


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(sorted(every(DAY, 100), key=lambda row: int(row["deleted_at"])), id="oldest first"),
        pytest.param(sorted(every(DAY, 100), key=lambda row: int(row["id"])), id="by ids"),
        pytest.param([deleted(0, None), *every(DAY, 100)], id="without a time"),
        pytest.param(every(DAY, 100)[50:] + every(DAY, 50), id="each page in order"),
        pytest.param([*(deleted(n, NOW - DAY) for n in range(500, 200, -1)), *every(DAY, 1)], id="many of one second"),
        pytest.param([*(deleted(n, NOW - DAY) for n in range(200, 500)), *every(DAY, 1)], id="ids go up"),
        pytest.param(
            [*(deleted(n, NOW - (500 - n) * DAY) for n in range(499, 200, -1)), *every(DAY, 1)],
            id="in the order of ids",
        ),
    ],
)
def test_a_list_that_is_not_in_order_is_read_to_its_end(
    rows: list[Json], now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    """The symptom without it: what stands behind older rows never arrives."""
    server = serve(requests_mock, rows)
    got = read(DeletedConversations(context), {"deleted_at": NOW})
    assert set(ids(got)) - {"0"} == set(ids(every(DAY, 1)))
    assert server.asked == list(range(1, -(-len(rows) // SIZE) + 1))


def test_one_that_came_while_another_went_is_found_although_the_count_is_the_same(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    rows = sorted(every(DAY, 30), key=lambda row: str(row["id"]))
    server = serve(requests_mock, rows)
    state: Json = {}
    for came in (None, "31"):
        if came:
            server.rows[:] = [*rows[:20], deleted(int(came), NOW - 5), *rows[21:]]
        stream = DeletedConversations(context)
        got = read(stream, state)
        state = states(messages(stream))[-1]
    assert "31" in ids(got)


def test_conversations_that_are_deleted_while_the_list_is_read_keep_none_from_being_met(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    def come(rows: list[Json], page: int) -> None:
        rows[:0] = [deleted(1000 + 10 * page + number, NOW) for number in range(4)]

    server = serve(requests_mock, every(60, 50), come)
    got = read(DeletedConversations(context))
    assert set(ids(every(60, 50))) <= set(ids(got))
    assert len(ids(got)) == len(set(ids(got)))
    assert len(server.asked) == max(server.asked), "it was read twice"


def test_conversations_that_are_deleted_while_the_list_is_read_do_not_let_it_be_read_to_its_end(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    def come(rows: list[Json], page: int) -> None:
        rows[:0] = [deleted(1000 + 10 * page + number, NOW) for number in range(4)]

    server = serve(requests_mock, every(60, 100), come)
    got = read(DeletedConversations(context), {"deleted_at": NOW - 300})
    assert set(ids(every(60, 16))) <= set(ids(got))
    assert len(server.asked) < 8


def test_a_list_from_which_rows_go_while_it_is_read_is_read_again(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    """The symptom without it: the rows that moved up to a page which had been read are on none."""
    gone = False

    def go(rows: list[Json], page: int) -> None:
        nonlocal gone
        if not gone:
            gone = True
            del rows[:3]

    serve(requests_mock, every(60, 100), go)
    got = read(DeletedConversations(context), {"deleted_at": NOW - 900})
    assert set(ids(every(60, 25))) <= set(ids(got))
    assert context.reports.count("deleted_conversations", report.RESTARTS) > 0


@given(
    seconds=st.lists(st.integers(NOW - 3000, NOW), max_size=40),
    cursor=st.none() | st.integers(NOW - 3000, NOW),
    order=st.sampled_from(["newest first", "oldest first", "as it comes"]),
)
def test_every_row_in_range_comes_once_in_whatever_order_they_are_listed(
    seconds: list[int], cursor: int | None, order: str
) -> None:
    if order != "as it comes":
        seconds = sorted(seconds, reverse=order == "newest first")
    rows = [deleted(number, second) for number, second in enumerate(seconds)]
    with pytest.MonkeyPatch.context() as patch, Mocker() as mocker:
        set_clock(patch, lambda: NOW)
        serve(mocker, rows)
        stream = DeletedConversations(builders.context())
        got = read(stream, {} if cursor is None else {"deleted_at": cursor})
    since = START if cursor is None else cursor - GUARD
    assert sorted(ids(got)) == sorted(row["id"] for row in rows if row["deleted_at"] >= since)
    latest = max([*(row["deleted_at"] for row in got), cursor or 0])
    assert states(messages(stream))[-1] == ({"deleted_at": latest} if latest else {})
