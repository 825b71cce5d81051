"""The contacts of segments: a search finds them by the segment, not by time (API notes 2.1, 3.1)."""

from collections.abc import Generator, Iterator
from threading import Semaphore
from typing import Any

from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.streams.http.pagination_reset_exception import PaginationResetRequiredException
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom import report
from source_intercom.api.bodies import Body
from source_intercom.api.reader import Reader
from source_intercom.api.search import Order, segment_search_body
from source_intercom.api.sentences import LOST
from source_intercom.read.dates import Seconds
from source_intercom.read.finder import WHOLE
from source_intercom.read.ids import IdSet
from source_intercom.read.lists import MAX_READINGS
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
        self._reader = reader
        self._pages = pages
        self._records_key = records_key
        self._rows = rows
        self._counted = counted

    def batches(self) -> Iterator[list[Record]]:
        """The rows, page by page.

        Who joins and leaves meanwhile does not move the others. The search is made again where it brought fewer than it
        counts, or than the segment does, until it brings nothing new: what is lacking then is reported.

        :raises AirbyteTracedException: a transient error when paging does not lead to the end
        """
        met = IdSet()
        for number in range(MAX_READINGS):
            before = len(met)
            missing = yield from self._read_once(met)
            if missing is not None and missing <= 0:
                return
            if number and missing is not None and len(met) == before:
                self._reader.count(report.OVERCOUNTED, missing)
                return
            self._reader.count(report.RESTARTS)
        sentence = LOST.format(name=self._reader.name)
        raise AirbyteTracedException(sentence, sentence, FailureType.transient_error)

    def _read_once(self, met: IdSet) -> Generator[list[Record], None, int | None]:
        """Yields the rows that were not met yet; returns how many are lacking, None where paging lost its way."""
        pages, unusable = self._pages.pages(WHOLE, "ascending"), 0
        try:
            for body in pages:
                named, rows = self._named_in(body)
                unusable += named - len(rows)
                yield [row for row in rows if met.add(row["contact_id"])]
        except PaginationResetRequiredException:
            return None
        except Stuck as stuck:
            raise stuck.reason from None
        came = len(met) + unusable
        return max(pages.lacking(came), self._counted - came)

    def _named_in(self, body: Body) -> tuple[int, list[Record]]:
        """How many contacts a page holds, and a row for each that has an id."""
        contacts = listed_in(body, self._records_key)
        named = [{"contact_id": each.get("id")} if isinstance(each, dict) else each for each in contacts]
        return len(named), self._rows.fit(named)
