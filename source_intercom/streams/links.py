"""Links to other records, of which those that have them carry a few."""

from abc import ABC
from collections.abc import Iterable, Mapping
from typing import ClassVar

from source_intercom.api.shapes import as_object, objects_at
from source_intercom.read.rows import Record
from source_intercom.streams.kinds import ChildStream


class LinkStream(ChildStream, ABC):
    """Links of parents to other records: a parent carries ten; all are asked for only where it has more.

    Whether it has is said by `has_more` alone; the count beside it is no use (API notes 3.1). Rows have the columns of
    the schema and no others, whichever way they came: what is asked for are the other records themselves.

    `lists`  the lists in a parent, with their links in `data`; each with what its rows say besides
    """

    lists: ClassVar[Mapping[str, Mapping[str, str]]]
    asks_each = False

    def rows_of(self, record: Record) -> Iterable[Record]:
        """A row for each link that the record carries, if those are all."""
        if self.has_children(record):
            return ()
        links = [
            {**link, **besides} for name, besides in self.lists.items() for link in objects_at(record, (name, "data"))
        ]
        return self.rows_in(self.rows.inheriting(self.inherited_from(record)).fit(links))

    def has_children(self, parent: Record) -> bool:
        """Whether a parent says that it has more links than it carries."""
        return any(as_object(parent.get(name)).get("has_more") for name in self.lists)

    def rows_in(self, children: list[Record]) -> list[Record]:
        """The columns of links."""
        columns = self.schema["properties"]
        return super().rows_in([{name: child[name] for name in columns if name in child} for child in children])
