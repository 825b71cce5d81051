"""Times of the workspace, which are seconds, as the connector prints them unless it is told otherwise."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any


def as_text(value: Any, schema: Mapping[str, Any]) -> Any:
    """A value whose times are seconds, with each of them as text."""
    if schema.get("x-time") and isinstance(value, int):
        return datetime.fromtimestamp(value, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, dict):
        declared = schema.get("properties", {})
        return {name: as_text(each, declared.get(name, {})) for name, each in value.items()}
    if isinstance(value, list):
        return [as_text(each, schema.get("items", {})) for each in value]
    return value
