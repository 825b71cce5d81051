"""The kinds of streams: what a stream of each kind declares."""

from abc import ABC
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, ClassVar
from urllib.parse import quote

from airbyte_cdk.sources.streams.concurrent.cursor import Cursor

from source_intercom.api.client import IntercomApi
from source_intercom.api.reader import GoneError
from source_intercom.api.shapes import as_object, as_objects
from source_intercom.read.dates import Dates, Seconds
from source_intercom.read.finder import Finder
from source_intercom.read.lists import List, ListEndpoint, Parameters, without_repeats
from source_intercom.read.parents import Parents
from source_intercom.read.ranges import Ranges
from source_intercom.read.rows import Record
from source_intercom.read.search import Search
from source_intercom.read.search_pages import CURSOR, RULES, SearchEndpoint
from source_intercom.read.windows import Window
from source_intercom.streams.base import IntercomStream, name_of
from source_intercom.streams.context import StreamContext


class ListStream(IntercomStream, ABC):
    """All rows of a list, whole or in pages.

    `parameter_sets`  the parameters of each reading of the list that it takes to get all rows
    """

    parameter_sets: ClassVar[Sequence[Mapping[str, str]]] = ({},)

    def finder(self, reported_as: str, is_emitted: bool) -> Finder:
        """The list."""
        reader = self.reader(reported_as, records_key=self.records_key)
        endpoint = ListEndpoint(self.endpoint, self.records_key, self.paginator)
        return List(reader, endpoint, self.rows_found(reader, is_emitted), self.parameter_sets)


class RangedList(IntercomStream, ABC):
    """Rows that never change, in a list that can be asked for a range of time.

    `between`   the parameters for the first second and the last
    `per_page`  rows of a page, the most that Intercom allows
    """

    between: ClassVar[tuple[str, str]]
    per_page: ClassVar[int]

    def finder(self, reported_as: str, is_emitted: bool) -> Finder:
        """The list, range by range."""
        reader = self.reader(reported_as, records_key=self.records_key)
        endpoint = ListEndpoint(self.endpoint, self.records_key, self.paginator)
        rows = self.rows_found(reader, is_emitted)
        return Ranges(reader, endpoint, rows, self.cursor_name, self.parameters_of)

    def parameters_of(self, window: Window) -> Parameters:
        """Those of a window's first page; a second more on either side, should the bounds not belong to it."""
        after, before = self.between
        return {after: str(max(window.start - 1, 0)), before: str(window.end), "per_page": str(self.per_page)}


class SearchStream(IntercomStream, ABC):
    """What a search finds by `updated_at`.

    `flags`  parameters of the query string, each with the column that it fills
    """

    http_method = "POST"
    cursor_field = CURSOR
    flags: ClassVar[Mapping[str, str]] = {}

    def dates(self, api: IntercomApi) -> Dates:
        """What the search makes of dates."""
        return Seconds()

    def finder(self, reported_as: str, is_emitted: bool) -> Search:
        """The search; who emits none of the columns that flags fill does not ask for them."""
        context = self.context
        reader = self.reader(reported_as, records_key=self.records_key, rules=RULES)
        endpoint = SearchEndpoint(self.endpoint, self.records_key, self.flags if is_emitted else {})
        rows = self.rows_found(reader, is_emitted)
        return Search(
            reader, endpoint, rows, self.dates(context.api), context.config.start_second, context.search_slots
        )


class _OfParent(IntercomStream, ABC):
    """Rows that belong to the records of another stream, and carry some of their fields.

    `parent`     the other stream
    `inherited`  fields of a row, each with the field of the parent that it is
    """

    parent: ClassVar[type[IntercomStream]]
    inherited: ClassVar[Mapping[str, str]]

    @classmethod
    def root(cls) -> type[IntercomStream]:
        """The parent's."""
        return cls.parent.root()

    def finder(self, reported_as: str, is_emitted: bool) -> Finder:
        """What finds the parents, of which only keys and cursors are looked at."""
        return self.parent(self.context).finder(reported_as, is_emitted=False)

    def expect(self, total: int) -> None:
        """Nothing: how many rows the parents have shows as they come."""

    def estimate_more(self, records: int) -> None:
        """Nothing, likewise."""

    def inherited_from(self, parent: Mapping[str, Any]) -> dict[str, Any]:
        """The fields that a row takes from its parent."""
        return {name: parent.get(field) for name, field in self.inherited.items()}


class NestedStream(_OfParent, ABC):
    """Rows that come with their parents, and take no request of their own.

    `records_path`  where they are in a parent
    """

    records_path: ClassVar[Sequence[str]]

    @property
    def http_method(self) -> str:
        """The root's."""
        return str(self.root().http_method)

    def path(self, **_: Any) -> str:
        """The root's endpoint."""
        return self.root().endpoint

    def rows_of(self, record: Record) -> Iterable[Record]:
        """A row for each object in the record's list."""
        entries = [dict(entry) for entry in objects_at(record, self.records_path)]
        rows = self.rows.inheriting(self.inherited_from(record)).fit(entries)
        self.note_emitted(rows)
        return rows


class ChildStream(_OfParent, ABC):
    """Rows that take requests of their own for each parent that a search finds.

    `endpoint`    path below the API's URL, with `{id}` for the parent's id
    `children`    what is asked for of each parent, in words
    `parameters`  those of the first page
    """

    children: ClassVar[str]
    parameters: ClassVar[Mapping[str, str]] = {}
    reads_children = True

    def __init__(self, context: StreamContext) -> None:
        super().__init__(context)
        self.children_reader = self.reader(records_key=self.records_key, may_be_gone=True)

    def path(self, *, stream_slice: Mapping[str, Any] | None = None, **_: Any) -> str:
        """The endpoint of one parent."""
        return self.endpoint.format(id=quote((stream_slice or {})["id"], safe=""))

    def new_cursor(self, state: Mapping[str, Any] | None) -> Cursor:
        """As for all streams; parents that were gone in another read are forgotten."""
        cursor = super().new_cursor(state)
        self._parents = Parents(self, name_of(self.parent), self.children, self.find_parent)
        return cursor

    def rows_of(self, record: Record) -> Iterable[Record]:
        """Nothing: the rows are asked for."""
        return ()

    def child_of(self, record: Record) -> Mapping[str, Any] | None:
        """The id, and what is inherited, of a parent that has children."""
        return {"id": record["id"], **self.inherited_from(record)} if self.has_children(record) else None

    def has_children(self, parent: Record) -> bool:
        """Whether a parent may have children, so that it is worth a request."""
        return True

    def probe(self) -> None:
        """Search for one parent, and ask for its rows."""
        search = self.finder(self.name, is_emitted=True)
        parent = search.pages.first() if isinstance(search, Search) else None
        if parent and "id" in parent:
            with suppress(GoneError):
                self.children_reader.get(self.path(stream_slice={"id": str(parent["id"])}), self.parameters)

    def find_parent(self, parent_id: str) -> Mapping[str, Any] | None:
        """The parent with an id, if the search finds it.

        :raises TypeError: if no search finds the parents
        """
        finder = self.family.finder if self.family else None
        if not isinstance(finder, Search):
            raise TypeError(f"the parents of {self.name} are not found by a search")
        return finder.pages.find(parent_id)

    def read_child(self, stream_slice: Mapping[str, Any]) -> Iterable[Record]:
        """All rows of one parent; none if it was deleted since it was found."""
        with self.context.api.session.large_bodies.kept():
            rows = self._parents.read(stream_slice["id"], lambda: self.fetch(stream_slice))
            self.note_emitted(rows)
            yield from rows

    def fetch(self, stream_slice: Mapping[str, Any]) -> list[Record]:
        """The same, or what keeps Intercom from answering.

        :raises GoneError: if the parent is not there any more
        """
        path = self.path(stream_slice=stream_slice)
        rows = self.rows.inheriting(self._inherited(stream_slice))
        children = List(self.children_reader, ListEndpoint(path, self.records_key, self.paginator), rows)
        return list(without_repeats(children.read_all(self.parameters), rows, self.children_reader))

    def _inherited(self, stream_slice: Mapping[str, Any]) -> Mapping[str, Any]:
        """What rows inherit; a parent that is owed is found anew."""
        if self.inherited.keys() <= stream_slice.keys():
            return {name: stream_slice[name] for name in self.inherited}
        parent = self.find_parent(stream_slice["id"])
        if parent is None:
            raise GoneError
        return self.inherited_from(parent)

    def completed(self) -> None:
        """All is read, and nothing failed."""
        self._parents.completed()


def objects_at(record: Mapping[str, Any], path: Sequence[str]) -> list[Record]:
    """The objects of the list at a path; none where there is no such list."""
    value: Any = record
    for name in path:
        value = as_object(value).get(name)
    return as_objects(value)
