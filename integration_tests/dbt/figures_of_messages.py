"""What the model of outbound messages should hold, told in Python from the receipts and events of the workspace."""

from datetime import datetime
from typing import Any

from integration_tests.dbt.figures import Figures, Row, moment
from integration_tests.dbt.figures_by_week import week_of
from integration_tests.messages import Record

COUNTED = {
    "opened": ("open",),
    "clicked": ("click",),
    "replied": ("reply",),
    "completed": ("completion",),
    "unsubscribed": ("unsubscribe",),
    "bounced": ("hard_bounce", "soft_bounce"),
    "failed": ("reception_failure",),
}
"""The columns that count receipts, and what happened to those."""

ARRIVED = ("open", "click", "reply", "completion", "unsubscribe", "dismissal", "answer", "tour_step_view")


def message_performance_by_week(figures: Figures) -> list[Row]:
    """A row for each week and content that was sent in it."""
    found: dict[tuple[Any, ...], list[Record]] = {}
    for receipt in figures.receipts:
        sent = moment(receipt["received_at"])
        assert isinstance(sent, datetime)
        key = (week_of(figures, sent), receipt["ruleset_id"], receipt["content_id"])
        found.setdefault((*key, receipt["content_title"], receipt["content_type"]), []).append(receipt)
    names = ("week", "ruleset_id", "content_id", "title", "type")
    return [{**dict(zip(names, key, strict=True)), **_counts(figures, rows)} for key, rows in found.items()]


def _counts(figures: Figures, receipts: list[Record]) -> Row:
    ids = {receipt["receipt_id"] for receipt in receipts}

    def of(*events: str) -> set[str]:
        return set[str]().union(*(figures.happened[event] for event in events)) & ids

    lost = of(*COUNTED["bounced"], *COUNTED["failed"]) - of(*ARRIVED)
    counts = {"sent": len(ids), "delivered": len(ids - lost)}
    counts |= {column: len(of(*events)) for column, events in COUNTED.items()}

    def share(column: str, whole: str) -> float | None:
        return counts[column] / counts[whole] if counts[whole] else None

    return {
        **counts,
        "delivery_rate": share("delivered", "sent"),
        "open_rate": share("opened", "delivered"),
        "click_rate": share("clicked", "delivered"),
        "reply_rate": share("replied", "delivered"),
        "completion_rate": share("completed", "delivered"),
        "unsubscribe_rate": share("unsubscribed", "delivered"),
        "bounce_rate": share("bounced", "sent"),
    }
