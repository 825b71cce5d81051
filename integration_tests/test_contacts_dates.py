"""Contacts, whose dates a search cuts to days of the workspace's zone: none is lost at midnight, few are read twice."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from integration_tests.comparison import NONE, difference, repeated, table, truth
from integration_tests.connector import GUARD_SECONDS, Connector
from integration_tests.sandboxes import start
from intercom_sandbox.client import Sandbox

ZONES = {
    "America/Los_Angeles": ("2025-03-09", "2025-11-02"),  # 23 hours, 25 hours
    "Pacific/Auckland": ("2025-04-06", "2025-09-28"),  # 25 hours, 23 hours
    "Asia/Kathmandu": ("2025-04-14", "2025-10-20"),  # 5:45 ahead of UTC, without changes
    "Australia/Lord_Howe": ("2025-04-06", "2025-10-05"),  # 24.5 hours, 23.5 hours
}
"""Two days of each zone: those on which its clocks change, if they do."""

CROWD = 7_600
"""More contacts than fit into one window: days around them are cut from each other."""

BUSY = 1_200
"""Contacts of a busy day: they fill eight pages."""


@dataclass(frozen=True)
class Workspace:
    """A workspace with contacts at every edge of two days, a crowd on the morning of one, many on that of the other."""

    sandbox: Sandbox
    crowded: tuple[int, int]
    busy: tuple[int, int]


@pytest.fixture(scope="module", params=ZONES)
def zoned(request: pytest.FixtureRequest) -> Iterator[Workspace]:
    zone = ZoneInfo(request.param)
    crowded, busy = (bounds(day, zone) for day in ZONES[request.param])
    with start(contacts=0, timezone=request.param, rate_limit=0) as sandbox:
        sandbox.mutate("create", object="contacts", count=CROWD, at=crowded[0] + 9 * 3600)
        sandbox.mutate("create", object="contacts", count=BUSY, at=busy[0] + 9 * 3600)
        for first, last in (crowded, busy):
            utc = first - first % 86_400 + 86_400
            hours = range(first, last, 3600)
            seconds = {second + shift for second in (first, last, utc, *hours) for shift in (-1, 0, 1)}
            for second in sorted(seconds):
                sandbox.mutate("create", object="contacts", at=second)
        yield Workspace(sandbox, crowded, busy)


def bounds(day: str, zone: ZoneInfo) -> tuple[int, int]:
    """The first seconds of a day and of the day after it."""
    noon = datetime.fromisoformat(f"{day}T12:00:00")
    midnights = (noon.replace(hour=0), (noon + timedelta(days=1)).replace(hour=0))
    first, last = (int(each.replace(tzinfo=zone).timestamp()) for each in midnights)
    return first, last


def test_no_contact_around_midnight_or_a_clock_change_is_lost(zoned: Workspace) -> None:
    zoned.sandbox.reset_requests()
    run = Connector(zoned.sandbox).read(["contacts"])
    assert difference(zoned.sandbox, "contacts", run) == NONE
    assert repeated("contacts", run) == []
    searches = [entry["body"] for entry in zoned.sandbox.log() if entry["path"] == "/contacts/search"]
    lower_bounds = {body["query"]["value"][0]["value"] for body in searches}
    assert {zoned.crowded[0] - 1, zoned.crowded[1] - 1} <= lower_bounds


def test_a_sync_from_the_middle_of_a_busy_day_reads_the_rest_of_it_and_no_more(zoned: Workspace) -> None:
    assert_resumes_at_noon(zoned)


@pytest.mark.parametrize("zoned", ["America/Los_Angeles"], indirect=True)
def test_exact_dates_lose_no_contact_and_read_no_day_again(zoned: Workspace) -> None:
    zoned.sandbox.configure(contact_dates="second")
    run = Connector(zoned.sandbox).read(["contacts"])
    assert difference(zoned.sandbox, "contacts", run) == NONE
    assert repeated("contacts", run) == []
    assert_resumes_at_noon(zoned)


def assert_resumes_at_noon(zoned: Workspace) -> None:
    noon = zoned.busy[0] + 12 * 3600
    zoned.sandbox.reset_requests()
    run = Connector(zoned.sandbox).read(["contacts"], {"contacts": {"updated_at": noon}})
    rows = truth(zoned.sandbox, "contacts")
    expected = {key: row for key, row in rows.items() if row["updated_at"] >= noon - GUARD_SECONDS}
    assert table("contacts", run) == expected
    assert 0 < len(run.records["contacts"]) == len(expected) < 150
    assert zoned.sandbox.requests()["total"] <= 4
