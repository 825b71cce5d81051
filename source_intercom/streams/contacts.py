"""Contacts, and what belongs to them (API notes 3.1)."""

from typing import ClassVar, Final

from source_intercom.api.client import IntercomApi
from source_intercom.api.shapes import as_count, as_object
from source_intercom.read.dates import Dates, WorkspaceDays
from source_intercom.read.rows import Record
from source_intercom.streams.base import IntercomStream
from source_intercom.streams.kinds import ChildStream, ListStream, SearchStream, objects_at


class Contacts(SearchStream):
    """Users and leads."""

    endpoint = "contacts/search"
    permission = "Read and list users and companies"
    is_suggested = True
    flags: ClassVar = {"include_merge_history": "merge_history"}

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
    inherited: ClassVar = {"contact_id": "id", "contact_updated_at": "updated_at"}
    cursor_field = "contact_updated_at"

    def has_children(self, parent: Record) -> bool:
        """Whether the contact carries any, or says that it has some."""
        notes = as_object(parent.get("notes"))
        return bool(objects_at(notes, ("data",)) or as_count(notes.get("total_count")) or notes.get("has_more"))


class SubscriptionTypes(ListStream):
    """What contacts may subscribe to, drafts and archived ones too (API notes 3.17)."""

    endpoint = "subscription_types"
    permission = ""


STREAMS: Final[tuple[type[IntercomStream], ...]] = (
    Contacts,
    ContactNotes,
    SubscriptionTypes,
)
"""The family."""
