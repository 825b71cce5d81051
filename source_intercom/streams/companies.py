"""Companies, and what belongs to them (API notes 3.2, 5)."""

from typing import ClassVar, Final

from source_intercom.read import scroll
from source_intercom.read.finder import Finder
from source_intercom.streams.base import IntercomStream
from source_intercom.streams.contacts import Contacts
from source_intercom.streams.kinds import NestedStream


class Companies(IntercomStream):
    """All companies, as the scroll returns them."""

    endpoint = scroll.PATH
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


STREAMS: Final[tuple[type[IntercomStream], ...]] = (
    Companies,
    CompanyTags,
)
"""The family."""
