"""The one loop over pages, and the one judge of whether they were all."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final

from airbyte_cdk.sources.streams.http.pagination_reset_exception import PaginationResetRequiredException

from source_intercom.api.bodies import Body
from source_intercom.api.paginators import Paginator
from source_intercom.api.shapes import as_count

Token = Mapping[str, Any]
"""What leads to a page: what its request adds to that of the first one; nothing for the first one itself."""

MAX_PAGES: Final = 100_000
"""Pages that follow from one request at most."""


class Pages:
    """The bodies of all pages that follow from one request, and what they say of how many records there are.

    :param fetch: asks for one page
    :param held: what is held while a page is asked for and taken
    """

    def __init__(
        self,
        fetch: Callable[[Token], Body],
        paginator: Paginator,
        held: Callable[[], AbstractContextManager[Any]] = nullcontext,
    ) -> None:
        self._fetch = fetch
        self._paginator = paginator
        self._held = held
        self.number = 0
        """Pages that came."""
        self.counted: int | None = None
        """How many records there are by the last page that came, None where it does not say."""
        self._counts: list[int | None] = []

    def __iter__(self) -> Iterator[Body]:
        """The bodies, from the first page on.

        :raises PaginationResetRequiredException: if a page leads to where another one did, or the pages have no end
        """
        token: Token | None = {}
        keys = set[Hashable]()
        while token is not None:
            with self._held():
                body = self._fetch(token)
                token = self._paginator.next_token(body)
                key = self._paginator.page_key(body, token) if token else None
                self._note(body)
                yield body
            if (key is not None and key in keys) or (token and self.number >= MAX_PAGES):
                raise PaginationResetRequiredException
            keys.add(key)

    def _note(self, body: Body) -> None:
        self.number += 1
        count = body.get("total_count")
        self.counted = as_count(count) if isinstance(count, int | float | str) else None
        self._counts.append(self.counted)

    @property
    def count_nothing(self) -> bool:
        """Whether no page says how many records there are."""
        return set(self._counts) <= {None}

    @property
    def only_grew(self) -> bool:
        """Whether each page says how many records there are, and none says less than the one before it."""
        counts = [count for count in self._counts if count is not None]
        return len(counts) == len(self._counts) and counts == sorted(counts)

    def lacking(self, came: int) -> int:
        """How many records there are, by the last page, beside those that came; negative if more came."""
        return (self.counted or 0) - came

    def are_all(self, came: int) -> bool:
        """Whether all pages count as many records as came; a single page that counts nothing is all."""
        return set(self._counts) == {came} or (self.number == 1 and self.count_nothing)

    def are_all_of_the_first(self, came: int) -> bool:
        """Whether all records came that the first page counts, and at most those that later ones count beside them."""
        return self.only_grew and (self._counts[0] or 0) <= came <= (self._counts[-1] or 0)
