"""The catalogue: every stream that the connector reads."""

from typing import Final

from source_intercom.streams import (
    calls,
    companies,
    contacts,
    content,
    conversations,
    custom_objects,
    deletions,
    events,
    help_center,
    messages,
    tickets,
    workspace,
)
from source_intercom.streams.base import IntercomStream
from source_intercom.streams.context import StreamContext

STREAMS: Final[tuple[type[IntercomStream], ...]] = (
    *contacts.STREAMS,
    *events.STREAMS,
    *conversations.STREAMS,
    *tickets.STREAMS,
    *companies.STREAMS,
    *workspace.STREAMS,
    *help_center.STREAMS,
    *content.STREAMS,
    *calls.STREAMS,
    *custom_objects.STREAMS,
    *deletions.STREAMS,
    *messages.STREAMS,
)
"""All of them, family by family."""

SUGGESTED: Final[tuple[type[IntercomStream], ...]] = tuple(stream for stream in STREAMS if stream.is_suggested)
"""What Airbyte proposes for a new connection."""


def catalogue(context: StreamContext) -> list[IntercomStream]:
    """All streams of a workspace, as its configuration has them."""
    return [stream(context) for stream in STREAMS]
