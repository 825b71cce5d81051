"""Ways to break the connector on purpose, each of which loses rows: the matrix has to notice."""

from collections.abc import Generator
from typing import Any

import requests
from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.streams.http.error_handlers import ErrorResolution, ResponseAction
from airbyte_cdk.sources.streams.http.pagination_reset_exception import PaginationResetRequiredException
from airbyte_cdk.sources.types import Record as CdkRecord
from source_intercom.streams.cursors import WatermarkCursor, WindowCursor
from source_intercom.streams.searches import SearchMixin

from source_intercom.api.bodies import Body, records_in
from source_intercom.api.errors import IntercomErrorHandler, Rule
from source_intercom.streams import incremental
from source_intercom.streams.base import IntercomStream, Record
from source_intercom.streams.companies import Companies


def promise_what_was_only_begun() -> None:
    """The state of conversation parts is the last conversation that was begun."""
    opened, begun = WatermarkCursor.opened, list[int]()

    def begin(self: WatermarkCursor, second: int) -> int:
        begun.append(second)
        return opened(self, second)

    _replace(WatermarkCursor, "opened", begin)
    _replace(WatermarkCursor, "_complete_second", lambda self: max(begun))


def promise_windows_with_gaps() -> None:
    """The state of a search is its latest record, from whichever window it came."""
    observe, latest = WindowCursor.observe, dict[WindowCursor, int]()

    def note(self: WindowCursor, record: CdkRecord) -> None:
        second = record.data["updated_at"]
        latest[self] = max(second, latest.get(self, 0))
        observe(self, record)

    _replace(WindowCursor, "observe", note)
    _replace(WindowCursor, "_complete_second", lambda self: latest.get(self))


def trust_the_index() -> None:
    """The next sync begins right where the last one ended."""
    _replace(incremental, "GUARD_SECONDS", 0)


def take_errors_for_empty_pages() -> None:
    """Errors of the server are answers without records."""
    interpret = IntercomErrorHandler.interpret_response

    def interpret_response(self: IntercomErrorHandler, answer: requests.Response | Exception | None) -> ErrorResolution:
        if isinstance(answer, requests.Response) and answer.status_code >= 500:
            return ErrorResolution(ResponseAction.IGNORE)
        return interpret(self, answer)

    _replace(IntercomErrorHandler, "interpret_response", interpret_response)
    _take_no_list_for_an_empty_one()


def take_repeated_cursors_for_the_end() -> None:
    """A search whose cursor comes back is over."""
    walk = SearchMixin._walk

    def walk_on(self: SearchMixin, *arguments: Any) -> Generator[Record, None, int]:
        try:
            return (yield from walk(self, *arguments))
        except PaginationResetRequiredException:
            return 0

    _replace(SearchMixin, "_walk", walk_on)


def count_nothing() -> None:
    """A search that ends is complete, however many records Intercom counts."""
    walk = SearchMixin._walk

    def walk_on(self: SearchMixin, *arguments: Any) -> Generator[Record, None, int]:
        yield from walk(self, *arguments)
        return 0

    _replace(SearchMixin, "_walk", walk_on)


def take_expired_scrolls_for_the_end() -> None:
    """A 404 in the middle of the scroll ends it."""
    end = Rule(ResponseAction.IGNORE, FailureType.transient_error, "")
    _replace(Companies, "error_rows", {**Companies.error_rows, (404, ""): end})
    _take_no_list_for_an_empty_one()


def _take_no_list_for_an_empty_one() -> None:
    records = IntercomStream.records

    def records_or_none(self: IntercomStream, body: Body) -> list[Record]:
        return records(self, {**body, self.records_key: records_in(body, self.records_key) or []})

    _replace(IntercomStream, "records", records_or_none)


def _replace(owner: Any, name: str, value: object) -> None:
    getattr(owner, name)
    setattr(owner, name, value)
