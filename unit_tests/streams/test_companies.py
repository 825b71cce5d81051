import threading
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
import requests
from airbyte_cdk.models import FailureType, SyncMode
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from requests_mock import Mocker

from source_intercom import report
from source_intercom.streams.companies import Companies
from source_intercom.streams.context import StreamContext
from unit_tests.builders import URL, Json, company, error_list, example, ids, me, read, scroll_page

if TYPE_CHECKING:  # names that only the stubs of requests-mock have
    from requests_mock.request import Request
    from requests_mock.response import Context

SCROLL = f"{URL}companies/scroll"
EXPIRED = {"status_code": 404, "json": error_list("not_found", "scroll parameter not found")}
EXPIRED_HTML = {"status_code": 404, "text": "<html>404</html>"}
BROKEN = {"status_code": 500, "json": error_list("server_error", "Please restart the scroll operation.")}
HELD = {"status_code": 400, "json": error_list("scroll_exists", "scroll already exists for this workspace")}
END = {"json": scroll_page()}


def page(*numbers: int, scroll_param: str = "43cc3160") -> Json:
    """An answer with the companies of these numbers."""
    return {"json": scroll_page(*(company(number) for number in numbers), scroll_param=scroll_param)}


def numbers(records: list[Json]) -> list[int]:
    return [int(number, 16) for number in ids(records)]


def parameters(mocker: Mocker) -> list[str | None]:
    """The scroll parameter of each request; None where it began a scroll."""
    return [request.qs.get("scroll_param", [None])[0] for request in mocker.request_history]


def failure(context: StreamContext) -> AirbyteTracedException:
    with pytest.raises(AirbyteTracedException) as error:
        read(Companies(context))
    return error.value


def test_all_pages_are_read_although_the_parameter_stays_the_same(
    context: StreamContext, requests_mock: Mocker
) -> None:
    """The symptom without it: only 200 companies."""
    requests_mock.get(SCROLL, [page(1, 2), page(3, 4), page(5, 6), page(7), END])
    assert numbers(read(Companies(context))) == [1, 2, 3, 4, 5, 6, 7]
    assert parameters(requests_mock) == [None, *["43cc3160"] * 4]


def test_the_latest_parameter_is_used(context: StreamContext, requests_mock: Mocker) -> None:
    requests_mock.get(SCROLL, [page(1, scroll_param="a"), page(2, scroll_param="b"), END])
    assert numbers(read(Companies(context))) == [1, 2]
    assert parameters(requests_mock) == [None, "a", "b"]


def test_a_short_page_is_not_the_last(context: StreamContext, requests_mock: Mocker) -> None:
    requests_mock.get(SCROLL, [page(1), page(2, 3, 4), page(5), END])
    assert numbers(read(Companies(context))) == [1, 2, 3, 4, 5]


def test_an_empty_page_ends_the_scroll_although_it_carries_the_parameter(
    context: StreamContext, requests_mock: Mocker
) -> None:
    """The symptom without it: companies without end."""
    asked = requests_mock.get(SCROLL, [page(1), END, EXPIRED])
    assert numbers(read(Companies(context))) == [1]
    assert asked.call_count == 2


def test_a_workspace_without_companies_is_asked_once(context: StreamContext, requests_mock: Mocker) -> None:
    asked = requests_mock.get(SCROLL, [END])
    assert read(Companies(context)) == []
    assert asked.call_count == 1


def test_a_company_is_emitted_as_it_comes(context: StreamContext, requests_mock: Mocker) -> None:
    requests_mock.get(SCROLL, [{"json": example("companies_scroll")}, END])
    assert read(Companies(context)) == example("companies_scroll")["data"]


# Restarts


@pytest.mark.parametrize("broken_off", [EXPIRED, EXPIRED_HTML, BROKEN, {"status_code": 500, "text": "<html>"}])
def test_a_scroll_that_breaks_off_begins_again_and_no_company_comes_twice(
    broken_off: Json, context: StreamContext, requests_mock: Mocker
) -> None:
    """The symptom without it: 3 of 5 companies, and a sync that is green."""
    requests_mock.get(SCROLL, [page(1, 2), page(3), broken_off, page(2, 1), page(3, 4), page(5), END])
    assert sorted(numbers(read(Companies(context)))) == [1, 2, 3, 4, 5]
    assert context.reports.count("companies", report.RESTARTS) == 1
    assert context.reports.count("companies", report.REPEATED) == 3
    assert context.reports.count("companies", report.EMITTED) == 5


def test_a_dead_scroll_is_not_asked_again(context: StreamContext, requests_mock: Mocker) -> None:
    requests_mock.get(SCROLL, [page(1, scroll_param="dead"), BROKEN, page(1, scroll_param="new"), page(2), END])
    read(Companies(context))
    assert parameters(requests_mock) == [None, "dead", None, "new", "43cc3160"]


def test_500_as_the_very_first_answer_is_waited_out(
    context: StreamContext, requests_mock: Mocker, sleeps: list[float]
) -> None:
    requests_mock.get(SCROLL, [BROKEN, BROKEN, page(1), END])
    assert numbers(read(Companies(context))) == [1]
    assert len(sleeps) == 2


LOST: list[Json] = [{"status_code": 502, "text": "<html>"}, {"status_code": 503}, {"exc": requests.ReadTimeout}]


@pytest.mark.parametrize("trouble", LOST)
def test_a_page_lost_on_its_way_is_not_skipped(trouble: Json, context: StreamContext, requests_mock: Mocker) -> None:
    requests_mock.get(SCROLL, [page(1), trouble, page(1), page(2), END])
    assert numbers(read(Companies(context))) == [1, 2]
    assert parameters(requests_mock) == [None, "43cc3160", None, "43cc3160", "43cc3160"]
    assert context.reports.count("companies", report.RESTARTS) == 1


def test_a_refused_request_goes_on_with_the_same_scroll(context: StreamContext, requests_mock: Mocker) -> None:
    context.api.budget.acquire_call = lambda *_: None  # type: ignore[method-assign]  # waiting is the budget's test
    requests_mock.get(SCROLL, [page(1), {"status_code": 429, "text": "<html>"}, page(2), END])
    assert numbers(read(Companies(context))) == [1, 2]
    assert parameters(requests_mock) == [None, *["43cc3160"] * 3]
    assert context.reports.count("companies", report.RESTARTS) == 0


def test_a_scroll_that_breaks_every_time_ends_in_an_error(
    context: StreamContext, requests_mock: Mocker, sleeps: list[float]
) -> None:
    asked = requests_mock.get(SCROLL, [page(1), BROKEN] * 50)
    error = failure(context)
    assert error.failure_type == FailureType.transient_error
    assert "broke off again and again" in str(error)
    assert asked.call_count == 2 * 11
    assert len(sleeps) == 10


def test_what_came_before_the_error_is_emitted(context: StreamContext, requests_mock: Mocker) -> None:
    requests_mock.get(SCROLL, [page(1, 2), {"status_code": 401, "json": error_list("token_revoked")}])
    stream = Companies(context)
    records = stream.read_records(SyncMode.full_refresh)
    assert numbers([record for _, record in zip(range(2), records, strict=False)]) == [1, 2]
    with pytest.raises(AirbyteTracedException, match="refused the access token"):
        list(records)


@pytest.mark.parametrize(
    "pages",
    [
        [page(1, 2)],
        [page(1), page(2)],
        [{"json": {"data": [None], "scroll_param": "x"}}],
    ],
)
def test_a_scroll_without_end_ends_in_an_error(
    pages: list[Json], context: StreamContext, requests_mock: Mocker, sleeps: list[float]
) -> None:
    asked = requests_mock.get(SCROLL, pages * 200)
    error = failure(context)
    assert error.failure_type == FailureType.transient_error
    assert "broke off again and again" in str(error)
    assert asked.call_count <= 3 * 11


def test_a_scroll_that_does_not_say_how_it_goes_on_is_begun_again_and_each_warning_names_what_it_waits_for(
    context: StreamContext, requests_mock: Mocker, sleeps: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    leads_nowhere = {"json": {"data": [company(1)]}}
    asked = requests_mock.get(SCROLL, [HELD, leads_nowhere, HELD, leads_nowhere])
    error = failure(context)
    assert error.failure_type == FailureType.transient_error
    assert "scroll_param is missing" in str(error)
    assert asked.call_count == len(sleeps) + 1 == 15
    reasons = ("another client of this workspace", "scroll_param is missing")
    warnings = [record.getMessage() for record in caplog.records if "next try" in record.getMessage()]
    told = [[reason in warning for reason in reasons] for warning in warnings]
    assert told == [[True, False], [False, True], [True, False], *[[False, True]] * 11]


@pytest.mark.parametrize("data", [None, {}, "", 0, False])
def test_a_page_whose_data_is_no_list_is_not_the_end(data: Any, context: StreamContext, requests_mock: Mocker) -> None:
    broken = {"json": {"data": data, "scroll_param": "a"}}
    requests_mock.get(SCROLL, [page(1), broken, page(1), page(2), END])
    assert numbers(read(Companies(context))) == [1, 2]


# One scroll at a time


def test_a_scroll_held_by_another_client_is_waited_out(
    context: StreamContext, requests_mock: Mocker, sleeps: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    def answer(request: "Request", made: "Context") -> Json:
        if sum(sleeps) < 60:
            made.status_code = 400
            return error_list("scroll_exists")
        return scroll_page(*([company(1)] if "scroll_param" not in request.qs else []))

    requests_mock.get(SCROLL, json=answer)
    assert numbers(read(Companies(context))) == [1]
    assert sum(sleeps) < 80
    assert all(first <= second for first, second in pairwise(sleeps))
    assert max(sleeps) <= 10
    first, *_, last = [record.getMessage() for record in caplog.records if "next try" in record.getMessage()]
    for line in (first, last):
        assert line.startswith("companies: another client of this workspace, or a read that was killed a minute ago, ")
    assert first.endswith("waiting for it, 115 s more at most, next try in 1 s.")
    assert last.endswith(f"waiting for it, {115 - sum(sleeps[:-1]):.0f} s more at most, next try in 10 s.")


def test_no_other_client_is_blamed_where_intercom_gives_another_reason(
    context: StreamContext, requests_mock: Mocker, caplog: pytest.LogCaptureFixture
) -> None:
    requests_mock.get(SCROLL, [EXPIRED, page(1), END])
    assert numbers(read(Companies(context))) == [1]
    assert "no scroll can begin; waiting for it, 115 s more at most, next try in 1 s. " in caplog.text
    assert "another client" not in caplog.text


def test_a_scroll_that_is_held_for_ever_ends_in_an_error_that_says_so(
    context: StreamContext, requests_mock: Mocker, sleeps: list[float]
) -> None:
    requests_mock.get(SCROLL, [HELD])
    error = failure(context)
    assert error.failure_type == FailureType.transient_error
    assert "another client" in str(error)
    assert 60 < sum(sleeps) < 180


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"exc": requests.exceptions.ChunkedEncodingError}, "could not be reached (ChunkedEncodingError)"),
        ({"status_code": 404, "text": "<html>404</html>"}, "broke off again and again"),
    ],
)
def test_a_scroll_that_cannot_begin_ends_in_an_error_that_says_why(
    answer: Json, words: str, context: StreamContext, requests_mock: Mocker
) -> None:
    requests_mock.get(SCROLL, [answer])
    error = failure(context)
    assert error.failure_type == FailureType.transient_error
    assert words in str(error)


def test_the_next_scroll_waits_until_our_own_dead_one_is_gone(context: StreamContext, requests_mock: Mocker) -> None:
    requests_mock.get(SCROLL, [page(1), BROKEN, HELD, HELD, page(1), page(2), END])
    assert numbers(read(Companies(context))) == [1, 2]
    assert context.reports.count("companies", report.RESTARTS) == 1


def test_waiting_begins_anew_with_every_scroll(context: StreamContext, requests_mock: Mocker) -> None:
    requests_mock.get(SCROLL, [*[HELD] * 10, page(1), BROKEN, *[HELD] * 10, page(1), END])
    assert numbers(read(Companies(context))) == [1]


def test_a_company_with_deep_attributes_is_emitted(context: StreamContext, requests_mock: Mocker) -> None:
    deep: Json = {}
    for _ in range(400):
        deep = {"a": deep}
    requests_mock.get(SCROLL, [{"json": scroll_page(company(1, custom_attributes=deep))}, END])
    assert read(Companies(context))[0]["custom_attributes"] == deep


# A slow destination


def scroll_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "companies-scroll"]


def test_the_scroll_goes_on_at_its_own_pace_however_slow_the_destination(
    context: StreamContext, requests_mock: Mocker
) -> None:
    """The symptom without it: the scroll expires."""
    drained = threading.Event()

    def last(request: "Request", made: "Context") -> Json:
        drained.set()
        return scroll_page()

    pages = [page(*range(number * 100, number * 100 + 100)) for number in range(1, 30)]
    requests_mock.get(SCROLL, [*pages, {"json": last}])
    records = iter(Companies(context).read_records(SyncMode.full_refresh))
    next(records)
    assert drained.wait(20), "pages were only asked for as records were taken"
    assert sum(1 for _ in records) == 29 * 100 - 1


def test_a_reader_that_goes_away_stops_the_scroll(context: StreamContext, requests_mock: Mocker) -> None:
    begun = threading.Event()

    def endless(request: "Request", made: "Context") -> Json:
        begun.wait(5)
        return scroll_page(company(1))

    requests_mock.get(SCROLL, [page(1), {"json": endless}])
    before = scroll_threads()
    records: Iterator[Any] = iter(Companies(context).read_records(SyncMode.full_refresh))
    next(records)
    (thread,) = set(scroll_threads()) - set(before)
    records.close()  # type: ignore[attr-defined]
    begun.set()
    thread.join(9)
    assert not thread.is_alive()


# Check


def test_a_check_begins_no_scroll(context: StreamContext, requests_mock: Mocker) -> None:
    requests_mock.get(f"{URL}me", json=me())
    asked = requests_mock.post(f"{URL}contacts/search", json=example("contacts_search"))
    Companies(context).probe()
    assert asked.call_count == 1
    assert not any("scroll" in request.path for request in requests_mock.request_history)


def test_a_check_names_the_permission_that_companies_need(context: StreamContext, requests_mock: Mocker) -> None:
    requests_mock.get(f"{URL}me", json=me())
    requests_mock.post(f"{URL}contacts/search", status_code=401, json=error_list("token_unauthorized"))
    with pytest.raises(AirbyteTracedException, match="“Read and list users and companies”"):
        Companies(context).probe()
