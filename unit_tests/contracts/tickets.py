"""Tickets, and what belongs to them."""

from typing import Final

from unit_tests.contracts.contract import Contract, Parent, Way

ROWS: Final = (
    Contract(
        "tickets",
        Way.SEARCH,
        "POST",
        "tickets/search",
        ("tickets",),
        "Read tickets",
        answer="tickets_search",
        cursor="updated_at",
    ),
    Contract(
        "ticket_parts",
        Way.NESTED,
        "POST",
        "tickets/search",
        ("ticket_parts", "ticket_parts"),
        "Read tickets",
        cursor="ticket_updated_at",
        parent=Parent("tickets", "ticket_id"),
    ),
)
