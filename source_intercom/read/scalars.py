"""Single values as the types that schemas declare: converted where nothing is lost (API notes 2.0, 11.4).

Each function takes any JSON value but null and raises ValueError where it has nothing of the type to give.
"""

import re
from math import isfinite
from typing import Any, Final

from source_intercom.read.state import to_second

INTEGERS: Final = range(-(2**63), 2**63)
"""What destinations keep: 64 bits."""

SECONDS: Final = range(1, 10_000_000_000)
"""Times that are taken as they are: from there on, in the year 2286, they are milliseconds."""

_YEAR_1: Final = range(-62_135_596_800, -62_104_060_800)
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,19}(\.0*)?", re.ASCII)
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,300}(\.[0-9]{1,300})?([eE][+-]?[0-9]{1,3})?", re.ASCII)


def text(value: Any) -> str:
    """Numbers and booleans as JSON writes them, whole numbers without a fraction."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float) and isfinite(value):
        return str(int(value) if value.is_integer() and int(value) in INTEGERS else value)
    raise ValueError


def identifier(value: Any) -> str:
    """An id: text, or a whole number as text."""
    if isinstance(value, str):
        return value
    return str(value if type(value) is int else integer(value))


def integer(value: Any) -> int:
    """A whole number of at most 64 bits."""
    if type(value) is int and value in INTEGERS:
        return value
    if isinstance(value, float) and value.is_integer():
        return integer(int(value))
    if isinstance(value, str) and _INTEGER.fullmatch(value.strip()):
        return integer(int(value.strip().partition(".")[0]))
    raise ValueError


def number(value: Any) -> int | float:
    """A finite number."""
    if isinstance(value, float) and isfinite(value):
        return value
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        value = value.strip()
        return integer(value) if _INTEGER.fullmatch(value) else number(float(value))
    return integer(value)


def boolean(value: Any) -> bool:
    """True and false, also in words or as 1 and 0."""
    if isinstance(value, bool):
        return value
    if type(value) is int and value in (0, 1):
        return bool(value)
    if isinstance(value, str) and value.strip().lower() in ("true", "false"):
        return value.strip().lower() == "true"
    raise ValueError


def second(value: Any) -> int | None:
    """A time as integer Unix seconds; None for what Intercom sends where there never was one: 0, -1 and the year 1.

    Times before 1970 are kept: customers set when a contact signed up, and when a company began.
    """
    if type(value) is int and value in SECONDS:
        return value
    if type(value) is int and (value in _YEAR_1 or value // 1000 in _YEAR_1):
        return None
    found = to_second(value.removesuffix(" UTC") if isinstance(value, str) else value)
    if found is None:
        raise ValueError
    return None if found in (0, -1) or found in _YEAR_1 else found
