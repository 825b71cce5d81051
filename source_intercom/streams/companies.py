"""Companies, and what belongs to them (API notes 3.2, 5)."""

from typing import ClassVar, Final

from source_intercom.api.shapes import as_count, as_object
from source_intercom.read import scroll
from source_intercom.read.finder import Finder
from source_intercom.read.rows import Record
from source_intercom.streams.base import IntercomStream
from source_intercom.streams.contacts import Contacts
from source_intercom.streams.kinds import ChildStream, NestedStream


class Companies(IntercomStream):
    """All companies, as the scroll returns them."""

    endpoint = scroll.PATH
    endpoint_of_one = "companies/{id}"
    records_key = scroll.RECORDS_KEY
    permission = "Read and list users and companies"
    is_suggested = True

    def finder(self) -> Finder:
        """The scroll; a check searches the contacts, for which the same permission is needed."""
        reader = self.reader(
            records_key=self.records_key,
            one_shot_parameter=scroll.ONE_SHOT_PARAMETER,
            rules=scroll.RULES,
        )
        return scroll.CompanyScroll(reader, self.rows, self.stand_in(Contacts).probe)


class CompanyTags(NestedStream):
    """Which company has which tag."""

    parent = Companies
    records_path = ("tags", "tags")
    permission = "Read and list users and companies"
    is_suggested = True
    inherited: ClassVar = {"company_id": "id"}


class CompanyNotes(ChildStream):
    """Notes about companies; not asked for where the company says that it has none."""

    parent = Companies
    endpoint = "companies/{id}/notes"
    permission = "Read one user and one company"
    words = "the notes of company"
    inherited: ClassVar = {"company_id": "id"}

    def has_children(self, parent: Record) -> bool:
        """Whether the company carries notes, in either of the shapes seen, or no list of them at all (API notes 14)."""
        notes = as_object(parent.get("notes"))
        lists = [notes[name] for name in ("notes", "data") if isinstance(notes.get(name), list)]
        return not lists or any(lists) or as_count(notes.get("total_count")) > 0 or bool(notes.get("has_more"))


class CompanySegments(ChildStream):
    """Which company is in which segment; what the company itself carries of them may be a part."""

    parent = Companies
    endpoint = "companies/{id}/segments"
    permission = "Read one user and one company"
    words = "the segments of company"
    inherited: ClassVar = {"company_id": "id"}


STREAMS: Final[tuple[type[IntercomStream], ...]] = (
    Companies,
    CompanyTags,
    CompanyNotes,
    CompanySegments,
)
"""The family."""
