"""JSON as real servers send it: what strict JSON refuses is mended, so that all of it can be printed again.

Text is cut without regard to its meaning, which leaves halves of characters; other clients write bytes that are no
UTF-8, control characters, and numbers that are none.
"""

import json
import re
from math import isfinite
from typing import Any, Final

_REPLACEMENT: Final = "\ufffd"
_ESCAPE: Final = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"  # a character in two halves
    r"|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"  # a half without the other
    r"|\\.",
    re.DOTALL,
)
_LENGTH_OF_HALF: Final = 6
"""Of its escape; that of a whole character is twice as long, all others have two characters here."""

_DEEPEST: Final = 200
"""Levels of objects and lists that are kept."""

_LONGEST: Final = 20
"""Characters of an integer of 64 bits, at most."""


def loads(content: bytes) -> tuple[Any, int]:
    """The JSON value of a body and how much of it was replaced, or None and 0 where it is no JSON or cut off.

    Halves of characters and bytes that are no text become U+FFFD. NaN, infinite numbers, and what lies deeper than
    _DEEPEST become null. Integers of more than 64 bits become floating-point numbers, as orjson reads them.
    """
    mended = _Mended()
    try:
        return mended.value(content), mended.replaced
    except (ValueError, RecursionError):
        return None, 0


class _Mended:
    """Counts what it replaces."""

    def __init__(self) -> None:
        self.replaced = 0

    def value(self, content: bytes) -> Any:
        text = content.decode(json.detect_encoding(content), "replace")
        self.replaced = text.count(_REPLACEMENT) - content.count(_REPLACEMENT.encode())
        value = json.loads(
            _ESCAPE.sub(self._escape, text),
            strict=False,
            parse_int=self._integer,
            parse_float=self._number,
            parse_constant=self._number,
        )
        return self._bounded(value, _DEEPEST)

    def _escape(self, escape: re.Match[str]) -> str:
        if len(escape[0]) != _LENGTH_OF_HALF:
            return escape[0]
        self.replaced += 1
        return _REPLACEMENT

    def _integer(self, digits: str) -> int | float | None:
        is_short = len(digits) <= _LONGEST
        return int(digits) if is_short and -(2**63) <= int(digits) < 2**64 else self._number(digits)

    def _number(self, digits: str) -> float | None:
        value = float(digits)
        if isfinite(value):
            return value
        self.replaced += 1
        return None

    def _bounded(self, value: Any, levels: int) -> Any:
        if not isinstance(value, dict | list):
            return value
        if not levels:
            self.replaced += 1
            return None
        if isinstance(value, dict):
            return {key: self._bounded(each, levels - 1) for key, each in value.items()}
        return [self._bounded(each, levels - 1) for each in value]
