"""Pieces of bodies whose shape nobody can promise: one of another shape stands for nothing."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

_LARGEST_COUNT: Final = 2**53


def as_object(value: Any) -> dict[str, Any]:
    """The object; an empty one if it is none."""
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """The list; an empty one if it is none."""
    return value if isinstance(value, list) else []


def as_objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; none if it is none."""
    return [item for item in as_list(value) if isinstance(item, dict)]


def value_at(record: Mapping[str, Any], path: Sequence[str]) -> Any:
    """What is at a path; None where nothing is."""
    value: Any = record
    for name in path:
        value = as_object(value).get(name)
    return value


def objects_at(record: Mapping[str, Any], path: Sequence[str]) -> list[dict[str, Any]]:
    """The objects of the list at a path; none where there is no such list."""
    return as_objects(value_at(record, path))


def as_count(value: Any) -> int:
    """How many there are: a number, also as text; 0 where it is none, or none that can be believed."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < len(str(_LARGEST_COUNT)):
        value = int(value)
    return int(value) if type(value) in (int, float) and 0 <= value <= _LARGEST_COUNT else 0
