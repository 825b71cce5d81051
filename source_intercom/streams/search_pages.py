"""Asking a search for its pages: in smaller ones where Intercom does not deliver larger ones, down to one record."""

import time
from abc import ABC
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, ClassVar, Final

from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.streams.http import HttpClient
from airbyte_cdk.sources.streams.http.error_handlers import ResponseAction
from airbyte_cdk.sources.streams.http.pagination_reset_exception import PaginationResetRequiredException
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom.api.bodies import Body, json_object
from source_intercom.api.errors import Rule, is_too_fast
from source_intercom.api.paginators import Paginator, SearchCursor
from source_intercom.api.search import MAX_PAGE_SIZE, Order, id_search_body, search_body, second_bounds
from source_intercom.api.sentences import MISSED
from source_intercom.api.shapes import as_count, as_objects
from source_intercom.streams.base import IntercomStream, StreamContext
from source_intercom.streams.flags import Flags
from source_intercom.streams.state import to_second
from source_intercom.streams.windows import Window

PROBE_RETRIES: Final = 1
"""How often a request is repeated that finds out which record of a page is to blame."""


class Stuck(Exception):  # noqa: N818 - it is not raised to callers
    """A page of a single record cannot be had.

    `place` is the time of the last record of the window before it, if there was one; `counted` is how many records
    Intercom counted, 0 if no page told.
    """

    def __init__(self, reason: AirbyteTracedException) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.place: int | None = None
        self.counted = 0


class SearchPages(IntercomStream, ABC):
    """The requests of a stream that a search finds (API notes 2.1).

    `flags`  the column that each flag of the query string fills
    """

    http_method = "POST"
    paginator: ClassVar[Paginator] = SearchCursor()
    error_rows: ClassVar[Mapping[tuple[int, str], Rule]] = {
        (404, ""): Rule(ResponseAction.FAIL, FailureType.transient_error, MISSED)
    }
    cursor_field: ClassVar[str] = "updated_at"
    page_size = MAX_PAGE_SIZE
    flags: ClassVar[Mapping[str, str]] = {}

    def __init__(self, context: StreamContext, reader: str | None = None) -> None:
        super().__init__(context, reader)
        # Another reader does not emit the rows, so that it needs no column that has to be asked for.
        self._flags = Flags({} if reader else self.flags, self._say_refused)
        self._begun: dict[Window, Body] = {}
        self._largest_page = self.page_size
        self._probes = self.client(max_retries=PROBE_RETRIES)

    def bounds(self, window: Window) -> tuple[int, int]:
        """Values for `>` and `<` with which the search finds the window's records, and maybe others."""
        return second_bounds(*window)

    def request_params(
        self,
        stream_state: Mapping[str, Any] | None,
        stream_slice: Mapping[str, Any] | None = None,
        next_page_token: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """The flags; a search carries everything else in the body (API notes 2.1)."""
        return dict((next_page_token or {}).get("flags", {}))

    def request_body_json(
        self,
        stream_state: Mapping[str, Any] | None,
        stream_slice: Mapping[str, Any] | None = None,
        next_page_token: Mapping[str, Any] | None = None,
    ) -> Mapping[str, Any]:
        """The search for the slice's window, or for its id."""
        stream_slice = stream_slice or {}
        if "id" in stream_slice:
            return id_search_body(stream_slice["id"])
        window = Window(**stream_slice)
        return search_body(self.bounds(window), **(next_page_token or {})["page"])

    def probe(self) -> None:
        """Search for one record."""
        self._counted(self._everything(), "ascending")

    def search(
        self,
        window: Window,
        per_page: int,
        order: Order = "ascending",
        starting_after: str | None = None,
        client: HttpClient | None = None,
    ) -> Body:
        """One page of a window.

        :param client: what sends it, if not the stream's own
        """
        page = {"per_page": per_page, "order": order, "starting_after": starting_after}
        try:
            # A page that has lost its place says nothing about the flags, so that it is told apart out here.
            return self._flags.ask(lambda flags: self._search(window, {"page": page, "flags": flags}, client))
        except PaginationResetRequiredException as error:
            if starting_after:
                raise
            sentence = f"Intercom refused the connector's search for {self.reader}; please report this."
            raise AirbyteTracedException(sentence, sentence, FailureType.system_error) from error

    def _search(self, window: Window, token: Mapping[str, Any], client: HttpClient | None) -> Body:
        _, response = self._fetch_next_page(window._asdict(), None, token, client)
        return json_object(response) or {}

    def _say_refused(self, flags: Mapping[str, str]) -> None:
        self.logger.warning(
            "%s: Intercom refuses %s; these columns stay empty in this read: %s.",
            self.reader,
            ", ".join(flags),
            ", ".join(flags.values()),
        )

    def look(self, window: Window, order: Order) -> tuple[int, int | None]:
        """How many records a window holds by the search's own count, and the time of the first one in that order.

        Where that one is not delivered the count comes with the last one; where neither is, it is taken for one.
        """
        try:
            return self._counted(window, order)
        except AirbyteTracedException as error:
            if not _is_about_records(error):
                raise
            with suppress(AirbyteTracedException):
                return self._counted_from_either_end(window), None
            if self.answers():
                return self.number_in(window) or 1, None
            raise

    def has(self, record_id: str) -> bool:
        """Whether a search for an id finds it.

        :raises AirbyteTracedException: if the search does not answer
        """
        _, response = self._fetch_next_page({"id": record_id}, None, None, self._probes)
        return any(record["id"] == record_id for record in self.records(json_object(response) or {}))

    def _counted(self, window: Window, order: Order, client: HttpClient | None = None) -> tuple[int, int | None]:
        body = self.search(window, 1, order, client=client)
        times = [to_second(record.get(self.cursor_field)) for record in as_objects(body.get(self.records_key))]
        return as_count(body.get("total_count")), times[0] if times else None

    def _everything(self) -> Window:
        return Window(self.context.config.start_second, int(time.time()) + 1)

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
            return self._counted(window, "ascending", self._probes)[0]
        except AirbyteTracedException:
            return self._counted(window, "descending", self._probes)[0]

    def begin(self, window: Window) -> int:
        """How many records a window holds, counted with its first page: reading the window starts with that page.

        A page read newest first that reaches back beyond the window, as it may where searches find whole days, holds
        all of it: what is in the page then counts, not the day. Where Intercom cannot deliver such a page, the window
        is only counted.
        """
        try:
            page = self.search(window, self.page_size, self.order(window))
        except AirbyteTracedException as error:
            if not _is_about_records(error):
                raise
            return self.look(window, self.order(window))[0]
        self._begun[window] = page
        seconds = [to_second(record.get(self.cursor_field)) for record in as_objects(page.get(self.records_key))]
        inside = [second for second in seconds if second is None or second >= window.start]
        if self.order(window) == "descending" and len(inside) < len(seconds):
            return len(inside)
        return as_count(page.get("total_count"))

    def order(self, window: Window) -> Order:
        """In which order a window is read."""
        return "ascending"

    def answers(self) -> bool:
        """Whether the search answers at all, for some other record."""
        try:
            self._counted_from_either_end(self._everything())
        except AirbyteTracedException:
            return False
        return True

    def _pages(self, window: Window, order: Order, client: HttpClient | None) -> Iterator[Body]:
        """The pages of a window, in smaller sizes where Intercom does not deliver larger ones.

        A size at which all records of a page came that did not come in a larger one is kept for the rest of the read.

        :raises Stuck: if not even a single record is delivered
        """
        cursors: set[str] = set()
        cursor: str | None = None
        size, failed = self._largest_page, 0
        while True:
            with self.context.pages, self.context.api.session.large_bodies.kept():
                try:
                    sender = self._probes if failed else client
                    body = self._begun.pop(window, None) or self.search(window, size, order, cursor, sender)
                except AirbyteTracedException as error:
                    if not _is_about_records(error):
                        raise
                    if not failed:
                        failed = size
                        self._probe_next(window, order, cursor, error)
                    elif size == 1:
                        raise Stuck(error) from error
                    size = max(size // 2, 1)
                    self.logger.warning("%s: a page failed, asking for %d records at a time.", self.reader, size)
                    continue
                token = self.paginator.next_token(body)
                yield body
            if token is None:
                return
            if failed and (failed := max(failed - size, 0)) == 0:
                self._largest_page = size = min(self._largest_page, size)
            cursor = str(token["starting_after"])
            if cursor in cursors:
                raise PaginationResetRequiredException
            cursors.add(cursor)

    def _probe_next(self, window: Window, order: Order, cursor: str | None, error: AirbyteTracedException) -> None:
        """Ask for the next record alone: if that fails it is to blame, not the size of the page."""
        try:
            self.search(window, 1, order, cursor, self._probes)
        except AirbyteTracedException:
            raise Stuck(error) from error


def _is_about_records(error: AirbyteTracedException) -> bool:
    """Whether other records may be delivered although these were not."""
    return error.failure_type == FailureType.transient_error and not is_too_fast(error)
