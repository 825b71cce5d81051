"""Parents that were found and whose children are read one by one: what becomes of those that cannot be had."""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, Final, Protocol, TypeVar

from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom import report
from source_intercom.api.reader import GoneError
from source_intercom.api.sentences import CONTRADICTED, TOO_FAST, VANISHED, says
from source_intercom.read.checkpoints import Checkpoints
from source_intercom.read.open_partitions import MAX_UNDELIVERED, OpenPartitions
from source_intercom.read.tally import Tally

INDEX_PAUSES: Final = (15, 30, 45)
"""Seconds between searches for a parent that is gone: the index may show it for 90 s more (API notes 14)."""

Batch = TypeVar("Batch")


class Owner(Protocol):
    """A stream whose rows are made of the children."""

    @property
    def name(self) -> str:
        """The stream's name."""
        ...

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
    or one can still be found, something else is wrong. A few may fail, each for a reason of its own. Those of a list
    that were gone are looked for once more when all is read: in the list, which is begun after they were gone.

    :param kind: the name of the stream whose records they are
    :param children: what is read of each, in words
    :param find: looks for one by its id
    :param pauses: seconds for which one may still be found although it is gone, bit by bit
    :param listed: the ids of those that a list has now; None where they come from no list
    """

    def __init__(
        self,
        kind: str,
        children: str,
        find: Callable[[str], Any],
        pauses: Sequence[int],
        listed: Callable[[], Collection[str]] | None,
    ) -> None:
        self._kind = kind
        self._children = children
        self._find = find
        self._pauses = pauses
        self._listed = listed
        self._tally = Tally()
        self._gone: dict[str, deque[str]] = {}

    def read(self, parent_id: str, owners: Sequence[Owner], fetch: Callable[[], Iterable[Batch]]) -> Iterator[Batch]:
        """What `fetch` returns; nothing for a parent that is gone or left out.

        :param owners: whose rows are made of it
        :raises AirbyteTracedException: what keeps Intercom from answering, if it is not about this parent alone
        """
        self._tally.ask()
        try:
            yield from fetch()
        except GoneError:
            self._miss(parent_id, owners)
        except AirbyteTracedException as error:
            if error.failure_type == FailureType.config_error or says(error, TOO_FAST):
                raise
            self._leave_out(parent_id, owners, error)

    def completed(self, owner: Owner) -> None:
        """All of an owner is read, and nothing failed: parents that were gone, and are in no list, are not owed.

        :raises AirbyteTracedException: if more are listed than may fail, or what keeps Intercom from listing them
        """
        gone = self._gone.get(owner.name, ())
        listed = self._listed() if gone and self._listed else ()
        for parent_id in gone:
            if parent_id in listed:
                owner.count(report.GONE, -1)
                self._leave_out(parent_id, (owner,), self._contradiction())
            owner.checkpoints.owed.pay(parent_id)

    def _leave_out(self, parent_id: str, owners: Sequence[Owner], reason: AirbyteTracedException) -> None:
        if not self._tally.fails():
            raise reason
        for owner in owners:
            owner.leave_out(f"{self._children} {parent_id}", reason, parent_id)

    def _miss(self, parent_id: str, owners: Sequence[Owner]) -> None:
        """A parent that is gone is skipped, and owed until all is read and no more are than can be."""
        if self._is_found_again(parent_id, owners[0].partitions):
            self._leave_out(parent_id, owners, self._contradiction())
            return
        for owner in owners:
            owner.count(report.GONE, 1)
        if not self._tally.is_gone():
            sentence = VANISHED.format(gone=self._tally.gone, asked=self._tally.asked, parents=self._kind)
            raise AirbyteTracedException(sentence, sentence, FailureType.transient_error)
        for owner in owners:
            self._owe(owner, parent_id)

    def _contradiction(self) -> AirbyteTracedException:
        sentence = CONTRADICTED.format(parents=self._kind)
        return AirbyteTracedException(sentence, sentence, FailureType.transient_error)

    def _owe(self, owner: Owner, parent_id: str) -> None:
        gone = self._gone.setdefault(owner.name, deque())
        owner.checkpoints.owed.add(parent_id)
        gone.append(parent_id)
        if len(gone) > MAX_UNDELIVERED:
            owner.checkpoints.owed.pay(gone.popleft())

    def _is_found_again(self, parent_id: str, partitions: OpenPartitions) -> bool:
        """Whether a parent that is not there is found, as a search does for a while after a deletion."""
        if not self._is_found(parent_id):
            return False
        for pause in self._pauses if self._tally.may_wait() else ():
            partitions.pause(pause)
            if partitions.failed or not self._is_found(parent_id):
                return partitions.failed
        return True

    def _is_found(self, parent_id: str) -> bool:
        try:
            return self._find(parent_id) is not None
        except AirbyteTracedException:
            return True  # or it cannot be known
