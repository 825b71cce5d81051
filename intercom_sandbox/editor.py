"""Picks objects and nested rows of the workspace, and changes them."""

import itertools
import time
from collections.abc import Callable, Container
from random import Random

import orjson

from intercom_sandbox import compact
from intercom_sandbox.errors import invalid
from intercom_sandbox.kind import Kind, Nested
from intercom_sandbox.kinds import KINDS
from intercom_sandbox.moments import written_like
from intercom_sandbox.store import Object
from intercom_sandbox.workspace import Workspace

Edit = Callable[[Object, list[Object]], list[Object]]
"""The rows that a parent shall have, from the parent and the rows that it has."""


class Editor:
    """Changes single objects; its random choices are the same by seed."""

    def __init__(self, workspace: Workspace, seed: int) -> None:
        self.workspace = workspace
        self._rng = Random(f"{seed}:mutations")
        self._changes = itertools.count(1)

    def ids(self, kind: Kind) -> list[str]:
        """The ids of all objects of a kind that is not nested."""
        return self.workspace.collections[kind.name].ids()

    def sample(self, candidates: list[str], count: int) -> list[str]:
        """So many of the candidates, each at most once."""
        if count > len(candidates):
            raise invalid(f"There are only {len(candidates)} to choose from")
        return self._rng.sample(candidates, count)

    def known(self, ids: list[str], among: Container[str], what: str) -> list[str]:
        """These ids; 400 when there are others among them."""
        if unknown := [each for each in ids if each not in among]:
            raise invalid(f"No {what} {unknown}")
        return ids

    def new_text(self) -> str:
        """A text that no other change gives."""
        return f"Changed {next(self._changes)}"

    def item(self, kind: Kind, item_id: str) -> Object:
        """A copy of an object."""
        record = self.workspace.collections[kind.name].get(item_id)
        if record is None:
            raise invalid(f"No {kind.name} {item_id}")
        return record.parse()

    def change(self, kind: Kind, item: Object, at: int) -> Object:
        """Changes the visible field of an object or row, and ``updated_at`` where it has it."""
        holder, last = kind.place_of_visible(item)
        holder[last] = self.new_text()
        return moved(item, at)

    def put(self, kind: Kind, item: Object) -> str:
        """Stores an object; answers its id."""
        return self.workspace.collections[kind.name].put(item, time.time())

    def remove(self, kind: Kind, item_id: str) -> None:
        """Deletes an object."""
        self.workspace.remove(kind, item_id, time.time())

    def places(self, kind: Kind, nested: Nested) -> dict[str, str]:
        """The id of the parent of each nested row, by the row's id."""
        return {
            kind.id_of(orjson.loads(row) | nested.of_parent(parent)): parent["id"]
            for parent in (record.parse() for record in self.workspace.collections[nested.parent])
            for row in self.workspace.rows(kind, parent)
        }

    def edit_rows(
        self, kind: Kind, nested: Nested, parent_id: str, edit: Edit, *, at: int, fields: Object | None = None
    ) -> None:
        """Changes the rows of a parent, and moves it; ``fields`` are merged onto the parent."""
        parent_kind = KINDS[nested.parent]
        parent = self.item(parent_kind, parent_id)
        rows = [orjson.loads(row) for row in self.workspace.rows(kind, parent)]
        self.workspace.put_rows(kind, nested, parent, [compact.dumps(row) for row in edit(parent, rows)])
        self.put(parent_kind, moved(parent, at) | (fields or {}))


def moved(item: Object, at: int) -> Object:
    """An object that was updated at that second, if it tells when it was."""
    if "updated_at" in item:
        item["updated_at"] = written_like(item["updated_at"], at)
    return item
