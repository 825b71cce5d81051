"""How many conversation parts will come, before they do."""

import threading
from collections.abc import Callable
from typing import Any, Final

FIRST: Final = 100
"""Conversations, if there are as many, by which the parts of all are first estimated."""

RETURNED: Final = 500
"""Parts of a conversation that Intercom returns at most (API notes 4.2)."""


class PartsEstimate:
    """The parts of all changed conversations, by the statistics of those that are found so far.

    It is told when FIRST conversations are found, each time that twice as many are, and when all are.

    :param tell: called with the number of parts, by the thread that found the conversation
    """

    def __init__(self, tell: Callable[[int], None]) -> None:
        self._tell = tell
        self._lock = threading.Lock()
        self._total = 0
        self._found = 0
        self._next = 0
        self._counted = 0
        """Found conversations with statistics, and their parts."""
        self._parts = 0

    def expect(self, conversations: int) -> None:
        """So many conversations have changed."""
        self._total, self._next = conversations, min(FIRST, conversations)
        if not conversations:
            self._tell(0)

    def found(self, conversation: dict[str, Any]) -> None:
        """One of them, as the search returns it."""
        with self._lock:
            self._found += 1
            statistics = conversation.get("statistics")
            count = statistics.get("count_conversation_parts") if isinstance(statistics, dict) else None
            if isinstance(count, int):
                # The count includes the opening message, which is no part.
                self._parts += min(max(count - 1, 0), RETURNED)
                self._counted += 1
            if self._found != self._next:
                return
            self._next = min(2 * self._found, self._total)
            # Without any statistics there is nothing to go by but the number of conversations.
            each = self._parts / self._counted if self._counted else 1
        self._tell(round(each * self._total))
