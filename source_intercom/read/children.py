"""Rows that are made of the answers to requests for one parent each, for one or several streams.

Conversation parts, their attachments and their tags are in the same answers: each is asked for once, and its rows
are those of all of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from source_intercom.read.checkpoints import OWED, PLACE
from source_intercom.read.member import Member, Row
from source_intercom.read.parents import Parents
from source_intercom.read.rows import Record
from source_intercom.read.state import to_second
from source_intercom.read.windows import Window


class Source(Protocol):
    """The stream that asks, for itself or on behalf of others.

    `asks_each`   whether most parents take requests, and not just a few
    """

    asks_each: ClassVar[bool]

    @property
    def parents(self) -> Parents:
        """What becomes of parents that cannot be had."""
        ...

    def say_price(self, parents: int) -> None:
        """So many parents may take requests, beside those of which this was said before."""
        ...

    def child_of(self, record: Record) -> Mapping[str, Any] | None:
        """The slice by which the record's children are read, with its `id`; None where none are to be read."""
        ...

    def fetch(self, stream_slice: Mapping[str, Any]) -> Iterator[list[Record]]:
        """The children of a parent; of one that is owed the slice has nothing but the `id`.

        :raises GoneError: if the parent is not there any more
        """
        ...

    def kept(self) -> AbstractContextManager[Any]:
        """Around the reading of children until they are handed on."""
        ...


@dataclass(frozen=True, slots=True)
class Child:
    """A parent whose children are to be read, for some members.

    `stream_slice`   its `id`, and what rows inherit of it; of one that is owed nothing but the `id`
    `places`         of each member that keeps a state, the place that closes behind the rows
    `goes_by_rows`   whether states go by the times of the rows, since the parent was not found by time
    """

    stream_slice: Mapping[str, Any]
    members: Sequence[Member]
    places: Mapping[str, int] = field(default_factory=dict)
    goes_by_rows: bool = False


class Children:
    """Reads the children of one parent after another, from any thread.

    The first member leads: the partitions that read are its own, and it reads on for the others if it has failed.

    `open`    parents whose children are to be read
    `error`   what keeps all members from their rows
    """

    def __init__(self, source: Source, members: Sequence[Member]) -> None:
        self.source = source
        self.members = members
        self.leader = members[0]
        self.open = 0
        self.error: Exception | None = None

    @property
    def is_lost(self) -> bool:
        """Whether nothing is read any more."""
        return all(member.partitions.failed for member in self.members)

    def found(
        self,
        record: Record,
        second: int | None,
        window: Window,
        members: Sequence[Member],
        starts: Mapping[str, int],
    ) -> Child | None:
        """What is to be read of a record that was found, None where nothing is; places are open from now on.

        :param second: its time, if it was found by time
        :param members: those that are concerned
        :param starts: the second from which on rows are wanted for each
        """
        concerned = [member for member in self.members if member in members]
        stream_slice = self.source.child_of(record) if concerned and not self.is_lost else None
        if stream_slice is None:
            return None
        places = {}
        for member in concerned:
            if member.keeps_state:
                # One that stands before its time says nothing of the others between.
                own = second if second is not None and second < window.end else window.start
                at = starts[member.name] if second is None else own
                places[member.name] = member.checkpoints.open(at, is_record=second is not None)
        return Child(stream_slice, concerned, places, second is None)

    def read(self, child: Child) -> Iterator[Row]:
        """The rows of one parent's children."""
        stream_slice, members = child.stream_slice, child.members
        if all(member.partitions.failed for member in members):
            return
        try:
            with self.source.kept():
                parent_id = stream_slice["id"]
                for batch in self.source.parents.read(parent_id, members, lambda: self.source.fetch(stream_slice)):
                    for member in members:
                        yield from self._rows(member, batch, child)
        except Exception as error:
            if OWED not in stream_slice:
                self.error = self.error or error
            raise
        for member in members:
            if member.name in child.places:
                member.checkpoints.close({PLACE: child.places[member.name]})
        if OWED in stream_slice:
            for member in members[1:]:  # the partition is the first one's, and closed by the CDK
                member.checkpoints.close(stream_slice)

    @staticmethod
    def _rows(member: Member, batch: list[Record], child: Child) -> Iterator[Row]:
        for row in member.rows_in(batch):
            yield member.name, row
            if child.goes_by_rows and member.name in child.places:
                second = to_second(row.get(member.cursor_name))
                if second is not None:
                    member.checkpoints.note(child.places[member.name], second)

    def completed(self, member: Member) -> None:
        """All of a member is read, and nothing failed."""
        self.source.parents.completed(member)
