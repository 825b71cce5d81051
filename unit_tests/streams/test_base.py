from typing import Any

import pytest
import requests
from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.streams.concurrent.cursor import FinalStateCursor
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from requests_mock import Mocker

from source_intercom import report
from source_intercom.streams.context import StreamContext
from source_intercom.streams.help_center import Articles
from source_intercom.streams.tickets import Tickets
from source_intercom.streams.workspace import DataAttributes, Segments, Tags, Teams
from unit_tests.builders import TOKEN, URL, error_list, example, ids, messages, read, states

TAGS = f"{URL}tags"
HTML = "<html>502 Bad Gateway</html>"
RATE = {"X-RateLimit-Limit": "166", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1"}


def failure(stream: Any) -> AirbyteTracedException:
    """The error that ends the reading of a stream."""
    with pytest.raises(AirbyteTracedException) as error:
        read(stream)
    return error.value


# Records


def test_a_stream_emits_the_records_of_its_page(context: StreamContext, requests_mock: Mocker) -> None:
    requests_mock.get(TAGS, json=example("tags"))
    assert read(Tags(context)) == example("tags")["data"]


def test_a_page_without_records_is_empty(context: StreamContext, requests_mock: Mocker) -> None:
    requests_mock.get(f"{URL}teams", json={"type": "team.list", "teams": []})
    assert read(Teams(context)) == []


def test_integer_ids_become_text(context: StreamContext, requests_mock: Mocker) -> None:
    team = {"type": "team", "id": 814865, "name": "x", "admin_ids": [493881]}
    requests_mock.get(f"{URL}teams", json={"type": "team.list", "teams": [team]})
    assert read(Teams(context)) == [{**team, "id": "814865", "admin_ids": ["493881"]}]


def test_a_new_field_is_emitted_as_it_comes(context: StreamContext, requests_mock: Mocker) -> None:
    """The symptom without it: it crashes the sync."""
    tag = {"type": "tag", "id": "1", "name": "x", "brand_new": {"id": 1, "list": [None, {}]}}
    requests_mock.get(TAGS, json={"type": "list", "data": [tag], "brand_new": 1})
    assert read(Tags(context)) == [tag]


@pytest.mark.parametrize(
    ("time", "second"),
    [
        (1_734_537_820, 1_734_537_820),
        (1_734_537_820_000, 1_734_537_820),
        ("2024-12-18T16:03:40Z", 1_734_537_820),
        (-86_400, -86_400),
        (0, None),
        (-62_135_596_800, None),
        ("", None),
        (None, None),
    ],
)
def test_times_are_seconds_and_null_where_there_never_was_one(
    time: object, second: int | None, context: StreamContext, requests_mock: Mocker
) -> None:
    segment = {"type": "segment", "id": "a", "created_at": time, "updated_at": time}
    requests_mock.get(f"{URL}segments", json={"type": "segment.list", "segments": [segment]})
    assert read(Segments(context)) == [{**segment, "created_at": second, "updated_at": second}]


def test_a_page_is_held_by_one_list_only_so_that_rows_taken_out_of_it_are_gone(context: StreamContext) -> None:
    rows = [{"id": "a"}, {"id": "b"}]
    assert Segments(context).rows.of({"segments": rows}, "segments") is rows
    assert rows == [{"id": "a"}, {"id": "b"}]


def test_a_record_met_twice_is_emitted_once_and_counted(context: StreamContext, requests_mock: Mocker) -> None:
    segment = {"type": "segment", "id": "a"}
    requests_mock.get(f"{URL}segments", json={"segments": [segment, {"type": "segment", "id": "b"}, segment]})
    assert ids(read(Segments(context))) == ["a", "b"]
    assert context.reports.count("segments", report.EMITTED) == 2
    assert context.reports.count("segments", report.REPEATED) == 4


def test_the_primary_key_is_the_schemas(context: StreamContext) -> None:
    assert Tags(context).primary_key == ["id"]
    assert DataAttributes(context).primary_key == ["model", "full_name"]


# Cursors


def test_a_stream_without_cursor_is_read_to_its_end(context: StreamContext, requests_mock: Mocker) -> None:
    requests_mock.get(TAGS, json=example("tags"))
    stream = Tags(context)
    assert isinstance(stream.new_cursor(None), FinalStateCursor)
    read(stream)
    assert states(messages(stream)) == [{"__ab_no_cursor_state_message": True}]


# Errors


@pytest.mark.parametrize("code", ["token_revoked", "unauthorized", "token_expired"])
def test_revoked_token_is_not_retried(
    code: str, context: StreamContext, requests_mock: Mocker, sleeps: list[float]
) -> None:
    asked = requests_mock.get(TAGS, status_code=401, json=error_list(code))
    error = failure(Tags(context))
    assert error.failure_type == FailureType.config_error
    assert "refused the access token" in str(error)
    assert asked.call_count == 1
    assert sleeps == []


@pytest.mark.parametrize(("status", "code"), [(401, "token_unauthorized"), (403, "forbidden")])
def test_a_missing_permission_is_a_config_error_that_names_it(
    status: int, code: str, context: StreamContext, requests_mock: Mocker
) -> None:
    """The symptom without it: an empty table, and a sync that is green."""
    asked = requests_mock.get(TAGS, status_code=status, json=error_list(code))
    error = failure(Tags(context))
    assert error.failure_type == FailureType.config_error
    assert "“Read tags”" in str(error)
    assert asked.call_count == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_5xx_that_stays_is_an_error_after_six_tries(
    status: int, context: StreamContext, requests_mock: Mocker, sleeps: list[float]
) -> None:
    """The symptom without it: it is retried for ever."""
    asked = requests_mock.get(TAGS, status_code=status, text=HTML)
    error = failure(Tags(context))
    assert error.failure_type == FailureType.transient_error
    assert str(error) == f"Intercom answered {status} several times in a row; trying again later helps."
    assert asked.call_count == 6
    assert len(sleeps) == 5
    assert context.reports.count("tags", report.RETRIES) == 6


@pytest.mark.parametrize(
    "bad",
    [
        {"status_code": 502, "text": HTML},
        {"status_code": 500, "json": error_list("server_error")},
        {"status_code": 408, "json": error_list("request_timeout")},
        {"text": ""},
        {"text": HTML},
        {"text": '{"type": "list", "data": [{"type": "ta'},
        {"json": {"type": "list"}},
        {"exc": requests.ReadTimeout},
        {"exc": requests.ConnectTimeout},
        {"exc": requests.ConnectionError},
        {"exc": requests.exceptions.ChunkedEncodingError},
    ],
)
def test_a_passing_trouble_is_got_over(bad: dict[str, Any], context: StreamContext, requests_mock: Mocker) -> None:
    requests_mock.get(TAGS, [bad, bad, {"json": example("tags")}])
    assert read(Tags(context)) == example("tags")["data"]


@pytest.mark.parametrize("text", ["", HTML])
def test_an_empty_200_body_is_an_error(text: str, context: StreamContext, requests_mock: Mocker) -> None:
    """The symptom without it: an empty table."""
    requests_mock.get(TAGS, text=text)
    error = failure(Tags(context))
    assert error.failure_type == FailureType.transient_error
    assert "empty or broken body" in str(error)


def test_an_unreachable_host_is_told_without_the_library_words(context: StreamContext, requests_mock: Mocker) -> None:
    asked = requests_mock.get(TAGS, exc=requests.ConnectTimeout("HTTPSConnectionPool(host=…)"))
    error = failure(Tags(context))
    assert error.failure_type == FailureType.transient_error
    assert str(error) == "Intercom could not be reached (ConnectTimeout); check the network, or try again later."
    assert asked.call_count == 6


def test_a_429_is_waited_out(context: StreamContext, requests_mock: Mocker, sleeps: list[float]) -> None:
    refused = {"status_code": 429, "json": error_list("rate_limit_exceeded")}
    requests_mock.get(TAGS, [refused, refused, {"json": example("tags")}])
    context.api.budget.acquire_call = lambda *_: None  # type: ignore[method-assign]  # waiting is the budget's test
    assert read(Tags(context)) == example("tags")["data"]
    assert context.api.budget.usage.refused == 2
    assert context.reports.count("tags", report.REFUSALS) == 2
    assert len(sleeps) == 2


def test_429_for_ever_ends_with_the_rate_limit_named(context: StreamContext, requests_mock: Mocker) -> None:
    asked = requests_mock.get(TAGS, status_code=429, headers=RATE, text="")
    context.api.budget.acquire_call = lambda *_: None  # type: ignore[method-assign]  # waiting is the budget's test
    error = failure(Tags(context))
    assert error.failure_type == FailureType.transient_error
    assert "rate limit is used up" in str(error)
    assert asked.call_count == 6


def test_a_request_that_intercom_does_not_understand_is_not_repeated(
    context: StreamContext, requests_mock: Mocker
) -> None:
    asked = requests_mock.get(TAGS, status_code=400, json=error_list("parameter_invalid", "no such thing"))
    error = failure(Tags(context))
    assert error.failure_type == FailureType.system_error
    assert "400 (no such thing)" in str(error)
    assert asked.call_count == 1


def test_a_search_is_repeated_with_the_same_body(context: StreamContext, requests_mock: Mocker) -> None:
    """The symptom without it: a POST is not retried."""
    broken = {"status_code": 503, "text": HTML}
    asked = requests_mock.post(f"{URL}tickets/search", [broken, {"json": example("tickets_search")}])
    assert ids(read(Tickets(context), {})) == ["633"]
    first, second = asked.request_history[:2]
    assert first.json() == second.json()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
def test_no_error_holds_the_token(status: int, context: StreamContext, requests_mock: Mocker) -> None:
    requests_mock.get(TAGS, status_code=status, json=error_list("x", "y"))
    context.api.budget.acquire_call = lambda *_: None  # type: ignore[method-assign]  # waiting is the budget's test
    error = failure(Tags(context))
    told = error.as_airbyte_message().trace
    assert told is not None
    assert TOKEN not in str(told)


# Probes and counts


def test_a_probe_asks_for_one_page(context: StreamContext, requests_mock: Mocker) -> None:
    asked = requests_mock.get(f"{URL}articles", json=example("articles"))
    Articles(context).probe()
    assert asked.call_count == 1


def test_requests_and_records_are_counted(context: StreamContext, requests_mock: Mocker) -> None:
    requests_mock.get(f"{URL}segments", json=example("segments"))
    read(Segments(context))
    assert context.reports.count("segments", report.REQUESTS) == 2
    assert context.reports.count("segments", report.EMITTED) == 2
