"""The groups of a content export: a table for each kind of thing that happens to messages (API notes 10.1)."""

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from source_intercom.read import scalars
from source_intercom.read.archives import Archive, Table

RECEIVED: Final = "received_at"
"""The time by which messages are found: when they were sent."""

RECEIPT: Final = "receipt"
ANSWER: Final = "answer"
OVERVIEW: Final = "overview"
UNREAD: Final = "answer_combined"
"""Groups by themselves; this one says again what the answers say."""

EVENT: Final = "event"
"""What every other group is one of, however it is called: the set is open."""

_KNOWN: Final = {"receipt_id", "ruleset_id", "user_id"}
"""Columns of which each table that is known has one; a page of HTML has none."""

_DATE: Final = re.compile(r"[_-][0-9]{8}(?![0-9])")
_RENAMED: Final = {"first_dismisall": "first_dismissal"}
"""What Intercom's description writes in its own way."""


class Group(NamedTuple):
    """A group in a file: its name, such as `hard_bounce`, and that of its table."""

    name: str
    table: str

    @property
    def kind(self) -> str:
        """Which rows it has."""
        return self.name if self.name in (RECEIPT, ANSWER, OVERVIEW, UNREAD) else EVENT


def groups_in(archive: Archive) -> list[Group]:
    """The groups of a file, the receipts first: others say nothing of when a message was sent."""
    groups = [Group(_group(name, archive), name) for name in archive.names if _is_table(name)]
    return sorted(groups, key=lambda group: group.kind != RECEIPT)


def are_tables(archive: Archive) -> bool:
    """Whether a file is an export: one of its tables is of a known kind, or it has none."""
    names = [name for name in archive.names if _is_table(name)]
    return not names or any(_KNOWN & set(columns_of(archive.table(name))) for name in names)


def columns_of(table: Table) -> list[str]:
    """The names of a table's columns."""
    names = [name.lower() for name in table.header]
    return [_RENAMED.get(name, name) for name in names]


def time_of(columns: Sequence[str]) -> str | None:
    """The column that says when an event happened: each group calls it in its own way."""
    own = [name for name in columns if name.endswith("_at") and name != RECEIVED]
    return own[0] if own else None


def dicts_of(table: Table) -> Iterator[dict[str, str | None]]:
    """The rows, by the names of the columns; an empty text stands for nothing."""
    columns = columns_of(table)
    for values in table.rows:
        yield {name: value or None for name, value in zip(columns, values, strict=False)}


def second_of(value: str | None) -> int | None:
    """A time in Unix seconds; None where there is none, or what is there is none."""
    try:
        return scalars.second(value) if value else None
    except ValueError:
        return None


def _is_table(name: str) -> bool:
    return not name or name.lower().endswith(".csv")


def _group(name: str, archive: Archive) -> str:
    """`receipt` of `receipts_20260105_101500.csv`; what is not in an archive has no name but its columns."""
    if not name:
        return RECEIPT if RECEIVED in columns_of(archive.table(name)) else EVENT
    before = _DATE.split(PurePosixPath(name).stem.lower())[0]
    return before.removesuffix("s") if not before.endswith("ss") else before
