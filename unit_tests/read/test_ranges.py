"""Lists that are asked for ranges of time: every row once, whatever a range is answered with."""

from types import SimpleNamespace
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from hypothesis import given, settings
from hypothesis import strategies as st
from requests_mock import Mocker

from source_intercom import report
from source_intercom.read.ranges import DAY, RANGE
from source_intercom.streams.context import StreamContext
from source_intercom.streams.workspace import ActivityLogs
from unit_tests import builders
from unit_tests.builders import NOW, START, URL, Json, error_list, example, ids, messages, read, states
from unit_tests.clock import set_clock
from unit_tests.examples import tries

if TYPE_CHECKING:  # names that only the stubs of requests-mock have
    from requests_mock.request import Request
    from requests_mock.response import Context


class Logs:
    """Answers as Intercom does: newest first, in pages; a range of more than `longest` seconds with 500."""

    def __init__(self, mocker: Mocker, seconds: list[int], longest: int = NOW, per_page: int = 250) -> None:
        self.rows = [
            {**example("activity_logs")["activity_logs"][0], "id": str(number), "created_at": second}
            for number, second in enumerate(seconds)
        ]
        self.longest = longest
        self.per_page = per_page
        self.asked: list[tuple[int, int]] = []
        mocker.get(f"{URL}admins/activity_logs", json=self)

    def __call__(self, request: "Request", answer: "Context") -> Json:
        query = {name: values[0] for name, values in parse_qs(request.query).items()}
        after, before = int(query["created_at_after"]), int(query["created_at_before"])
        self.asked.append((after, before))
        if before - after > self.longest:
            answer.status_code = 500
            return error_list("server_error")
        found = [row for row in self.rows if after < row["created_at"] < before]
        found.sort(key=lambda row: int(row["created_at"]), reverse=True)
        page = int(query.get("page", 1))
        last = max(-(-len(found) // self.per_page), 1)
        start = (page - 1) * self.per_page
        following = f"https://elsewhere.test/x?page={page + 1}" if page < last else None
        pages = {"type": "pages", "next": following, "page": page, "per_page": self.per_page, "total_pages": last}
        return {
            "type": "activity_log.list",
            "pages": pages,
            "activity_logs": found[start : start + self.per_page],
        }


@pytest.mark.parametrize("state", [None, {}])
def test_a_history_is_asked_for_in_ranges_of_days(
    state: Json | None, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    seconds = [START, START + 5 * DAY, NOW - 3 * DAY, NOW]
    logs = Logs(requests_mock, seconds)
    assert sorted(ids(read(ActivityLogs(context), state))) == ["0", "1", "2", "3"]
    assert max(before - after for after, before in logs.asked) <= RANGE + 2
    assert len(logs.asked) == -(-(NOW + 1 - START) // RANGE)


def test_a_range_that_is_not_answered_is_asked_for_in_halves_and_every_row_comes_once(
    now: SimpleNamespace, requests_mock: Mocker, caplog: pytest.LogCaptureFixture
) -> None:
    context = builders.context(start_date="2024-12-01T00:00:00Z")
    seconds = [NOW - number * DAY // 2 for number in range(50)]
    logs = Logs(requests_mock, seconds, longest=4 * DAY)
    records = read(ActivityLogs(context), {})
    assert sorted(ids(records), key=int) == [str(number) for number in range(50)]
    assert "asking for half of it" in caplog.text
    assert min(before - after for after, before in logs.asked) > DAY


def test_a_day_that_is_not_answered_is_an_error_and_the_state_stays(
    now: SimpleNamespace, requests_mock: Mocker
) -> None:
    Logs(requests_mock, [NOW - DAY], longest=60)
    stream = ActivityLogs(builders.context(start_date="2024-12-25T00:00:00Z"))
    with pytest.raises(AirbyteTracedException, match="answered 500") as error:
        read(stream, {"created_at": NOW - 3 * DAY})
    assert error.value.failure_type == FailureType.transient_error
    assert stream.checkpoints.state == {"created_at": NOW - 3 * DAY}


def test_a_range_that_is_refused_is_not_halved(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    asked = requests_mock.get(f"{URL}admins/activity_logs", status_code=403, json=error_list("forbidden"))
    with pytest.raises(AirbyteTracedException, match="“Read admin activity logs”"):
        read(ActivityLogs(context), {})
    assert asked.call_count == 1


def test_the_next_sync_begins_at_the_guard_interval_before_the_state(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    logs = Logs(requests_mock, [NOW - 700, NOW - 500, NOW - 5])
    stream = ActivityLogs(context)
    assert ids(read(stream, {"created_at": NOW - 10})) == ["2", "1"]
    assert logs.asked == [(NOW - 611, NOW + 1)]
    assert states(messages(stream))[-1] == {"created_at": NOW - 5}


def test_the_pages_of_a_range_are_read_once_as_nothing_moves_in_them(
    now: SimpleNamespace, requests_mock: Mocker
) -> None:
    context = builders.context(start_date="2024-12-20T00:00:00Z")
    logs = Logs(requests_mock, [NOW - number for number in range(50)], per_page=10)
    assert len(read(ActivityLogs(context), {})) == 50
    assert len(logs.asked) == 5


@settings(max_examples=tries(25), deadline=None)
@given(
    seconds=st.lists(st.integers(NOW - 40 * DAY, NOW), max_size=30),
    longest=st.sampled_from([NOW, 20 * DAY, 3 * DAY]),
    per_page=st.integers(1, 9),
    cursor=st.none() | st.integers(NOW - 45 * DAY, NOW),
)
def test_every_row_in_range_comes_exactly_once(
    seconds: list[int], longest: int, per_page: int, cursor: int | None
) -> None:
    with pytest.MonkeyPatch.context() as patch, Mocker() as mocker:
        set_clock(patch, lambda: NOW)
        Logs(mocker, seconds, longest, per_page)
        stream = ActivityLogs(builders.context(start_date="2024-11-20T00:00:00Z"))
        got = read(stream, {} if cursor is None else {"created_at": cursor})
        first = stream.starts_at(NOW)
    wanted = [str(number) for number, second in enumerate(seconds) if second >= first]
    assert sorted(ids(got)) == sorted(wanted)
    assert stream.context.reports.count("activity_logs", report.EMITTED) == len(wanted)
    latest = max([*(row["created_at"] for row in got), cursor or 0])
    assert states(messages(stream))[-1] == ({"created_at": latest} if latest else {})
