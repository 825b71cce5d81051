"""What a family (read/family.py) and its streams know of each other."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom.read.checkpoints import Checkpoints
from source_intercom.read.open_partitions import OpenPartitions
from source_intercom.read.rows import Record
from source_intercom.read.windows import Window

Row = tuple[str, Record]
"""The name of a stream, and a record of it."""


class Member(Protocol):
    """What a family has to know of a stream.

    `reads_children`  whether children of the records found take requests of their own
    """

    @property
    def name(self) -> str:
        """The stream's name."""
        ...

    reads_children: ClassVar[bool]
    keeps_state: bool
    checkpoints: Checkpoints
    partitions: OpenPartitions

    def starts_at(self, now: int) -> int:
        """The second from which on records are to be found."""
        ...

    def rows_of(self, record: Record) -> Iterable[Record]:
        """The rows that a record found makes by itself."""
        ...

    def child_of(self, record: Record) -> Mapping[str, Any] | None:
        """The slice by which the record's children are read, with its `id`; None where none are to be read."""
        ...

    def read_child(self, stream_slice: Mapping[str, Any]) -> Iterable[Record]:
        """The rows of a parent's children; of one that is owed the slice has nothing but the `id`."""
        ...

    def expect(self, total: int) -> None:
        """So many records are found, beside those of which this was said before."""
        ...

    def estimate_more(self, records: int) -> None:
        """So many will be found, although Intercom does not count them."""
        ...

    def leave_out_window(self, window: Window, count: int, reason: AirbyteTracedException) -> None:
        """So many records of a window are not delivered."""
        ...

    def end(self, stream_slice: Mapping[str, Any]) -> None:
        """A slice is read, or the last one made; what is the last of all says what was not delivered."""
        ...


@dataclass(frozen=True)
class Task:
    """Something to be read for a member: what is left of it is in the slice once it is read."""

    stream_slice: Mapping[str, Any]
    read: Callable[[], Iterator[Row]]


class Alone:
    """The audience of a window that one member owes: nothing of it was counted."""

    def __init__(self, member: Member) -> None:
        self._member = member

    def expect(self, total: int) -> None:
        """Nothing."""

    def estimate_more(self, records: int) -> None:
        """Nothing."""

    def undelivered(self, window: Window, count: int, reason: AirbyteTracedException) -> None:
        """It is left out again."""
        self._member.leave_out_window(window, count, reason)
