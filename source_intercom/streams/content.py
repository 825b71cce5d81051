"""What a workspace writes besides articles, and what its AI agents use (API notes 3.12, 3.13, 3.19, 3.21, 3.22)."""

from typing import ClassVar, Final

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
)
"""The family."""
