"""What a read did, counted per stream and said at its end: nothing is skipped in silence."""

import threading
from collections import Counter
from typing import Final

EXPECTED: Final = "expected"
EMITTED: Final = "emitted"
CHANGED: Final = "changed conversations"
GONE: Final = "skipped as deleted since they were found"
TRUNCATED: Final = "conversations with more parts than Intercom returns"
UNREACHABLE: Final = "parts beyond Intercom's limit of 500 per conversation"
CUT: Final = "records with lists that Intercom cut short"
LACKING: Final = "entries missing in them"
FULL: Final = "tickets with 500 parts, the most that Intercom returns"
UNDELIVERED: Final = "not delivered by Intercom"
WITHHELD: Final = "counted by Intercom and not returned"
REPEATED: Final = "met again and not emitted twice"
RESTARTS: Final = "restarts"
RETRIES: Final = "repeated requests"
REFUSALS: Final = "429 answers"
REQUESTS: Final = "requests"


class Reports:
    """Counters by stream and what is counted; safe to use from all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, Counter[str]] = {}

    def add(self, stream: str, what: str, count: int = 1) -> None:
        """Count something of a stream."""
        with self._lock:
            self._counts.setdefault(stream, Counter())[what] += count

    def count(self, stream: str, what: str) -> int:
        """How often something was counted."""
        with self._lock:
            return self._counts.get(stream, Counter())[what]

    def lines(self) -> list[str]:
        """One sentence per stream, in the order in which the streams began."""
        with self._lock:
            return [f"{stream}: {_sentence(counts)}" for stream, counts in self._counts.items()]


def _sentence(counts: Counter[str]) -> str:
    always = f"{counts[EMITTED]} records emitted, {counts[REQUESTS]} requests"
    expected = [f"{counts[EXPECTED]} expected"] if EXPECTED in counts else []
    others = [f"{count} {what}" for what, count in counts.items() if what not in (EMITTED, REQUESTS, EXPECTED)]
    return ", ".join([*expected, always, *others])
