"""A set of ids whose memory is bounded, however many there are."""

import sqlite3
from typing import Final

MEMORY_IDS: Final = 50_000
"""Ids kept in memory, at some 130 bytes each; the others are kept in a private file without a name."""


class IdSet:
    """Ids, of which those beyond the first MEMORY_IDS lie in a temporary database of SQLite.

    Used by one thread at a time.
    """

    def __init__(self) -> None:
        self._few: set[object] = set()
        self._many: sqlite3.Connection | None = None
        self._stored = 0

    def __len__(self) -> int:
        """How many there are."""
        return len(self._few) + self._stored

    def __contains__(self, key: object) -> bool:
        """Whether one is in."""
        if key in self._few:
            return True
        found = self._many and self._many.execute("SELECT 1 FROM ids WHERE id = ?", (str(key),)).fetchone()
        return bool(found)

    def add(self, key: object) -> bool:
        """Put one in; False if it was in already."""
        if key in self._few:
            return False
        if len(self._few) < MEMORY_IDS:
            self._few.add(key)
            return True
        if self._many is None:
            self._many = _database()
        new = self._many.execute("INSERT OR IGNORE INTO ids VALUES (?)", (str(key),)).rowcount
        self._stored += new
        return bool(new)


def _database() -> sqlite3.Connection:
    # An empty name makes SQLite keep what outgrows its cache of 2 MB in a file that it deletes as it opens it.
    database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
    database.execute("PRAGMA journal_mode = OFF")
    database.execute("CREATE TABLE ids (id TEXT PRIMARY KEY) WITHOUT ROWID")
    return database
