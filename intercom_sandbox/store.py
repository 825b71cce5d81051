"""The objects of the workspace, each serialized once, and the index that searches read.

Lists and single objects show the current version of an object. A search reads the index, which follows with a lag:
it shows each object as it was that long ago, so a fresh object is not found yet and a deleted one still is
(API notes 2.1, freshness). With fresh bodies only the places of objects lag, and what is shown at a place is the
current version, or nothing (API notes 14).
"""

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator
from typing import Any, NamedTuple

import orjson

from intercom_sandbox import compact
from intercom_sandbox.moments import second_of

Object = dict[str, Any]
Key = int | str
"""What ties are broken by: the id, as a number where ids are numbers."""
Entry = tuple[int, Key]
"""A place in an order: the sort value and the key."""


class Record(NamedTuple):
    """One version of an object; ``raw`` is its JSON, ``optional`` the JSON of fields that come only when asked for.

    The rest is what the fast paths need of it.
    """

    key: Key
    id: str
    created_at: int
    updated_at: int
    is_ticket: bool
    raw: bytes
    optional: tuple[tuple[str, bytes], ...] = ()

    def served(self, fields: Container[str]) -> bytes:
        """The JSON of the object with those of its optional fields."""
        chosen = [b',"%b":%b' % (name.encode(), value) for name, value in self.optional if name in fields]
        return b"%b%b}" % (self.raw[:-1], b"".join(chosen)) if chosen else self.raw

    def whole(self) -> bytes:
        """The JSON of the object with all optional fields."""
        return self.served([name for name, _ in self.optional])

    def parse(self) -> Object:
        """The whole object, a fresh copy."""
        parsed: Object = orjson.loads(self.whole())
        return parsed


class Index:
    """Versions by key, and their orders by ``updated_at`` and ``created_at``."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._versions = {record.key: record for record in records}
        self._pending: deque[tuple[float, Key, Record | None]] = deque()
        self._orders: dict[str, list[Entry]] = {
            "updated_at": sorted((record.updated_at, record.key) for record in self._versions.values()),
            "created_at": sorted((record.created_at, record.key) for record in self._versions.values()),
        }

    def order(self, field: str) -> list[Entry] | None:
        """Entries ascending by that field, or None when there is no such order. Do not change it."""
        return self._orders.get(field)

    def version(self, key: Key) -> Record:
        """The indexed version of an object."""
        return self._versions[key]

    def __iter__(self) -> Iterator[Record]:
        return iter(self._versions.values())

    def note(self, key: Key, record: Record | None, now: float) -> None:
        """Remembers that at ``now`` the object became ``record`` (None: it was deleted)."""
        self._pending.append((now, key, record))

    def catch_up(self, horizon: float) -> None:
        """Takes in what happened up to ``horizon``."""
        while self._pending and self._pending[0][0] <= horizon:
            _, key, record = self._pending.popleft()
            self._replace(key, record)

    def _replace(self, key: Key, record: Record | None) -> None:
        old = self._versions.pop(key, None)
        for field, order in self._orders.items():
            if old is not None:
                del order[bisect_left(order, (getattr(old, field), key))]
            if record is not None:
                insort(order, (getattr(record, field), key))
        if record is not None:
            self._versions[key] = record


class Collection:
    """The current objects of one kind by id, in the order of their creation, and their index."""

    def __init__(
        self,
        objects: Iterable[Object],
        *,
        id_of: Callable[[Object], str],
        numeric_ids: bool,
        optional: Iterable[str],
    ) -> None:
        self._id_of = id_of
        self._numeric_ids = numeric_ids
        self._optional = tuple(optional)
        self._records = {record.id: record for record in map(self._record, objects)}
        self.index = Index(self._records.values())

    def _record(self, item: Object) -> Record:
        item_id = self._id_of(item)
        always = dict(item)
        optional = tuple((name, orjson.dumps(always.pop(name))) for name in self._optional if name in item)
        return Record(
            int(item_id) if self._numeric_ids else item_id,
            item_id,
            second_of(item.get("created_at")),
            second_of(item.get("updated_at")),
            item.get("ticket") is not None,
            compact.dumps(always),
            optional,
        )

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[Record]:
        return iter(self._records.values())

    def __contains__(self, item_id: object) -> bool:
        return item_id in self._records

    def get(self, item_id: str) -> Record | None:
        """The current version, or None."""
        return self._records.get(item_id)

    def current(self, records: Iterable[Record]) -> list[Record]:
        """The current versions of records that the index may have in older ones; deleted ones are left out."""
        return [current for record in records if (current := self._records.get(record.id))]

    def ids(self) -> list[str]:
        """All ids in the order of creation."""
        return list(self._records)

    def put(self, item: Object, now: float) -> str:
        """Creates or replaces an object at the moment ``now`` of the server's clock; answers its id."""
        record = self._record(item)
        self._records[record.id] = record
        self.index.note(record.key, record, now)
        return record.id

    def remove(self, item_id: str, now: float) -> None:
        """Deletes an object. ``KeyError`` when there is none."""
        record = self._records.pop(item_id)
        self.index.note(record.key, None, now)
