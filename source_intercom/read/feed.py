"""Feeds of events, oldest first: each page says from where to go on, and so does the state.

A page without events ends a read. It does not say that there are none: one is sent, too, while Intercom's store of
events is down (API notes 8). So only events move the state, and it stays where it is when none come.
"""

import time
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import Any, Final

from airbyte_cdk.sources.connector_state_manager import ConnectorStateManager
from airbyte_cdk.sources.message import MessageRepository
from airbyte_cdk.sources.streams.concurrent.cursor import Cursor
from airbyte_cdk.sources.streams.concurrent.partitions.partition import Partition
from airbyte_cdk.sources.streams.http.pagination_reset_exception import PaginationResetRequiredException
from airbyte_cdk.sources.types import Record as EmittedRecord

from source_intercom import report
from source_intercom.api.bodies import Body
from source_intercom.api.pages import Pages, Token
from source_intercom.api.reader import Reader
from source_intercom.read import checkpoints
from source_intercom.read.finder import Audience, Finder
from source_intercom.read.lists import ListEndpoint, Parameters, endless
from source_intercom.read.rows import Record, Rows
from source_intercom.read.state import short
from source_intercom.read.windows import Window

AFTER: Final = "starting_after"
"""The parameter that names a place in a feed, and the state's key."""


class Place:
    """How far a feed has been read.

    `place`  the place behind all events that came, None before the first one
    """

    def __init__(self, place: str | None) -> None:
        self.place = place

    def reach(self, place: str) -> None:
        """All events before a place are handed on."""
        self.place = place


class FeedCursor(Place, Cursor):
    """Emits `{"starting_after": place}` states, at most one a second and one at the end.

    One thread reads a feed, in its order: when it has handed a page's events on, they are on the queue to stdout, and
    the place behind them is a state. Places are Intercom's: they are compared with none, and never made up.

    :param state: what the read goes on from, in whatever shape
    """

    def __init__(self, stream_name: str, state: Mapping[str, Any], messages: MessageRepository) -> None:
        place = state.get(AFTER)
        super().__init__(place if place and isinstance(place, str) else None)
        self._stream_name = stream_name
        self._messages = messages
        self._states = ConnectorStateManager()
        self._emitted_at = 0.0

    def reach(self, place: str) -> None:
        """All events before a place are on the queue."""
        super().reach(place)
        if time.monotonic() - self._emitted_at >= checkpoints.STATE_INTERVAL:
            self._emit()

    @property
    def state(self) -> MutableMapping[str, Any]:
        """The state as of now; empty before the first event."""
        return {AFTER: self.place} if self.place else {}

    def observe(self, record: EmittedRecord) -> None:
        """Nothing: a state moves when all events of a page are there."""

    def close_partition(self, partition: Partition) -> None:
        """Nothing, likewise."""

    def ensure_at_least_one_state_emitted(self) -> None:
        """The stream is done: emit its last state."""
        self._emit()

    def should_be_synced(self, record: EmittedRecord) -> bool:
        """True: the feed filters its events itself."""
        return True

    def _emit(self) -> None:
        self._states.update_state_for_stream(self._stream_name, None, self.state)
        self._messages.emit_message(self._states.create_state_message(self._stream_name, None))
        self._emitted_at = time.monotonic()


class Feed(Finder):
    """The events of a feed behind a place, or all of them.

    A place that Intercom refuses, whatever the reason that it gives, is asked for no more: the feed is read from its
    beginning. So no event is lost, and those that come again replace themselves in the destination.

    :param resuming: sends the one request that names the place of an earlier read
    :param parameters: those of every page
    :param cursor: where the read goes on from, and where it has got to; None if it reads all, and is not gone on with
    :param is_wanted: whether an event is handed on
    """

    def __init__(
        self,
        reader: Reader,
        resuming: Reader,
        endpoint: ListEndpoint,
        rows: Rows,
        parameters: Parameters,
        cursor: Place | None,
        is_wanted: Callable[[Record], bool],
    ) -> None:
        self._reader = reader
        self._resuming = resuming
        self._endpoint = endpoint
        self._rows = rows
        self._parameters = parameters
        self._cursor = cursor
        self._is_wanted = is_wanted

    def probe(self) -> Record | None:
        """Ask for the first page."""
        return self._endpoint.first(self._reader, self._parameters)

    def records_in(self, window: Window, audience: Audience) -> Iterator[Record]:
        """The events, in their order; the state moves page by page."""
        endpoint = self._endpoint
        try:
            for body in Pages(self._page, endpoint.paginator):
                wanted = [row for row in self._rows.of(body, endpoint.records_key) if self._is_wanted(row)]
                audience.estimate_more(len(wanted))
                yield from wanted
                behind = endpoint.paginator.next_token(body)
                if self._cursor and behind and AFTER in behind:
                    self._cursor.reach(str(behind[AFTER]))
        except PaginationResetRequiredException:
            raise endless(self._reader.name) from None

    def _page(self, token: Token) -> Body:
        parameters = {**self._parameters, **token}
        place = self._cursor.place if self._cursor and not token else None
        if place:
            try:
                return self._resuming.get(self._endpoint.path, {**parameters, AFTER: place})
            except PaginationResetRequiredException:
                self._say_that_it_begins_again(place)
        return self._reader.get(self._endpoint.path, parameters)

    def _say_that_it_begins_again(self, place: str) -> None:
        self._reader.count(report.RESTARTS)
        self._reader.logger.warning(
            "%s: Intercom does not go on from the state %s; reading from the beginning.",
            self._reader.name,
            short({AFTER: place}),
        )
