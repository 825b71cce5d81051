"""Contacts by their segments (API notes 3.1, 3.8)."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any, ClassVar

from source_intercom.api.shapes import as_count
from source_intercom.read.rows import Record
from source_intercom.read.search_pages import RULES, SearchEndpoint
from source_intercom.read.segments import Members, SegmentPages
from source_intercom.streams.context import StreamContext
from source_intercom.streams.kinds import ChildStream
from source_intercom.streams.workspace import Segments


class SegmentsOfPeople(Segments):
    """Those of people alone: a segment of companies does not tell that it is one (API notes 3.8, 14)."""

    parameter_sets = ({"include_count": "true"},)

    @property
    def name(self) -> str:
        """The name of the stream of both."""
        return "segments"


class ContactSegments(ChildStream):
    """Which contacts are in which segments of people: a search for each segment, and none for each contact."""

    parent = SegmentsOfPeople
    http_method = "POST"
    endpoint = "contacts/search"
    permission = "Read and list users and companies"
    words = "the contacts of segment"
    inherited: ClassVar = {"segment_id": "id"}

    def __init__(self, context: StreamContext, on_behalf_of: str | None = None) -> None:
        super().__init__(context, on_behalf_of)
        self.children_reader = self.reader(records_key=self.records_key, rules=RULES)

    def child_of(self, record: Record) -> Mapping[str, Any] | None:
        """Every segment, with its own count of contacts."""
        return {"id": record["id"], "counted": as_count(record.get("count")), **self.inherited_from(record)}

    def say_price(self, parents: int) -> None:
        """Nothing: a segment takes as many requests as it has pages."""

    def probe(self) -> None:
        """Look for one segment, and search for a contact in it."""
        segment = self.finder().probe()
        if segment and "id" in segment:
            self._pages(str(segment["id"])).first()

    def kept(self) -> AbstractContextManager[Any]:
        """Nothing: the search keeps each of its pages by itself."""
        return nullcontext()

    def fetch(self, stream_slice: Mapping[str, Any]) -> Iterator[list[Record]]:
        """The contacts of a segment, page by page."""
        rows, pages = self.rows.inheriting(self._inherited(stream_slice)), self._pages(stream_slice["id"])
        return Members(self.children_reader, pages, self.records_key, rows, stream_slice["counted"]).batches()

    def _pages(self, segment_id: str) -> SegmentPages:
        endpoint = SearchEndpoint(self.endpoint, self.records_key)
        return SegmentPages(self.children_reader, endpoint, self.context.search_slots, segment_id)
