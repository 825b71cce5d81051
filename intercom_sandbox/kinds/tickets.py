"""Tickets, and what belongs to them."""

from intercom_sandbox import dialects, versions
from intercom_sandbox.data.nested import TicketParts, TypeAttributes, count_ticket_parts, indexed, listed
from intercom_sandbox.data.threads import tickets
from intercom_sandbox.data.tickets import vary_ticket_type
from intercom_sandbox.errors import ApiError
from intercom_sandbox.kind import Derived, Inside, Kind, Path, of_parent
from intercom_sandbox.scopes import TICKETS, unnamed
from intercom_sandbox.shapes import Searched, Single, Whole


def _no_ticket(item_id: str) -> Exception:
    return ApiError(404, "ticket_not_found", "Ticket not found")


ROWS = (
    Kind(
        "tickets",
        (
            Path("/tickets/search", Searched(dialects.TICKETS), TICKETS, "POST"),
            Path("/tickets/{id}", Single(_no_ticket), TICKETS),
        ),
        visible="ticket_attributes._default_title_",
        numeric_ids=True,
        stage=3,
        builder=tickets,
        adapt=versions.ticket,
        deleted_with="conversations",
    ),
    Kind(
        "ticket_parts",
        nested=Inside(
            "tickets", of_parent("ticket"), ("ticket_parts", "ticket_parts"), TicketParts, settle=count_ticket_parts
        ),
        visible="body",
    ),
    Kind(
        "ticket_contacts",
        nested=Derived("tickets", of_parent("ticket"), listed("contacts", "contacts")),
        key=("ticket_id", "id"),
    ),
    Kind(
        "ticket_links",
        nested=Derived("tickets", of_parent("ticket"), listed("linked_objects", "data")),
        key=("ticket_id", "type", "id"),
    ),
    Kind(
        "ticket_part_attachments",
        nested=Derived(
            "ticket_parts",
            {"ticket_part_id": "id", **{name: name for name in of_parent("ticket")}},
            indexed("attachments"),
        ),
        key=("ticket_part_id", "index"),
    ),
    Kind(
        "ticket_types",
        (Path("/ticket_types", Whole("list", "data"), unnamed("read_ticket_types", "List all ticket types")),),
        numeric_ids=True,
        count=12,
        vary=vary_ticket_type,
    ),
    Kind(
        "ticket_type_attributes",
        nested=Inside("ticket_types", {"ticket_type_id": "id"}, ("ticket_type_attributes", "data"), TypeAttributes),
    ),
    Kind(
        "ticket_states",
        (Path("/ticket_states", Whole("list", "data"), unnamed("read_ticket_states", "List all ticket states")),),
        visible="internal_label",
        numeric_ids=True,
        count=16,
    ),
)
