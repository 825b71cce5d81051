"""The workspaces that are read: their sizes, their latency, their rate limit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

START_DATE: Final = "2023-12-01T00:00:00Z"
"""Before the first day of the sandbox's data."""

RATE_LIMIT: Final = 1667
"""Requests per window of ten seconds: Intercom's 10,000 a minute (API notes 6)."""

NO_LIMIT: Final = 1_000_000
"""More requests per window than any client sends. The official connector pauses for a second after each request
when answers do not name a limit, so an unlimited sandbox would measure those pauses."""

LATENCY: Final[Mapping[str, float]] = {"search_latency": 0.3, "get_latency": 0.1, "jitter": 0.05}
"""Seconds before an answer; the jitter is random, up to that much on top."""


@dataclass(frozen=True)
class Size:
    """How much a workspace holds. All else is as the sandbox's defaults have it."""

    name: str
    conversations: int

    @property
    def settings(self) -> dict[str, Any]:
        """The sandbox's settings: four contacts, eight parts and half a company per conversation."""
        return {
            "contacts": 4 * self.conversations,
            "conversations": self.conversations,
            "parts": 8 * self.conversations,
            "companies": self.conversations // 2,
        }


SIZES: Final = (Size("small", 250), Size("medium", 750), Size("large", 1750))
QUICK_SIZES: Final = (Size("tiny", 10), Size("little", 30))
