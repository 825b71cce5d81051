"""Rows that objects get later, and those that are read off them (API notes 3.4 to 3.7, 4.3).

Builders make the first ones, but for those of plain objects.
"""

from collections.abc import Callable
from itertools import count
from random import Random
from typing import Any

from intercom_sandbox import compact
from intercom_sandbox.data.examples import example_rows
from intercom_sandbox.data.generator import Generator
from intercom_sandbox.data.messages import attachments
from intercom_sandbox.data.templates import template

Object = dict[str, Any]
_FIRST_PART = 80_000_000
_FIRST_ATTRIBUTE = 95


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


class Tags:
    """Puts tags of the workspace on objects."""

    def __init__(self, generator: Generator) -> None:
        self._cast = generator.cast

    def make(self, parent: Object, at: int) -> Object:
        """A tag that the object has not yet. ``ValueError`` when it has them all."""
        present = {tag["id"] for tag in parent["tags"]["tags"]}
        tag = next((tag for tag in self._cast.tags if tag["id"] not in present), None)
        if tag is None:
            raise ValueError(f"{parent['type'].capitalize()} {parent['id']} has all tags")
        return tag


class AppliedTags(Tags):
    """The same, where tags tell who applied them."""

    def make(self, parent: Object, at: int) -> Object:
        """The same, applied by an admin."""
        return {
            **super().make(parent, at),
            "applied_at": at,
            "applied_by": {"type": "admin", "id": self._cast.people[0]["id"]},
        }


class TypeAttributes:
    """Gives ticket types their attributes: copies of those in the example, each with an id of its own."""

    def __init__(self, generator: Generator) -> None:
        self._ids = count(_FIRST_ATTRIBUTE)

    def first(self, ticket_type: Object) -> list[bytes]:
        """Those that the example of the type has."""
        return [compact.dumps(self._own(row, ticket_type)) for row in ticket_type["ticket_type_attributes"]["data"]]

    def make(self, ticket_type: Object, at: int) -> Object:
        """One more."""
        example = example_rows("ticket_types")[0]["ticket_type_attributes"]["data"][0]
        return self._own(example, ticket_type) | {"created_at": at, "updated_at": at}

    def _own(self, example: Object, ticket_type: Object) -> Object:
        return example | {"id": str(next(self._ids)), "ticket_type_id": int(ticket_type["id"])}


def team_admins(team: Object) -> list[Object]:
    """The admins in a team, which lists their ids, and those of two levels of priority (API notes 3.6)."""
    levels = team.get("admin_priority_level") or {}
    named = {level: levels.get(f"{level}_admin_ids") or [] for level in ("primary", "secondary")}
    return [
        {"admin_id": each, "priority_level": next((level for level, ids in named.items() if each in ids), None)}
        for each in team["admin_ids"]
    ]


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
