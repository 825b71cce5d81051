"""The kinds of streams: what a stream of each kind declares."""

from abc import ABC
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from typing import Any, ClassVar
from urllib.parse import quote

from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom.api.client import IntercomApi
from source_intercom.api.reader import GoneError
from source_intercom.api.sentences import COLUMN_REFUSED
from source_intercom.api.shapes import objects_at
from source_intercom.read.dates import Dates, Seconds
from source_intercom.read.finder import Finder
from source_intercom.read.lists import List, ListEndpoint, Parameters, without_repeats
from source_intercom.read.nested_lists import missing_at
from source_intercom.read.parents import INDEX_PAUSES, Parents
from source_intercom.read.price import told
from source_intercom.read.ranges import Ranges
from source_intercom.read.rows import Record
from source_intercom.read.search import Search
from source_intercom.read.search_pages import CURSOR, RULES, SearchEndpoint
from source_intercom.read.windows import Window
from source_intercom.streams.base import IntercomStream
from source_intercom.streams.context import StreamContext


class ListStream(IntercomStream, ABC):
    """All rows of a list, whole or in pages.

    `parameter_sets`  the parameters of each reading of the list that it takes to get all rows
    `may_be_bare`     whether it may come without an object around it; any other list that does is a broken body
    """

    parameter_sets: ClassVar[Sequence[Mapping[str, str]]] = ({},)
    may_be_bare: ClassVar[bool] = False

    def finder(self) -> List:
        """The list."""
        where = ListEndpoint(self.endpoint, self.records_key, self.paginator)
        reader = self.reader(records_key=self.records_key, may_be_bare=self.may_be_bare)
        return List(reader, where, self.rows, self.parameter_sets)


class RangedList(IntercomStream, ABC):
    """Rows that never change, in a list that can be asked for a range of time.

    `between`   the parameters for the first second and the last
    `per_page`  rows of a page, the most that Intercom allows
    """

    between: ClassVar[tuple[str, str]]
    per_page: ClassVar[int]

    def finder(self) -> Finder:
        """The list, range by range."""
        endpoint = ListEndpoint(self.endpoint, self.records_key, self.paginator)
        return Ranges(
            self.reader(records_key=self.records_key), endpoint, self.rows, self.cursor_name, self.parameters_of
        )

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

    def finder(self) -> Search:
        """The search, which sends the flags of those columns that somebody asks for."""
        context = self.context
        reader = self.reader(records_key=self.records_key, rules=RULES)
        endpoint = SearchEndpoint(self.endpoint, self.records_key, self.flags)
        start, slots = context.config.start_second, context.search_slots
        return Search(reader, endpoint, self.rows, self.dates(context.api), start, slots)

    def ask(self, finder: Finder) -> None:
        """All columns that flags fill are asked for, and stay empty where Intercom refuses them."""
        finder.want(self.flags.values(), self._say_refused)

    def _say_refused(self, flags: Mapping[str, str]) -> None:
        names, columns = ", ".join(flags), ", ".join(flags.values())
        self.logger.warning(
            "%s: Intercom refuses %s; these columns stay empty in this read: %s.", self.name, names, columns
        )

    def find(self, record_id: str) -> Mapping[str, Any] | None:
        """The record with an id, if the search finds it."""
        return self.finder().pages.find(record_id)


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

    def finder(self) -> Finder:
        """What finds the parents, of which only keys and cursors are looked at."""
        found: Finder = self.stand_in(self.root()).finder()
        return found

    def expect(self, total: int) -> None:
        """Nothing: how many rows the parents have shows as they come."""

    def estimate_more(self, records: int) -> None:
        """Nothing, likewise."""

    def inherited_from(self, parent: Mapping[str, Any]) -> dict[str, Any]:
        """The fields that a row takes from its parent."""
        return {name: parent.get(field) for name, field in self.inherited.items()}


class NestedStream(_OfParent, ABC):
    """Rows that come with their parents, and take no request of their own.

    The parents are what a finder finds, or what a request for one of those brings, or nested in those themselves. Rows
    whose key has an `index` have no id: that is their place in the list, from 0.

    `records_path`  where they are in a parent
    """

    records_path: ClassVar[Sequence[str]]

    def __init__(self, context: StreamContext, on_behalf_of: str | None = None) -> None:
        super().__init__(context, on_behalf_of)
        parent = self.parent
        self._between = parent(context, self.reported_as) if issubclass(parent, NestedStream) else None

    @classmethod
    def children_root(cls) -> type[IntercomStream] | None:
        """The parent's."""
        return cls.parent.children_root()

    def ask(self, finder: Finder) -> None:
        """The column that holds the rows is asked for; without it there would be none, as if that were true."""
        if self.children_root() is None:
            finder.want([self.column()], self._fail_refused)

    def column(self) -> str:
        """That of the records found which holds the rows, or what they are nested in."""
        return self.records_path[0] if self._between is None else self._between.column()

    def _fail_refused(self, flags: Mapping[str, str]) -> None:
        sentence = COLUMN_REFUSED.format(flags=", ".join(flags))
        self.partitions.fail(AirbyteTracedException(sentence, sentence, FailureType.config_error))

    def path(self, **_: Any) -> str:
        """The endpoint which brings the parents."""
        return (self.children_root() or self.root()).endpoint

    def rows_of(self, record: Record) -> Iterable[Record]:
        """A row for each object in the record's list, if the records found are the parents."""
        return self.rows_in([record]) if self.children_root() is None else ()

    def rows_in(self, children: list[Record]) -> list[Record]:
        """A row for each object in the lists of parents."""
        rows = [row for child in children for row in self.nested_in(child)]
        self.note_emitted(rows)
        return rows

    def nested_in(self, record: Record) -> list[Record]:
        """The rows of a record that was found, or of a child: it is their parent, or has the parents nested in it."""
        parents = [record] if self._between is None else self._between.nested_in(record)
        return [row for parent in parents for row in self._rows_of_parent(parent)]

    def entries_of(self, parent: Record) -> list[Record]:
        """What the rows of a parent are made of: copies of the objects in its list."""
        return [dict(entry) for entry in objects_at(parent, self.records_path)]

    def _rows_of_parent(self, parent: Record) -> list[Record]:
        self.context.reports.add_cut(self.reported_as, missing_at(parent, self.records_path))
        entries = self.entries_of(parent)
        if "index" in self.rows.key:
            for index, entry in enumerate(entries):
                entry["index"] = index
        return self.rows.inheriting(self.inherited_from(parent)).fit(entries)


class ChildStream(_OfParent, ABC):
    """Rows that take requests of their own for each parent.

    `endpoint`    path below the API's URL, with `{id}` for the parent's id
    `words`       what is asked for of each parent, in words
    `parameters`  those of the first page
    `asks_each`   whether most parents take requests, and not just a few
    """

    words: ClassVar[str]
    parameters: ClassVar[Mapping[str, str]] = {}
    asks_each: ClassVar[bool] = True

    def __init__(self, context: StreamContext, on_behalf_of: str | None = None) -> None:
        super().__init__(context, on_behalf_of)
        self.children_reader = self.reader(records_key=self.records_key, may_be_gone=True)

    def _begin(self, state: Mapping[str, Any] | None) -> None:
        super()._begin(state)
        parent = self.stand_in(self.parent)
        pauses = INDEX_PAUSES if isinstance(parent, SearchStream) else ()
        listed = parent.finder().ids if isinstance(parent, ListStream) else None
        self.find_parent = parent.find
        self.parents = Parents(parent.name, self.words, parent.find, pauses, listed)

    @classmethod
    def children_root(cls) -> type[IntercomStream]:
        """The stream itself."""
        return cls

    def path(self, *, stream_slice: Mapping[str, Any] | None = None, **_: Any) -> str:
        """The endpoint of one parent."""
        return self.endpoint.format(id=quote((stream_slice or {})["id"], safe=""))

    def rows_of(self, record: Record) -> Iterable[Record]:
        """Nothing: the rows are asked for."""
        return ()

    def rows_in(self, children: list[Record]) -> list[Record]:
        """The children are the rows."""
        self.note_emitted(children)
        return children

    def child_of(self, record: Record) -> Mapping[str, Any] | None:
        """The id, and what is inherited, of a parent that has children."""
        return {"id": record["id"], **self.inherited_from(record)} if self.has_children(record) else None

    def has_children(self, parent: Record) -> bool:
        """Whether a parent may have children, so that it is worth a request."""
        return True

    def say_price(self, parents: int) -> None:
        """Say in the log what so many parents may cost."""
        if parents:
            parent = self.stand_in(self.parent).name
            said = told(parents, self.context.api.budget.limit)
            self.logger.info("%s: asking for %s %s takes %s.", self.reported_as, parents, parent, said)

    def probe(self) -> None:
        """Look for one parent, and ask for its rows."""
        parent = self.finder().probe()
        if parent and "id" in parent:
            with suppress(GoneError):
                self.children_reader.get(self.path(stream_slice={"id": str(parent["id"])}), self.parameters)

    def kept(self) -> AbstractContextManager[Any]:
        """Large bodies are in memory one at a time until their rows are handed on."""
        return self.context.api.session.large_bodies.kept()

    def fetch(self, stream_slice: Mapping[str, Any]) -> Iterator[list[Record]]:
        """All rows of one parent, in batches, or what keeps Intercom from answering.

        :raises GoneError: if the parent is not there any more
        """
        path = self.path(stream_slice=stream_slice)
        rows = self.rows.inheriting(self._inherited(stream_slice))
        children = List(self.children_reader, ListEndpoint(path, self.records_key, self.paginator), rows)
        yield list(without_repeats(children.read_all(self.parameters), rows, self.children_reader))

    def _inherited(self, stream_slice: Mapping[str, Any]) -> Mapping[str, Any]:
        """What rows inherit; a parent that is owed is found anew."""
        if self.inherited.keys() <= stream_slice.keys():
            return {name: stream_slice[name] for name in self.inherited}
        parent = self.find_parent(stream_slice["id"])
        if parent is None:
            raise GoneError
        return self.inherited_from(parent)
