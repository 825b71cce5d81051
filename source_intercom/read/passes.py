"""Searches that are paged from end to end, not cut into windows, since they do not go by one time (API notes 2.1)."""

from collections.abc import Callable, Iterator
from itertools import count

from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.streams.http.pagination_reset_exception import PaginationResetRequiredException
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom import report
from source_intercom.api.bodies import Body
from source_intercom.api.reader import Reader
from source_intercom.api.search import Order
from source_intercom.api.sentences import LOST
from source_intercom.read.ids import IdSet
from source_intercom.read.rows import Record
from source_intercom.read.search_pages import MAX_FRUITLESS_PASSES, SearchPages
from source_intercom.read.windows import Window

Taken = Callable[[Body], tuple[int, list[Record]]]
"""Makes of a page's body how many records it lists, and a row for each of them that can be used."""


class Passes:
    """The rows of a search, each once.

    What comes and goes meanwhile does not move the others. The search is made again where it brought fewer than are
    counted until it brings nothing new, several times in a row if it counts more itself: its pages may leave out the
    same record twice. What is lacking then is reported.

    :param key: the field of a row that no other has
    :param counted: how many there are by another count
    :param expect: told how many there are by the first page
    """

    def __init__(
        self,
        reader: Reader,
        pages: SearchPages,
        taken: Taken,
        key: str,
        counted: int = 0,
        expect: Callable[[int], None] = lambda total: None,
    ) -> None:
        self._reader = reader
        self._pages = pages
        self._taken = taken
        self._key = key
        self._counted = counted
        self._expect = expect
        self._met = IdSet()
        self.missing: int | None = 0
        """How many are lacking after a pass, None where paging lost its way."""
        self._counts_more = False

    def batches(self, window: Window) -> Iterator[list[Record]]:
        """The rows, page by page, as often as it takes.

        :raises Stuck: if not even a single record is delivered
        :raises AirbyteTracedException: a transient error when paging does not lead to the end
        """
        fruitless = 0
        for number in count():
            before = len(self._met)
            yield from self.once(window, "ascending")
            if self.missing is not None and self.missing <= 0:
                return
            fruitless = fruitless + 1 if number and len(self._met) == before else 0
            if fruitless >= (MAX_FRUITLESS_PASSES if self._counts_more else 1):
                break
            self._reader.count(report.RESTARTS)
        if self.missing is None:
            sentence = LOST.format(name=self._reader.name)
            raise AirbyteTracedException(sentence, sentence, FailureType.transient_error)
        self._reader.count(report.OVERCOUNTED, self.missing)

    def once(self, window: Window, order: Order) -> Iterator[list[Record]]:
        """The rows that were not met yet, in one pass."""
        pages, unusable = self._pages.pages(window, order), 0
        try:
            for body in pages:
                if pages.number == 1:
                    self._expect(pages.counted or 0)
                    self._expect = lambda total: None
                listed, rows = self._taken(body)
                unusable += listed - len(rows)
                yield [row for row in rows if self._met.add(row[self._key])]
                came = len(self._met) + unusable
                self.missing = max(pages.lacking(came), self._counted - came)
                self._counts_more = pages.lacking(came) > 0
        except PaginationResetRequiredException:
            self.missing, self._counts_more = None, True
