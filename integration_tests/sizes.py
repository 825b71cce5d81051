"""How much a workspace holds, as settings of the sandbox."""

from dataclasses import fields
from typing import Final

from intercom_sandbox.settings import Settings
from unit_tests.contracts import STREAMS

_SIZED: Final = [each.name for each in fields(Settings) if each.name in STREAMS]
"""The streams of which a setting says how many rows there are."""

SMALL: Final = {"contacts": 400, "companies": 130, "conversations": 60, "parts": 600, "tickets": 40}


def every(count: int) -> dict[str, int]:
    """So much of everything; conversations share as many parts as there are without a setting."""
    return dict.fromkeys(_SIZED, count)


def nothing() -> dict[str, int]:
    """Nothing but what no workspace is without: its admins, and the attributes that are Intercom's own."""
    return {name: 0 for name in (*_SIZED, "parts") if name != "admins"}
