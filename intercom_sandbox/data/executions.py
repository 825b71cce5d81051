"""What data connectors did (API notes 3.22)."""

from itertools import count
from random import Random
from typing import Any

from intercom_sandbox import compact
from intercom_sandbox.data.examples import example_rows
from intercom_sandbox.data.generator import Generator
from intercom_sandbox.moments import second_of, written_like

Object = dict[str, Any]
_FIRST = 99_000
_MANY = 33
"""Results of the first connector: more than fit on a page."""


class Executions:
    """Makes results: each third connector has none, each fifth failure names no connector."""

    def __init__(self, generator: Generator) -> None:
        self._rng = Random(f"{generator.seed}:executions")
        self._examples = example_rows("data_connector_results")
        self._ids = count(_FIRST)
        self._connectors = count()

    def first(self, connector: Object) -> list[bytes]:
        """Those of a connector, oldest first."""
        number = next(self._connectors)
        how_many = _MANY if number == 0 else number % 3
        span = second_of(connector["created_at"]), second_of(connector["updated_at"])
        moments = sorted(self._rng.randint(*span) for _ in range(how_many))
        return [compact.dumps(self.make(connector, moment)) for moment in moments]

    def make(self, connector: Object, at: int) -> Object:
        """One more, at that second."""
        number = next(self._ids)
        example = self._examples[number % len(self._examples)]
        own = {"id": str(number), "data_connector_id": connector["id"]}
        row = example | own | {"created_at": written_like(example["created_at"], at)}
        if number % 5 == 0 and not row["success"]:
            del row["data_connector_id"]
        return row
