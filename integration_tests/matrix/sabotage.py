"""Ways to break the connector on purpose, each of which loses rows: the matrix has to notice."""

from collections.abc import Generator, Sequence
from typing import Any

import requests
from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.streams.http.error_handlers import ErrorResolution, ResponseAction
from airbyte_cdk.sources.streams.http.pagination_reset_exception import PaginationResetRequiredException

from source_intercom.api.bodies import Body, records_in
from source_intercom.api.errors import IntercomErrorHandler, Rule
from source_intercom.read import newest, scroll
from source_intercom.read.checkpoints import Checkpoints
from source_intercom.read.rows import Record, Rows
from source_intercom.read.search import Search
from source_intercom.read.state import to_second
from source_intercom.streams import base, contacts, conversations


def promise_what_was_only_begun() -> None:
    """The state of conversation parts is the last conversation that was begun."""
    open_place, complete, begun = Checkpoints.open, Checkpoints._complete_second, dict[Checkpoints, int]()

    def begin(self: Checkpoints, second: int, is_record: bool = False) -> int:
        if is_record:
            begun[self] = max(second, begun.get(self, 0))
        return open_place(self, second, is_record)

    _replace(Checkpoints, "open", begin)
    _replace(Checkpoints, "_complete_second", lambda self: begun.get(self) or complete(self))


def promise_windows_with_gaps() -> None:
    """The state of a search is its latest record, from whichever window it came."""
    note, latest = Checkpoints.note, dict[Checkpoints, int]()

    def note_latest(self: Checkpoints, place: int, second: int) -> None:
        latest[self] = max(second, latest.get(self, 0))
        note(self, place, second)

    _replace(Checkpoints, "note", note_latest)
    _replace(Checkpoints, "_complete_second", lambda self: latest.get(self))


def trust_the_index() -> None:
    """The next sync begins right where the last one ended."""
    _replace(base, "GUARD_SECONDS", 0)


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
    read_once = Search._read_once

    def read_to_the_end(self: Search, *arguments: Any) -> Generator[Record, None, int]:
        try:
            return (yield from read_once(self, *arguments))
        except PaginationResetRequiredException:
            return 0

    _replace(Search, "_read_once", read_to_the_end)


def count_nothing() -> None:
    """A search that ends is complete, however many records Intercom counts."""
    read_once = Search._read_once

    def read_to_the_end(self: Search, *arguments: Any) -> Generator[Record, None, int]:
        yield from read_once(self, *arguments)
        return 0

    _replace(Search, "_read_once", read_to_the_end)


def take_expired_scrolls_for_the_end() -> None:
    """A 404 in the middle of the scroll ends it."""
    end = Rule(ResponseAction.IGNORE, FailureType.transient_error, "")
    _replace(scroll, "RULES", {**scroll.RULES, (404, ""): end})
    _take_no_list_for_an_empty_one()


def trust_the_order() -> None:
    """A list is left at the first page with a row that is too old, in whatever order it came."""

    def trust(self: newest._Older, rows: Sequence[Record]) -> bool:
        return any((to_second(row.get(self._cursor)) or 0) < self._second for row in rows)

    _replace(newest._Older, "__call__", trust)


def trust_the_index_with_deletions() -> None:
    """A deletion is told of once, although a search may find for a while what is gone."""
    _replace(contacts, "GUARD_SECONDS", 0)
    _replace(conversations, "GUARD_SECONDS", 0)


def take_creations_for_deletions() -> None:
    """Who was created is deleted."""
    _replace(contacts, "GONE", {**contacts.GONE, "contact.created": "contact_id"})


def _take_no_list_for_an_empty_one() -> None:
    rows_of = Rows.of

    def rows_or_none(self: Rows, body: Body, records_key: str) -> list[Record]:
        return rows_of(self, {**body, records_key: records_in(body, records_key) or []}, records_key)

    _replace(Rows, "of", rows_or_none)


def _replace(owner: Any, name: str, value: object) -> None:
    getattr(owner, name)
    setattr(owner, name, value)
