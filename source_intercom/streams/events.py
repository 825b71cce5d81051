"""What contacts did (API notes 3.20)."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, ClassVar, Final

from source_intercom.api.paginators import NextUrl
from source_intercom.api.reader import GoneError
from source_intercom.read.active import ACTIVE_AT, ActiveSearch, active_at
from source_intercom.read.events import Events
from source_intercom.read.lists import ListEndpoint, Parameters
from source_intercom.read.rows import Record
from source_intercom.read.search_pages import RULES, SearchEndpoint
from source_intercom.streams.base import IntercomStream
from source_intercom.streams.contacts import Contacts
from source_intercom.streams.kinds import ChildStream

REACH: Final = 90 * 86_400
"""Seconds after which Intercom does not list an event any more."""

TIMES: Final = ("last_seen_at", "updated_at")
"""When a contact did something, or something was done about it; whether the first one moves the second is not known."""


class ActiveContacts(Contacts):
    """Contacts that were seen or updated in a range of time."""

    @property
    def name(self) -> str:
        """The name of the stream of all."""
        return "contacts"

    def finder(self) -> ActiveSearch:
        """A search for either time."""
        context = self.context
        endpoint = SearchEndpoint(self.endpoint, self.records_key)
        reader, dates = self.reader(records_key=self.records_key, rules=RULES), self.dates(context.api)
        start, slots = context.config.start_second, context.search_slots
        return ActiveSearch(reader, endpoint, self.rows, dates, start, slots, TIMES)


class ContactEvents(ChildStream):
    """Events of contacts, of the last 90 days at most; asked for where the contact was active since."""

    parent = ActiveContacts
    endpoint = "events"
    records_key = "events"
    parameters: ClassVar[Mapping[str, str]] = {"type": "user", "per_page": "50"}
    paginator = NextUrl(records_key, own=("type", "per_page", "intercom_user_id", "user_id", "email"))
    permission = "Read events"
    words = "the events of contact"
    inherited: ClassVar = {"contact_id": "id", "contact_active_at": ACTIVE_AT}
    cursor_field = "contact_active_at"

    def starts_at(self, now: int) -> int:
        """As for all streams, but not before the events that Intercom lists."""
        return max(super().starts_at(now), now - REACH)

    def inherited_from(self, parent: Mapping[str, Any]) -> dict[str, Any]:
        """The contact's id, and when it was active last."""
        return {"contact_id": parent.get("id"), "contact_active_at": active_at(parent, TIMES)}

    def probe(self) -> None:
        """Look for one contact, and ask for its events."""
        contact = self.finder().probe()
        if contact and "id" in contact:
            with suppress(GoneError):
                self.children_reader.get(self.endpoint, self._of(str(contact["id"])))

    def fetch(self, stream_slice: Mapping[str, Any]) -> Iterator[list[Record]]:
        """The events of one contact, page by page: all that are listed, since one may be logged late."""
        endpoint = ListEndpoint(self.endpoint, self.records_key, self.paginator)
        rows = self.rows.inheriting(self._inherited(stream_slice))
        start = self.context.config.start_second
        for batch in Events(self.children_reader, endpoint, self._of(stream_slice["id"]), rows).batches():
            yield [event for event in batch if event["created_at"] >= start]

    def _of(self, contact_id: str) -> Parameters:
        return {**self.parameters, "intercom_user_id": contact_id}


STREAMS: Final[tuple[type[IntercomStream], ...]] = (ContactEvents,)
"""The family."""
