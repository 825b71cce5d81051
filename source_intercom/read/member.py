"""What a family (read/family.py) and its streams know of each other."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom.read.checkpoints import Checkpoints
from source_intercom.read.open_partitions import OpenPartitions
from source_intercom.read.owed import Owed
from source_intercom.read.rows import Record
from source_intercom.read.times import Write
from source_intercom.read.windows import Window

Debt = TypeVar("Debt", Window, str)
"""What may be owed: a window, or the id of a parent."""

Row = tuple[str, Record]
"""The name of a stream, and a record of it."""

Read = Callable[[], Iterator[Row]]
"""Reads rows when it is called."""


class Member(Protocol):
    """What a family has to know of a stream."""

    @property
    def name(self) -> str:
        """The stream's name."""
        ...

    @property
    def cursor_name(self) -> str:
        """The field by which states go."""
        ...

    keeps_state: bool
    checkpoints: Checkpoints
    partitions: OpenPartitions

    def starts_at(self, now: int) -> int:
        """The second from which on records are to be found."""
        ...

    @property
    def write(self) -> Write | None:
        """Gives a row as it is printed; None: as it is."""
        ...

    def rows_of(self, record: Record) -> Iterable[Record]:
        """The rows that a record found makes by itself."""
        ...

    def sequel(self) -> Iterator[Record] | None:
        """Rows that come after all that are found, None where there are none."""
        ...

    def rows_in(self, children: list[Record]) -> list[Record]:
        """The rows that children of a record make, some of those that the answer to a request held."""
        ...

    def count(self, what: str, number: int = 1) -> None:
        """Count something for the report."""
        ...

    def leave_out(self, what: str, reason: AirbyteTracedException, owed: str) -> None:
        """So much is not delivered, and owed.

        :raises AirbyteTracedException: the reason, if too much is left out for that
        """
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


@dataclass(frozen=True, slots=True)
class Task:
    """Something to be read for a member: what is left of it is in the slice once it is read."""

    stream_slice: Mapping[str, Any]
    read: Read


class Owing:
    """The audience of a window that some members owe: nothing of it was counted."""

    def __init__(self, members: Sequence[Member]) -> None:
        self._members = members

    def expect(self, total: int) -> None:
        """Nothing."""

    def estimate_more(self, records: int) -> None:
        """Nothing."""

    def undelivered(self, window: Window, count: int, reason: AirbyteTracedException) -> None:
        """It is left out again."""
        for member in self._members:
            member.leave_out_window(window, count, reason)


def owing_each(members: Sequence[Member], of: Callable[[Owed], list[Debt]]) -> dict[Debt, list[Member]]:
    """What members owe, each with those that owe it."""
    owing: dict[Debt, list[Member]] = {}
    for member in members:
        for debt in of(member.checkpoints.owed):
            owing.setdefault(debt, []).append(member)
    return owing
