"""Intercom's exports, from the installed connector: every row is in, whatever happens to the jobs."""

import re
import signal
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from integration_tests.connector import Connector, Reading
from integration_tests.messages import Record, Run
from intercom_sandbox.client import Sandbox, start

STREAMS = ("message_receipts", "message_events", "survey_answers", "message_overview")
KEYS: Mapping[str, tuple[str, ...]] = {
    "message_receipts": ("receipt_id",),
    "message_events": ("subject_id", "event", "at", "index"),
    "survey_answers": ("receipt_id", "question_id", "index"),
    "message_overview": ("ruleset_id", "content_id"),
}
GROUPS = (
    *("open", "click", "reply", "completion", "dismissal", "unsubscribe", "hard_bounce", "soft_bounce"),
    *("reception_failure", "goal_success", "series_completion", "series_disengagement", "series_exit"),
    *("tour_step_failure", "tour_step_view", "checkpoint"),
)
Table = dict[tuple[Any, ...], Record]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with start(rate_limit=0, message_receipts=400) as running:
        yield running


class Warehouse:
    """What a destination has that keeps the newest row of each key, and the states that came with it."""

    def __init__(self) -> None:
        self.tables: dict[str, Table] = {name: {} for name in STREAMS}
        self.states: dict[str, Mapping[str, Any]] = {}

    def take(self, run: Run) -> None:
        for name, key in KEYS.items():
            for row in run.records[name]:
                self.tables[name][tuple(row[field] for field in key)] = row
        self.states |= {name: state for name, state in run.final_states.items() if name != "message_overview"}

    def sync(self, sandbox: Sandbox, **options: Any) -> Run:
        run = Connector(sandbox).read(STREAMS, state=self.states, **options)
        self.take(run)
        return run

    def assert_has_all(self, sandbox: Sandbox) -> None:
        """Each receipt with its first times, each event, each answer, and nothing else."""
        receipts = {row["receipt_id"]: row for row in self.tables["message_receipts"].values()}
        truth = {row["receipt_id"]: row for row in sandbox.truth("content_receipt")}
        assert receipts.keys() == truth.keys()
        for receipt_id, row in truth.items():
            told = {name: value for name, value in row.items() if value not in (None, "")}
            assert {name: value for name, value in receipts[receipt_id].items() if value is not None} == told
        assert Counter(
            (row["event"], row.get("receipt_id") or row["user_id"], row["at"])
            for row in self.tables["message_events"].values()
        ) == Counter(event for group in GROUPS for event in events(sandbox, group))
        assert Counter(map(answer, self.tables["survey_answers"].values())) == Counter(
            map(answer, sandbox.truth("content_answer"))
        )


def events(sandbox: Sandbox, group: str) -> Iterator[tuple[str, str, int]]:
    for row in sandbox.truth(f"content_{group}"):
        (at,) = (value for name, value in row.items() if name.endswith("_at"))
        yield group, row.get("receipt_id") or row["user_id"], at


def answer(row: Record) -> tuple[Any, ...]:
    return (row["receipt_id"], row["question_id"], row.get("response") or "", row["answered_at"])


def jobs(sandbox: Sandbox) -> list[str]:
    """How our jobs have ended, each with the stream that it is for."""
    return [f"{job['export']} {job['status']}" for job in sandbox.jobs() if job["mine"]]


def test_three_syncs_bring_all_that_becomes_of_messages_whatever_happens_to_the_jobs(sandbox: Sandbox) -> None:
    warehouse = Warehouse()
    sandbox.hold_export(attempts=2)
    assert warehouse.sync(sandbox).exit_code == 0
    assert jobs(sandbox) == ["content completed"]
    warehouse.assert_has_all(sandbox)

    new = sandbox.mutate("send_messages", count=20)
    sandbox.mutate("engage", count=30, fields={"event": "open"})
    sandbox.job_faults([{"action": {"status": "failed"}, "export": "content"}])
    failed = warehouse.sync(sandbox, message_lookback_days=3650)
    assert failed.exit_code == 1
    assert {failure.kind for failure in failed.failures if failure.stream} == {"transient_error"}

    sandbox.job_faults([{"action": {"kind": "expired"}, "export": "content"}])
    again = warehouse.sync(sandbox, message_lookback_days=3650)
    assert again.exit_code == 0
    assert any("the export was gone before it was fetched; asking for it anew." in line for line in again.logs)
    warehouse.assert_has_all(sandbox)
    assert set(new) <= {row["receipt_id"] for row in again.records["message_receipts"]}


def until_it_waits(reading: Reading) -> None:
    while b"Intercom makes the export" not in reading.next_line():
        pass


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_job_is_cancelled_when_the_read_is_told_to_end(number: signal.Signals, sandbox: Sandbox) -> None:
    sandbox.configure(export_seconds=600)
    with Connector(sandbox).reading(STREAMS) as reading:
        until_it_waits(reading)
        reading.process.send_signal(number)
        reading.finish()
    assert jobs(sandbox) == ["content canceled"]


def test_a_job_of_a_killed_read_is_waited_for(sandbox: Sandbox) -> None:
    sandbox.configure(export_seconds=3)
    with Connector(sandbox).reading(STREAMS) as reading:
        until_it_waits(reading)
        reading.kill()
    warehouse = Warehouse()
    run = warehouse.sync(sandbox)
    assert run.exit_code == 0
    assert any("jobs that others have asked for come first" in line for line in run.logs)
    warehouse.assert_has_all(sandbox)


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "vanishes", "at_poll": 1},
        {"status": "canceled"},
        {"kind": "truncated", "bytes": 5000, "times": 1},
        {"kind": "truncated", "bytes": 5000, "silent": True},
        {"kind": "poll_error", "status": 503, "at_poll": 1, "times": 1},
        {"kind": "other_host", "url": "http://127.0.0.1:9/file"},
        {"kind": "no_url"},
        {"kind": "word", "word": "complete"},
        {"kind": "unknown_group"},
    ],
    ids=lambda fault: "-".join(map(str, fault.values())),
)
def test_no_row_is_lost_whatever_becomes_of_a_job(fault: dict[str, Any], sandbox: Sandbox) -> None:
    sandbox.job_faults([{"action": fault, "export": "content"}])
    warehouse = Warehouse()
    run = warehouse.sync(sandbox)
    assert run.exit_code == 0, [failure.message for failure in run.failures]
    warehouse.tables["message_events"] = {
        key: row for key, row in warehouse.tables["message_events"].items() if row["event"] != "hologram"
    }
    warehouse.assert_has_all(sandbox)
    assert len(jobs(sandbox)) <= 2


@pytest.mark.parametrize(
    "settings",
    [
        {"export_format": "tgz"},
        {"export_encoding": "gzip"},
        {"export_encoding": "zip"},
        {"export_names": "documented"},
        {"export_names": "folder"},
        {"export_times": "milliseconds"},
        {"export_times": "text"},
        {"export_times": "iso"},
    ],
    ids=lambda settings: "-".join(settings.values()),
)
def test_no_row_is_lost_whatever_the_file_is_like(settings: dict[str, str], sandbox: Sandbox) -> None:
    sandbox.configure(**settings)
    warehouse = Warehouse()
    assert warehouse.sync(sandbox).exit_code == 0
    warehouse.assert_has_all(sandbox)


def test_nothing_is_sent_but_gets_and_what_jobs_take(sandbox: Sandbox) -> None:
    sandbox.reset_requests()
    Connector(sandbox).read(STREAMS)
    sent = sandbox.requests()["by_path"]
    assert {each for each in sent if not re.fullmatch(r"GET .*", each)} == {"POST /export/content/data"}


def test_a_check_begins_no_job(sandbox: Sandbox) -> None:
    assert Connector(sandbox).check().exit_code == 0
    assert sandbox.jobs() == []


def test_all_figures_of_two_years_are_in(sandbox: Sandbox) -> None:
    connector = Connector(sandbox)
    (catalog,) = connector.run("discover", config=connector.config()).of_type("CATALOG")
    found = [each for each in catalog["streams"] if each["name"].startswith("report_")]
    assert len(found) == 8
    configured = [
        {"stream": each, "sync_mode": each["supported_sync_modes"][-1], "destination_sync_mode": "append"}
        for each in found
    ]
    run = connector.run("read", config=connector.config(), catalog={"streams": configured})
    assert run.exit_code == 0
    for name in (each["name"] for each in found):
        assert values(run.records[name]) == values(sandbox.truth(name)), name


def values(rows: list[Record]) -> Counter[tuple[str, ...]]:
    return Counter(tuple(sorted(value for value in row.values() if value)) for row in rows)
