"""Changes of the workspace's data while the server runs: what a busy workspace does to a reader."""

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import orjson

from intercom_sandbox import compact
from intercom_sandbox.data.contacts import merged
from intercom_sandbox.data.parts import REDACTED
from intercom_sandbox.errors import invalid
from intercom_sandbox.store import Collection, Object
from intercom_sandbox.workspace import Workspace

_VISIBLE = {
    "contacts": "name",
    "companies": "name",
    "conversations": "title",
    "articles": "title",
    "tags": "name",
    "admins": "name",
    "teams": "name",
    "segments": "name",
    "data_attributes": "label",
}
"""The field that an update changes; of tickets it is an attribute."""


@dataclass(frozen=True)
class Mutation:
    """One change.

    ``object`` is a stream's name, ``ids`` are the objects concerned (None: ``count`` random ones, the same by seed),
    ``fields`` are merged onto each object, ``at`` is the moment in Unix seconds (None: now), ``parts`` counts the parts
    per conversation, ``pairs`` are the contacts to merge as ``[source, target]``.
    """

    operation: str
    object: str = "conversations"
    ids: list[str] | None = None
    count: int = 1
    fields: Object = field(default_factory=dict)
    at: int | None = None
    parts: int = 1
    pairs: list[tuple[str, str]] | None = None

    @classmethod
    def of(cls, request: dict[str, Any]) -> "Mutation":
        """The mutation that a request asks for; 400 when it has other keys."""
        try:
            return cls(**request)
        except TypeError as error:
            raise invalid(str(error)) from None


class Mutator:
    """Performs mutations on a workspace."""

    def __init__(self, workspace: Workspace, seed: int) -> None:
        self._workspace = workspace
        self._rng = Random(f"{seed}:mutations")
        self._changes = itertools.count(1)
        self._operations: dict[str, Callable[[Mutation], list[str]]] = {
            "create": self._create,
            "update": self._update,
            "add_parts": self._add_parts,
            "edit_parts": self._edit_parts,
            "redact_parts": self._redact_parts,
            "delete": self._delete,
            "merge_contacts": self._merge_contacts,
        }

    def perform(self, mutation: Mutation) -> list[str]:
        """Performs a mutation; answers the ids concerned (of a merge: source and target in turn)."""
        if mutation.operation not in self._operations:
            raise invalid(f"Unknown operation {mutation.operation}")
        return self._operations[mutation.operation](mutation)

    def _collection(self, kind: str) -> Collection:
        if kind not in self._workspace.collections:
            raise invalid(f"Unknown object {kind}")
        return self._workspace.collections[kind]

    def _choose(self, mutation: Mutation, candidates: list[str]) -> list[str]:
        if mutation.ids is None:
            if mutation.count > len(candidates):
                raise invalid(f"There are only {len(candidates)} to choose from")
            return self._rng.sample(candidates, mutation.count)
        if unknown := [each for each in mutation.ids if each not in self._collection(mutation.object)]:
            raise invalid(f"No {mutation.object} {unknown}")
        return mutation.ids

    def _create(self, mutation: Mutation) -> list[str]:
        collection = self._collection(mutation.object)
        moment = mutation.fields.get("updated_at") if mutation.at is None else mutation.at
        at = int(time.time()) if moment is None else moment
        ids = []
        for _ in range(mutation.count):
            if mutation.object == "conversations":
                made, parts = self._workspace.generator.make_conversation(at, at, mutation.parts)
                item_id = collection.put(made | mutation.fields, time.time())
                self._workspace.parts[item_id] = parts
            else:
                try:
                    made = self._workspace.generator.make(mutation.object, at, at)
                except ValueError as error:
                    raise invalid(str(error)) from None
                item_id = collection.put(made | mutation.fields, time.time())
            ids.append(item_id)
        return ids

    def _update(self, mutation: Mutation) -> list[str]:
        ids = self._choose(mutation, self._collection(mutation.object).ids())
        for each in ids:
            self._change(mutation, each, mutation.fields)
        return ids

    def _change(self, mutation: Mutation, item_id: str, fields: Object) -> None:
        """Changes a visible field, the given fields, and ``updated_at`` where the object has it."""
        item = self._item(mutation.object, item_id)
        text = f"Changed {next(self._changes)}"
        if mutation.object == "tickets":
            item["ticket_attributes"]["_default_title_"] = text
        else:
            item[_VISIBLE[mutation.object]] = text
        self._touch(mutation, item, fields)

    def _item(self, kind: str, item_id: str) -> Object:
        record = self._collection(kind).get(item_id)
        if record is None:
            raise invalid(f"No {kind} {item_id}")
        return record.parse()

    def _touch(self, mutation: Mutation, item: Object, fields: Object) -> None:
        if "updated_at" in item:
            item["updated_at"] = int(time.time()) if mutation.at is None else mutation.at
        self._collection(mutation.object).put(item | fields, time.time())

    def _add_parts(self, mutation: Mutation) -> list[str]:
        return self._change_parts(mutation, self._collection("conversations").ids(), self._append)

    def _edit_parts(self, mutation: Mutation) -> list[str]:
        def edit(item: Object, count: int, at: int) -> None:
            body = f"<p>Edited {next(self._changes)}</p>"
            self._rewrite(item, count, {"body": body, "updated_at": at})

        return self._change_parts(mutation, self._with_parts(), edit)

    def _redact_parts(self, mutation: Mutation) -> list[str]:
        def redact(item: Object, count: int, at: int) -> None:
            self._rewrite(item, count, {"body": REDACTED, "redacted": True, "attachments": [], "updated_at": at})

        return self._change_parts(mutation, self._with_parts(), redact)

    def _with_parts(self) -> list[str]:
        return [item_id for item_id in self._collection("conversations").ids() if self._workspace.parts[item_id]]

    def _change_parts(
        self, mutation: Mutation, candidates: list[str], change: Callable[[Object, int, int], None]
    ) -> list[str]:
        """Changes parts of conversations and what that changes on the conversations themselves."""
        if mutation.object != "conversations":
            raise invalid("Only conversations have parts")
        at = int(time.time()) if mutation.at is None else mutation.at
        ids = self._choose(mutation, candidates)
        for each in ids:
            item = self._item("conversations", each)
            change(item, mutation.parts, at)
            if item["statistics"]:
                item["statistics"]["count_conversation_parts"] = len(self._workspace.parts[each]) + 1
            self._touch(mutation, item, mutation.fields)
        return ids

    def _append(self, item: Object, count: int, at: int) -> None:
        contact = next(iter(item["contacts"]["contacts"]), None)
        made = (self._workspace.generator.parts.make(contact, at, at) for _ in range(count))
        self._workspace.parts[item["id"]] += [compact.dumps(part) for part in made]

    def _rewrite(self, item: Object, count: int, fields: Object) -> None:
        """Merges fields onto the newest parts of a conversation."""
        parts = self._workspace.parts[item["id"]]
        for n in range(max(0, len(parts) - count), len(parts)):
            parts[n] = compact.dumps(orjson.loads(parts[n]) | fields)

    def _delete(self, mutation: Mutation) -> list[str]:
        """Deletes objects; a conversation that is a ticket goes together with that ticket."""
        ids = self._choose(mutation, self._collection(mutation.object).ids())
        kinds = ["conversations", "tickets"] if mutation.object in ("conversations", "tickets") else [mutation.object]
        for each in ids:
            for kind in kinds:
                if each in self._collection(kind):
                    self._collection(kind).remove(each, time.time())
            if "conversations" in kinds:
                self._workspace.parts.pop(each, None)
        return ids

    def _merge_contacts(self, mutation: Mutation) -> list[str]:
        """Merges contacts: the source vanishes, the target changes; a user remembers it in its merge history."""
        contacts = self._collection("contacts")
        pairs = mutation.pairs
        if pairs is None:
            chosen = self._rng.sample(contacts.ids(), 2 * mutation.count)
            pairs = list(zip(chosen[::2], chosen[1::2], strict=True))
        merge = Mutation("update", "contacts", at=mutation.at)
        for source, target in pairs:
            gone, item = self._item("contacts", source), self._item("contacts", target)
            fields = mutation.fields
            if item["role"] == "user":
                at = int(time.time()) if mutation.at is None else mutation.at
                history = [*item.get("merge_history", []), merged(source, at, gone["role"])]
                fields = {"merge_history": history, **fields}
            self._change(merge, target, fields)
            contacts.remove(source, time.time())
        return [each for pair in pairs for each in pair]
