"""Rows that tickets and conversations get later, and those that are read off them (API notes 3.4, 3.7, 4.3)."""

from collections.abc import Callable
from random import Random
from typing import Any

from intercom_sandbox.data.generator import Generator
from intercom_sandbox.data.messages import attachments
from intercom_sandbox.data.templates import template

Object = dict[str, Any]
_FIRST_PART = 80_000_000


class TicketParts:
    """Writes further parts of tickets."""

    def __init__(self, generator: Generator) -> None:
        self._cast = generator.cast
        self._texts = generator.texts
        self._rng = Random(f"{generator.seed}:ticket_parts")
        self._next = _FIRST_PART

    def make(self, ticket: Object, at: int) -> Object:
        """A comment of an admin; keys that are unset are absent."""
        part = template("ticket_part") | {
            "id": str(self._next),
            "part_type": "comment",
            "body": self._texts.draw(self._rng),
            "author": self._rng.choice(self._cast.people),
            "attachments": attachments(self._next),
            "created_at": at,
            "updated_at": at,
        }
        self._next += 1
        del part["ticket_state"], part["previous_ticket_state"]
        return part


def count_ticket_parts(ticket: Object, parts: list[bytes]) -> None:
    """``total_count`` is the number of parts."""
    ticket["ticket_parts"]["total_count"] = len(parts)


class AppliedTags:
    """Applies tags of the workspace to conversations."""

    def __init__(self, generator: Generator) -> None:
        self._cast = generator.cast

    def make(self, conversation: Object, at: int) -> Object:
        """A tag that the conversation has not yet, applied by an admin. ``ValueError`` when it has them all."""
        present = {tag["id"] for tag in conversation["tags"]["tags"]}
        tag = next((tag for tag in self._cast.tags if tag["id"] not in present), None)
        if tag is None:
            raise ValueError(f"Conversation {conversation['id']} has all tags")
        return {**tag, "applied_at": at, "applied_by": {"type": "admin", "id": self._cast.people[0]["id"]}}


def listed(*path: str) -> Callable[[Object], list[Object]]:
    """Reads the rows in the list at a path off a parent; none where something on the way is absent or null."""

    def rows(parent: Object) -> list[Object]:
        found: Any = parent
        for name in path:
            found = (found or {}).get(name)
        return list(found or [])

    return rows


def indexed(*path: str) -> Callable[[Object], list[Object]]:
    """The same, each with its place in the list as its ``index``."""
    rows = listed(*path)
    return lambda parent: [{**row, "index": place} for place, row in enumerate(rows(parent))]
