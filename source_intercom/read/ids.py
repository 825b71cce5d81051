"""A set of keys whose memory is bounded, however many there are."""

import sqlite3
from typing import Final

MEMORY_IDS: Final = 20_000
"""Keys kept in memory, at 90 to 270 bytes each; the others take some 5 µs each, in a private file without a name."""


class IdSet:
    """Ids, or keys of several columns, of which those beyond the first MEMORY_IDS lie in a temporary SQLite database.

    Each may have a content. Used by one thread at a time.
    """

    def __init__(self) -> None:
        self._few: dict[object, bytes] = {}
        self._many: sqlite3.Connection | None = None
        self._stored = 0

    def __len__(self) -> int:
        """How many there are."""
        return len(self._few) + self._stored

    def __contains__(self, key: object) -> bool:
        """Whether one is in, with whatever content."""
        if key in self._few:
            return True
        found = self._many and self._many.execute("SELECT 1 FROM ids WHERE id = ?", (repr(key),)).fetchone()
        return bool(found)

    def content(self, key: object) -> bytes:
        """The content of one; nothing if it is not in."""
        if key in self._few or self._many is None:
            return self._few.get(key, b"")
        found = self._many.execute("SELECT content FROM ids WHERE id = ?", (repr(key),)).fetchone()
        return found[0] if found else b""

    def add(self, key: object, content: bytes = b"") -> bool:
        """Put one in, or give it another content; False if it was in already with this one."""
        if key in self._few or len(self._few) < MEMORY_IDS:
            is_new = self._few.get(key) != content
            self._few[key] = content
            return is_new
        if self._many is None:
            self._many = _database()
        new = self._many.execute("INSERT OR IGNORE INTO ids VALUES (?, ?)", (repr(key), content)).rowcount
        self._stored += new
        changed = "UPDATE ids SET content = ? WHERE id = ? AND content != ?"
        return bool(new or (content and self._many.execute(changed, (content, repr(key), content)).rowcount))


def _database() -> sqlite3.Connection:
    # An empty name makes SQLite keep what outgrows its cache of 2 MB in a file that it deletes as it opens it.
    database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
    database.execute("PRAGMA journal_mode = OFF")
    database.execute("CREATE TABLE ids (id TEXT PRIMARY KEY, content BLOB) WITHOUT ROWID")
    return database
