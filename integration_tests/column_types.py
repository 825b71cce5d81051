"""Which columns a JSON schema asks for."""

from collections.abc import Mapping
from typing import Any


def column_type(declared: Mapping[str, Any], types: Mapping[str, str], composite: str, time_type: str) -> str:
    """The type of a field's column; `composite` is that of objects, lists, and what may be of several types."""
    if declared.get("format") == "date-time":
        return time_type
    kinds = {*declared["type"]} if isinstance(declared["type"], list) else {declared["type"]}
    (kind, *others) = kinds - {"null"}
    return composite if others else types.get(kind, composite)
