"""Lists inside records, of which Intercom returns only so many entries and says so beside them (API notes 3.1, 4.2).

The shape: `{"type": "list", "data": […], "total_count": 14, "has_more": true}`; some lists only have a `total_count`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from source_intercom.api.shapes import as_object

_Lacking = Callable[[Any], int]
_Holder = Mapping[str, Any]


def missing_entries(schema: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], int]:
    """A function that says how many entries the lists of a record lack; at least 1 where Intercom says there are more.

    The schema is looked through once, here: lists beside which it declares `has_more` or `total_count`.
    """
    lacking = tuple(_lists(schema))

    def missing(record: Mapping[str, Any]) -> int:
        number = 0
        for name, lacks in lacking:
            value = record.get(name)
            if value and isinstance(value, dict):
                number += lacks(value)
        return number

    return missing


def missing_at(record: Mapping[str, Any], path: Sequence[str]) -> int:
    """How many entries the list at a path lacks, by what is said beside it."""
    *above, name = path
    holder = record
    for each in above:
        holder = as_object(holder.get(each))
    lacks = _told_by_flag if "has_more" in holder else _told_by_count
    return lacks((name,))(holder)


def _lists(schema: Mapping[str, Any]) -> Iterator[tuple[str, _Lacking]]:
    for name, field in schema.get("properties", {}).items():
        declared = field.get("properties", {})
        entries = tuple(key for key, one in declared.items() if "items" in one)
        if "has_more" in declared:
            yield name, _told_by_flag(entries)
        elif "total_count" in declared:
            yield name, _told_by_count(entries)
        elif any(_lists(field)):
            yield name, missing_entries(field)


def _told_by_flag(fields: tuple[str, ...]) -> _Lacking:
    by_count = _told_by_count(fields)
    return lambda holder: max(by_count(holder), 1) if holder.get("has_more") else 0


def _told_by_count(fields: tuple[str, ...]) -> _Lacking:
    def lacks(holder: _Holder) -> int:
        total = holder.get("total_count")
        if not total or type(total) is not int:
            return 0
        entries = (holder.get(name) for name in fields)
        return max(total - sum(len(some) for some in entries if isinstance(some, list)), 0)

    return lacks
