"""The help center (API notes 3.10)."""

from typing import ClassVar, Final

from source_intercom.streams.base import IntercomStream
from source_intercom.streams.kinds import ListStream


class Articles(ListStream):
    """Published and draft articles, in numbered pages that are sorted by `updated_at`, newest first."""

    endpoint = "articles"
    permission = "Read articles"
    is_suggested = True
    parameter_sets: ClassVar = ({"page": "1", "per_page": "250"},)


class Collections(ListStream):
    """Collections of articles, in numbered pages without a `next`."""

    endpoint = "help_center/collections"
    permission = "Read articles"
    is_suggested = True
    parameter_sets: ClassVar = ({"page": "1", "per_page": "150"},)


class HelpCenters(ListStream):
    """Help centers, of which a workspace may have several."""

    endpoint = "help_center/help_centers"
    permission = "Read articles"
    is_suggested = True


class InternalArticles(ListStream):
    """Articles for teammates and the AI agents, in numbered pages without a `next` (API notes 3.11)."""

    endpoint = "internal_articles"
    permission = "Read articles"
    parameter_sets: ClassVar = ({"page": "1", "per_page": "50"},)


STREAMS: Final[tuple[type[IntercomStream], ...]] = (
    Articles,
    Collections,
    HelpCenters,
    InternalArticles,
)
"""The family."""
