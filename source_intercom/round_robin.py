"""Taking turns, so that whoever wants little does not wait for all that others want."""

from collections import deque
from collections.abc import Iterator
from itertools import chain
from typing import Generic, TypeVar

Item = TypeVar("Item")


class RoundRobin(Generic[Item]):
    """A queue for each owner; the owners take turns. Not safe to use from several threads without a lock."""

    def __init__(self) -> None:
        self._queues: dict[str, deque[Item]] = {}

    def __bool__(self) -> bool:
        return bool(self._queues)

    def __iter__(self) -> Iterator[Item]:
        """All items, in no order that matters."""
        return chain.from_iterable(self._queues.values())

    def counts(self) -> dict[str, int]:
        """How many items of each owner wait; whose turn is next comes first."""
        return {owner: len(queue) for owner, queue in self._queues.items()}

    def add(self, owner: str, item: Item) -> None:
        """Put an item behind the owner's others."""
        self._queues.setdefault(owner, deque()).append(item)

    def take(self) -> Item:
        """The first item of the owner whose turn it is, who comes last then."""
        owner = next(iter(self._queues))
        queue = self._queues.pop(owner)
        item = queue.popleft()
        if queue:
            self._queues[owner] = queue
        return item

    def remove(self, owner: str, item: Item) -> None:
        """Take an item out of turn."""
        queue = self._queues[owner]
        queue.remove(item)
        if not queue:
            del self._queues[owner]
