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


STREAMS: Final[tuple[type[IntercomStream], ...]] = (
    Articles,
    Collections,
)
"""The family."""
