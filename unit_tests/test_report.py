from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from source_intercom import report
from source_intercom.report import Reports


def said(reports: Reports, stream: str) -> str:
    return report.sentence(reports.counts()[stream])


def test_where_nothing_was_read_nothing_is_counted() -> None:
    assert Reports().counts() == {}
    assert Reports().count("tags", report.EMITTED) == 0


def test_a_stream_says_what_it_emitted_and_asked() -> None:
    reports = Reports()
    reports.add("tags", report.REQUESTS)
    reports.add("tags", report.EMITTED, 3)
    assert said(reports, "tags") == "3 records emitted, 1 request"


def test_a_stream_without_records_says_so() -> None:
    reports = Reports()
    reports.add("tags", report.REQUESTS)
    assert said(reports, "tags") == "0 records emitted, 1 request"


def test_a_stream_says_what_was_expected_and_what_was_read_again() -> None:
    """The symptom without it: rows are gone, and the sync is green."""
    reports = Reports()
    reports.add("contacts", report.EXPECTED, 100)
    reports.add("contacts", report.EMITTED, 95)
    reports.add("contacts", report.REQUESTS, 7)
    reports.add("contacts", report.RESTARTS)
    reports.add("contacts", report.REPEATED, 2)
    assert said(reports, "contacts") == (
        "100 expected, 95 records emitted, 7 requests, 1 restart, 2 met again and not emitted twice"
    )


@pytest.mark.parametrize(
    ("number", "what", "words"),
    [
        (1, report.REQUESTS, "1 request"),
        (0, report.REQUESTS, "0 requests"),
        (2, report.REQUESTS, "2 requests"),
        (1, report.REFUSALS, "1 429 answer"),
        (1, report.RETRIES, "1 repeated request"),
        (1, report.CHANGED, "1 changed conversation"),
        (1, report.TRUNCATED, "1 conversation with more parts than Intercom returns"),
        (1, report.UNREACHABLE, "1 part beyond Intercom's limit of 500 per conversation"),
        (1, report.FULL, "1 ticket with 500 parts, the most that Intercom returns"),
        (1, report.GONE, "1 skipped as deleted since they were found"),
        (1, "older parts", "1 older part"),
    ],
)
def test_one_is_said_in_the_singular(number: int, what: str, words: str) -> None:
    assert report.counted(number, what) == words


def test_an_expectation_of_nothing_is_said() -> None:
    reports = Reports()
    reports.add("contacts", report.EXPECTED, 0)
    assert said(reports, "contacts") == "0 expected, 0 records emitted, 0 requests"


def test_every_skip_is_said() -> None:
    reports = Reports()
    for what in (report.GONE, report.TRUNCATED, report.UNREACHABLE):
        reports.add("conversation_parts", what, 4)
    line = said(reports, "conversation_parts")
    assert all(f"4 {what}" in line for what in (report.GONE, report.TRUNCATED, report.UNREACHABLE))


def test_threads_count_together() -> None:
    reports = Reports()

    def count() -> None:
        for _ in range(1000):
            reports.add("tags", report.EMITTED)

    with ThreadPoolExecutor(8) as pool:
        for _ in range(8):
            pool.submit(count)
    assert reports.count("tags", report.EMITTED) == 8000


def test_a_stream_is_being_read_while_its_partitions_are_looked_for_or_read() -> None:
    reports = Reports()
    assert reports.reading() == {}
    with reports.finding("tags"):
        assert reports.reading().keys() == {"tags"}
        reports.found("tags")
    reports.add("tags", report.EMITTED, 3)
    assert reports.reading()["tags"].counts == {report.EMITTED: 3}
    assert reports.reading()["tags"].partitions == 0
    reports.read("tags")
    assert reports.reading() == {}


def test_a_stream_whose_search_for_partitions_fails_is_not_read_any_more() -> None:
    reports = Reports()
    with suppress(ValueError), reports.finding("tags"):
        raise ValueError
    assert reports.reading() == {}
