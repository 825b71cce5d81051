"""Phone calls (API notes 3.15)."""

from typing import ClassVar, Final

from source_intercom.read.finder import Finder
from source_intercom.read.transcripts import Transcripts
from source_intercom.streams.base import IntercomStream
from source_intercom.streams.kinds import ListStream


class Calls(ListStream):
    """Phone calls, in small numbered pages without a `next`; their times come as numbers or as texts."""

    endpoint = "calls"
    permission = ""
    parameter_sets: ClassVar = ({"page": "1", "per_page": "25"},)


class CallTranscripts(IntercomStream):
    """What was said in calls that belong to a conversation, turn by turn; twenty conversations to a request."""

    http_method = "POST"
    endpoint = "calls/search"
    permission = ""

    def finder(self) -> Finder:
        """The list of calls, and the search for them."""
        calls, reader = self.stand_in(Calls).finder(), self.reader(records_key=self.records_key)
        return Transcripts(calls, reader, self.endpoint, self.records_key, self.rows)

    def expect(self, total: int) -> None:
        """Nothing: what is counted are calls."""

    def estimate_more(self, records: int) -> None:
        """Nothing, likewise."""


STREAMS: Final[tuple[type[IntercomStream], ...]] = (Calls, CallTranscripts)
"""The family."""
