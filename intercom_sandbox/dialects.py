"""How the kinds that can be searched are searched (API notes 2.1, 3.1, 3.4, 4.1)."""

from intercom_sandbox.data import segments
from intercom_sandbox.data.attributes import CONTACT_DATE_FIELDS
from intercom_sandbox.data.words import listed
from intercom_sandbox.query import Dialect
from intercom_sandbox.search import Searchable

_CONVERSATION_TIMES = listed(
    "first_contact_reply_at first_assignment_at first_admin_reply_at first_close_at last_assignment_at "
    "last_assignment_admin_reply_at last_contact_reply_at last_admin_reply_at last_close_at"
)
_TICKET_FIELDS = listed(
    "id created_at updated_at title description category ticket_type_id contact_ids teammate_ids admin_assignee_id "
    "team_assignee_id open state snoozed_until"
)

CONTACTS = Searchable(
    "list",
    "data",
    50,
    Dialect(CONTACT_DATE_FIELDS, {"tag_id": "tags.data.id"}, holds={"segment_id": segments.holds}),
    unsorted="last_seen_at",
    days_until=(2, 16),
)
CONVERSATIONS = Searchable(
    "conversation.list",
    "conversations",
    20,
    Dialect(
        frozenset(["created_at", "updated_at", "waiting_since", "snoozed_until"])
        | {f"statistics.{name}" for name in _CONVERSATION_TIMES},
        {"contact_ids": "contacts.contacts.id", "teammate_ids": "teammates.admins.id", "tag_ids": "tags.tags.id"}
        | {"conversation_rating.score": "conversation_rating.rating"},
    ),
)
TICKETS = Searchable(
    "ticket.list",
    "tickets",
    20,
    Dialect(
        frozenset(["created_at", "updated_at", "snoozed_until"]),
        {
            "title": "ticket_attributes._default_title_",
            "description": "ticket_attributes._default_description_",
            "contact_ids": "contacts.contacts.id",
            "ticket_type_id": "ticket_type.id",
            "state": "ticket_state.category",
        },
        fields=frozenset(_TICKET_FIELDS),
    ),
)
