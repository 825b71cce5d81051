"""Parents that a search finds and whose children are read one by one: what becomes of those that cannot be had."""

from collections import deque
from collections.abc import Callable
from typing import Any, Final, Protocol

from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom import report
from source_intercom.api.errors import is_too_fast
from source_intercom.api.reader import GoneError
from source_intercom.api.sentences import CONTRADICTED, VANISHED
from source_intercom.read.checkpoints import Checkpoints
from source_intercom.read.open_partitions import MAX_UNDELIVERED, OpenPartitions
from source_intercom.read.rows import Record
from source_intercom.read.tally import Tally

INDEX_PAUSES: Final = (15, 30, 45)
"""Seconds between searches for a parent that is gone: the index may show it for 90 s more (API notes 14)."""


class Owner(Protocol):
    """The stream whose rows the children are."""

    keeps_state: bool
    checkpoints: Checkpoints
    partitions: OpenPartitions

    def count(self, what: str, number: int = 1) -> None:
        """Count something for the report."""
        ...

    def leave_out(self, what: str, reason: AirbyteTracedException, owed: str) -> None:
        """So much is not delivered, and owed.

        :raises AirbyteTracedException: the reason, if too much is left out for that
        """
        ...


class Parents:
    """Reads the children of one parent after another, from any thread.

    A few parents may be gone, as some are deleted between the search and the request; where more are than can be,
    or the search still finds one, something else is wrong. A few may fail, each for a reason of its own.

    :param kind: the name of the stream whose records they are
    :param children: what is read of each, in words
    :param find: searches for one by its id
    """

    def __init__(self, owner: Owner, kind: str, children: str, find: Callable[[str], Any]) -> None:
        self._owner = owner
        self._kind = kind
        self._children = children
        self._find = find
        self._tally = Tally()
        self._gone: deque[str] = deque()

    def read(self, parent_id: str, fetch: Callable[[], list[Record]]) -> list[Record]:
        """What `fetch` returns; nothing for a parent that is gone or left out.

        :raises AirbyteTracedException: what keeps Intercom from answering, if it is not about this parent alone
        """
        self._tally.ask()
        try:
            return fetch()
        except GoneError:
            self._miss(parent_id)
        except AirbyteTracedException as error:
            if error.failure_type == FailureType.config_error or is_too_fast(error):
                raise
            self._leave_out(parent_id, error)
        return []

    def completed(self) -> None:
        """All is read, and nothing failed: parents that were gone are not owed."""
        for parent_id in self._gone:
            self._owner.checkpoints.owed.pay(parent_id)

    def _leave_out(self, parent_id: str, reason: AirbyteTracedException) -> None:
        if not self._tally.fails():
            raise reason
        self._owner.leave_out(f"{self._children} {parent_id}", reason, parent_id)

    def _miss(self, parent_id: str) -> None:
        """A parent that is gone is skipped, and owed until all is read and no more are than can be."""
        if self._is_found_again(parent_id):
            sentence = CONTRADICTED.format(parents=self._kind)
            self._leave_out(parent_id, AirbyteTracedException(sentence, sentence, FailureType.transient_error))
            return
        self._owner.count(report.GONE, 1)
        if not self._tally.is_gone():
            sentence = VANISHED.format(gone=self._tally.gone, asked=self._tally.asked, parents=self._kind)
            raise AirbyteTracedException(sentence, sentence, FailureType.transient_error)
        if self._owner.keeps_state:
            self._owner.checkpoints.owed.add(parent_id)
            self._gone.append(parent_id)
            if len(self._gone) > MAX_UNDELIVERED:
                self._owner.checkpoints.owed.pay(self._gone.popleft())

    def _is_found_again(self, parent_id: str) -> bool:
        """Whether a search finds a parent that is not there, as it does for a while after a deletion."""
        partitions = self._owner.partitions
        if not self._is_found(parent_id):
            return False
        for pause in INDEX_PAUSES if self._tally.may_wait() else ():
            partitions.pause(pause)
            if partitions.failed or not self._is_found(parent_id):
                return partitions.failed
        return True

    def _is_found(self, parent_id: str) -> bool:
        try:
            return self._find(parent_id) is not None
        except AirbyteTracedException:
            return True  # or it cannot be known
