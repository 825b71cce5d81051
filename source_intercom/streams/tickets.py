"""Tickets, what belongs to them, and what they are made of (API notes 3.4, 3.5)."""

from collections.abc import Sequence
from typing import ClassVar, Final

from source_intercom import report
from source_intercom.api.shapes import objects_at
from source_intercom.read.rows import Record
from source_intercom.streams.base import IntercomStream
from source_intercom.streams.kinds import ListStream, NestedStream, SearchStream

PARTS: Final = ("ticket_parts", "ticket_parts")
"""Where a ticket's parts are in it."""

MAX_PARTS: Final = 500
"""Parts of a ticket that Intercom returns; it does not say whether there are more."""


class Tickets(SearchStream):
    """Customer, back-office and tracker tickets; each carries its `ticket_parts`."""

    endpoint = "tickets/search"
    records_key = "tickets"
    permission = "Read tickets"
    is_suggested = True

    def note_emitted(self, rows: Sequence[Record]) -> None:
        """Count the tickets that may have more parts, too."""
        super().note_emitted(rows)
        for row in rows:
            if len(objects_at(row, PARTS)) >= MAX_PARTS:
                self.count(report.FULL)


class _OfTicket(NestedStream):
    """Rows that every ticket carries."""

    parent = Tickets
    permission = "Read tickets"
    inherited: ClassVar = {"ticket_id": "id", "ticket_updated_at": "updated_at"}
    cursor_field = "ticket_updated_at"


class TicketParts(_OfTicket):
    """What happened to tickets, and was said in them."""

    records_path = PARTS
    is_suggested = True


class TicketContacts(_OfTicket):
    """Which contacts tickets are about."""

    records_path = ("contacts", "contacts")


class TicketLinks(_OfTicket):
    """Which conversations and other tickets tickets are linked to; of one at most 1,000 (API notes 3.4)."""

    records_path = ("linked_objects", "data")


class TicketPartAttachments(NestedStream):
    """Files in the parts of tickets; their addresses expire."""

    parent = TicketParts
    records_path = ("attachments",)
    permission = "Read tickets"
    inherited: ClassVar = {
        "ticket_part_id": "id",
        "ticket_id": "ticket_id",
        "ticket_updated_at": "ticket_updated_at",
    }
    cursor_field = "ticket_updated_at"


class TicketTypes(ListStream):
    """Types of tickets, archived ones too."""

    endpoint = "ticket_types"
    permission = ""
    is_suggested = True


class TicketTypeAttributes(NestedStream):
    """Attributes of ticket types, archived ones too: what a ticket of the type may hold."""

    parent = TicketTypes
    records_path = ("ticket_type_attributes", "data")
    permission = ""
    inherited: ClassVar = {"ticket_type_id": "id"}


class TicketStates(ListStream):
    """States that tickets may be in, archived ones too."""

    endpoint = "ticket_states"
    permission = ""
    is_suggested = True


STREAMS: Final[tuple[type[IntercomStream], ...]] = (
    Tickets,
    TicketParts,
    TicketContacts,
    TicketLinks,
    TicketPartAttachments,
    TicketTypes,
    TicketTypeAttributes,
    TicketStates,
)
"""The family."""
