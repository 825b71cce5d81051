"""Plain objects: copies of the rows in the response example that the connector's unit tests have of them anyway.

The examples are Intercom's own (OpenAPI description 2.16, MIT), in ``unit_tests/examples``, by the name of the kind.
"""

from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

import orjson

from intercom_sandbox.kind import Kind
from intercom_sandbox.moments import written_like
from intercom_sandbox.store import Object

EXAMPLES = Path(__file__).resolve().parents[2] / "unit_tests" / "examples"
_FIRST = 95
"""The first number of an id: as text the ids are in another order than as numbers."""
_HEXADECIMAL = frozenset("0123456789abcdef")


class Examples:
    """Makes copies of the rows in turn, each with a key of its own, a name with its number, and its own times.

    All else is the example's, so what other ids name is not in the workspace. ``ValueError`` when there are no rows.
    """

    def __init__(self, seed: int, kind: Kind) -> None:
        self._rng = Random(f"{seed}:{kind.name}")
        self._kind = kind
        self._rows = example_rows(kind.name)

    def make(self, number: int, created_at: int, updated_at: int) -> Object:
        """The object with that number."""
        item = deepcopy(self._rows[number % len(self._rows)])
        for name in self._kind.key:
            item[name] = self._own(item[name], number)
        for name, second in (("created_at", created_at), ("updated_at", updated_at)):
            if name in item:
                item[name] = written_like(item[name], second)
        holder, last = self._kind.place_of_visible(item)
        if last not in self._kind.key and isinstance(holder.get(last), str):
            holder[last] = f"{holder[last]} {number}"
        if self._kind.vary:
            self._kind.vary(item, number)
        return item

    def _own(self, value: Any, number: int) -> Any:
        """A value like the example's that no other object has."""
        if isinstance(value, int):
            return _FIRST + number
        if value.isdecimal():
            return str(_FIRST + number)
        if len(value) > 8 and _HEXADECIMAL.issuperset(value):
            return "".join(self._rng.choices("0123456789abcdef", k=len(value)))
        return f"{value}-{number}"


def example_rows(name: str) -> list[Object]:
    """The rows of the first list in the example of a kind. ``ValueError`` when it has none."""
    answer: Object = orjson.loads((EXAMPLES / f"{name}.json").read_bytes())
    rows: list[Object] = next((value for value in answer.values() if isinstance(value, list)), [])
    if not rows:
        raise ValueError(f"the example of {name} has no rows to copy")
    return rows
