"""Rows that keep to the schema of their stream, whatever the API sends (API notes 2.0, 11.4).

A schema is compiled once, into functions that look at what it declares. What it does not declare stays as it is.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from source_intercom.read import scalars

Coerce = Callable[[Any], Any]
Misfit = Callable[[str], None]


class _Rule(NamedTuple):
    """How a place of a row keeps its type: values of `fitting` are left alone, `coerce` gives what others become."""

    fitting: type | None
    coerce: Coerce


def row_coercion(schema: Mapping[str, Any], misfit: Misfit) -> Callable[[dict[str, Any]], bool]:
    """A function that makes a row fit the schema, in place, and says whether the row has all that may not be null.

    A value of another type is converted where nothing is lost, else it becomes null. Words of our own in a schema:
    `x-time` (an integer is a time) and `x-text-of` (an object may come instead of a text that
    it holds under this name). Ids, `id`, `*_id` and `*_ids`, are text.

    :param misfit: called with the path of a field, as `tags.data[].id`, for each value that became null
    """
    properties = schema["properties"]
    never_null = {name: "null" not in properties[name]["type"] for name in schema["required"]}
    coerce = _or_object(properties, "", misfit, _misfit("", misfit))

    def coerce_row(row: dict[str, Any]) -> bool:
        coerce(row)
        for name, needed in never_null.items():
            if row.get(name) in (None, ""):
                if needed:
                    return False
                row[name] = None
        return True

    return coerce_row


def of_required_fields(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema of rows of which only the required fields are looked at: keys and cursors."""
    return {**schema, "properties": {name: schema["properties"][name] for name in schema["required"]}}


def _rule(name: str, node: Mapping[str, Any], path: str, misfit: Misfit) -> _Rule:
    declared = node["type"]
    kinds = {declared} if isinstance(declared, str) else set(declared)
    fitting, coerce = _scalar(name, node, kinds, path, misfit)
    if "array" in kinds:
        coerce = _or_list(_rule(name.removesuffix("s"), node["items"], f"{path}[]", misfit), coerce)
    if "object" in kinds and node.get("properties"):
        coerce = _or_object(node["properties"], f"{path}.", misfit, coerce)
    return _Rule(dict if kinds == {"null", "object"} and not node.get("properties") else fitting, coerce)


def _or_object(properties: Mapping[str, Any], prefix: str, misfit: Misfit, otherwise: Coerce) -> Coerce:
    rules = {name: _rule(name, node, f"{prefix}{name}", misfit) for name, node in properties.items()}
    fitting = {name: rule.fitting for name, rule in rules.items()}
    coercions = {name: rule.coerce for name, rule in rules.items()}

    def coerce(value: Any) -> Any:
        if type(value) is not dict:
            return otherwise(value)
        for name, item in value.items():
            if item is not None and type(item) is not fitting.get(name) and name in coercions:
                value[name] = coercions[name](item)
        return value

    return coerce


def _or_list(items: _Rule, otherwise: Coerce) -> Coerce:
    fitting, coerce_item = items

    def coerce(value: Any) -> Any:
        if type(value) is not list:
            return otherwise(value)
        for index, item in enumerate(value):
            if item is not None and type(item) is not fitting:
                value[index] = coerce_item(item)
        return value

    return coerce


def _scalar(name: str, node: Mapping[str, Any], kinds: set[str], path: str, misfit: Misfit) -> _Rule:
    otherwise = _misfit(path, misfit)
    if node.get("x-time"):
        return _Rule(None, _or_integer(scalars.SECONDS, _or(scalars.second, otherwise)))
    if "integer" in kinds:
        return _Rule(None, _or_integer(scalars.INTEGERS, _or(scalars.integer, otherwise)))
    if "number" in kinds:
        return _Rule(None, _or(scalars.number, otherwise))
    if "boolean" in kinds:
        return _Rule(bool, _or(scalars.boolean, otherwise))
    if "string" not in kinds:
        return _Rule(None, otherwise)
    if field := node.get("x-text-of"):
        return _Rule(str, _or(_text_of(field), otherwise))
    is_id = name == "id" or name.endswith("_id")
    return _Rule(str, _or(scalars.identifier if is_id else scalars.text, otherwise))


def _misfit(path: str, misfit: Misfit) -> Coerce:
    def coerce(value: Any) -> None:
        misfit(path)

    return coerce


def _or_integer(values: range, otherwise: Coerce) -> Coerce:
    first, last = values.start, values.stop - 1

    def coerce(value: Any) -> Any:
        return value if type(value) is int and first <= value <= last else otherwise(value)

    return coerce


def _or(convert: Coerce, otherwise: Coerce) -> Coerce:
    def coerce(value: Any) -> Any:
        try:
            return convert(value)
        except ValueError:
            return otherwise(value)

    return coerce


def _text_of(field: str) -> Coerce:
    def convert(value: Any) -> Any:
        if not isinstance(value, dict):
            return scalars.text(value)
        if field not in value:
            raise ValueError
        return None if value[field] is None else scalars.text(value[field])

    return convert
