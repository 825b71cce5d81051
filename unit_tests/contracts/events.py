"""What contacts did."""

from typing import Final

from unit_tests.contracts.contract import Contract, Parent, Way

ROWS: Final = (
    Contract(
        "contact_events",
        Way.OWN,
        "GET",
        "events",
        ("events",),
        "Read events",
        key=("contact_id", "event_name", "created_at", "index"),
        cursor="contact_active_at",
        parent=Parent("contacts", "contact_id"),
    ),
)
