"""The contacts of segments: a search finds them by the segment, not by time (API notes 2.1, 3.1)."""

from collections.abc import Iterator
from threading import Semaphore
from typing import Any

from source_intercom.api.bodies import Body
from source_intercom.api.reader import Reader
from source_intercom.api.search import Order, segment_search_body
from source_intercom.read.dates import Seconds
from source_intercom.read.finder import WHOLE
from source_intercom.read.passes import Passes
from source_intercom.read.rows import Record, Rows, listed_in
from source_intercom.read.search_pages import SearchEndpoint, SearchPages, Stuck
from source_intercom.read.windows import Window


class SegmentPages(SearchPages):
    """The requests of the search for one segment, whatever the window."""

    def __init__(self, reader: Reader, endpoint: SearchEndpoint, slots: Semaphore, segment_id: str) -> None:
        """Takes what `SearchPages` takes."""
        super().__init__(reader, endpoint, Seconds(), 0, slots)
        self._segment_id = segment_id

    def _body(self, window: Window, per_page: int, order: Order, starting_after: str | None) -> dict[str, Any]:
        return segment_search_body(self._segment_id, per_page, starting_after)


class Members:
    """The contacts of one segment, each once, as rows that name them.

    :param rows: makes a row of `{"contact_id": id}`
    :param counted: how many the segment counts
    """

    def __init__(self, reader: Reader, pages: SegmentPages, records_key: str, rows: Rows, counted: int) -> None:
        self._records_key = records_key
        self._rows = rows
        self._passes = Passes(reader, pages, self._named_in, "contact_id", counted)

    def batches(self) -> Iterator[list[Record]]:
        """The rows, page by page; who joins and leaves meanwhile does not move the others.

        :raises AirbyteTracedException: a transient error if paging does not lead to the end, or a contact does not come
        """
        try:
            yield from self._passes.batches(WHOLE)
        except Stuck as stuck:
            raise stuck.reason from None

    def _named_in(self, body: Body) -> tuple[int, list[Record]]:
        """How many contacts a page holds, and a row for each that has an id."""
        contacts = listed_in(body, self._records_key)
        named = [{"contact_id": each.get("id")} if isinstance(each, dict) else each for each in contacts]
        return len(named), self._rows.fit(named)
