import logging
import threading
from types import SimpleNamespace

import pytest

from source_intercom import progress_log as module
from source_intercom import report
from source_intercom.api.budget import RateBudget
from source_intercom.progress_log import ProgressLog
from source_intercom.report import Reports


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A clock that tests move on."""
    clock = SimpleNamespace(second=0.0)
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: clock.second))
    return clock


@pytest.fixture
def reports() -> Reports:
    """What a read counts."""
    return Reports()


@pytest.fixture
def budget(monkeypatch: pytest.MonkeyPatch) -> RateBudget:
    """A budget without requests; tests say otherwise by its `load`."""
    budget = RateBudget(100)
    monkeypatch.setattr(budget, "load", lambda: (0, {}))
    return budget


@pytest.fixture
def log(clock: object, reports: Reports, budget: RateBudget) -> ProgressLog:
    """The log of a read that has just begun."""
    return ProgressLog(reports, budget, logging.getLogger("airbyte"))


def step(reports: Reports, stream: str, **counts: int) -> None:
    for what, count in counts.items():
        reports.add(stream, getattr(report, what), count)


def test_a_stream_says_what_is_done_of_how_much_how_fast_and_how_long_it_takes(
    log: ProgressLog, clock: SimpleNamespace, reports: Reports
) -> None:
    reports.found("contacts")
    step(reports, "contacts", EXPECTED=40_000, EMITTED=3_000, REQUESTS=24)
    clock.second = 30
    assert log.line() == (
        "Reading contacts 3000 of 40000 records, 0.8 requests a second, 7 minutes left. "
        "Requests under way: 0, waiting: 0."
    )
    step(reports, "contacts", EMITTED=30_000, REQUESTS=200, RETRIES=50, REFUSALS=50)
    clock.second = 60
    assert "contacts 33000 of 40000 records, 10.0 requests a second, less than a minute left." in log.line()


def test_parts_are_measured_by_their_conversations(log: ProgressLog, clock: SimpleNamespace, reports: Reports) -> None:
    step(reports, "conversation_parts", CHANGED=1_000, EMITTED=4_000, REQUESTS=500)
    with reports.finding("conversation_parts"):
        for _ in range(900):
            reports.found("conversation_parts")
        for _ in range(400):
            reports.read("conversation_parts")
        clock.second = 60
        assert "conversation_parts 400 of 1000 conversations, 8.3 requests a second, 2 minutes left." in log.line()


def test_a_stream_whose_size_nobody_knows_says_what_is_done(
    log: ProgressLog, clock: SimpleNamespace, reports: Reports
) -> None:
    reports.found("companies")
    step(reports, "companies", EMITTED=700, REQUESTS=7)
    clock.second = 30
    assert log.line().startswith("Reading companies 700 records, 0.2 requests a second. ")


def test_a_stream_at_a_standstill_has_no_end_in_sight(
    log: ProgressLog, clock: SimpleNamespace, reports: Reports
) -> None:
    reports.found("contacts")
    step(reports, "contacts", EXPECTED=100, EMITTED=50)
    for clock.second in (30, 60):
        line = log.line()
    assert line.startswith("Reading contacts 50 of 100 records, 0.0 requests a second. ")


def test_requests_that_wait_are_not_counted_as_sent(
    log: ProgressLog, clock: SimpleNamespace, reports: Reports, budget: RateBudget, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports.found("conversation_parts")
    step(reports, "conversation_parts", REQUESTS=160)
    monkeypatch.setattr(budget, "load", lambda: (4, {"conversation_parts": 100, "": 1}))
    clock.second = 30
    line = log.line()
    assert "2.0 requests a second" in line
    assert line.endswith("Requests under way: 4, waiting: 101.")


def test_only_streams_that_are_being_read_are_told(log: ProgressLog, clock: SimpleNamespace, reports: Reports) -> None:
    for stream in ("tags", "contacts"):
        reports.found(stream)
    reports.read("tags")
    assert log.line().startswith("Reading contacts ")
    reports.read("contacts")
    assert log.line() == ""


def test_more_than_was_expected_is_told_as_it_is(log: ProgressLog, clock: SimpleNamespace, reports: Reports) -> None:
    reports.found("contacts")
    step(reports, "contacts", EXPECTED=100, EMITTED=110)
    clock.second = 30
    assert log.line().startswith("Reading contacts 110 of 100 records, 0.0 requests a second. ")


def test_lines_come_while_nothing_else_does_and_end_with_the_read(
    reports: Reports, budget: RateBudget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "INTERVAL", 0.01)
    said = threading.Semaphore(0)
    logger = logging.getLogger("test.progress")
    monkeypatch.setattr(logger, "info", lambda line: said.release())
    reports.found("tags")
    others = set(threading.enumerate())
    with ProgressLog(reports, budget, logger):
        assert all(said.acquire(timeout=30) for _ in range(3))
        (thread,) = set(threading.enumerate()) - others
        assert thread.daemon
    assert not thread.is_alive()


def test_a_line_that_nobody_takes_does_not_hold_up_the_end_of_a_read(
    reports: Reports, budget: RateBudget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "INTERVAL", 0.01)
    monkeypatch.setattr(module, "END_SECONDS", 0.01)
    printing, taken = threading.Event(), threading.Event()

    def stall(line: str) -> None:
        printing.set()
        taken.wait(30)

    logger = logging.getLogger("test.progress")
    monkeypatch.setattr(logger, "info", stall)
    reports.found("tags")
    others = set(threading.enumerate())
    with ProgressLog(reports, budget, logger):
        assert printing.wait(30)
    (thread,) = set(threading.enumerate()) - others
    taken.set()
    thread.join(30)
