"""Identifiers are strings on every stream, whatever the API sends (API notes 11.4)."""

from collections.abc import Callable, Mapping
from typing import Any

Cast = Callable[[Any], Any]


def id_cast(schema: Mapping[str, Any]) -> Callable[[dict[str, Any]], None]:
    """A function that turns the integer ids of a record into strings, in place.

    Ids are the properties `id`, `*_id` and `*_ids` that the schema declares as strings. The schema is
    walked once, here; a record is only touched where it may hold an id.
    """
    cast = _object_cast(schema)
    return cast if cast else lambda record: None


def _value_cast(name: str, schema: Mapping[str, Any]) -> Cast | None:
    if name == "id" or name.endswith(("_id", "_ids")):
        return _to_strings
    items = schema.get("items")
    item_cast = _object_cast(items) if isinstance(items, Mapping) else None
    own_cast = _object_cast(schema)

    def cast(value: Any) -> Any:
        if isinstance(value, dict) and own_cast:
            own_cast(value)
        elif isinstance(value, list) and item_cast:
            for item in value:
                if isinstance(item, dict):
                    item_cast(item)
        return value

    return cast if item_cast or own_cast else None


def _object_cast(schema: Mapping[str, Any]) -> Callable[[dict[str, Any]], None] | None:
    casts = {name: cast for name, value in schema.get("properties", {}).items() if (cast := _value_cast(name, value))}

    def cast_object(record: dict[str, Any]) -> None:
        for name, cast in casts.items():
            value = record.get(name)
            if value is not None:
                record[name] = cast(value)

    return cast_object if casts else None


def _to_strings(value: Any) -> Any:
    if isinstance(value, list):
        return [_to_strings(item) for item in value]
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value
