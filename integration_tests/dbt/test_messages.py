"""Receipts and events that no workspace of the sandbox has, made by hand, in the model of outbound messages."""

from datetime import date
from typing import Any

import pytest

from integration_tests.dbt.conftest import ENGINES, Warehouses
from integration_tests.dbt.warehouse import Warehouse
from integration_tests.matrix.destination import Destination
from integration_tests.messages import Record
from integration_tests.sizes import nothing

pytestmark = pytest.mark.timeout(600)

SUNDAY, MONDAY = 1_767_571_199, 1_767_571_200
"""The last second of a week, and the first of the next, in UTC."""

FIRST, SECOND = date(2025, 12, 29), date(2026, 1, 5)
"""The Mondays of these weeks."""

COUNTS = ("sent", "delivered", "opened", "clicked", "bounced", "failed")


def receipt(number: int, content: str | None, sent: int | None = SUNDAY, title: str = "Hello", **first: int) -> Record:
    """A row of message_receipts; `first` are moments, such as `first_open`."""
    of_message = {"ruleset_id": content and "4", "content_id": content, "content_title": title, "content_type": "Email"}
    return {"receipt_id": str(number), "received_at": sent, **of_message, **first}


def event(number: int | None, name: str, at: int | None = SUNDAY, index: int = 0) -> Record:
    """A row of message_events."""
    receipt_id = None if number is None else str(number)
    return {"subject_id": receipt_id or "user_id:1", "receipt_id": receipt_id, "event": name, "at": at, "index": index}


RECEIPTS = [
    receipt(1, "opened often", first_open=SUNDAY),
    receipt(2, "opened, as only events tell"),
    receipt(3, "bounced, as only events tell"),
    receipt(4, "bounced softly", first_soft_bounce=SUNDAY),
    receipt(5, "bounced softly, then clicked", first_soft_bounce=SUNDAY, first_click=MONDAY),
    receipt(6, "failed"),
    receipt(7, None),
    receipt(8, "never sent", None, first_open=SUNDAY),
    receipt(9, "sent again", SUNDAY, title="Old"),
    receipt(10, "sent again", MONDAY, title="New"),
    receipt(11, "sent again", MONDAY, title="New"),
]

EVENTS = [
    event(1, "open"),
    event(1, "open", index=1),
    event(1, "open", MONDAY),
    event(2, "open", None),
    event(3, "hard_bounce"),
    event(6, "push_failure"),
    event(99, "open"),
    event(None, "checkpoint"),
    event(10, "hologram"),
]

ALWAYS = {
    ("opened often", FIRST): (1, 1, 1, 0, 0, 0),
    ("bounced softly", FIRST): (1, 0, 0, 0, 1, 0),
    ("bounced softly, then clicked", FIRST): (1, 1, 0, 1, 1, 0),
    ("0", FIRST): (1, 1, 0, 0, 0, 0),
    ("sent again", FIRST): (1, 1, 0, 0, 0, 0),
    ("sent again", SECOND): (2, 2, 0, 0, 0, 0),
}
"""What the model counts, by content and week, whether there are events or not."""

WITH_EVENTS = {
    ("opened, as only events tell", FIRST): (1, 1, 1, 0, 0, 0),
    ("bounced, as only events tell", FIRST): (1, 0, 0, 0, 1, 0),
    ("failed", FIRST): (1, 0, 0, 0, 0, 1),
}
WITHOUT_EVENTS = dict.fromkeys(WITH_EVENTS, (1, 1, 0, 0, 0, 0))


@pytest.fixture(params=ENGINES)
def warehouse(request: pytest.FixtureRequest, open_warehouse: Warehouses) -> Warehouse:
    """One without tables."""
    return open_warehouse(request.param, nothing(), Destination(), time_format="unix")


def build(warehouse: Warehouse) -> list[Record]:
    """The rows of the model, whose own tests pass."""
    warehouse.dbt("build", "--select", "+message_performance_by_week")
    return warehouse.rows("support", "message_performance_by_week")


def counted(rows: list[Record]) -> dict[tuple[str, date], tuple[Any, ...]]:
    return {(row["content_id"], row["week"]): tuple(row[name] for name in COUNTS) for row in rows}


def test_a_receipt_counts_once_and_events_tell_what_it_does_not(warehouse: Warehouse) -> None:
    warehouse.load("message_receipts", RECEIPTS)
    assert counted(build(warehouse)) == ALWAYS | WITHOUT_EVENTS
    warehouse.load("message_events", EVENTS)
    rows = build(warehouse)
    assert counted(rows) == ALWAYS | WITH_EVENTS
    assert {row["title"] for row in rows if row["content_id"] == "sent again"} == {"New"}
    assert {row["ruleset_id"] for row in rows if row["content_id"] == "0"} == {"0"}
    undelivered = next(row for row in rows if row["content_id"] == "failed")
    assert (undelivered["delivery_rate"], undelivered["open_rate"], undelivered["bounce_rate"]) == (0, None, 0)
