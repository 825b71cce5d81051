"""What the CDK's HttpStream asks for: where a stream's requests go, and what it makes of an answer."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import requests
from airbyte_cdk.sources.streams.http import HttpStream

from source_intercom.api.bodies import json_object
from source_intercom.api.paginators import ListPages, Paginator
from source_intercom.read.rows import Record, Rows
from source_intercom.streams.context import StreamContext


class IntercomHttpStream(HttpStream, ABC):
    """A stream of Intercom's API.

    `endpoint`      path below the API's URL
    `records_key`   where in a page's body the records are
    `paginator`     how a page leads to the next
    """

    endpoint: ClassVar[str]
    records_key: ClassVar[str] = "data"
    paginator: ClassVar[Paginator] = ListPages()
    context: StreamContext
    schema: Mapping[str, Any]

    @property
    @abstractmethod
    def rows(self) -> Rows:
        """Makes rows fit the schema."""

    @property
    def url_base(self) -> str:
        """The API's URL."""
        return self.context.api.url

    @property
    def primary_key(self) -> list[str]:
        """The fields that identify a record, as the schema declares them."""
        return list(self.schema["x-primary-key"])

    @property
    def is_resumable(self) -> bool:
        """False: a full refresh that was cut off begins again; the platform would keep the rows of both attempts."""
        return False

    def path(self, *, stream_slice: Mapping[str, Any] | None = None, **_: Any) -> str:
        """The endpoint."""
        return self.endpoint

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
        return self.rows.of(json_object(response) or {}, self.records_key)
