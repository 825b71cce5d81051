"""Contacts, and what belongs to them (API notes 3.1)."""

import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, Final

from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom.api.client import IntercomApi
from source_intercom.api.sentences import NEWER_VERSION_REFUSED, says
from source_intercom.api.shapes import as_count, as_object, objects_at
from source_intercom.read.dates import Dates, WorkspaceDays
from source_intercom.read.feed import AFTER, Place
from source_intercom.read.finder import WHOLE
from source_intercom.read.member import Owing
from source_intercom.read.rows import Record
from source_intercom.read.state import to_second
from source_intercom.read.windows import GUARD_SECONDS
from source_intercom.streams.base import IntercomStream
from source_intercom.streams.deletions import ContactActivities
from source_intercom.streams.departures import DepartingStream
from source_intercom.streams.kinds import ChildStream, ListStream, NestedStream
from source_intercom.streams.links import LinkStream
from source_intercom.streams.segments import ContactSegments

INHERITED: Final = {"contact_id": "id", "contact_updated_at": "updated_at"}
"""What belongs to a contact says of it."""

GONE: Final = {"contact.deleted": "contact_id", "contact.merged": "merge_source_id"}
"""Events that say who is gone (API notes 8)."""

CONSENTS: Final = {"opt_in": "opted_in", "opt_out": "opted_out"}
"""What it means that a type of subscriptions is attached to a contact, by the consent that it takes."""


class Contacts(DepartingStream):
    """Users and leads."""

    endpoint = "contacts/search"
    permission = "Read and list users and companies"
    is_suggested = True
    flags: ClassVar = {"include_merge_history": "merge_history"}

    def _begin(self, state: Mapping[str, Any] | None) -> None:
        super()._begin(state)
        self._place = self.resumed_at(AFTER)

    def rows_of(self, record: Record) -> Iterable[Record]:
        """The contact, and with the option those that were merged into it."""
        yield from super().rows_of(record)
        if self.applies_deletes and self.keeps_state:
            for merge in objects_at(record, ("merge_history",)):
                if merge.get("source_contact_id"):
                    yield self.departed(str(merge["source_contact_id"]), to_second(merge.get("merged_at")))

    def departures(self) -> Iterator[Record]:
        """Contacts that were deleted, or merged; those of the guard interval again, as the search may find them on."""
        feed = ContactActivities(self.context, self.reported_as)
        place = Place(self._place if isinstance(self._place, str) else None)
        settled = int(time.time()) - GUARD_SECONDS
        try:
            for event in feed.feed(place).records_in(WHOLE, Owing([self])):
                second = to_second(event.get("created_at"))
                if gone := event.get(GONE.get(str(event.get("event_type")), "")):
                    yield self.departed(str(gone), second)
                if second is None or second < settled:
                    self._place = event["id"]
        except AirbyteTracedException as error:
            if not says(error, NEWER_VERSION_REFUSED):
                raise
            self.logger.warning("%s: deletions are not seen, only merges. %s", self.name, error)
        self.keep(AFTER, self._place)

    def dates(self, api: IntercomApi) -> Dates:
        """Whole days of the workspace's zone, on API versions up to 2.16."""
        return WorkspaceDays(api.time_zone)


class ContactNotes(ChildStream):
    """Notes about contacts; asked for where the contact has some, since it carries no more than ten."""

    parent = Contacts
    endpoint = "contacts/{id}/notes"
    parameters: ClassVar = {"per_page": "50"}
    permission = "Read one user and one company"
    asks_each = False
    words = "the notes of contact"
    inherited: ClassVar = INHERITED
    cursor_field = "contact_updated_at"

    def has_children(self, parent: Record) -> bool:
        """Whether the contact carries any, or says that it has some."""
        notes = as_object(parent.get("notes"))
        return bool(objects_at(notes, ("data",)) or as_count(notes.get("total_count")) or notes.get("has_more"))


class ContactTags(LinkStream):
    """Which tags contacts have."""

    parent = Contacts
    lists: ClassVar = {"tags": {}}
    endpoint = "contacts/{id}/tags"
    permission = "Read one user and one company"
    is_suggested = True
    words = "the tags of contact"
    inherited: ClassVar = INHERITED
    cursor_field = "contact_updated_at"


class ContactCompanies(LinkStream):
    """Which companies contacts belong to."""

    parent = Contacts
    lists: ClassVar = {"companies": {}}
    endpoint = "contacts/{id}/companies"
    parameters: ClassVar = {"per_page": "60"}
    permission = "Read one user and one company"
    is_suggested = True
    words = "the companies of contact"
    inherited: ClassVar = INHERITED
    cursor_field = "contact_updated_at"


class ContactSubscriptions(LinkStream):
    """Which subscriptions contacts have opted in to, and out of.

    A type that asks for consent is attached to those who gave it, one that does not to those who opted out: where all
    are asked for, the type tells.
    """

    parent = Contacts
    lists: ClassVar = {
        "opted_in_subscription_types": {"consent": "opted_in"},
        "opted_out_subscription_types": {"consent": "opted_out"},
    }
    endpoint = "contacts/{id}/subscriptions"
    permission = "Read one user and one company"
    words = "the subscriptions of contact"
    inherited: ClassVar = INHERITED
    cursor_field = "contact_updated_at"

    def rows_in(self, children: list[Record]) -> list[Record]:
        """The columns of links, with the consent that follows from the type."""
        told = [{"consent": CONSENTS.get(str(child.get("consent_type"))), **child} for child in children]
        return super().rows_in(told)


class ContactMerges(NestedStream):
    """Which contacts were merged into which; only users carry that (API notes 3.1)."""

    parent = Contacts
    records_path = ("merge_history",)
    permission = "Read and list users and companies"
    is_suggested = True
    inherited: ClassVar = INHERITED
    cursor_field = "contact_updated_at"


class SubscriptionTypes(ListStream):
    """What contacts may subscribe to, drafts and archived ones too (API notes 3.17)."""

    endpoint = "subscription_types"
    permission = ""


STREAMS: Final[tuple[type[IntercomStream], ...]] = (
    Contacts,
    ContactNotes,
    ContactTags,
    ContactCompanies,
    ContactSubscriptions,
    ContactMerges,
    ContactSegments,
    SubscriptionTypes,
)
"""The family."""
