"""Times as they are printed: text, if the option `time_format` says so. All that reads them before takes seconds.

A schema says once, by `x-time`, that a field is a time; what is declared and what is printed follow from that.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache, partial
from typing import Any, Final

UNIT: Final = ", in Unix seconds"
"""What the description of a time says, and is not true of text."""

_EPOCH: Final = date(1970, 1, 1).toordinal()
_WITHIN_HOUR: Final = tuple(f":{second // 60:02}:{second % 60:02}Z" for second in range(3600))

Write = Callable[[Any], Any]


def with_text(node: Mapping[str, Any]) -> dict[str, Any]:
    """A schema, or a part of one, in which times are text that destinations keep as timestamps with a time zone."""
    changed = dict(node)
    if node.get("x-time"):
        kinds = node["type"] if isinstance(node["type"], list) else [node["type"]]
        text = ["string" if kind == "integer" else kind for kind in kinds]
        changed |= {"type": text if len(text) > 1 else text[0], "format": "date-time"}
        changed |= {"airbyte_type": "timestamp_with_timezone", "description": node["description"].replace(UNIT, "")}
    if "properties" in node:
        changed["properties"] = {name: with_text(each) for name, each in node["properties"].items()}
    if "items" in node:
        changed["items"] = with_text(node["items"])
    return changed


def writer(node: Mapping[str, Any]) -> Write | None:
    """A function that gives rows, or parts of them, with their times as text; None where there are none.

    What has no time is handed on, and what has is copied: a row may be read on after it was printed, and share what it
    holds with the rows that are nested in it.
    """
    if node.get("x-time"):
        return _text
    items = writer(node["items"]) if "items" in node else None
    fields = {name: write for name, each in node.get("properties", {}).items() if (write := writer(each))}
    times = tuple(name for name, write in fields.items() if write is _text)
    others = tuple((name, write) for name, write in fields.items() if write is not _text)
    if fields and items:
        return lambda value: _list(items, value) if type(value) is list else _object(times, others, value)
    if fields:
        return partial(_object, times, others)
    return items and partial(_list, items)


def written(rows: Iterator[tuple[str, Any]], writes: Mapping[str, Write]) -> Iterator[tuple[str, Any]]:
    """Rows, each with the name of its stream, as they are printed."""
    for name, row in rows:
        write = writes.get(name)
        yield name, write(row) if write else row


def _object(times: Sequence[str], others: Sequence[tuple[str, Write]], value: Any) -> Any:
    """The times stand here as in `_text`, whose call would take as long as what it does."""
    if type(value) is not dict:
        return value
    written = value.copy()
    for name in times:
        if type(second := value.get(name)) is int:
            written[name] = _hour(second // 3600) + _WITHIN_HOUR[second % 3600]
    for name, write in others:
        if (item := value.get(name)) is not None:
            written[name] = write(item)
    return written


def _list(write: Write, value: Any) -> Any:
    return [write(item) for item in value] if type(value) is list else value


def _text(second: Any) -> Any:
    """A second since 1970, or before, as `2024-01-31T12:00:00Z`; what is no second is handed on.

    Put together from its parts: contacts have up to ten times each, and formatting all of them takes long.
    """
    if type(second) is not int:
        return second
    return _hour(second // 3600) + _WITHIN_HOUR[second % 3600]


@lru_cache(maxsize=8192)  # a year's
def _hour(number: int) -> str:
    return f"{_day(number // 24)}T{number % 24:02}"


@lru_cache(maxsize=4096)  # eleven years'
def _day(number: int) -> str:
    return date.fromordinal(_EPOCH + number).isoformat()
