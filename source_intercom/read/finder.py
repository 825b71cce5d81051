"""What finds rows: a search, a list, a scroll. Each can be read once for several streams (read/family.py)."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
from typing import ClassVar, Final, Protocol

from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom.read.flags import Refused
from source_intercom.read.rows import Record
from source_intercom.read.windows import OPEN_END, Window

WHOLE: Final = Window(0, OPEN_END)
"""The one window of what is not found by time."""


class Audience(Protocol):
    """Who is told what a finder learns."""

    def expect(self, total: int) -> None:
        """Intercom counts so many records, beside those that it counted before."""
        ...

    def estimate_more(self, records: int) -> None:
        """So many records will come beside the others, although Intercom does not count them."""
        ...

    def undelivered(self, window: Window, count: int, reason: AirbyteTracedException) -> None:
        """Intercom does not deliver so many records of a window, for a reason; all its others are found.

        :raises AirbyteTracedException: the reason, where too much is not delivered for the others to be read
        """
        ...


class Finder(ABC):
    """Finds the records of a range, window by window, each record of a window once.

    By itself it is one that does not go by time: all that it finds is in one window.

    `cursor`   the field whose time the range is of; empty where records are not found by time
    `at_once`  windows that may be read at the same time
    `is_followed`  whether the records found take requests of their own
    """

    cursor: str = ""
    at_once: ClassVar[int] = 1
    is_followed: bool = False

    def want(self, columns: Collection[str], refused: Refused) -> None:  # noqa: B027 - most records come whole
        """Have records come with columns that have to be asked for, or tell that Intercom refuses that."""

    @abstractmethod
    def probe(self) -> Record | None:
        """Send the first request, to see whether the token may; the first record, if there is one in the answer.

        :raises AirbyteTracedException: a config error if it may not, or what else kept Intercom from answering
        """

    def begin(self, whole: Window, is_full: bool) -> Window | None:
        """A read of a range begins.

        :param is_full: whether no later sync would bring what changes meanwhile
        :return: a window to be read when all others are, None if there is none
        """
        return None

    def plan(self, whole: Window, largest: int, audience: Audience) -> Iterator[Window]:
        """The windows to read, in ascending order; `largest` is how many records one should hold at most."""
        yield WHOLE

    @abstractmethod
    def records_in(self, window: Window, audience: Audience) -> Iterator[Record]:
        """The records of a window."""

    def may_promise_within(self, window: Window) -> bool:
        """Whether a window's records come in ascending order of the cursor."""
        return False
