"""The catalogue: every stream that the connector reads."""

from typing import Final

from source_intercom.streams.articles import Articles
from source_intercom.streams.base import IntercomStream
from source_intercom.streams.companies import Companies
from source_intercom.streams.contacts import Contacts
from source_intercom.streams.conversations import ConversationParts, Conversations
from source_intercom.streams.reference import Admins, DataAttributes, Segments, Tags, Teams
from source_intercom.streams.tickets import Tickets

STREAMS: Final[tuple[type[IntercomStream], ...]] = (
    Contacts,
    Conversations,
    ConversationParts,
    Tickets,
    Companies,
    Admins,
    Teams,
    Tags,
    Segments,
    DataAttributes,
    Articles,
)

SUGGESTED: Final[tuple[type[IntercomStream], ...]] = (
    Contacts,
    Conversations,
    ConversationParts,
    Tickets,
    Companies,
    Admins,
    Teams,
    Tags,
    Segments,
    DataAttributes,
    Articles,
)
"""Those that Airbyte selects in a new connection: what most users want, at few requests."""
