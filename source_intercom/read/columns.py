"""Columns for custom attributes: their names and types, and what a configured catalog says of them (API notes 5b).

A column's schema says by `x-attribute` where its value is in a row: `["custom_attributes", "Plan: tier"]`.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, NamedTuple

from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.utils.casing import camel_to_snake
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom.read.times import UNIT

PREFIX: Final = "custom_"

MOST_LETTERS: Final = 63
"""Letters of a column's name: what PostgreSQL takes, and no other destination takes fewer."""

MOST_COLUMNS: Final = 1_000
"""Columns of one stream. PostgreSQL and Redshift take 1,600 in a table."""

_TEXT: Final[Mapping[str, Any]] = {"type": ["null", "string"]}
_NUMBER: Final[Mapping[str, Any]] = {"type": ["null", "number"]}
_OBJECT: Final[Mapping[str, Any]] = {"type": ["null", "object"], "additionalProperties": True}

_TYPES: Final[Mapping[str, Mapping[str, Any]]] = {
    "integer": {"type": ["null", "integer"]},
    "float": _NUMBER,
    "decimal": _NUMBER,
    "boolean": {"type": ["null", "boolean"]},
    "date": {"type": ["null", "integer"], "x-time": True},
    "relationship": _OBJECT,
    "files": {"type": ["null", "array"], "items": _OBJECT},
}
"""The columns of data types; all others are text, lists to choose from and `datetime` too."""


class Attribute(NamedTuple):
    """A custom attribute: its name in the objects that have it, its data type, its id as text."""

    name: str
    data_type: str
    id: str
    is_archived: bool


def columns_of(attributes: Iterable[Attribute], holder: str, taken: Collection[str]) -> dict[str, dict[str, Any]]:
    """The schemas of columns, by name: those of attributes in use first.

    Attributes of one name, be they archived or of several types of tickets, share a column.

    :param holder: the field of a row that holds the attributes
    :param taken: names that columns have already
    """
    by_name: dict[str, list[Attribute]] = {}
    for attribute in sorted(attributes, key=lambda each: (each.is_archived, len(each.id), each.id)):
        by_name.setdefault(attribute.name, []).append(attribute)
    names = _names({name: same[0].id for name, same in by_name.items()}, taken)
    return {names[name]: _schema(holder, name, {each.data_type for each in same}) for name, same in by_name.items()}


def with_columns(schema: Mapping[str, Any], columns: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema with more columns."""
    return {**schema, "properties": {**schema["properties"], **columns}} if columns else schema


def configured(stream: str, properties: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The columns for attributes in a stream's configured schema, with times in seconds.

    :raises AirbyteTracedException: a config error where a column is not as `columns_of` makes them
    """
    columns = {}
    for name, node in properties.items():
        if not isinstance(node, dict) or "x-attribute" not in node:
            continue
        match node["x-attribute"]:
            case [str() as holder, str() as attribute]:
                path = [holder, attribute]
            case _:
                raise _unusable(stream, name)
        kind = {"type": ["null", "integer"], "x-time": True} if node.get("x-time") else _TYPES_BY_KIND.get(_kind(node))
        if kind is None:
            raise _unusable(stream, name)
        columns[name] = {**kind, "x-attribute": path, "description": str(node.get("description", ""))}
    return columns


def _kind(node: Mapping[str, Any]) -> str:
    kinds = node.get("type")
    others = [kind for kind in kinds if kind != "null"] if isinstance(kinds, list) else [kinds]
    return str(others[0]) if len(others) == 1 else ""


_TYPES_BY_KIND: Final = {_kind(node): node for node in (_TEXT, *_TYPES.values()) if "x-time" not in node}


def _unusable(stream: str, column: str) -> AirbyteTracedException:
    sentence = f"The catalog's column {column} of {stream} cannot be filled; refresh the connection's schema."
    return AirbyteTracedException(sentence, sentence, FailureType.config_error)


def _schema(holder: str, name: str, data_types: Collection[str]) -> dict[str, Any]:
    (first, *others) = (_TYPES.get(data_type, _TEXT) for data_type in sorted(data_types))
    node = _TEXT if any(other != first for other in others) else first
    description = f"Custom attribute “{name}”" + (UNIT if "x-time" in node else "") + "."
    return {**node, "description": description, "x-attribute": [holder, name]}


def _names(ids: Mapping[str, str], taken: Collection[str]) -> dict[str, str]:
    """The column of each attribute; where two would have the same, each has its attribute's id at the end."""
    plain = {name: snake(name)[: MOST_LETTERS - len(PREFIX)].rstrip("_") for name in ids}
    wanted = Counter([*plain.values(), *(each.removeprefix(PREFIX) for each in taken if each.startswith(PREFIX))])
    names: dict[str, str] = {}
    used = {PREFIX + own for own, number in wanted.items() if number == 1} | set(taken)
    for name, own in plain.items():
        column, ending = PREFIX + own, ""
        if not own or wanted[own] > 1:
            while not ending or column in used:
                ending += f"_{ids[name]}"
                column = (PREFIX + own)[: MOST_LETTERS - len(ending)].rstrip("_") + ending
        used.add(column)
        names[name] = column
    return names


def snake(name: str) -> str:
    """A name in lower case, words joined by underscores; accents are taken off, other letters than a to z fall out."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub("[^a-z0-9]+", "_", camel_to_snake(re.sub("[^A-Za-z0-9]+", "_", plain)).lower()).strip("_")
