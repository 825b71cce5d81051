"""One value of which the log's lines, the JSON and the page are made."""

import json
from collections import Counter
from types import SimpleNamespace

import pytest

from source_intercom import report, summary
from source_intercom.api.budget import RateBudget
from source_intercom.api.usage import Span
from source_intercom.outcomes import Outcomes
from source_intercom.report import Reports
from source_intercom.summary import KEYS, StreamSummary, Summaries, duration
from unit_tests.summaries import CONTACTS, TAGS, a_summary


def test_everything_that_is_counted_has_a_name_of_its_own_in_json() -> None:
    counted = {
        value for name, value in vars(report).items() if name.isupper() and name[0] != "_" and isinstance(value, str)
    }
    assert KEYS.keys() == counted
    assert len(set(KEYS.values())) == len(KEYS)


def test_the_line_of_a_stream_says_what_was_counted_and_how_it_ended() -> None:
    assert TAGS.line() == "tags: 3 records emitted, 1 request; complete after 0.4 s"
    assert CONTACTS.line() == (
        "contacts: 100 expected, 95 records emitted, 7 requests, 1 skipped as deleted since they were found, "
        "2 429 answers; failed (config_error) after 100 s, 4.0 s of it waiting for the rate limit"
    )


def test_the_line_of_a_stream_that_did_not_begin_says_so() -> None:
    unread = StreamSummary("tags", "not begun", "", Counter(), None, 0)
    assert unread.line() == "tags: 0 records emitted, 0 requests; not begun"


def test_the_last_lines_tell_of_all_requests_and_of_the_share_of_the_limit() -> None:
    *streams, requests, share = a_summary().lines()
    assert streams == [TAGS.line(), CONTACTS.line()]
    assert requests == "12 requests sent, 2 of them answered 429."
    assert share == (
        "33% of Intercom's rate limit went to this read and 10% to others, in 100 s, 4.0 s of it waiting for the limit."
    )


@pytest.mark.parametrize("usage", [[], [Span(0, 0, 5)]])
def test_no_share_is_told_where_intercom_tells_of_no_limit(usage: list[Span]) -> None:
    silent = a_summary(usage=usage)
    assert silent.used() is None
    assert silent.lines()[-1] == "12 requests sent, 2 of them answered 429."


def test_the_share_counts_windows_in_which_nothing_was_asked() -> None:
    assert a_summary(usage=[Span(0, 100, 80, 20), Span(70, 100, 80)]).used() == (0.2, 0.025)
    assert a_summary(usage=[Span(0, 100, 80, 20), Span(80, 100, 80)], span=40).used() == (160 / 1200, 20 / 1200)


def test_the_value_tells_all_that_can_be_counted_of_each_stream() -> None:
    value = json.loads(json.dumps(a_summary().value()))
    tags, contacts = value["streams"]
    rest = {"stream", "outcome", "failure", "seconds", "waited_seconds"}
    assert tags.keys() == contacts.keys() == {*KEYS.values(), *rest}
    assert (contacts["expected"], contacts["emitted"], contacts["skipped_as_deleted"]) == (100, 95, 1)
    assert (contacts["requests"], contacts["answers_429"], contacts["restarts"]) == (7, 2, 0)
    assert (contacts["outcome"], contacts["failure"]) == ("failed", "config_error")
    assert (tags["expected"], tags["emitted"], tags["failure"]) == (None, 3, "")
    assert value["rate_limit"] == {
        "span_seconds": 10,
        "spans": [
            {"at": "2023-11-14T22:13:20Z", "allowed": 20, "sent": 8, "by_others": 2, "answers_429": 0},
            {"at": "2023-11-14T22:13:40Z", "allowed": 20, "sent": 12, "by_others": 4, "answers_429": 2},
        ],
    }


def test_a_summary_is_of_what_was_counted_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SimpleNamespace(second=5.0)
    monkeypatch.setattr(summary, "time", SimpleNamespace(monotonic=lambda: clock.second))
    reports, budget = Reports(), RateBudget(10)
    summaries = Summaries(Outcomes(["tags", "admins"]), reports, budget)
    reports.add("tags", report.EMITTED, 3)
    budget.acquire_call(None)
    budget.usage.note_waits(10.0, 0.0, [])
    budget.usage.note_waits(14.0, 12.0, ["admins"])
    clock.second = 12.0
    first = summaries.now("reading")
    reports.add("tags", report.EMITTED, 4)
    then = summaries.now("stopped", "Enough.")

    assert [(stream.name, stream.counts[report.EMITTED]) for stream in first.streams] == [("tags", 3), ("admins", 0)]
    assert [(stream.name, stream.waited) for stream in first.streams] == [("tags", 0), ("admins", 2)]
    assert (first.outcome, first.reason, first.seconds, first.requests, first.waited) == ("reading", "", 7, 1, 2)
    assert (then.outcome, then.reason, then.streams[0].counts[report.EMITTED]) == ("stopped", "Enough.", 7)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0.0 s"), (9.94, "9.9 s"), (9.96, "10 s"), (119, "119 s"), (120, "2 min"), (5399, "90 min"), (5400, "1.5 h")],
)
def test_a_duration_is_told_in_the_unit_that_suits_it(seconds: float, words: str) -> None:
    assert duration(seconds) == words
