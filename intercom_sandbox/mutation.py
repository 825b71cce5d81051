"""What a change of the workspace's data says."""

import time
from dataclasses import dataclass, field
from typing import Any

from intercom_sandbox.errors import invalid
from intercom_sandbox.kind import Kind
from intercom_sandbox.kinds import KINDS
from intercom_sandbox.store import Object


@dataclass(frozen=True)
class Mutation:
    """One change.

    ``object`` is a stream's name, ``ids`` are the objects concerned (None: ``count`` random ones, the same by seed),
    ``fields`` are merged onto each object, ``at`` is the moment in Unix seconds (None: now), ``parts`` counts the parts
    per conversation, ``pairs`` are the contacts to merge as ``[source, target]``. ``parents`` get a new nested row for
    each time that they are named (None: ``count`` random ones get one each).
    """

    operation: str
    object: str = "conversations"
    ids: list[str] | None = None
    count: int = 1
    fields: Object = field(default_factory=dict)
    at: int | None = None
    parts: int = 1
    pairs: list[tuple[str, str]] | None = None
    parents: list[str] | None = None

    @classmethod
    def of(cls, request: dict[str, Any]) -> "Mutation":
        """The mutation that a request asks for; 400 when it has other keys."""
        try:
            return cls(**request)
        except TypeError as error:
            raise invalid(str(error)) from None

    @property
    def kind(self) -> Kind:
        """The kind of the objects."""
        if self.object not in KINDS:
            raise invalid(f"Unknown object {self.object}")
        return KINDS[self.object]

    def moment(self) -> int:
        """When it happens, if it is performed now; what is created may say so itself."""
        at = self.fields.get("updated_at") if self.at is None and self.operation == "create" else self.at
        return int(time.time()) if at is None else at
