"""Rows that are made of the answers to requests for one parent each, for one or several streams.

Conversation parts, their attachments and their tags are in the same answers: each is asked for once, and its rows
are those of all of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from source_intercom.read.checkpoints import OWED, PLACE
from source_intercom.read.member import Member, Places, Row
from source_intercom.read.parents import Parents
from source_intercom.read.rows import Record
from source_intercom.read.windows import OPEN_END, Window


class Source(Protocol):
    """The stream that asks, for itself or on behalf of others.

    `asks_each`   whether most parents take requests, and not just a few
    """

    asks_each: ClassVar[bool]

    @property
    def parents(self) -> Parents:
        """What becomes of parents that cannot be had."""
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


@dataclass(frozen=True)
class Child:
    """A parent whose children are to be read, for some members; the places close behind the rows.

    Of one that is owed the slice has nothing but the `id`.
    """

    stream_slice: Mapping[str, Any]
    members: Sequence[Member]
    places: Places = ()


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

    def found(self, record: Record, second: int | None, window: Window, starts: Mapping[str, int]) -> Child | None:
        """What is to be read of a record that was found, None where nothing is; places are open from now on.

        :param second: its time, if it was found by time
        :param starts: the second from which on records are found for each member
        """
        members = [
            member
            for member in self.members
            if (second is None or second >= starts[member.name]) and (window.end != OPEN_END or not member.keeps_state)
        ]
        stream_slice = self.source.child_of(record) if members and not self.is_lost else None
        if stream_slice is None:
            return None
        # One that stands before its time says nothing of the others between.
        own = second if second is not None and second < window.end else window.start
        kept = [member.checkpoints for member in members if member.keeps_state]
        return Child(stream_slice, members, [(each, each.open(own, is_record=True)) for each in kept])

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
                        yield from [(member.name, row) for row in member.rows_in(batch)]
        except Exception as error:
            if OWED not in stream_slice:
                self.error = self.error or error
            raise
        for checkpoints, place in child.places:
            checkpoints.close({PLACE: place})

    def completed(self, member: Member) -> None:
        """All of a member is read, and nothing failed."""
        self.source.parents.completed(member)
