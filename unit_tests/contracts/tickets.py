"""Tickets, and what belongs to them."""

from typing import Final

from unit_tests.contracts.contract import Contract, Parent, Way


def _nested(name: str, records: tuple[str, ...], key: tuple[str, ...]) -> Contract:
    """Rows that are in those of tickets."""
    return Contract(
        name,
        Way.NESTED,
        "POST",
        "tickets/search",
        records,
        "Read tickets",
        key=key,
        cursor="ticket_updated_at",
        parent=Parent("tickets", "ticket_id"),
    )


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
    _nested("ticket_parts", ("ticket_parts", "ticket_parts"), ("id",)),
    _nested("ticket_contacts", ("contacts", "contacts"), ("ticket_id", "id")),
    _nested("ticket_links", ("linked_objects", "data"), ("ticket_id", "type", "id")),
    Contract(
        "ticket_part_attachments",
        Way.NESTED,
        "POST",
        "tickets/search",
        ("attachments",),
        "Read tickets",
        key=("ticket_part_id", "index"),
        cursor="ticket_updated_at",
        parent=Parent("ticket_parts", "ticket_part_id", above="ticket_id"),
        told_apart_by=(),
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
