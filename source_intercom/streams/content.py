"""What a workspace writes besides articles, and what its AI agents use (API notes 3.12, 3.13, 3.19, 3.21, 3.22)."""

import time
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, ClassVar, Final

from source_intercom.read.checkpoints import OWED
from source_intercom.read.lists import List, ListEndpoint, Parameters, without_repeats
from source_intercom.read.rows import Record
from source_intercom.read.state import to_second
from source_intercom.read.windows import Window
from source_intercom.streams.base import IntercomStream
from source_intercom.streams.kinds import ChildStream, ListStream
from source_intercom.streams.since import SinceList


class Macros(SinceList):
    """Saved replies that the owner of the token may see; their times come as texts."""

    endpoint = "macros"
    permission = "Read conversations"
    cursor_field = "updated_at"
    since = "updated_since"
    per_page = 150


class NewsItems(ListStream):
    """News, drafts too, in numbered pages without a `next`; no parameter for their size is documented."""

    endpoint = "news/news_items"
    permission = "Read and List news items and newsfeeds"


class Newsfeeds(ListStream):
    """Newsfeeds, in pages like those of the news."""

    endpoint = "news/newsfeeds"
    endpoint_of_one = "news/newsfeeds/{id}"
    permission = "Read and List news items and newsfeeds"


class NewsfeedItems(ChildStream):
    """The news that each newsfeed shows now, in pages like those of the news."""

    parent = Newsfeeds
    endpoint = "news/newsfeeds/{id}/items"
    permission = "Read and List news items and newsfeeds"
    words = "the items of newsfeed"
    inherited: ClassVar = {"newsfeed_id": "id"}


class ContentSnippets(ListStream):
    """Snippets from which the AI agents answer, in pages whose numbers are beside the rows."""

    endpoint = "content_snippets"
    permission = ""
    parameter_sets: ClassVar = ({"page": "1", "per_page": "50"},)


class Audiences(ListStream):
    """Groups of contacts for the AI agents, in pages like those of the snippets."""

    endpoint = "audiences"
    permission = ""
    parameter_sets: ClassVar = ({"page": "1", "per_page": "50"},)


class AiContentImportSources(ListStream):
    """Where content from outside comes from, 50 to a numbered page without a `next`."""

    endpoint = "ai/content_import_sources"
    permission = ""


class AiExternalPages(ListStream):
    """Pages from outside, in pages like those of their sources."""

    endpoint = "ai/external_pages"
    permission = ""


class DataConnectors(ListStream):
    """Data connectors, last updated first, in pages that follow from a cursor; their times come as texts."""

    endpoint = "data_connectors"
    permission = ""
    parameter_sets: ClassVar = ({"per_page": "50"},)
    endpoint_of_one = "data_connectors/{id}"


class DataConnectorResults(ChildStream):
    """What data connectors did, asked for connector by connector, without the bodies that went and came.

    Results never change. Each connector is asked for the same range of time, which ends when the read begins: so no
    state passes what one that was asked early could not bring yet.
    """

    parent = DataConnectors
    endpoint = "data_connectors/{id}/execution_results"
    permission = ""
    words = "the results of data connector"
    parameters: ClassVar = {"per_page": "30"}
    inherited: ClassVar = {"data_connector_id": "id"}
    cursor_field = "created_at"

    def _begin(self, state: Mapping[str, Any] | None) -> None:
        super()._begin(state)
        self._begun = int(time.time()) + 1

    def fetch(self, stream_slice: Mapping[str, Any]) -> Iterator[list[Record]]:
        """The results of one connector, bit by bit; of one that is owed all since the start date: states moved on."""
        start = self.context.config.start_second if OWED in stream_slice else self.starts_at(self._begun)
        window, rows = Window(start, self._begun), self.rows.inheriting(self._inherited(stream_slice))
        endpoint = ListEndpoint(self.path(stream_slice=stream_slice), self.records_key, self.paginator)
        results = List(self.children_reader, endpoint, rows, is_frozen=True)
        found = without_repeats(results.read_all(self._of(window)), rows, self.children_reader)
        inside = (row for row in found if self._is_in(window, row))
        while batch := list(islice(inside, BATCH)):
            yield batch

    def _of(self, window: Window) -> Parameters:
        """A second more on either side, should the bounds not belong to it."""
        return {**self.parameters, "start_ts": str(max(window.start - 1, 0)), "end_ts": str(window.end)}

    def _is_in(self, window: Window, row: Record) -> bool:
        second = to_second(row.get(self.cursor_name))
        return second is None or window.start <= second < window.end

    def _inherited(self, stream_slice: Mapping[str, Any]) -> Mapping[str, Any]:
        """The id, which is all."""
        return {"data_connector_id": stream_slice["id"]}


BATCH: Final = 150
"""Results that are handed on together."""

STREAMS: Final[tuple[type[IntercomStream], ...]] = (
    Macros,
    NewsItems,
    Newsfeeds,
    NewsfeedItems,
    ContentSnippets,
    Audiences,
    AiContentImportSources,
    AiExternalPages,
    DataConnectors,
    DataConnectorResults,
)
"""The family."""
