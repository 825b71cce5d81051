"""Changes of the workspace's data while the server runs: what a busy workspace does to a reader."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from intercom_sandbox.data.contacts import merged
from intercom_sandbox.data.parts import REDACTED
from intercom_sandbox.departures import Departures
from intercom_sandbox.editor import Edit, Editor
from intercom_sandbox.errors import invalid
from intercom_sandbox.kind import Derived, Joined, Kind, Nested
from intercom_sandbox.kinds import KINDS
from intercom_sandbox.mutation import Mutation
from intercom_sandbox.store import Object
from intercom_sandbox.workspace import Workspace


class Mutator:
    """Performs mutations on a workspace; ``others`` are those of what is beside its objects."""

    def __init__(
        self, workspace: Workspace, seed: int, others: Mapping[str, Callable[[Mutation, int], list[str]]] | None = None
    ) -> None:
        self._workspace = workspace
        self._editor = Editor(workspace, seed)
        self._departures = Departures(workspace)
        self.performed = 0
        """How many mutations there were."""
        self._operations: dict[str, Callable[[Mutation, int], list[str]]] = {
            "create": self._create,
            "update": self._update,
            "add_parts": self._add_parts,
            "edit_parts": self._edit_parts,
            "redact_parts": self._redact_parts,
            "delete": self._delete,
            "merge_contacts": self._merge_contacts,
            "archive_contacts": partial(self._deactivate, "archived"),
            "block_contacts": partial(self._deactivate, "blocked"),
            **(others or {}),
        }

    def perform(self, mutation: Mutation) -> list[str]:
        """Performs a mutation; answers the ids concerned (of a merge: source and target in turn)."""
        if mutation.operation not in self._operations:
            raise invalid(f"Unknown operation {mutation.operation}")
        self.performed += 1
        try:
            return self._operations[mutation.operation](mutation, mutation.moment())
        except ValueError as error:
            raise invalid(str(error)) from None

    def _chosen(self, mutation: Mutation) -> list[str]:
        return self._chosen_of(mutation, self._editor.ids(mutation.kind))

    def _chosen_of(self, mutation: Mutation, candidates: list[str]) -> list[str]:
        if mutation.ids is None:
            return self._editor.sample(candidates, mutation.count)
        return self._editor.known(mutation.ids, self._workspace.collections[mutation.object], mutation.object)

    def _create(self, mutation: Mutation, at: int) -> list[str]:
        kind = mutation.kind
        if (nested := _nested(kind)) is not None:
            return self._create_rows(mutation, at, kind, nested)
        asked = {name: getattr(mutation, name) for name in kind.asks}
        made = [self._workspace.make(kind, at, **asked) | mutation.fields for _ in range(mutation.count)]
        for item in made:
            self._departures.came(kind, item, at)
        return [self._editor.put(kind, item) for item in made]

    def _create_rows(self, mutation: Mutation, at: int, kind: Kind, nested: Nested) -> list[str]:
        parents = self._editor.ids(KINDS[nested.parent])
        if mutation.parents is None:
            chosen = self._editor.sample(parents, mutation.count)
        else:
            chosen = self._editor.known(mutation.parents, parents, nested.parent)
        maker, ids = self._workspace.generator.shared(nested.maker), []

        def append(parent: Object, rows: list[Object]) -> list[Object]:
            row = maker.make(nested.for_maker(parent, rows), at) | mutation.fields
            ids.append(kind.id_of(row | nested.of_parent(parent)))
            return [*rows, row]

        for each in chosen:
            self._editor.edit_rows(kind, nested, each, append, at=at)
        return ids

    def _update(self, mutation: Mutation, at: int) -> list[str]:
        kind = mutation.kind
        if (nested := _nested(kind)) is not None:
            return self._edit_places(
                mutation, at, kind, nested, lambda row: [self._editor.change(kind, row, at) | mutation.fields]
            )
        ids = self._chosen(mutation)
        for each in ids:
            item = self._editor.item(kind, each)
            self._editor.put(kind, self._editor.change(kind, item, at) | mutation.fields)
        return ids

    def _edit_places(
        self, mutation: Mutation, at: int, kind: Kind, nested: Nested, edit: Callable[[Object], list[Object]]
    ) -> list[str]:
        """Replaces each of the rows concerned by others, or by none."""
        places = self._editor.places(kind, nested)
        if mutation.ids is None:
            ids = self._editor.sample(list(places), mutation.count)
        else:
            ids = self._editor.known(mutation.ids, places, kind.name)
        for row_id in ids:

            def edit_one(parent: Object, rows: list[Object], row_id: str = row_id) -> list[Object]:
                of_parent = nested.of_parent(parent)
                edited = (edit(row) if kind.id_of(row | of_parent) == row_id else [row] for row in rows)
                return [row for each in edited for row in each]

            self._editor.edit_rows(kind, nested, places[row_id], edit_one, at=at)
        return ids

    def _add_parts(self, mutation: Mutation, at: int) -> list[str]:
        maker = self._workspace.generator.shared(_parts()[1].maker)

        def append(conversation: Object, parts: list[Object]) -> list[Object]:
            return parts + [maker.make(conversation, at) for _ in range(mutation.parts)]

        return self._change_parts(mutation, at, append, even_without=True)

    def _edit_parts(self, mutation: Mutation, at: int) -> list[str]:
        def edit(part: Object) -> Object:
            return part | {"body": f"<p>{self._editor.new_text()}</p>", "updated_at": at}

        return self._change_newest_parts(mutation, at, edit)

    def _redact_parts(self, mutation: Mutation, at: int) -> list[str]:
        redacted = {"body": REDACTED, "redacted": True, "attachments": [], "updated_at": at}
        return self._change_newest_parts(mutation, at, lambda part: part | redacted)

    def _change_newest_parts(self, mutation: Mutation, at: int, change: Callable[[Object], Object]) -> list[str]:
        def edit(conversation: Object, parts: list[Object]) -> list[Object]:
            first = max(0, len(parts) - mutation.parts)
            return parts[:first] + [change(part) for part in parts[first:]]

        return self._change_parts(mutation, at, edit, even_without=False)

    def _change_parts(self, mutation: Mutation, at: int, edit: Edit, *, even_without: bool) -> list[str]:
        """Changes parts of conversations; random ones have parts already, if not ``even_without``."""
        kind, nested = _parts()
        if mutation.object != nested.parent:
            raise invalid(f"Only {nested.parent} have parts")
        candidates = self._editor.ids(mutation.kind)
        if not even_without:
            candidates = [each for each in candidates if self._workspace.has_rows(kind, each)]
        ids = self._chosen_of(mutation, candidates)
        for each in ids:
            self._editor.edit_rows(kind, nested, each, edit, at=at, fields=mutation.fields)
        return ids

    def _delete(self, mutation: Mutation, at: int) -> list[str]:
        """Deletes objects; a conversation that is a ticket goes together with that ticket."""
        kind = mutation.kind
        if (nested := _nested(kind)) is not None:
            return self._edit_places(mutation, at, kind, nested, lambda row: [])
        ids = self._chosen(mutation)
        for each in ids:
            self._remove(kind, each, at, "permanently_deleted")
            if kind.deleted_with is not None and each in self._workspace.collections[kind.deleted_with]:
                self._remove(KINDS[kind.deleted_with], each, at, "permanently_deleted")
        return ids

    def _remove(self, kind: Kind, item_id: str, at: int, status: str) -> None:
        self._departures.left(kind, self._editor.item(kind, item_id), at, status)
        self._editor.remove(kind, item_id)

    def _deactivate(self, status: str, mutation: Mutation, at: int) -> list[str]:
        """Contacts are there no more, but could be brought back."""
        ids = self._chosen(replace(mutation, object="contacts"))
        for each in ids:
            self._remove(KINDS["contacts"], each, at, status)
        return ids

    def _merge_contacts(self, mutation: Mutation, at: int) -> list[str]:
        """Merges contacts: the source vanishes, the target changes; a user remembers it in its merge history."""
        kind, pairs = KINDS["contacts"], mutation.pairs
        if pairs is None:
            chosen = self._editor.sample(self._editor.ids(kind), 2 * mutation.count)
            pairs = list(zip(chosen[::2], chosen[1::2], strict=True))
        for source, target in pairs:
            gone, item = self._editor.item(kind, source), self._editor.item(kind, target)
            if item["role"] == "user":
                history = [*item.get("merge_history", []), merged(source, at, gone["role"])]
                item["merge_history"] = history
            self._editor.put(kind, self._editor.change(kind, item, at) | mutation.fields)
            self._departures.merged(gone, item, at)
            self._editor.remove(kind, source)
            self._workspace.merged.add(source)
        return [each for pair in pairs for each in pair]


def _nested(kind: Kind) -> Nested | None:
    """Where the rows of a kind are; None for one of objects of their own. 400 where they cannot be changed."""
    if isinstance(kind.nested, Derived | Joined):
        raise invalid(f"{kind.name} change with their {kind.nested.parent}")
    return kind.nested


def _parts() -> tuple[Kind, Nested]:
    """The kind of the parts of conversations, and where they are."""
    kind = KINDS["conversation_parts"]
    if (nested := _nested(kind)) is None:
        raise TypeError("parts are nested")
    return kind, nested
