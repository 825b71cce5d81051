"""What was deleted, merged, archived or blocked, of which no other stream tells (API notes 8)."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from airbyte_cdk.sources.streams.concurrent.cursor import Cursor

from source_intercom.api.errors import RESTARTING
from source_intercom.api.paginators import UntilEmpty
from source_intercom.read.feed import Feed, FeedCursor, Place
from source_intercom.read.finder import Finder
from source_intercom.read.lists import ListEndpoint
from source_intercom.read.newest import Newest
from source_intercom.read.rows import Record
from source_intercom.read.state import short, to_second
from source_intercom.streams.base import IntercomStream
from source_intercom.streams.context import StreamContext
from source_intercom.streams.kinds import ListStream

NEWER: Final = "2.17"
"""The version of the API that has what came for contacts (API notes 8, 14)."""


class DeletedConversations(IntercomStream):
    """Ids of conversations that were deleted, and when; in which order they are listed is not documented."""

    endpoint = "conversations/deleted"
    records_key = "conversations"
    permission = "Read conversations"
    is_suggested = True
    cursor_field = "deleted_at"
    parameters: ClassVar[Mapping[str, str]] = {"order": "desc", "per_page": "60"}

    def finder(self) -> Finder:
        """The list, as far as it is of interest."""
        endpoint = ListEndpoint(self.endpoint, self.records_key, self.paginator)
        return Newest(self.reader(records_key=self.records_key), endpoint, self.rows, self.cursor_name, self.parameters)


class ContactActivities(IntercomStream):
    """What befell contacts: that they were created, merged or deleted, or got another role; oldest first.

    The state is no time but a place in the feed.
    """

    endpoint = "contacts/activities"
    api_version = NEWER
    permission = "Read and list users and companies"
    paginator = UntilEmpty()
    cursor_field = "created_at"
    parameters: ClassVar[Mapping[str, str]] = {"per_page": "150"}

    def __init__(self, context: StreamContext, on_behalf_of: str | None = None) -> None:
        super().__init__(context, on_behalf_of)
        self._feed_cursor: FeedCursor | None = None

    def new_cursor(self, state: Mapping[str, Any] | None) -> Cursor:
        """A cursor that goes on from the state, or from the feed's beginning where the state names no place."""
        final, self._feed_cursor = super().new_cursor(None), None
        if state is None:
            return final
        self._feed_cursor = FeedCursor(self.name, state, self.context.messages)
        if state and not self._feed_cursor.place:
            self.logger.warning("%s: the state %s is not usable; reading from the beginning.", self.name, short(state))
        return self._feed_cursor

    def finder(self) -> Finder:
        """The feed."""
        return self.feed(self._feed_cursor)

    def feed(self, place: Place | None) -> Feed:
        """The events behind a place, or all of them."""
        return Feed(
            self.reader(records_key=self.records_key),
            self.reader(records_key=self.records_key, rules=RESTARTING),
            ListEndpoint(self.endpoint, self.records_key, self.paginator),
            self.rows,
            self.parameters,
            place,
            self._is_wanted,
        )

    def _is_wanted(self, row: Record) -> bool:
        second = to_second(row.get(self.cursor_name))
        return second is None or second >= self.context.config.start_second


class InactiveContacts(ListStream):
    """Contacts that are archived, blocked, merged or deleted; when they became so is not told."""

    endpoint = "contacts/deleted"
    api_version = NEWER
    permission = "Read and list users and companies"
    parameter_sets: ClassVar = ({"per_page": "150"},)


STREAMS: Final[tuple[type[IntercomStream], ...]] = (
    DeletedConversations,
    ContactActivities,
    InactiveContacts,
)
"""The family."""
