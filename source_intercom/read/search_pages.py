"""Asking a search for its pages: in smaller ones where Intercom does not deliver larger ones, down to one record."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Semaphore
from typing import Any, Final

from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.streams.http.error_handlers import ResponseAction
from airbyte_cdk.sources.streams.http.pagination_reset_exception import PaginationResetRequiredException
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom.api.bodies import Body
from source_intercom.api.errors import MAX_RETRIES, Rule
from source_intercom.api.pages import Pages, Token
from source_intercom.api.paginators import SearchCursor
from source_intercom.api.reader import Reader
from source_intercom.api.search import MAX_PAGE_SIZE, Order, id_search_body, search_body
from source_intercom.api.sentences import ISSUES, MISSED, TOO_FAST, says
from source_intercom.api.shapes import as_count, as_objects
from source_intercom.read.dates import Dates
from source_intercom.read.flags import Flags
from source_intercom.read.rows import Record
from source_intercom.read.state import to_second
from source_intercom.read.windows import Window

PROBE_RETRIES: Final = 1
"""How often a request is repeated that finds out which record of a page is to blame."""

MAX_FRUITLESS_PASSES: Final = 3
"""Passes over a window in a row that bring nothing new; one, if that many were in vain for another window."""

CURSOR: Final = "updated_at"
"""The field by which all searches go."""

RULES: Final[Mapping[tuple[int, str], Rule]] = {
    (404, ""): Rule(ResponseAction.FAIL, FailureType.transient_error, MISSED)
}
"""What a search makes of answers, on top of api/errors.py."""

_PAGINATOR: Final = SearchCursor()

_EARLY: Final = 2 * 86_400
"""Nothing changed before, and a day before it is not before the first of Unix time, in no zone."""


class Stuck(Exception):  # noqa: N818 - it is not raised to callers
    """A page of a single record cannot be had.

    `last_second` is the time of the last record of the window before it, if there was one; `counted` is how many
    records Intercom counted, 0 if no page told.
    """

    def __init__(self, reason: AirbyteTracedException) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.last_second: int | None = None
        self.counted = 0


@dataclass(frozen=True)
class SearchEndpoint:
    """Where a search is.

    :param path: below the API's URL
    :param records_key: where in a page's body the records are
    :param flags: parameters of the query string, each with the column that it fills
    """

    path: str
    records_key: str
    flags: Mapping[str, str] = field(default_factory=dict)


class SearchPages:
    """The requests of a search (API notes 2.1).

    :param start: the earliest second that any window begins with
    :param slots: pages that all searches together may ask for or read at the same time
    """

    page_size = MAX_PAGE_SIZE

    def __init__(self, reader: Reader, endpoint: SearchEndpoint, dates: Dates, start: int, slots: Semaphore) -> None:
        self._reader = reader
        self._endpoint = endpoint
        self._dates = dates
        self._start = start
        self._slots = slots
        self.flags = Flags(endpoint.flags)
        self._first_pages: dict[Window, Body] = {}
        self._largest_page = self.page_size

    def search(
        self,
        window: Window,
        per_page: int,
        order: Order = "ascending",
        starting_after: str | None = None,
        retries: int = MAX_RETRIES,
    ) -> Body:
        """One page of a window."""
        body = self._body(window, per_page, order, starting_after)
        try:
            # A page that has lost its place says nothing about the flags, so that it is told apart out here.
            return self.flags.ask(lambda flags: self._reader.post(self._endpoint.path, body, flags, retries))
        except PaginationResetRequiredException as error:
            if starting_after:
                raise
            name = self._reader.name
            sentence = f"Intercom refused the connector's search for {name}; please report this at {ISSUES}."
            raise AirbyteTracedException(sentence, sentence, FailureType.system_error) from error

    def _body(self, window: Window, per_page: int, order: Order, starting_after: str | None) -> dict[str, Any]:
        return search_body(self._dates.bounds(window), per_page, order, starting_after)

    def pages(self, window: Window, order: Order, retries: int = MAX_RETRIES) -> Pages:
        """The pages of a window, in smaller sizes where Intercom does not deliver larger ones.

        A size at which all records of a page came that did not come in a larger one is kept for the rest of the read.

        :raises Stuck: if not even a single record is delivered
        :raises PaginationResetRequiredException: if paging loses its way
        """
        size, failed = self._largest_page, 0

        def fetch(token: Token) -> Body:
            nonlocal size, failed
            cursor = str(token["starting_after"]) if token else None
            while True:
                try:
                    sender = PROBE_RETRIES if failed else retries
                    body = self._first_pages.pop(window, None) or self.search(window, size, order, cursor, sender)
                    break
                except AirbyteTracedException as error:
                    if not is_about_records(error):
                        raise
                    if not failed:
                        failed = size
                        self._probe_next(window, order, cursor, error)
                    elif size == 1:
                        raise Stuck(error) from error
                    size = max(size // 2, 1)
                    self._reader.logger.warning(
                        "%s: a page failed, asking for %d records at a time.", self._reader.name, size
                    )
            if failed and (failed := max(failed - size, 0)) == 0:
                self._largest_page = size = min(self._largest_page, size)
            return body

        return Pages(fetch, _PAGINATOR, self._slot)

    @contextmanager
    def _slot(self) -> Iterator[None]:
        with self._slots, self._reader.api.session.large_bodies.kept():
            yield

    def _probe_next(self, window: Window, order: Order, cursor: str | None, error: AirbyteTracedException) -> None:
        """Ask for the next record alone: if that fails it is to blame, not the size of the page."""
        try:
            self.search(window, 1, order, cursor, PROBE_RETRIES)
        except AirbyteTracedException:
            raise Stuck(error) from error

    def keep_first_page(self, window: Window) -> Body:
        """The first page of a window, which reading the window begins with."""
        page = self.search(window, self.page_size, self._dates.order(window))
        self._first_pages[window] = page
        return page

    def drop_first_page(self, window: Window) -> None:
        """The window is not read as it is."""
        self._first_pages.pop(window, None)

    def count(self, window: Window, order: Order) -> tuple[int, int | None]:
        """How many records a window holds by the search's own count, and the time of the first one in that order.

        Where that one is not delivered the count comes with the last one; where neither is, it is taken for one.
        """
        try:
            return self._counted(window, order)
        except AirbyteTracedException as error:
            if not is_about_records(error):
                raise
            with suppress(AirbyteTracedException):
                return self._counted_from_either_end(window), None
            if self.answers():
                return self.number_in(window) or 1, None
            raise

    def find(self, record_id: str) -> Mapping[str, Any] | None:
        """The record with an id, if the search finds it.

        :raises AirbyteTracedException: if the search does not answer
        """
        body = self._reader.post(self._endpoint.path, id_search_body(record_id), retries=PROBE_RETRIES)
        found = as_objects(body.get(self._endpoint.records_key))
        return next((record for record in found if str(record.get("id")) == record_id), None)

    def first(self) -> Record | None:
        """The first record of all, if there is one."""
        found = as_objects(self.search(self._everything(), 1).get(self._endpoint.records_key))
        return found[0] if found else None

    def newest(self) -> list[Record]:
        """The records that were updated last, a page of them, whatever the start date.

        :raises AirbyteTracedException: if the search does not answer, or not even one of them is delivered
        """
        try:
            for body in self.pages(Window(_EARLY, int(time.time()) + 1), "descending"):
                return as_objects(body.get(self._endpoint.records_key))
        except Stuck as stuck:
            raise stuck.reason from None
        return []

    def _counted(self, window: Window, order: Order, retries: int = MAX_RETRIES) -> tuple[int, int | None]:
        body = self.search(window, 1, order, retries=retries)
        times = self.times_in(body)
        return as_count(body.get("total_count")), times[0] if times else None

    def times_in(self, body: Body) -> list[int | None]:
        """When each record of a page was updated."""
        return [to_second(record.get(CURSOR)) for record in as_objects(body.get(self._endpoint.records_key))]

    def _everything(self) -> Window:
        return Window(self._start, int(time.time()) + 1)

    def number_in(self, window: Window) -> int:
        """How many records a window holds none of which is delivered; 0 if that cannot be told.

        Others tell: it is the difference between what is counted up to its end and up to its start, or from them on.
        """
        whole = self._everything()
        for halves in ([Window(whole.start, each) for each in window], [Window(each, whole.end) for each in window]):
            with suppress(AirbyteTracedException):
                one, other = (self._counted_from_either_end(half) for half in halves)
                return abs(one - other)
        return 0

    def _counted_from_either_end(self, window: Window) -> int:
        try:
            return self._counted(window, "ascending", PROBE_RETRIES)[0]
        except AirbyteTracedException:
            return self._counted(window, "descending", PROBE_RETRIES)[0]

    def answers(self) -> bool:
        """Whether the search answers at all, for some other record."""
        try:
            self._counted_from_either_end(self._everything())
        except AirbyteTracedException:
            return False
        return True


def is_about_records(error: AirbyteTracedException) -> bool:
    """Whether other records may be delivered although these were not."""
    return error.failure_type == FailureType.transient_error and not says(error, TOO_FAST)
