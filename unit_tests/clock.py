"""What time it is for the connector."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Final

import pytest

MODULES: Final = (
    "read.family",
    "read.open_window",
    "read.search",
    "read.search_pages",
    "streams.base",
    "streams.content",
)
"""Those that look at the clock."""


def set_clock(patch: pytest.MonkeyPatch, clock: Callable[[], int]) -> None:
    """Let all of them believe that it is the second that `clock` tells."""
    for module in MODULES:
        patch.setattr(f"source_intercom.{module}.time", SimpleNamespace(time=clock))
