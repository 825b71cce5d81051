"""Articles of the help center (API notes 3.10)."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom import report
from source_intercom.api.bodies import json_object
from source_intercom.api.paginators import PageNumbers
from source_intercom.api.shapes import as_count
from source_intercom.streams.base import IntercomStream, Record

PAGE_SIZE: Final = 250
MAX_WALKS: Final = 5


class Articles(IntercomStream):
    """Published and draft articles, in numbered pages that are sorted by `updated_at`, newest first.

    An article that is edited or deleted between two pages moves the others across page borders, so that one
    of them may be on neither page. Every page says how many articles there are: unless all of a walk's pages agree,
    and it has met as many, the pages are walked again, for a bounded number of times.
    """

    endpoint = "articles"
    paginator = PageNumbers()
    permission = "Read articles"

    def walk(self, parameters: Mapping[str, str]) -> Iterable[Record]:
        """The articles of all pages; `once` drops those that a further walk meets again."""
        for _ in range(MAX_WALKS):
            met: set[Any] = set()
            totals: set[int] = set()
            token: Mapping[str, Any] | None = {"page": 1}
            while token:
                _, response = self._fetch_next_page({"per_page": str(PAGE_SIZE)}, None, token)
                body = json_object(response) or {}
                totals.add(as_count(body.get("total_count")))
                for article in self.records(body):
                    met.add(article.get("id"))
                    yield article
                token = self.paginator.next_token(body)
            if totals == {len(met)}:
                return
            self.count(report.RESTARTS)
        raise AirbyteTracedException(
            message="Articles kept moving between pages while they were read; trying again later helps.",
            failure_type=FailureType.transient_error,
        )
