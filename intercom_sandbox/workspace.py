"""All data of the workspace, and what a complete reader of the API would get of it."""

from collections.abc import Iterator

import orjson

from intercom_sandbox.data.generator import Generator
from intercom_sandbox.flags import optional_fields
from intercom_sandbox.settings import Settings
from intercom_sandbox.store import Collection, Object

SERVED_PARTS = 500
"""A conversation is served with its newest 500 parts (API notes 4.2)."""
STREAMS = (
    "contacts",
    "conversations",
    "conversation_parts",
    "tickets",
    "companies",
    "admins",
    "teams",
    "tags",
    "segments",
    "data_attributes",
    "articles",
)
# in the order in which they refer to each other; conversations come last, with their parts
_KINDS = (
    *("admins", "teams", "tags", "segments", "data_attributes"),
    *("companies", "contacts", "tickets", "articles"),
)
_NUMERIC_IDS = ("conversations", "tickets", "articles", "tags", "admins", "teams")


class Workspace:
    """The collections by kind, and the serialized parts of each conversation by its id."""

    def __init__(self, settings: Settings) -> None:
        self.generator = Generator(settings)
        self.parts: dict[str, list[bytes]] = {}
        self.collections = {kind: self._collection(kind, self.generator.build(kind)) for kind in _KINDS}
        self.collections["conversations"] = self._collection("conversations", self._conversations())

    def _collection(self, kind: str, objects: Iterator[Object]) -> Collection:
        return Collection(objects, numeric_ids=kind in _NUMERIC_IDS, optional=sorted(optional_fields(kind)))

    def _conversations(self) -> Iterator[Object]:
        for conversation, parts in self.generator.build_conversations():
            self.parts[conversation["id"]] = parts
            yield conversation

    def catch_up(self, horizon: float) -> None:
        """Has all indexes take in what happened up to ``horizon``."""
        for collection in self.collections.values():
            collection.index.catch_up(horizon)

    def conversation(self, item_id: str) -> bytes | None:
        """The JSON of ``GET /conversations/{id}``: the list item with its served parts; None when there is none.

        ``total_count`` is the number of parts that are served (API notes 4.2).
        """
        record = self.collections["conversations"].get(item_id)
        if record is None:
            return None
        served = self.parts[item_id][-SERVED_PARTS:]
        return (
            b'%b,"conversation_parts":{"type":"conversation_part.list","conversation_parts":[%b],"total_count":%d}}'
            % (
                record.raw[:-1],
                b",".join(served),
                len(served),
            )
        )

    def truth(self, stream: str) -> list[bytes]:
        """Every object that the API would deliver now to a reader with all scopes, one JSON text each.

        ``conversation_parts`` are the served parts with ``conversation_id`` and ``conversation_updated_at`` added;
        ``segments`` are those of people and companies; ``data_attributes`` leave the archived ones out.
        """
        if stream == "conversation_parts":
            return list(self._served_parts())
        records = self.collections[stream]
        if stream == "data_attributes":
            return [record.raw for record in records if not record.parse()["archived"]]
        return [record.whole() for record in records]

    def _served_parts(self) -> Iterator[bytes]:
        for record in self.collections["conversations"]:
            parent = b',"conversation_id":%b,"conversation_updated_at":%d}' % (
                orjson.dumps(record.id),
                record.updated_at,
            )
            for part in self.parts[record.id][-SERVED_PARTS:]:
                yield part[:-1] + parent

    def counts(self) -> dict[str, int]:
        """The number of objects in ``truth`` of every stream."""
        served = sum(min(len(parts), SERVED_PARTS) for parts in self.parts.values())
        counts = {kind: len(collection) for kind, collection in self.collections.items()}
        counts["data_attributes"] = len(self.truth("data_attributes"))
        return {stream: counts.get(stream, served) for stream in STREAMS}
