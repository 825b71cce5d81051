"""One example of every object, from the response examples of Intercom's OpenAPI description 2.16 (MIT).

The examples are server generated, so they show the wire's shape where the hand-written schemas differ (API notes 11).
Generators copy a template and set what varies; a key that no generator names keeps the example's value.
"""

from importlib.resources import files
from typing import Any

import orjson


def template(name: str) -> dict[str, Any]:
    """A fresh copy of the example of an object, e.g. ``template("contact")``."""
    example: dict[str, Any] = orjson.loads(files(__package__).joinpath(f"{name}.json").read_bytes())
    return example
