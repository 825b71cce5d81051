"""Reading a stream's state, whatever shape it comes in, as the second from which to go on."""

import reprlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

CLOCK_SKEW: Final = 86_400
"""Seconds by which Intercom's clock may be ahead of ours; a state beyond that is no time of a record."""

_MILLISECONDS: Final = 10_000_000_000
"""Seconds will not reach this before the year 2286; larger numbers are milliseconds."""


MAX_DEPTH: Final = 30
"""Objects and lists within each other; states of the official connector have five."""

_NOT_TRUSTED: Final = -1


def resume_second(state: Mapping[str, Any], names: tuple[str, ...], now: int) -> int | None:
    """The earliest second that the state names, or None where it names none that can be trusted.

    Read are today's `{"updated_at": seconds}`; numbers as text, in milliseconds, or ISO 8601; the official
    connector's `{"updated_at": ..., "prior_state": {...}}` and, for conversation parts, its
    `{"conversations": {"updated_at": ...}}`, `{"parent_state": {...}}` and lists of per-parent states under
    `states`. Where several times are found the earliest counts: reading again loses nothing.

    :param names: the cursor fields by which the stream's states may go
    :param now: a time after this, give or take CLOCK_SKEW, is not trusted
    """
    times = [second for value in _values(state, names, MAX_DEPTH) if (second := to_second(value)) is not None]
    trusted = [second for second in times if 0 <= second <= now + CLOCK_SKEW]
    return min(trusted) if trusted and len(trusted) == len(times) else None


def short(state: Mapping[str, Any]) -> str:
    """The state as a log shows it."""
    return reprlib.repr(state)


_AUTHORITIES: Final = ("parent_state", "state")
"""Keys of a state whose times, if there are any, stand for all others beside them."""


def _values(state: Any, names: tuple[str, ...], depth: int) -> list[Any]:
    """The values under the names; below `depth` one that is never trusted, as what is there is not known."""
    if not isinstance(state, Mapping | list):
        return []
    if depth == 0:
        return [_NOT_TRUSTED]
    if isinstance(state, list):
        return [value for item in state for value in _values(item, names, depth - 1)]
    for key in _AUTHORITIES:
        if values := _values(state.get(key), names, depth - 1):
            return values
    own = [state[name] for name in names if state.get(name) is not None]
    parts = [part for key, part in state.items() if key not in ("prior_state", *_AUTHORITIES)]
    return own + [value for part in parts for value in _values(part, names, depth - 1)]


def to_second(value: Any) -> int | None:
    """A time as integer Unix seconds, or None if it is none.

    Intercom's times are seconds, but milliseconds, text and negative numbers have been seen (API notes 2.0).
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str):
        text = value.strip()
        try:
            return to_second(float(text))
        except ValueError:
            return _iso_second(text)
    if isinstance(value, int | float) and -_MILLISECONDS < value < 1000 * _MILLISECONDS:
        return int(value / 1000 if value >= _MILLISECONDS else value)
    return None


def _iso_second(text: str) -> int | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
