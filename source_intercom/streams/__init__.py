"""The catalogue: every stream that the connector reads."""

from typing import Final

from source_intercom.streams.base import IntercomStream
from source_intercom.streams.companies import Companies
from source_intercom.streams.contacts import ContactNotes, Contacts
from source_intercom.streams.context import StreamContext
from source_intercom.streams.conversations import ConversationParts, Conversations, ConversationTags
from source_intercom.streams.help_center import Articles, Collections
from source_intercom.streams.tickets import TicketParts, Tickets
from source_intercom.streams.workspace import ActivityLogs, Admins, DataAttributes, Segments, Tags, Teams

SUGGESTED: Final[tuple[type[IntercomStream], ...]] = (
    Contacts,
    Conversations,
    ConversationParts,
    ConversationTags,
    Tickets,
    TicketParts,
    Companies,
    Admins,
    Teams,
    Tags,
    Segments,
    DataAttributes,
    Articles,
    Collections,
    ActivityLogs,
)
"""What Airbyte proposes for a new connection."""

STREAMS: Final[tuple[type[IntercomStream], ...]] = (*SUGGESTED, ContactNotes)
"""All of them; those that are not proposed cost requests of their own for each of their parents."""


def catalogue(context: StreamContext) -> list[IntercomStream]:
    """All streams of a workspace, as its configuration has them."""
    return [stream(context) for stream in STREAMS]
