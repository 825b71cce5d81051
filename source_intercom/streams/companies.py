"""Companies (API notes 3.2, 5)."""

from typing import Final

from source_intercom.read import scroll
from source_intercom.read.finder import Finder
from source_intercom.streams.base import IntercomStream
from source_intercom.streams.contacts import Contacts


class Companies(IntercomStream):
    """All companies, as the scroll returns them."""

    endpoint = scroll.PATH
    records_key = scroll.RECORDS_KEY
    permission = "Read and list users and companies"
    is_suggested = True

    def finder(self, reported_as: str, is_emitted: bool) -> Finder:
        """The scroll; a check searches the contacts, for which the same permission is needed."""
        reader = self.reader(
            reported_as,
            records_key=self.records_key,
            one_shot_parameter=scroll.ONE_SHOT_PARAMETER,
            rules=scroll.RULES,
        )
        probe = Contacts(self.context).finder(reported_as, is_emitted=False).probe
        return scroll.CompanyScroll(reader, self.rows_found(reader, is_emitted), probe)


STREAMS: Final[tuple[type[IntercomStream], ...]] = (Companies,)
"""The family."""
