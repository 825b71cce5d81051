"""Jobs that Intercom does for us: every way in which one may come to its end, or not."""

import errno
import logging
import threading
from collections.abc import Callable
from contextlib import ExitStack
from queue import Queue
from tempfile import TemporaryFile
from typing import IO, Any

import pytest
import requests
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from requests_mock import Mocker

from source_intercom import report
from source_intercom.api.errors import IntercomErrorHandler
from source_intercom.api.exports import CONTENT, REPORTING, Export
from source_intercom.api.jobs import MOST_HOURS, MOST_JOBS, RULES, Jobs, pauses
from source_intercom.api.open_jobs import OpenJobs
from source_intercom.api.reader import Reader
from source_intercom.ending import Ended
from source_intercom.streams.context import StreamContext
from unit_tests.builders import URL, error_list
from unit_tests.exports import PENDING, Exporter

RANGE = {"created_at_after": 1, "created_at_before": 2}
GONE = {"status_code": 404, **error_list("not_found")}


def jobs_of(context: StreamContext, export: Export = CONTENT) -> Jobs:
    def reader(**rules: Any) -> Reader:
        handler = IntercomErrorHandler("Export content data", **rules)
        return Reader(context.api, "exports", handler, context.reports, context.messages, logging.getLogger("airbyte"))

    return Jobs(export, reader(may_be_gone=True), reader(rules=RULES))


def fetched(context: StreamContext, export: Export = CONTENT, good: bytes = b"") -> bytes | None:
    """The file of an export, None where it has no data; a file is whole if it ends as a good one."""

    def is_whole(file: IO[bytes]) -> bool:
        file.seek(0)
        return file.read().endswith(good)

    with TemporaryFile() as file:
        if not jobs_of(context, export).fetch(RANGE, file, is_whole):
            return None
        file.seek(0)
        return file.read()


def failure(context: StreamContext) -> AirbyteTracedException:
    with pytest.raises(AirbyteTracedException) as error:
        fetched(context, good=b"end")
    return error.value


@pytest.fixture
def exporter(requests_mock: Mocker) -> Exporter:
    return Exporter(requests_mock, lambda asked: b"the end")


def test_a_job_is_asked_for_looked_at_and_its_file_fetched(exporter: Exporter, context: StreamContext) -> None:
    exporter.steps = ["pending", "pending", "in_progress", "something new", "completed"]
    assert fetched(context) == b"the end"
    assert exporter.made == [RANGE]
    assert exporter.seen == {"job1": 4}
    assert exporter.cancelled == []


def test_pauses_between_two_looks_grow_and_end(exporter: Exporter, context: StreamContext, sleeps: list[float]) -> None:
    exporter.steps = ["pending"] * 9 + ["completed"]
    fetched(context)
    assert sleeps[0] == 10
    assert sleeps == sorted(sleeps)
    assert sleeps[-1] == 60
    assert MOST_HOURS * 3600 <= sum(pauses()) <= MOST_HOURS * 3600 + 60


def test_tests_need_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERCOM_EXPORT_POLL_SECONDS", "0.5")
    assert next(pauses()) == 0.5


def test_the_other_export_says_complete_and_is_told_the_job_as_a_parameter(
    exporter: Exporter, context: StreamContext
) -> None:
    exporter.steps = ["pending", "complete"]
    assert fetched(context, REPORTING) == b"the end"
    told = [request.qs for request in exporter.mocker.request_history if request.method == "GET"]
    assert told == [{"job_identifier": ["job1"]}] * 2


def test_the_address_of_a_file_is_not_taken_from_the_answer(exporter: Exporter, context: StreamContext) -> None:
    fetched(context)
    assert {request.hostname for request in exporter.mocker.request_history} == {"api.intercom.io"}


def test_an_id_is_one_step_of_the_path() -> None:
    assert CONTENT.job("a/../b?c") == "export/content/data/a%2F..%2Fb%3Fc"
    assert CONTENT.end("a/b") == "export/cancel/a%2Fb"


def test_no_data_are_no_rows(exporter: Exporter, context: StreamContext) -> None:
    exporter.steps = ["no_data"]
    assert fetched(context) is None


def test_a_job_that_fails_is_a_transient_error(exporter: Exporter, context: StreamContext) -> None:
    exporter.steps = ["pending", "failed"]
    error = failure(context)
    assert "could not make the export" in str(error)
    assert error.failure_type == FailureType.transient_error
    assert len(exporter.made) == 1
    assert exporter.cancelled == []


def test_a_job_without_an_end_is_cancelled_and_an_error(
    exporter: Exporter, context: StreamContext, sleeps: list[float]
) -> None:
    exporter.steps = ["pending"]
    assert f"within {MOST_HOURS} hours" in str(failure(context))
    assert sum(sleeps) >= MOST_HOURS * 3600
    assert exporter.cancelled == ["job1"]


def test_jobs_of_others_are_waited_for_and_told_of(
    exporter: Exporter, context: StreamContext, sleeps: list[float]
) -> None:
    told: list[tuple[str, str, float]] = []
    context.api.jobs.waiting = lambda *what: told.append(what)
    exporter.next("begin", *[{"status_code": 429, **PENDING}] * 3)
    assert fetched(context) == b"the end"
    assert len(exporter.made) == 1
    assert [(stream, seconds) for stream, _, seconds in told] == [("exports", pause) for pause in sleeps]
    assert "others have asked for" in told[0][1]
    assert "Exceeded rate limit of 1 pending message data export jobs" in told[0][1]
    assert sleeps[:3] == [10, 15, 22.5]
    assert context.reports.count("exports", report.REFUSALS) == 0


def test_jobs_of_others_are_not_waited_for_without_end(
    exporter: Exporter, context: StreamContext, sleeps: list[float]
) -> None:
    exporter.mocker.post(f"{URL}export/content/data", status_code=429, json=PENDING)
    error = failure(context)
    assert "1 pending message data export jobs" in str(error)
    assert error.failure_type == FailureType.transient_error
    assert sum(sleeps) >= MOST_HOURS * 3600


def test_the_rate_limit_of_requests_is_no_job_of_others(exporter: Exporter, context: StreamContext) -> None:
    exporter.next("begin", {"status_code": 429, **error_list("rate_limit_exceeded", "Exceeded rate limit of 1667")})
    assert fetched(context) == b"the end"
    assert context.reports.count("exports", report.REFUSALS) == 1


@pytest.mark.parametrize("status", ["canceled", "cancelled"])
def test_a_job_that_somebody_cancels_is_asked_for_anew(status: str, exporter: Exporter, context: StreamContext) -> None:
    exporter.next("look", {"job_identifier": "job1", "status": status})
    assert fetched(context) == b"the end"
    assert len(exporter.made) == 2
    assert exporter.cancelled == []
    assert context.reports.count("exports", report.RESTARTS) == 1


def test_a_job_that_is_unknown_all_of_a_sudden_is_asked_for_anew(exporter: Exporter, context: StreamContext) -> None:
    exporter.next("look", GONE)
    assert fetched(context) == b"the end"
    assert len(exporter.made) == 2


@pytest.mark.parametrize("status", [404, 410])
def test_a_file_that_has_expired_is_asked_for_anew(status: int, exporter: Exporter, context: StreamContext) -> None:
    exporter.next("fetch", {**GONE, "status_code": status})
    assert fetched(context) == b"the end"
    assert len(exporter.made) == 2


def test_a_file_that_is_not_whole_is_asked_for_anew(exporter: Exporter, context: StreamContext) -> None:
    exporter.next("fetch", {"content": b"the"})
    assert fetched(context, good=b"end") == b"the end"
    assert len(exporter.made) == 2


@pytest.mark.parametrize(
    ("kind", "answer", "reason"),
    [("fetch", GONE, "gone before"), ("look", GONE, "unknown to"), ("fetch", {"content": b"<html>"}, "broken")],
)
def test_what_is_lost_again_and_again_is_a_transient_error(
    kind: str, answer: dict[str, Any], reason: str, exporter: Exporter, context: StreamContext
) -> None:
    exporter.next(kind, *[answer] * 9)
    error = failure(context)
    assert reason in str(error)
    assert error.failure_type == FailureType.transient_error
    assert len(exporter.made) == MOST_JOBS


def test_a_file_that_breaks_off_is_fetched_again(
    exporter: Exporter, context: StreamContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    exporter.mocker.get(
        f"{URL}download/content/data/job1", [{"exc": requests.exceptions.ChunkedEncodingError}, {"content": b"end"}]
    )
    assert fetched(context) == b"end"
    assert len(exporter.made) == 1


def test_what_a_file_held_before_is_overwritten(exporter: Exporter, context: StreamContext) -> None:
    exporter.next("fetch", {"content": b"a longer text than the other"})
    assert fetched(context, good=b"end") == b"the end"


def test_a_permission_that_lacks_is_named(exporter: Exporter, context: StreamContext) -> None:
    exporter.next("begin", {"status_code": 403, **error_list("forbidden", "no scope")})
    error = failure(context)
    assert "lacks the permission “Export content data”" in str(error)
    assert error.failure_type == FailureType.config_error


@pytest.mark.parametrize("body", [{}, {"job_identifier": ""}, {"job_identifier": 5}])
def test_a_job_without_an_id_is_a_broken_body(body: dict[str, Any], exporter: Exporter, context: StreamContext) -> None:
    exporter.next("begin", body)
    assert "broken body" in str(failure(context))


def test_an_error_on_the_way_cancels_the_job(exporter: Exporter, context: StreamContext) -> None:
    exporter.next("look", {"status_code": 403, **error_list("forbidden")})
    failure(context)
    assert exporter.cancelled == ["job1"]


def test_a_job_that_cannot_be_cancelled_is_left(exporter: Exporter, context: StreamContext) -> None:
    exporter.next("look", {"status_code": 403, **error_list("forbidden")})
    with pytest.raises(AirbyteTracedException):
        fetched(context, REPORTING)
    assert exporter.cancelled == []


def test_the_end_of_the_read_cancels_the_job_although_no_request_passes_any_more(
    exporter: Exporter, context: StreamContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    exporter.steps = ["pending"]
    waits = threading.Event()

    def pause(changed: threading.Condition, is_over: Any, seconds: float) -> bool:
        waits.set()
        with changed:
            return bool(changed.wait_for(is_over, 60))

    monkeypatch.setattr("source_intercom.api.open_jobs.pause", pause)
    ends: list[BaseException] = []

    def run() -> None:
        try:
            fetched(context)
        except BaseException as error:
            ends.append(error)

    reading = threading.Thread(target=run)
    reading.start()
    assert waits.wait(60)
    context.api.budget.close()
    context.api.jobs.close()
    assert exporter.cancelled == ["job1"]
    reading.join(60)
    assert isinstance(ends[0], Ended)
    assert exporter.cancelled == ["job1"]


def test_after_the_end_of_the_read_no_job_begins(exporter: Exporter, context: StreamContext) -> None:
    context.api.jobs.close()
    with pytest.raises(Ended):
        fetched(context)
    assert exporter.made == []


def test_a_job_that_cannot_be_cancelled_does_not_hide_the_error(exporter: Exporter, context: StreamContext) -> None:
    exporter.mocker.post(f"{URL}export/cancel/job1", exc=requests.exceptions.ConnectTimeout)
    exporter.next("look", {"status_code": 403, **error_list("forbidden")})
    assert "lacks the permission" in str(failure(context))


@pytest.mark.parametrize("export", [CONTENT, REPORTING])
def test_no_more_jobs_than_intercom_allows_are_open_at_the_same_time(export: Export) -> None:
    seen: Queue[str] = Queue()

    class Told(threading.Condition):
        """Says who has to wait."""

        def wait_for(self, predicate: Callable[[], Any], timeout: float | None = None) -> Any:
            if not predicate():
                seen.put("waits")
            return super().wait_for(predicate, timeout)

    open_jobs = OpenJobs()
    open_jobs.changed = Told()

    def one_more() -> None:
        with open_jobs.place("jobs", export.at_once):
            seen.put("begins")

    with ExitStack() as others:
        for _ in range(export.at_once - 1):
            others.enter_context(open_jobs.place("jobs", export.at_once))
        with open_jobs.place("jobs", export.at_once):
            threading.Thread(target=one_more, daemon=True).start()
            assert seen.get(timeout=60) == "waits"
        assert seen.get(timeout=60) == "begins"


def test_a_disk_that_is_full_is_a_config_error_that_names_the_directory(
    exporter: Exporter, context: StreamContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        def seek(self, *_: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

    file: Any = Full()
    with pytest.raises(AirbyteTracedException, match=r"cannot take .*TMPDIR") as error:
        jobs_of(context).fetch(RANGE, file, lambda file: True)
    assert error.value.failure_type == FailureType.config_error


def test_a_probe_asks_for_a_job_that_there_is_not_and_makes_none(exporter: Exporter, context: StreamContext) -> None:
    jobs_of(context).probe()
    assert exporter.made == []
    exporter.mocker.get(f"{URL}export/content/data/none", status_code=401, json=error_list("token_unauthorized"))
    with pytest.raises(AirbyteTracedException, match="Export content data"):
        jobs_of(context).probe()
