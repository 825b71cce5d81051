"""What only exports tell: every row of it, whatever becomes of the jobs that make the files."""

import signal
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest

from integration_tests.comparison import NONE, assert_complete, difference
from integration_tests.connector import Connector, States, state_messages
from integration_tests.messages import Record, Run
from integration_tests.sandboxes import start
from intercom_sandbox.client import Sandbox
from unit_tests.contracts import EXPORTED

SIZES = {"contacts": 60, "companies": 10, "conversations": 40, "parts": 80, "tickets": 25, "message_receipts": 200}

RECEIPTS = ("message_receipts",)


@pytest.fixture(scope="module")
def shared() -> Iterator[Sandbox]:
    with start(rate_limit=0, report_retention=0, **SIZES) as running:
        yield running


@pytest.fixture
def sandbox(shared: Sandbox) -> Iterator[Sandbox]:
    """Without jobs of earlier tests that go on."""
    shared.end_jobs()
    shared.job_faults([])
    yield shared
    shared.configure(export_format="zip", export_encoding="none", export_names="observed", export_times="seconds")
    shared.configure(export_polls=2, report_format="csv", report_headers="simple", report_bom="off")
    shared.mutate("change_datasets", fields={})


def made(sandbox: Sandbox, before: int = 0) -> list[Record]:
    """The content exports that were asked for by the connector, but for so many earlier ones."""
    return [job for job in sandbox.jobs() if job["mine"] and job["export"] == "content"][before:]


def assert_one_at_a_time(jobs: Iterable[Record]) -> None:
    """Each was over before the next was asked for, or nobody but Intercom knows what became of it."""
    jobs = [job for job in jobs if job["fault"].get("kind") != "vanishes"]
    ordered = sorted(jobs, key=lambda job: job["asked_at"])
    for earlier, later in pairwise(ordered):
        assert earlier["ended_at"]
        assert earlier["ended_at"] <= later["asked_at"]


# Messages


def test_one_export_brings_every_receipt_event_answer_and_figure_once(sandbox: Sandbox) -> None:
    before = len(made(sandbox))
    run = Connector(sandbox).read(EXPORTED)
    assert_complete(sandbox, run, EXPORTED)
    assert all(run.records[stream] for stream in EXPORTED)
    assert len(made(sandbox, before)) == 1


@pytest.mark.parametrize(
    "settings",
    [
        {"export_format": "tgz"},
        {"export_encoding": "gzip"},
        {"export_encoding": "zip"},
        {"export_names": "documented"},
        {"export_names": "folder", "export_times": "milliseconds"},
        {"export_times": "text"},
        {"export_times": "iso", "export_format": "tgz", "export_encoding": "gzip"},
    ],
    ids=str,
)
def test_the_rows_are_the_same_however_the_file_is_made(sandbox: Sandbox, settings: Mapping[str, str]) -> None:
    sandbox.configure(**settings)
    assert_complete(sandbox, Connector(sandbox).read(EXPORTED), EXPORTED)


@pytest.mark.parametrize("form", ["gzip", "csv"])
def test_a_file_that_is_one_table_has_the_receipts(sandbox: Sandbox, form: str) -> None:
    sandbox.configure(export_format=form)
    assert_complete(sandbox, Connector(sandbox).read(RECEIPTS), RECEIPTS)


@pytest.mark.parametrize(
    "fault",
    [
        {"status": "canceled"},
        {"kind": "vanishes", "at_poll": 1},
        {"kind": "poll_error", "status": 503, "at_poll": 1, "times": 2},
        {"kind": "expired", "status": 404},
        {"kind": "expired", "status": 410},
        {"kind": "truncated", "bytes": 700, "times": 2},
        {"kind": "truncated", "bytes": 700, "silent": True},
        {"kind": "other_host", "url": "http://127.0.0.1:9/stolen"},
        {"kind": "no_url"},
        {"kind": "word", "word": "complete"},
        {"kind": "unknown_group"},
        {"kind": "columns", "group": "receipt", "reordered": True},
    ],
    ids=str,
)
def test_whatever_happens_to_one_job_every_row_comes_within_the_same_read(sandbox: Sandbox, fault: Record) -> None:
    before = len(made(sandbox))
    sandbox.job_faults([{"export": "content", "action": fault}])
    run = Connector(sandbox).read(EXPORTED)
    assert (run.exit_code, run.failures) == (0, [])
    for stream in EXPORTED:
        found = difference(sandbox, stream, run)
        assert (found.lost, found.stale) == ([], []), stream
    jobs = made(sandbox, before)
    assert 1 <= len(jobs) <= 2
    assert_one_at_a_time(jobs)


def test_a_job_that_fails_fails_its_streams_and_the_next_sync_has_all(sandbox: Sandbox) -> None:
    sandbox.job_faults([{"export": "content", "action": {"status": "failed"}}])
    run = Connector(sandbox).read(EXPORTED)
    assert run.exit_code == 1
    assert {failure.kind for failure in run.failed_streams.values()} == {"transient_error"}
    assert run.failed_streams.keys() == set(EXPORTED)
    assert_complete(sandbox, Connector(sandbox).read(EXPORTED, run.final_states), EXPORTED)


def test_an_export_without_data_is_no_rows_and_no_error(sandbox: Sandbox) -> None:
    sandbox.job_faults([{"export": "content", "action": {"status": "no_data"}}])
    run = Connector(sandbox).read(EXPORTED)
    assert (run.exit_code, run.failures) == (0, [])
    assert not any(run.records[stream] for stream in EXPORTED)
    assert_complete(sandbox, Connector(sandbox).read(EXPORTED, run.final_states), EXPORTED)


def test_jobs_of_somebody_else_are_waited_for_and_told_of(sandbox: Sandbox) -> None:
    sandbox.hold_export(attempts=4)
    run = Connector(sandbox).read(EXPORTED)
    assert_complete(sandbox, run, EXPORTED)
    assert any("jobs that others have asked for come first" in line for line in run.logs)
    assert "1 pending message data export job" in " ".join(run.logs)


def test_three_syncs_with_all_that_may_happen_between_and_within_hold_every_row_and_no_other() -> None:
    """Late openings, a job of somebody else, one that fails, a file that has expired, and a kill while polling."""
    with start(rate_limit=0, **SIZES) as sandbox:
        connector, runs = Connector(sandbox), []
        sandbox.hold_export(attempts=3)
        runs.append(connector.read(EXPORTED))
        _happen(sandbox)
        sandbox.configure(export_polls=12)
        with connector.reading(EXPORTED) as reading:
            while b"Intercom makes the export" not in reading.next_line():
                pass
            runs.append(reading.kill())
        states = dict(runs[0].final_states) | dict(runs[1].final_states)
        sandbox.configure(export_polls=2)
        sandbox.job_faults([{"export": "content", "action": {"kind": "expired"}}])
        runs.append(connector.read(EXPORTED, states))
        assert (runs[-1].exit_code, runs[-1].failures) == (0, [])
        _happen(sandbox)
        sandbox.job_faults([{"export": "content", "action": {"status": "failed"}}])
        runs.append(connector.read(EXPORTED, runs[-1].final_states))
        assert runs[-1].exit_code == 1
        runs.append(connector.read(EXPORTED, {**runs[2].final_states, **runs[-1].final_states}))
        assert (runs[-1].exit_code, runs[-1].failures) == (0, [])
        for stream in EXPORTED:
            assert difference(sandbox, stream, *runs[-1:] if stream == "message_overview" else runs) == NONE, stream
        assert_one_at_a_time(made(sandbox))


def _happen(sandbox: Sandbox) -> None:
    """New messages are sent, and something comes of those of the last days, of some twice in a second."""
    sandbox.mutate("send_messages", count=20)
    oldest = time.time() - 29 * 86_400
    recent = [row for row in sandbox.truth("content_receipt") if row["received_at"] > oldest]
    mails = [row["receipt_id"] for row in recent if row["content_type"] == "Email"]
    for event in ("open", "open", "click"):
        sandbox.mutate("engage", ids=mails, fields={"event": event})


def test_a_later_sync_reads_what_was_sent_within_the_lookback_again_and_nothing_older(sandbox: Sandbox) -> None:
    connector = Connector(sandbox)
    first = connector.read(RECEIPTS)
    sandbox.mutate("send_messages", count=5)
    latest = max(row["received_at"] for row in first.records["message_receipts"])
    second = connector.read(RECEIPTS, first.final_states, message_lookback_days=40)
    again = [row["received_at"] for row in second.records["message_receipts"]]
    oldest = latest - 600 - 40 * 86_400
    assert min(again) >= oldest - 1
    known = [row for row in first.records["message_receipts"] if row["received_at"] >= oldest]
    assert len(known) + 5 - 1 <= len(again) <= len(known) + 5
    assert_complete_table(sandbox, first, second)


def assert_complete_table(sandbox: Sandbox, *runs: Run) -> None:
    assert difference(sandbox, "message_receipts", *runs) == NONE


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_read_that_is_stopped_cancels_its_job(sandbox: Sandbox, number: signal.Signals) -> None:
    before = len(made(sandbox))
    sandbox.configure(export_polls=1_000)
    with Connector(sandbox).reading(EXPORTED) as reading:
        while b"Intercom makes the export" not in reading.next_line():
            pass
        reading.process.send_signal(number)
        run = reading.finish()
    assert run.exit_code == 128 + number
    assert [job["status"] for job in made(sandbox, before)] == ["canceled"]


def test_a_token_that_may_not_export_fails_the_messages_alone_and_a_check_says_so() -> None:
    lacking = ["export_content_data", "export_reporting_data"]
    with start(rate_limit=0, without_scope=lacking, **SIZES) as sandbox:
        connector = Connector(sandbox)
        check = connector.check()
        assert check.status[0] == "SUCCEEDED"
        assert any("Export content data" in line for line in check.warnings)
        assert any("Export reporting data" in line for line in check.logs)
        run = connector.read(("tags", *EXPORTED))
        assert run.failed_streams.keys() == set(EXPORTED)
        assert {failure.kind for failure in run.failed_streams.values()} == {"config_error"}
        assert all("Export content data" in failure.message for failure in run.failed_streams.values())
        assert run.statuses["tags"][-1] == "COMPLETE"
        assert reports(connector) == {}
        assert sandbox.jobs() == []


def test_a_check_begins_no_job(sandbox: Sandbox) -> None:
    before = len(sandbox.jobs())
    assert Connector(sandbox).check().status[0] == "SUCCEEDED"
    assert len(sandbox.jobs()) == before


def test_nothing_is_sent_but_gets_and_what_begins_a_job(sandbox: Sandbox) -> None:
    sandbox.reset_requests()
    Connector(sandbox).read(EXPORTED)
    sent = sandbox.requests()["by_path"]
    assert {each for each in sent if not each.startswith("GET ")} == {"POST /export/content/data"}


# Reports


def reports(connector: Connector) -> dict[str, Record]:
    """The streams of datasets that the workspace has."""
    (catalog,) = connector.run("discover", config=connector.config()).of_type("CATALOG")
    return {each["name"]: each for each in catalog["streams"] if each["name"].startswith("report_")}


def read_reports(
    connector: Connector, streams: Mapping[str, Record], mode: str = "full_refresh", state: States | None = None
) -> Run:
    configured = [
        {
            "stream": stream,
            "sync_mode": mode if mode in stream["supported_sync_modes"] else "full_refresh",
            "destination_sync_mode": "append",
        }
        for stream in streams.values()
    ]
    more: dict[str, Any] = {} if state is None else {"state": state_messages(state)}
    return connector.run("read", config=connector.config(), catalog={"streams": configured}, **more)


def rows(sandbox: Sandbox, stream: str) -> list[dict[str, str]]:
    """What a dataset has of two years, by qualified ids, in a certain order; an empty text is nothing in a CSV."""
    begin = time.time() - 729 * 86_400
    found = [row for row in sandbox.truth(stream) if _second(row) >= begin]
    return sorted(({name: value for name, value in row.items() if value} for row in found), key=str)


def _second(row: Record) -> float:
    at = next(value for name, value in row.items() if name.startswith("timestamp."))
    return datetime.fromisoformat(f"{at}+00:00").timestamp()


def by_ids(stream: Record, records: Iterable[Record]) -> list[dict[str, str]]:
    """Records with the qualified ids, which the descriptions of the columns tell, in a certain order."""
    ids = {
        column: described["description"].split("`")[1]
        for column, described in stream["json_schema"]["properties"].items()
    }
    return sorted(({ids[column]: value for column, value in record.items()} for record in records), key=str)


@pytest.mark.parametrize(
    "settings",
    [{}, {"report_format": "gzip", "report_bom": "on"}, {"report_headers": "qualified"}],
    ids=["plain", "gzip", "qualified"],
)
def test_every_dataset_is_a_stream_and_every_row_of_it_comes_once(sandbox: Sandbox, settings: Record) -> None:
    sandbox.configure(**settings)
    connector = Connector(sandbox)
    streams = reports(connector)
    run = read_reports(connector, streams)
    assert (run.exit_code, run.failures) == (0, [])
    for name, stream in streams.items():
        assert by_ids(stream, run.records[name]) == rows(sandbox, name), name
    assert sum(1 for name in streams if run.records[name]) > 5


def test_figures_with_a_key_are_corrected_by_the_next_sync(sandbox: Sandbox) -> None:
    connector = Connector(sandbox)
    streams = {"report_conversation": reports(connector)["report_conversation"]}
    first = read_reports(connector, streams, "incremental")
    sandbox.mutate("update", object="conversations", count=40)
    sandbox.mutate("create", object="conversations", count=3)
    second = read_reports(connector, streams, "incremental", first.final_states)
    assert second.exit_code == 0
    state = first.final_states["report_conversation"]["timestamp_conversation_started_at"]
    known = {
        row["standard_conversation_id"]: row for run in (first, second) for row in run.records["report_conversation"]
    }
    held = {row["standard.conversation_id"]: row for row in rows(sandbox, "report_conversation")}
    assert known.keys() == held.keys()
    recent = {key for key, row in held.items() if _second(row) >= state - 29 * 86_400}
    (stream,) = streams.values()
    again = {row["standard.conversation_id"]: row for row in by_ids(stream, known.values())}
    assert {key: again[key] for key in recent} == {key: held[key] for key in recent}
    assert len(second.records["report_conversation"]) < len(first.records["report_conversation"])


def test_a_dataset_that_is_gone_and_attributes_that_are_others_cost_no_row_and_no_stream(sandbox: Sandbox) -> None:
    connector = Connector(sandbox)
    streams = reports(connector)
    gone = "standard.channel"
    sandbox.mutate(
        "change_datasets", fields={"gone": ["tickets"], "gone_attributes": [gone], "new_attributes": ["people.Mood"]}
    )
    run = read_reports(connector, streams)
    assert (run.exit_code, run.failures) == (0, [])
    assert run.records["report_tickets"] == []
    for name, stream in streams.items():
        if name != "report_tickets":
            held = [{key: value for key, value in row.items() if key != "people.Mood"} for row in rows(sandbox, name)]
            assert by_ids(stream, run.records[name]) == sorted(held, key=str), name
    assert any("the workspace has no such dataset any more" in line for line in run.warnings)
    assert any("the dataset has no standard_channel any more" in line for line in run.warnings)


def test_more_figures_than_intercom_makes_at_a_time_wait_for_each_other(sandbox: Sandbox) -> None:
    connector, before = Connector(sandbox), len(sandbox.jobs())
    sandbox.hold_export("reporting", attempts=3, jobs=4)
    streams = reports(connector)
    run = read_reports(connector, streams)
    assert (run.exit_code, run.failures) == (0, [])
    jobs = [job for job in sandbox.jobs()[before:] if job["mine"]]
    assert len(jobs) >= len(streams)
    for name, stream in streams.items():
        assert by_ids(stream, run.records[name]) == rows(sandbox, name), name
