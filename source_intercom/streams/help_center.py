"""The help center (API notes 3.10)."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final

from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom.api.sentences import BAD_BODY
from source_intercom.read.rows import Record
from source_intercom.streams.base import IntercomStream
from source_intercom.streams.context import StreamContext
from source_intercom.streams.kinds import ChildStream, ListStream


class Articles(ListStream):
    """Published and draft articles, in numbered pages that are sorted by `updated_at`, newest first."""

    endpoint = "articles"
    endpoint_of_one = "articles/{id}"
    permission = "Read articles"
    is_suggested = True
    parameter_sets: ClassVar = ({"page": "1", "per_page": "250"},)


class ArticleStatistics(ChildStream):
    """How often each article was read and how it was liked; only the answer about one article tells it."""

    parent = Articles
    endpoint = Articles.endpoint_of_one
    permission = "Read articles"
    words = "the statistics of article"
    inherited: ClassVar = {"article_id": "id"}

    def __init__(self, context: StreamContext, on_behalf_of: str | None = None) -> None:
        super().__init__(context, on_behalf_of)
        self.children_reader = self.reader(may_be_gone=True)

    def fetch(self, stream_slice: Mapping[str, Any]) -> Iterator[list[Record]]:
        """One row; that of an article whose statistics are null or absent holds nothing but the article's id."""
        article = self.children_reader.get(self.path(stream_slice=stream_slice))
        if "id" not in article:
            raise AirbyteTracedException(BAD_BODY, BAD_BODY, FailureType.transient_error)
        statistics = article.get("statistics")
        yield self.rows.inheriting(self.inherited_from(stream_slice)).fit([{} if statistics is None else statistics])


class ArticleVersions(ChildStream):
    """What each article was called, and who changed it when, newest first in numbered pages without a `next`."""

    parent = Articles
    endpoint = "articles/{id}/versions"
    permission = "Read articles"
    words = "the versions of article"
    inherited: ClassVar = {"article_id": "id"}


class Collections(ListStream):
    """Collections of articles, in numbered pages without a `next`."""

    endpoint = "help_center/collections"
    permission = "Read articles"
    is_suggested = True
    parameter_sets: ClassVar = ({"page": "1", "per_page": "150"},)


class HelpCenters(ListStream):
    """Help centers, of which a workspace may have several."""

    endpoint = "help_center/help_centers"
    endpoint_of_one = "help_center/help_centers/{id}"
    permission = "Read articles"
    is_suggested = True


class HelpCenterRedirects(ChildStream):
    """Addresses that lead to articles and collections of a help center, in numbered pages without a `next`."""

    parent = HelpCenters
    endpoint = "help_center/help_centers/{id}/redirects"
    parameters: ClassVar = {"page": "1", "per_page": "250"}
    permission = ""
    words = "the redirects of help center"
    inherited: ClassVar = {"help_center_id": "id"}


class InternalArticles(ListStream):
    """Articles for teammates and the AI agents, in numbered pages without a `next` (API notes 3.11)."""

    endpoint = "internal_articles"
    permission = "Read articles"
    parameter_sets: ClassVar = ({"page": "1", "per_page": "50"},)


STREAMS: Final[tuple[type[IntercomStream], ...]] = (
    Articles,
    ArticleStatistics,
    ArticleVersions,
    Collections,
    HelpCenters,
    HelpCenterRedirects,
    InternalArticles,
)
"""The family."""
