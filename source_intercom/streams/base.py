"""What all streams share: one request path, errors said in one sentence, rows that fit their schema, none twice."""

from abc import ABC
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import BoundedSemaphore, Semaphore
from typing import Any, ClassVar, Final

import requests
from airbyte_cdk.models import FailureType, SyncMode
from airbyte_cdk.sources.message import MessageRepository
from airbyte_cdk.sources.streams.concurrent.cursor import Cursor, FinalStateCursor
from airbyte_cdk.sources.streams.http import HttpClient, HttpStream
from airbyte_cdk.sources.streams.http.error_handlers import ErrorHandler, ErrorResolution, ResponseAction
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom import report
from source_intercom.api.bodies import Body, json_object, records_in, replaced_in
from source_intercom.api.client import IntercomApi
from source_intercom.api.errors import MAX_RETRIES, IntercomErrorHandler, Rule, in_one_sentence
from source_intercom.api.paginators import ListPages, Paginator
from source_intercom.api.quiet import without_bodies
from source_intercom.api.sentences import BAD_BODY
from source_intercom.api.turns import SENDER
from source_intercom.config import Config
from source_intercom.streams.coercion import of_required_fields, row_coercion
from source_intercom.streams.lists import read_list
from source_intercom.streams.nested_lists import missing_entries

Record = dict[str, Any]


SEARCH_PAGES: Final = 10
"""Pages of searches that are asked for or read at the same time, of all streams together: every page takes memory,
and contacts came hardly sooner with twice as many."""


@dataclass(frozen=True)
class StreamContext:
    """What a stream is given: the options, the connection, and where its messages and counts go."""

    config: Config
    api: IntercomApi
    messages: MessageRepository
    reports: report.Reports = field(default_factory=report.Reports)
    pages: Semaphore = field(default_factory=lambda: BoundedSemaphore(SEARCH_PAGES))


class IntercomStream(HttpStream, ABC):
    """A stream of Intercom. A subclass is a row of a table; its name is the class name in snake case.

    `endpoint`      path below the API's URL
    `records_key`   where in a page's body the records are
    `paginator`     how a page leads to the next
    `permission`    what the token needs, as Intercom's Developer Hub shows it (API notes 7.3)
    `walks`         parameters of each walk over the endpoint; most streams take one walk without any

    The primary key is declared in the stream's JSON schema, as `x-primary-key`.
    """

    endpoint: ClassVar[str]
    records_key: ClassVar[str] = "data"
    paginator: ClassVar[Paginator] = ListPages()
    permission: ClassVar[str]
    walks: ClassVar[Sequence[Mapping[str, str]]] = ({},)
    may_be_gone: ClassVar[bool] = False
    place: ClassVar[str | None] = None
    error_rows: ClassVar[Mapping[tuple[int, str], Rule]] = {}

    def __init__(self, context: StreamContext, reader: str | None = None) -> None:
        """:param reader: the stream on whose behalf this one is read, if not its own: it gets counts and errors."""
        self.context = context
        self.reader = reader or self.name
        schema = self.get_json_schema()
        self._coerce = row_coercion(schema if reader is None else of_required_fields(schema), self.note_misfit)
        self._misfits: set[str] = set()
        self._estimated = 0
        self._missing_entries = missing_entries(schema)
        super().__init__()
        self._http_client = self.client()

    @property
    def url_base(self) -> str:
        """The API's URL."""
        return self.context.api.url

    @property
    def primary_key(self) -> list[str]:
        """The fields that identify a record, as the schema declares them."""
        return list(self.get_json_schema()["x-primary-key"])

    def client(self, max_retries: int = MAX_RETRIES) -> HttpClient:
        """What sends the stream's requests, and repeats each so often if that may help."""
        return HttpClient(
            name=self.reader,
            logger=without_bodies(self.logger),
            error_handler=self.get_error_handler(max_retries),
            session=self.context.api.session,
            message_repository=self.context.messages,
        )

    def get_error_handler(self, max_retries: int = MAX_RETRIES) -> ErrorHandler:
        """The table of api/errors.py, with the stream's permission and its own rows."""
        return IntercomErrorHandler(
            max_retries=max_retries,
            permission=self.permission,
            records_key=self.records_key,
            may_be_gone=self.may_be_gone,
            place=self.place,
            rows=self.error_rows,
            told=self.note_trouble,
            token=self.context.api.token,
        )

    def new_cursor(self, state: Mapping[str, Any] | None) -> Cursor:
        """The cursor for one read; `state` is None when the stream is read in full and not to be resumed.

        Must be called before the stream is read. Streams without a cursor field end with one final state.
        """
        return FinalStateCursor(self.name, self.namespace, self.context.messages)

    def path(
        self,
        *,
        stream_state: Mapping[str, Any] | None = None,
        stream_slice: Mapping[str, Any] | None = None,
        next_page_token: Mapping[str, Any] | None = None,
    ) -> str:
        """The stream's endpoint."""
        return self.endpoint

    def request_params(
        self,
        stream_state: Mapping[str, Any] | None,
        stream_slice: Mapping[str, Any] | None = None,
        next_page_token: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """The parameters of the walk and those of the page."""
        return {**(stream_slice or {}), **(next_page_token or {})}

    def next_page_token(self, response: requests.Response) -> Mapping[str, Any] | None:
        """What the paginator finds in the body."""
        return self.paginator.next_token(json_object(response) or {})

    def parse_response(
        self,
        response: requests.Response,
        *,
        stream_state: Mapping[str, Any],
        stream_slice: Mapping[str, Any] | None = None,
        next_page_token: Mapping[str, Any] | None = None,
    ) -> Iterable[Record]:
        """The records of a page."""
        return self.records(json_object(response) or {})

    def records(self, body: Body) -> list[Record]:
        """The records of a page's body, as the schema declares them; all else is left out and counted.

        It is the body's own list, unless something is left out.

        :raises AirbyteTracedException: a transient error where the body has no list of records
        """
        rows = records_in(body, self.records_key)
        if rows is None:
            raise AirbyteTracedException(BAD_BODY, BAD_BODY, FailureType.transient_error)
        records = [row for row in rows if isinstance(row, dict) and self._coerce(row)]
        if len(records) < len(rows):
            self.note_keyless(len(rows) - len(records))
        return rows if len(records) == len(rows) else records

    def read_records(
        self,
        sync_mode: SyncMode,
        cursor_field: list[str] | None = None,
        stream_slice: Mapping[str, Any] | None = None,
        stream_state: Mapping[str, Any] | None = None,
    ) -> Iterable[Record]:
        """All records of all walks; one that a walk meets again is emitted once."""
        yield from self.once(record for walk in self.walks for record in self.walk(walk))

    def walk(self, parameters: Mapping[str, str]) -> Iterable[Record]:
        """The records of all pages that follow from the parameters; a record may come again."""
        return read_list(self, parameters)

    def page(self, parameters: Mapping[str, Any], token: Mapping[str, Any]) -> Body:
        """The body of one page: the first one's parameters, and what leads to this one."""
        _, response = self._fetch_next_page(parameters, None, token)
        return json_object(response) or {}

    def once(self, records: Iterable[Record]) -> Iterable[Record]:
        """The records without those whose primary key was there before; counts both kinds."""
        key = self.primary_key
        seen = set()
        for record in records:
            identity = tuple(record.get(name) for name in key)
            if identity in seen:
                self.count(report.REPEATED)
                continue
            seen.add(identity)
            self.note_emitted(record)
            yield record

    def probe(self) -> None:
        """Ask for the stream's first page, to see whether the token may read it.

        :raises AirbyteTracedException: a config error if it may not, or what else kept Intercom from answering
        """
        self._fetch_next_page(self.walks[0])

    def stop(self) -> None:
        """The read is over: wake the threads that wait for others of this stream. Without windows, there are none."""

    def count(self, what: str, number: int = 1) -> None:
        """Count something for the report at the end of the read."""
        self.context.reports.add(self.reader, what, number)

    def expect(self, total: int) -> None:
        """Say how many records Intercom counts, for the report and for the platform's progress bar."""
        self.count(report.EXPECTED, total)
        self.estimate_more(total)

    def estimate_more(self, rows: int) -> None:
        """Tell the platform of rows that will come beside those that it was told of."""
        self._estimated += rows
        self.estimate(self._estimated)

    def estimate(self, rows: int) -> None:
        """Tell the platform how many rows will come in all."""
        self.context.messages.emit_message(report.estimate(self.name, rows))

    def note_emitted(self, record: Record) -> None:
        """Count a record that is emitted, and what its lists lack."""
        self.count(report.EMITTED)
        if missing := self._missing_entries(record):
            self.count(report.CUT)
            self.count(report.LACKING, missing)

    def note_trouble(self, resolution: ErrorResolution) -> None:
        """Count an answer that was no success, by what is done about it."""
        if resolution.response_action == ResponseAction.RATE_LIMITED:
            self.count(report.REFUSALS)
        elif resolution.response_action == ResponseAction.RETRY:
            self.count(report.RETRIES)

    def note_misfit(self, path: str) -> None:
        """Count a value that became null, since it is of no type that its field may have; name each field once."""
        self.count(report.MISFITS)
        if path not in self._misfits:
            self._misfits.add(path)
            self.logger.warning(
                "%s: Intercom sends values in %s that do not fit its type; they become null.", self.reader, path
            )

    def note_keyless(self, number: int) -> None:
        """Count rows that no destination could tell apart, since Intercom sent them without their primary key."""
        self.count(report.KEYLESS, number)
        self.logger.warning(
            "%s: skipped rows that Intercom sent without %s, %d in one answer.",
            self.reader,
            " and ".join(self.primary_key),
            number,
        )

    def _fetch_next_page(
        self,
        stream_slice: Mapping[str, Any] | None = None,
        stream_state: Mapping[str, Any] | None = None,
        next_page_token: Mapping[str, Any] | None = None,
        client: HttpClient | None = None,
    ) -> tuple[requests.PreparedRequest, requests.Response]:
        self.count(report.REQUESTS)
        SENDER.set(self.reader)
        try:
            request, response = (client or self._http_client).send_request(
                http_method=self.http_method,
                url=f"{self.url_base}{self.path(stream_slice=stream_slice)}",
                request_kwargs={},
                params=self.request_params(stream_state, stream_slice, next_page_token),
                json=self.request_body_json(stream_state, stream_slice, next_page_token),
            )
        except AirbyteTracedException as error:
            raise in_one_sentence(error) from error
        if replaced := replaced_in(response):
            self.count(report.REPLACED, replaced)
        return request, response
