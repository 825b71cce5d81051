"""What became of outbound messages, from the content export."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from airbyte_cdk.models import FailureType
from airbyte_cdk.test.state_builder import StateBuilder
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from requests_mock import Mocker

from source_intercom import report
from source_intercom.read import content_export
from source_intercom.read.content_export import BEGAN, DAY
from source_intercom.streams.messages import MessageEvents, MessageOverview, MessageReceipts, SurveyAnswers
from unit_tests.builders import NOW, URL, Json, config, context, error_list, messages, read, states
from unit_tests.exports import PENDING, Exporter, csv_of, gzipped, tarred, zipped
from unit_tests.own_exports import RECEIPT, tables
from unit_tests.syncs import INCREMENTAL, logs, records, sync, told
from unit_tests.syncs import states as states_of

ALL = ("message_receipts", "message_events", "survey_answers", "message_overview")
TIMED = ALL[:3]
TIMES = [NOW - 100 * DAY, NOW - 40 * DAY, NOW - 5 * DAY, NOW - 100]
START = "2023-01-01T00:00:00Z"


def receipt(receipt_id: str, second: Any, **more: Any) -> Json:
    return {**RECEIPT, "receipt_id": receipt_id, "received_at": second, **more}


class Workspace(Exporter):
    """Has sent messages at some seconds; exports what was sent in a range."""

    def __init__(self, mocker: Mocker, times: Sequence[int] = TIMES) -> None:
        self.times = list(times)
        self.pack: Callable[[Mapping[str, list[Json]]], bytes] = zipped
        super().__init__(mocker, self._file)

    def _file(self, asked: Json) -> bytes:
        first, last = asked["created_at_after"], asked["created_at_before"]
        return self.pack(tables([second for second in self.times if first <= second <= last]))


@pytest.fixture
def workspace(requests_mock: Mocker, now: object) -> Workspace:
    return Workspace(requests_mock)


def exporting(mocker: Mocker, groups: Mapping[str, Sequence[Json]]) -> Exporter:
    """Exports the same groups whatever is asked for."""
    return Exporter(mocker, lambda asked: zipped(groups))


def test_one_job_feeds_all_streams(workspace: Workspace) -> None:
    output = sync(*ALL, start_date=START)
    assert len(workspace.made) == 1
    assert [len(records(output, name)) for name in ALL] == [4, 12, 4, 1]


def test_a_job_is_of_all_from_the_start_date_to_now_with_a_second_more_on_either_side(workspace: Workspace) -> None:
    sync("message_receipts", start_date="2024-01-01T00:00:00Z")
    assert workspace.made == [{"created_at_after": 1_704_067_200 - 1, "created_at_before": NOW + 1}]


def test_nothing_is_asked_for_from_before_there_was_intercom(workspace: Workspace) -> None:
    sync(*ALL, start_date="1970-01-01T00:00:00Z")
    assert [asked["created_at_after"] for asked in workspace.made] == [BEGAN - 1]


@pytest.mark.parametrize("pack", [tarred, lambda groups: gzipped(zipped(groups))], ids=["tgz", "zip in gzip"])
def test_the_receipts_are_read_first_wherever_they_are(
    pack: Callable[[Mapping[str, list[Json]]], bytes], workspace: Workspace
) -> None:
    workspace.pack = lambda groups: pack(dict(reversed(list(groups.items()))))
    opened = [row for row in records(sync("message_events", start_date=START), "message_events") if "receipt_id" in row]
    assert {row["received_at"] for row in opened} == set(TIMES)


@pytest.mark.parametrize("pack", [csv_of, lambda rows: gzipped(csv_of(rows))], ids=["csv", "gzip"])
def test_a_table_without_a_name_are_the_receipts(pack: Callable[..., bytes], workspace: Workspace) -> None:
    workspace.pack = lambda groups: pack(groups["receipt"])
    output = sync(*ALL, start_date=START)
    assert [len(records(output, name)) for name in ALL] == [4, 0, 0, 0]


# Rows


def test_two_equal_events_of_a_second_stay_two_rows_with_the_same_keys_in_each_export(workspace: Workspace) -> None:
    def keys() -> list[tuple[Any, ...]]:
        rows = records(sync("message_events", start_date=START), "message_events")
        return [tuple(row[name] for name in ("subject_id", "event", "at", "index")) for row in rows]

    first = keys()
    assert len(set(first)) == len(first) == 12
    workspace.pack = lambda groups: zipped({name: rows[::-1] for name, rows in groups.items()})
    assert set(keys()) == set(first)


def test_times_that_are_the_same_second_in_other_units_are_numbered_together(requests_mock: Mocker) -> None:
    seen = [{"receipt_id": "1", "opened_at": at} for at in ("1700000000123", "1700000000", "2023-11-14 22:13:20 UTC")]
    exporting(requests_mock, {"receipt": [receipt("1", 1_700_000_000)], "open": seen})
    rows = read(MessageEvents(context(start_date=START)))
    assert [(row["at"], row["index"]) for row in rows] == [(1_700_000_000, n) for n in range(3)]


def test_an_event_without_a_receipt_is_known_by_contact_series_and_block(requests_mock: Mocker) -> None:
    series = {"user_id": "a", "series_id": "7", "series_title": "x", "node_id": "9", "checkpointed_at": NOW - 50}
    exporting(requests_mock, {"checkpoint": [series, {**series, "node_id": None}, series]})
    rows = read(MessageEvents(context()))
    assert [(row["subject_id"], row["index"], row["received_at"]) for row in rows] == [
        ("user_id:a/series_id:7/node_id:9", 0, NOW - 50),
        ("user_id:a/series_id:7", 0, NOW - 50),
        ("user_id:a/series_id:7/node_id:9", 1, NOW - 50),
    ]


def test_a_group_that_nobody_knows_is_one_of_events(requests_mock: Mocker) -> None:
    new = {"receipt_id": "1", "reaction": "+1", "reacted_at": NOW - 40}
    exporting(requests_mock, {"receipt": [receipt("1", NOW - 50)], "reactions": [new]})
    (row,) = read(MessageEvents(context()))
    assert (row["event"], row["at"], row["reaction"], row["received_at"]) == ("reaction", NOW - 40, "+1", NOW - 50)


def test_an_event_without_a_time_is_counted_and_no_row(requests_mock: Mocker) -> None:
    groups = {"open": [{"receipt_id": "1", "opened_at": "soon"}], "click": [{"receipt_id": "1", "link": "x"}]}
    exporting(requests_mock, groups)
    stream = MessageEvents(context())
    assert read(stream) == []
    assert stream.context.reports.count(stream.name, report.KEYLESS) == 2


def test_an_answer_that_is_given_twice_is_two_rows(requests_mock: Mocker) -> None:
    given = {"receipt_id": "1", "question_id": "51", "question": "?", "response": "9", "answered_at": NOW - 40}
    exporting(requests_mock, {"receipt": [receipt("1", NOW - 50)], "answer": [given, {**given, "response": "8"}]})
    rows = read(SurveyAnswers(context()))
    assert [(row["index"], row["response"], row["received_at"]) for row in rows] == [
        (0, "9", NOW - 50),
        (1, "8", NOW - 50),
    ]


def test_what_is_said_again_in_other_words_is_counted_and_not_read(requests_mock: Mocker) -> None:
    exporting(requests_mock, {"answer_combined": [{"receipt_id": "1", "answered_at": 5, "question_1": "?"}] * 3})
    stream = SurveyAnswers(context())
    assert read(stream) == []
    assert stream.context.reports.count(stream.name, report.UNREAD) == 3


def test_what_is_empty_is_null_and_what_is_misspelt_is_not(requests_mock: Mocker) -> None:
    exporting(requests_mock, {"receipts": [receipt("1", NOW - 50, first_dismisall=NOW - 40, first_open="")]})
    (row,) = read(MessageReceipts(context()))
    assert (row["first_dismissal"], row["first_open"], row["series_title"]) == (NOW - 40, None, None)
    assert row["content_title"] == 'Été, "50 % off"\nonly today'


def test_a_receipt_whose_time_makes_no_sense_comes_all_the_same(requests_mock: Mocker) -> None:
    exporting(requests_mock, {"receipt": [receipt("1", "soon"), receipt("2", NOW - 50)]})
    assert [row["received_at"] for row in read(MessageReceipts(context()))] == [None, NOW - 50]


@pytest.mark.parametrize("content", [b"<html>\n<body>Sign in</body>", b"", b'{"type": "error.list"}', b"PK\x03\x04..."])
def test_a_page_of_something_else_is_no_export(content: bytes, requests_mock: Mocker) -> None:
    exporter = Exporter(requests_mock, lambda asked: content)
    with pytest.raises(AirbyteTracedException, match="was broken"):
        read(MessageReceipts(context()))
    assert len(exporter.made) == 3


def test_no_data_are_no_rows_and_no_state(workspace: Workspace) -> None:
    workspace.steps = ["no_data"]
    output = sync(*ALL, mode=INCREMENTAL, start_date=START)
    assert [records(output, name) for name in ALL] == [[]] * 4
    assert states_of(output, "message_receipts") in ([], [{}])


# States


def test_states_are_the_times_of_sending_and_each_sync_looks_back(workspace: Workspace) -> None:
    first = sync(*TIMED, mode=INCREMENTAL, start_date=START)
    reached = [states_of(first, name)[-1] for name in TIMED]
    assert reached == [{"received_at": max(TIMES)}] * 3
    builder = StateBuilder()
    for name in TIMED:
        builder = builder.with_stream_state(name, reached[0])
    workspace.times.append(NOW - 50)
    second = sync(*TIMED, mode=INCREMENTAL, state=builder.build(), start_date=START)
    assert workspace.made[1]["created_at_after"] == max(TIMES) - 30 * DAY - 600 - 1
    assert {row["received_at"] for row in records(second, "message_receipts")} == {*TIMES[2:], NOW - 50}
    assert states_of(second, "message_receipts")[-1] == {"received_at": NOW - 50}


@pytest.mark.parametrize(("days", "again"), [(0, 1), (10, 2), (50, 3), (3650, 4)])
def test_the_option_says_how_far_each_sync_looks_back(days: int, again: int, workspace: Workspace) -> None:
    state = StateBuilder().with_stream_state("message_receipts", {"received_at": max(TIMES)}).build()
    output = sync("message_receipts", mode=INCREMENTAL, state=state, start_date=START, message_lookback_days=days)
    assert len(records(output, "message_receipts")) == again


def test_a_full_refresh_has_all(workspace: Workspace) -> None:
    assert len(records(sync("message_receipts", start_date=START), "message_receipts")) == 4


def test_an_error_keeps_the_state_where_it_was(workspace: Workspace) -> None:
    workspace.steps = ["pending", "failed"]
    state = StateBuilder().with_stream_state("message_receipts", {"received_at": TIMES[0]}).build()
    output = sync("message_receipts", mode=INCREMENTAL, state=state, start_date=START, fails=True)
    ((message, failure),) = told(output, "message_receipts")
    assert "could not make the export" in message
    assert failure == FailureType.transient_error
    assert all(each == {"received_at": TIMES[0]} for each in states_of(output, "message_receipts"))


# The overview


def test_the_overview_has_a_job_of_its_own_where_the_others_go_on_from_a_state(workspace: Workspace) -> None:
    """Its numbers are those of the range of a job: those of the last month would take the place of all."""
    builder = StateBuilder()
    for name in TIMED:
        builder = builder.with_stream_state(name, {"received_at": max(TIMES)})
    output = sync(*ALL, mode=INCREMENTAL, state=builder.build(), start_date=START)
    assert [asked["created_at_after"] for asked in workspace.made] == [max(TIMES) - 30 * DAY - 601, 1_672_531_199]
    (row,) = records(output, "message_overview")
    assert row["sent"] == len(TIMES)
    assert len(records(output, "message_receipts")) == 2


def test_the_overview_by_itself_is_of_all_since_the_start_date(workspace: Workspace) -> None:
    (row,) = records(sync("message_overview", start_date=START), "message_overview")
    assert row["sent"] == len(TIMES)
    assert len(workspace.made) == 1


# More rows than Intercom gives


def test_a_range_with_more_rows_than_intercom_gives_is_halved(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content_export, "ROWS", 15)
    output = sync(*ALL, mode=INCREMENTAL, start_date=START)
    rows = {name: records(output, name) for name in ALL}
    assert sorted(row["received_at"] for row in rows["message_receipts"]) == TIMES
    # Events that belong to no receipt may come with both neighbours.
    key = ("subject_id", "event", "at", "index")
    assert len({tuple(row[name] for name in key) for row in rows["message_events"]}) == 12
    assert [row["sent"] for row in rows["message_overview"]] == [4]
    ranges = [(asked["created_at_after"], asked["created_at_before"]) for asked in workspace.made]
    assert len(ranges) > 1
    # The first half is asked for longer: what was sent at its end is opened after it.
    (_, (first_start, first_end), *_) = ranges
    assert first_end == (first_start + 1 + NOW + 1) // 2 + 30 * DAY
    assert states_of(output, "message_receipts")[-1] == {"received_at": max(TIMES)}


def test_a_day_with_more_rows_than_intercom_gives_is_told_of(
    requests_mock: Mocker, now: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content_export, "ROWS", 2)
    Workspace(requests_mock, [NOW - 5, NOW - 4])
    output = sync("message_receipts", start_date="2020-01-01T00:00:00Z")
    assert len(records(output, "message_receipts")) == 2
    assert any("exports no more than 2 rows at once" in line for line in logs(output))
    assert any("exports with more rows than Intercom gives" in line for line in logs(output))


# What is said


def test_the_price_is_said_at_the_start_and_what_is_waited_for_meanwhile(workspace: Workspace) -> None:
    workspace.next("begin", {"status_code": 429, **PENDING})
    output = sync("message_receipts", start_date=START)
    said = logs(output)
    (price,) = [line for line in said if "asking for 1 export takes at least 3 requests" in line]
    (others,) = [line for line in said if "jobs that others have asked for come first" in line]
    assert said.index(price) < said.index(others)
    reasons = [
        status.reasons
        for message in output.trace_messages
        if message.trace and (status := message.trace.stream_status) and status.reasons
    ]
    assert [reason[0].type.value for reason in reasons if reason] == ["RATE_LIMITED"]


def test_a_check_begins_no_job(workspace: Workspace) -> None:
    for stream in (MessageReceipts, MessageEvents, SurveyAnswers, MessageOverview):
        stream(context()).probe()
    assert workspace.made == []


def test_a_permission_that_lacks_is_named(workspace: Workspace) -> None:
    workspace.mocker.get(f"{URL}export/content/data/none", status_code=403, json=error_list("forbidden", "no scope"))
    with pytest.raises(AirbyteTracedException, match="“Export content data”"):
        MessageReceipts(context()).probe()


def test_a_read_sends_nothing_but_gets_and_what_a_job_takes(workspace: Workspace) -> None:
    """Reads change nothing: jobs are the one thing that is asked for by POST and no search."""
    sync(*ALL, start_date=START)
    posted = [request.path for request in workspace.mocker.request_history if request.method != "GET"]
    assert posted == ["/export/content/data"]


def test_a_state_is_there_when_the_rows_are(workspace: Workspace) -> None:
    stream = MessageReceipts(context(**{**config(), "start_date": START}))
    rows = read(stream, {})
    assert len(rows) == 4
    assert states(messages(stream))[-1] == {"received_at": max(TIMES)}
