"""What a workspace writes besides articles, and what its AI agents use (API notes 3.12, 3.19)."""

from typing import ClassVar, Final

from source_intercom.streams.base import IntercomStream
from source_intercom.streams.kinds import ListStream


class NewsItems(ListStream):
    """News, drafts too, in numbered pages without a `next`; no parameter for their size is documented."""

    endpoint = "news/news_items"
    permission = "Read and List news items and newsfeeds"


class Newsfeeds(ListStream):
    """Newsfeeds, in pages like those of the news."""

    endpoint = "news/newsfeeds"
    permission = "Read and List news items and newsfeeds"


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


STREAMS: Final[tuple[type[IntercomStream], ...]] = (
    NewsItems,
    Newsfeeds,
    ContentSnippets,
    Audiences,
    AiContentImportSources,
    AiExternalPages,
)
"""The family."""
