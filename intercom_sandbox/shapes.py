"""Wire shapes: how an answer is laid out, and how a reader gets from one page to the next (API notes 2.2).

Numbered pages are in ``pages.py``. The letters are those of the API notes.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import orjson

from intercom_sandbox.asked import Asked
from intercom_sandbox.scopes import Scope
from intercom_sandbox.search import Search, Searchable, cursor_of, dialect_for, envelope, page_size, parse, run
from intercom_sandbox.store import Object
from intercom_sandbox.versions import adapt


class Shape(Protocol):
    """Answers requests; raises what the API refuses them with."""

    async def answer(self, asked: Asked) -> bytes:
        """The JSON of the answer."""


@dataclass(frozen=True)
class Whole:
    """G: all objects at once; ``choose`` leaves those out, and fields of them, that a request does not ask for."""

    envelope: str
    key: str
    choose: Callable[[Asked, list[Object]], list[Object]] | None = None

    async def answer(self, asked: Asked) -> bytes:
        """``{"type", <key>: […]}``."""
        if self.choose is None:
            items = [record.served(asked.fields) for record in asked.collection]
        else:
            items = [orjson.dumps(item) for item in self.choose(asked, [each.parse() for each in asked.collection])]
        return b'{"type":"%b","%b":[%b]}' % (self.envelope.encode(), self.key.encode(), b",".join(items))


@dataclass(frozen=True)
class Searched:
    """B: a search, whose cursor is in the body (API notes 2.1).

    Objects that are tickets too are found only with ``of_tickets``, if there is such a scope (API notes 4.1).
    """

    searchable: Searchable
    of_tickets: Scope | None = None

    async def answer(self, asked: Asked) -> bytes:
        """A page of the search in the body of the request."""
        search = parse(await asked.request.body(), self.searchable, numeric_ids=asked.kind.numeric_ids)
        return self.page(asked, search)

    def page(self, asked: Asked, search: Search) -> bytes:
        """A page of a search, as the index has it now."""
        settings, version = asked.state.settings, asked.version
        index = asked.collection.index
        index.catch_up(time.time() - settings.index_lag)
        dialect = dialect_for(self.searchable, settings, version)
        hidden = self.of_tickets is not None and self.of_tickets.id in settings.without_scope
        page = run(search, index, dialect, hide_tickets=hidden)
        records = asked.collection.current(page.records) if settings.fresh_bodies else page.records
        fields = asked.fields
        items = [adapt(asked.kind.adapt, record.served(fields), version) for record in records]
        return envelope(self.searchable, search, page, items)


@dataclass(frozen=True)
class Listed:
    """A: everything in the order of a search that is not sorted, with the cursor in the query string."""

    found: Searched
    per_page: int

    async def answer(self, asked: Asked) -> bytes:
        """A page of the list."""
        size = page_size(asked.parameter("per_page"), self.per_page)
        cursor = cursor_of(asked.parameter("starting_after"), numeric_ids=asked.kind.numeric_ids)
        order = self.found.searchable.unsorted
        return self.found.page(asked, Search(None, order, descending=True, per_page=size, cursor=cursor))


@dataclass(frozen=True)
class Scrolled:
    """F: the scroll (API notes 5)."""

    async def answer(self, asked: Asked) -> bytes:
        """The next page of the live scroll, or the first one of a new scroll."""
        param, scroll, expiry = asked.parameter("scroll_param"), asked.state.scroll, asked.state.settings.scroll_expiry
        if param:
            param, records = scroll.proceed(param, expiry)
        else:
            param, records = scroll.start(asked.collection, expiry)
        data = b",".join(record.raw for record in records)
        tail = b'"pages":null,"total_count":null,"scroll_param":"%b"}' % param.encode()
        return b'{"type":"list","data":[%b],%b' % (data, tail)


@dataclass(frozen=True)
class Attached:
    """G: all ``rows`` of the parent with the ``id`` in the path at once."""

    rows: Callable[[Asked], Sequence[bytes]]

    async def answer(self, asked: Asked) -> bytes:
        """``{"type", "data": […]}``."""
        return b'{"type":"list","data":[%b]}' % b",".join(self.rows(asked))


@dataclass(frozen=True)
class Single:
    """One object by the ``id`` in the path; ``missing`` is the error for one that is not there."""

    missing: Callable[[str], Exception]

    async def answer(self, asked: Asked) -> bytes:
        """The object."""
        item_id = asked.request.path_params["id"]
        record = asked.collection.get(item_id)
        if record is None:
            raise self.missing(item_id)
        return adapt(asked.kind.adapt, record.raw, asked.version)


@dataclass(frozen=True)
class Bare:
    """G: all ``rows`` that a request asks for at once, with nothing beside them."""

    key: str
    rows: Callable[[Asked], Sequence[bytes]]

    async def answer(self, asked: Asked) -> bytes:
        """``{<key>: […]}``."""
        return b'{"%b":[%b]}' % (self.key.encode(), b",".join(self.rows(asked)))


@dataclass(frozen=True)
class Parent:
    """The parent of rows that are kept beside it, together with them, in a list of its own (API notes 4.2).

    ``total_count`` is the number of rows that are served. A parent that is a ticket too is shown only with the scope
    ``of_tickets`` (API notes 4.1).
    """

    key: str
    envelope: str
    missing: Callable[[str], Exception]
    of_tickets: Scope

    async def answer(self, asked: Asked) -> bytes:
        """The parent with the rows that are served."""
        item_id = asked.request.path_params["id"]
        parent, record = asked.state.workspace.parent_of(asked.kind, item_id)
        if record is None:
            raise self.missing(item_id)
        if record.is_ticket and self.of_tickets.id in asked.state.settings.without_scope:
            raise self.of_tickets.refusal()
        rows = asked.state.workspace.served(asked.kind, record)
        listed = b'{"type":"%b","%b":[%b],"total_count":%d}' % (
            self.envelope.encode(),
            self.key.encode(),
            b",".join(rows),
            len(rows),
        )
        return adapt(parent.adapt, b'%b,"%b":%b}' % (record.raw[:-1], self.key.encode(), listed), asked.version)


@dataclass(frozen=True)
class WholeOfParent:
    """G, for the rows of the parent with the ``id`` in the path; ``missing`` is the error without one."""

    envelope: str
    key: str
    missing: Callable[[str], Exception]

    async def answer(self, asked: Asked) -> bytes:
        """``{"type", <key>: […]}``."""
        item_id = asked.request.path_params["id"]
        _, parent = asked.state.workspace.parent_of(asked.kind, item_id)
        if parent is None:
            raise self.missing(item_id)
        rows = asked.state.workspace.served(asked.kind, parent)
        return b'{"type":"%b","%b":[%b]}' % (self.envelope.encode(), self.key.encode(), b",".join(rows))


@dataclass(frozen=True)
class WithRow:
    """The parent with the ``id`` in the path, and its one row in a field of its own: null where the row is empty."""

    key: str
    missing: Callable[[str], Exception]

    async def answer(self, asked: Asked) -> bytes:
        """The parent with the row."""
        item_id = asked.request.path_params["id"]
        _, parent = asked.state.workspace.parent_of(asked.kind, item_id)
        if parent is None:
            raise self.missing(item_id)
        (row,) = asked.state.workspace.served(asked.kind, parent)
        return b'%b,"%b":%b}' % (parent.raw[:-1], self.key.encode(), b"null" if row == b"{}" else row)
