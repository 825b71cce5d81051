"""Events of one contact, which have no ids of their own (API notes 3.20)."""

from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

from airbyte_cdk.sources.streams.http.pagination_reset_exception import PaginationResetRequiredException

from source_intercom import report
from source_intercom.api.pages import Pages
from source_intercom.api.reader import Reader
from source_intercom.read.lists import ListEndpoint, Parameters, endless
from source_intercom.read.rows import Record, Rows, listed_in
from source_intercom.read.state import to_second


class Events:
    """The events that one request and its pages bring, each once.

    Intercom tells events apart by name and second. Should it return two of the same name and second that differ, their
    place among those, the `index`, keeps them apart.
    """

    def __init__(self, reader: Reader, endpoint: ListEndpoint, parameters: Parameters, rows: Rows) -> None:
        self._reader = reader
        self._endpoint = endpoint
        self._parameters = parameters
        self._rows = rows
        self._met: dict[tuple[Any, Any], list[bytes]] = {}

    def batches(self) -> Iterator[list[Record]]:
        """The events, page by page.

        :raises AirbyteTracedException: what keeps Intercom from answering, or a transient error for pages without end
        """
        endpoint = self._endpoint
        pages = Pages(lambda token: self._reader.get(endpoint.path, {**self._parameters, **token}), endpoint.paginator)
        try:
            for body in pages:
                listed = listed_in(body, endpoint.records_key)
                new = [event for event in listed if self._is_new(event)]
                if listed and not new:
                    raise PaginationResetRequiredException
                yield self._rows.fit(new)
        except PaginationResetRequiredException:
            raise endless(self._reader.name) from None

    def _is_new(self, event: Any) -> bool:
        """Whether an event was not met before; then it gets its place."""
        if not isinstance(event, dict):
            return True
        content = blake2b(repr(event).encode("utf-8", "replace")).digest()
        met = self._met.setdefault((str(event.get("event_name")), to_second(event.get("created_at"))), [])
        if content in met:
            self._reader.count(report.REPEATED)
            return False
        met.append(content)
        event["index"] = len(met) - 1
        return True
