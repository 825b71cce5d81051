"""Articles of the help center (API notes 3.10)."""

from source_intercom.streams.base import IntercomStream


class Articles(IntercomStream):
    """Published and draft articles, in numbered pages that are sorted by `updated_at`, newest first."""

    endpoint = "articles"
    permission = "Read articles"
    walks = ({"page": "1", "per_page": "250"},)
