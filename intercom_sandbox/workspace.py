"""All data of the workspace, and what a complete reader of the API would get of it."""

from collections.abc import Iterator

import orjson

from intercom_sandbox.data.generator import Generator
from intercom_sandbox.kind import Beside, Derived, FirstRowsMaker, Inside, Joined, Kind, Nested
from intercom_sandbox.kinds import KINDS
from intercom_sandbox.settings import Settings
from intercom_sandbox.store import Collection, Object, Record


class Workspace:
    """The collections by kind, and the rows that are kept beside their parents."""

    def __init__(self, settings: Settings) -> None:
        self.generator = Generator(settings)
        self.collections: dict[str, Collection] = {}
        self.merged: set[str] = set()
        """Ids of contacts that were merged into others."""
        # by kind and parent's id; parents without rows are not in it
        self._beside: dict[str, dict[str, list[bytes]]] = {name: {} for name in KINDS}
        self._first_rows: dict[str, list[tuple[Kind, Nested, FirstRowsMaker]]] = {}
        for each in KINDS.values():
            nested = each.nested
            if nested is None or isinstance(nested, Derived | Joined):
                continue
            if isinstance(maker := self.generator.shared(nested.maker), FirstRowsMaker):
                self._first_rows.setdefault(nested.parent, []).append((each, nested, maker))
        # plain ones last, so that the others are the same with and without them
        for kind in sorted(KINDS.values(), key=lambda kind: (kind.is_plain, kind.stage)):
            if kind.nested is None:
                objects = (self._with_rows(kind, item) for item in self.generator.build(kind))
                self.collections[kind.name] = Collection(
                    objects, id_of=kind.id_of, numeric_ids=kind.numeric_ids, optional=kind.optional
                )

    def make(self, kind: Kind, at: int, **asked: int) -> Object:
        """A new object, created and updated at that second, not stored yet, in contrast to the rows beside it.

        ``asked`` is what the kind's builder asks. ``ValueError`` for a kind of which none can be made.
        """
        return self._with_rows(kind, self.generator.make(kind, at, at, **asked))

    def _with_rows(self, kind: Kind, item: Object) -> Object:
        for each, nested, maker in self._first_rows.get(kind.name, ()):
            self.put_rows(each, nested, item, maker.first(item))
        return item

    def catch_up(self, horizon: float) -> None:
        """Has all indexes take in what happened up to ``horizon``."""
        for collection in self.collections.values():
            collection.index.catch_up(horizon)

    def parent_of(self, kind: Kind, item_id: str) -> tuple[Kind, Record | None]:
        """The kind of the parents of nested rows, and the parent with that id."""
        parent = KINDS[_nested(kind).parent]
        return parent, self.collections[parent.name].get(item_id)

    def rows(self, kind: Kind, parent: Object) -> list[bytes]:
        """The JSON of a parent's rows, in ascending order."""
        nested = _nested(kind)
        if isinstance(nested, Derived):
            return [orjson.dumps(row) for row in nested.rows(parent)]
        if isinstance(nested, Joined):
            others = self.collections[nested.of]
            return [orjson.dumps({nested.column: each.id}) for each in others if nested.holds(parent["id"], each.id)]
        if isinstance(nested, Beside):
            return self._beside[kind.name].get(parent["id"], [])
        *above, last = nested.path
        for name in above:
            parent = parent[name]
        return [orjson.dumps(row) for row in parent.get(last, ())]

    def has_rows(self, kind: Kind, parent_id: str) -> bool:
        """Whether there are rows beside a parent."""
        return parent_id in self._beside[kind.name]

    def put_rows(self, kind: Kind, nested: Nested, parent: Object, rows: list[bytes]) -> None:
        """Replaces a parent's rows; changes the parent too, which is to be stored afterwards."""
        if isinstance(nested, Inside):
            *above, last = nested.path
            holder = parent
            for name in above:
                holder = holder[name]
            holder[last] = [orjson.loads(row) for row in rows]
        elif rows:
            self._beside[kind.name][parent["id"]] = rows
        else:
            self._beside[kind.name].pop(parent["id"], None)
        nested.settle(parent, rows)

    def remove(self, kind: Kind, item_id: str, now: float) -> None:
        """Deletes an object, and the rows beside it."""
        self.collections[kind.name].remove(item_id, now)
        for each in KINDS.values():
            if each.nested is not None and each.nested.parent == kind.name:
                self._beside[each.name].pop(item_id, None)

    def served(self, kind: Kind, parent: Record) -> list[bytes]:
        """The rows of a parent that the API shows, in ascending order."""
        nested = _nested(kind)
        if isinstance(nested, Beside):
            return nested.shown(self._beside[kind.name].get(parent.id, []))
        return self.rows(kind, parent.parse())

    def truth(self, kind: Kind) -> Iterator[bytes]:
        """Every object that the API would deliver now to a reader with all scopes, one JSON text each.

        Nested rows are those that are served, with what they inherit from their parent.
        """
        if kind.nested is None:
            for record in self.collections[kind.name]:
                if kind.shown is None or kind.shown(record.parse()):
                    yield record.whole()
            return
        if isinstance(kind.nested, Derived):
            for derived in map(orjson.loads, self.truth(KINDS[kind.nested.parent])):
                of_parent = kind.nested.of_parent(derived)
                yield from (orjson.dumps(row | of_parent) for row in kind.nested.rows(derived))
            return
        for parent in self.collections[kind.nested.parent]:
            tail = b"," + orjson.dumps(kind.nested.of_parent(parent._asdict()))[1:]
            for row in self.served(kind, parent):
                yield row[:-1] + tail

    def counts(self) -> dict[str, int]:
        """The number of objects in ``truth`` of every stream."""
        return {name: self._count(kind) for name, kind in KINDS.items()}

    def _count(self, kind: Kind) -> int:
        if isinstance(kind.nested, Inside | Beside):
            return sum(len(self.served(kind, parent)) for parent in self.collections[kind.nested.parent])
        if kind.shown is not None or kind.nested is not None:
            return sum(1 for _ in self.truth(kind))
        return len(self.collections[kind.name])


def _nested(kind: Kind) -> Nested | Derived | Joined:
    if kind.nested is None:
        raise TypeError(f"{kind.name} are not nested")
    return kind.nested
