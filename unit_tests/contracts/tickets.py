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
    Contract(
        "ticket_types",
        Way.WHOLE,
        "GET",
        "ticket_types",
        ("data",),
        permission="",
        answer="ticket_types",
        scope="read_ticket_types",
    ),
    Contract(
        "ticket_type_attributes",
        Way.NESTED,
        "GET",
        "ticket_types",
        ("ticket_type_attributes", "data"),
        permission="",
        parent=Parent("ticket_types", "ticket_type_id"),
        scope="read_ticket_types",
    ),
    Contract(
        "ticket_states",
        Way.WHOLE,
        "GET",
        "ticket_states",
        ("data",),
        permission="",
        answer="ticket_states",
        scope="read_ticket_states",
    ),
)
