"""What holds of each stream whatever the connector says of itself: one row a stream, stated by hand, a family a file.

Tests that ask something of every stream, or of every stream of a kind, take the streams from these rows, so that a new
stream is a new row. Nothing in this package comes from the connector or from the sandbox: both are compared with it.
"""

from collections.abc import Mapping
from typing import Final

from unit_tests.contracts import (
    calls,
    companies,
    contacts,
    content,
    conversations,
    custom_objects,
    deletions,
    events,
    help_center,
    messages,
    tickets,
    workspace,
)
from unit_tests.contracts.contract import PEOPLE as PEOPLE
from unit_tests.contracts.contract import SCOPES as SCOPES
from unit_tests.contracts.contract import Contract as Contract
from unit_tests.contracts.contract import Parent as Parent
from unit_tests.contracts.contract import Way as Way

_ROWS: Final = (
    *contacts.ROWS,
    *events.ROWS,
    *conversations.ROWS,
    *tickets.ROWS,
    *companies.ROWS,
    *workspace.ROWS,
    *help_center.ROWS,
    *content.ROWS,
    *calls.ROWS,
    *custom_objects.ROWS,
    *deletions.ROWS,
    *messages.ROWS,
)

CONTRACTS: Final[Mapping[str, Contract]] = {row.name: row for row in _ROWS}
"""By name, in the order of the catalogue."""

STREAMS: Final = tuple(CONTRACTS)

SCOPES_OF_ALL: Final = tuple(dict.fromkeys(row.refused_as for row in _ROWS))
"""The names of all that a token may lack."""

CURSORS: Final[Mapping[str, str]] = {row.name: row.cursor for row in _ROWS if row.cursor}
"""The streams that can be read incrementally, each with its cursor field."""

TIMED: Final[Mapping[str, str]] = {row.name: row.cursor for row in _ROWS if row.cursor and row.way is not Way.FEED}
"""Those of them whose states are seconds of the cursor field."""


def by_way(*ways: Way) -> tuple[str, ...]:
    """The streams whose rows are asked for in one of these ways."""
    return tuple(row.name for row in _ROWS if row.way in ways)


SEARCHED: Final = by_way(Way.SEARCH)

ASKED: Final = tuple(row.name for row in _ROWS if row.way not in (Way.NESTED, Way.OWN))
"""The streams that have requests of their own, each at an address of its own."""

EXPORTED: Final = tuple(row.name for row in _ROWS if row.besides)
"""The streams whose rows come in the files of exports."""

ROOTS: Final = tuple(row.name for row in _ROWS if row.parent is None and row.way is not Way.OWN)
"""The streams whose rows belong to no others."""


def families() -> dict[str, list[str]]:
    """The streams that need each permission, both in the order of the catalogue; each alone whose has no known name."""
    found: dict[str, list[str]] = {}
    for row in _ROWS:
        found.setdefault(row.needs, []).append(row.name)
    return found


def needed(permission: str) -> set[str]:
    """The permissions without which what needs one cannot be tried: children are asked of parents that are found."""
    return {CONTRACTS[each].needs for each in lineage(families()[permission][0])}


def lineage(name: str) -> tuple[str, ...]:
    """A stream, and those that must be read for it: its parent, the parent of that, and so on."""
    contract = CONTRACTS[name]
    above = ((contract.parent.stream,) if contract.parent else ()) + contract.also
    return tuple(dict.fromkeys((name, *(each for one in above for each in lineage(one)))))


def relying_on(*names: str) -> set[str]:
    """The streams that are not read whole when one of these is not: they themselves, and what belongs to them."""
    return {each for each in STREAMS if set(lineage(each)) & set(names)}


def _reading(name: str) -> tuple[object, ...]:
    """What tells one way of reading from another: how rows and their parents are asked for, and whether states go."""
    row = CONTRACTS[name]
    return (*(CONTRACTS[each].way for each in lineage(name)), bool(row.mentioned), bool(row.cursor))


_BUSY: Final = (*SEARCHED, "tags", "deleted_conversations")
"""Streams that are in the matrix for what happens to them: searches differ, tags and conversations are deleted."""

REPRESENTATIVES: Final = tuple(
    name
    for name in STREAMS
    if name not in EXPORTED
    and (
        name in _BUSY or _reading(name) not in {_reading(other) for other in (*_BUSY, *STREAMS[: STREAMS.index(name)])}
    )
)
"""One stream of each way of reading but exports, and some more: what holds for a kind is tried out on these."""
