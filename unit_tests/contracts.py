"""What holds of each stream whatever the connector says of itself: one row a stream, stated by hand.

Tests that ask something of every stream, or of every stream of a kind, take the streams from these rows, so that a new
stream is a new row. Nothing in this module comes from the connector or from the sandbox: both are compared with it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple


class Way(StrEnum):
    """How rows are asked for."""

    SEARCH = "a search by the cursor field, in pages that follow from a cursor"
    CHILD = "a request for each row of the parent stream"
    NESTED = "no request of their own: they are in the rows of the parent stream"
    SCROLL = "a scroll, of which there is one at a time"
    PAGES = "a list in numbered pages"
    WHOLE = "a list in one answer"


class Parent(NamedTuple):
    """The stream to whose rows the rows of another one belong, and the field that names the row."""

    stream: str
    field: str


@dataclass(frozen=True)
class Contract:
    """What is promised of a stream.

    `key`           the fields that identify a row, in the schema's order
    `cursor`        the field by which it is read incrementally, integer Unix seconds; None: it is read in full
    `permission`    what the token needs, as Intercom's Developer Hub names it (API notes 7.3)
    `method`, `path`  the request whose answer holds the rows, below the API's URL; `{id}` is the id of a parent
    `records`       the keys that lead to the list of rows, in the answer, or of nested rows in the row of the parent
    `answer`        the example of that answer in `unit_tests/examples`; nested rows are in those of the parent
    `single`        an example of one row by itself; `without` are fields that only such an answer has, and no column
    `parameters`    what a list is asked for with, request by request, but for those of its pages
    `parent`        to whose rows its own belong
    `mentioned`     the keys that lead to the list of a child's rows in the row of the parent, which may be cut short
    """

    name: str
    way: Way
    method: str
    path: str
    records: tuple[str, ...]
    permission: str
    answer: str = ""
    key: tuple[str, ...] = ("id",)
    cursor: str | None = None
    single: str = ""
    without: tuple[str, ...] = ()
    parameters: tuple[Mapping[str, str], ...] = ({},)
    parent: Parent | None = None
    mentioned: tuple[str, ...] = ()

    @property
    def required(self) -> list[str]:
        """The fields that every row has: the key, what names its parent, and the cursor field."""
        parent = self.parent.field if self.parent else None
        return list(dict.fromkeys(field for field in (*self.key, parent, self.cursor) if field))

    @property
    def pattern(self) -> str:
        """A regular expression for the path of its requests, as the sandbox's faults take it; ids are hexadecimal."""
        return f"^/{re.escape(self.path).replace(re.escape('{id}'), '[0-9a-f]+')}$"

    @property
    def counted_as(self) -> str:
        """The name of its requests in the sandbox's counts, such as `GET /conversations/{id}`."""
        return f"{self.method} /{self.path}"


PEOPLE: Final = "Read and list users and companies"

SCOPES: Final[Mapping[str, str]] = {
    PEOPLE: "read_users_companies",
    "Read one user and one company": "read_single_user",
    "Read conversations": "read_conversations",
    "Read tickets": "read_tickets",
    "Read admins": "read_admins",
    "Read admin activity logs": "read_admin_activity_logs",
    "Read tags": "read_tags",
    "Read articles": "read_articles_scope",
}
"""The permissions that the consent page lists, and the names by which the API refuses a token without them."""

_ROWS: Final = (
    Contract(
        "contacts",
        Way.SEARCH,
        "POST",
        "contacts/search",
        ("data",),
        PEOPLE,
        answer="contacts_search",
        cursor="updated_at",
        single="contact",
        without=("enabled_push_messaging",),
    ),
    Contract(
        "conversations",
        Way.SEARCH,
        "POST",
        "conversations/search",
        ("conversations",),
        "Read conversations",
        answer="conversations_search",
        cursor="updated_at",
        single="conversation",
        without=("conversation_parts",),
    ),
    Contract(
        "conversation_parts",
        Way.CHILD,
        "GET",
        "conversations/{id}",
        ("conversation_parts", "conversation_parts"),
        "Read conversations",
        answer="conversation",
        cursor="conversation_updated_at",
        parent=Parent("conversations", "conversation_id"),
    ),
    Contract(
        "conversation_tags",
        Way.NESTED,
        "POST",
        "conversations/search",
        ("tags", "tags"),
        "Read conversations",
        key=("conversation_id", "id"),
        cursor="conversation_updated_at",
        parent=Parent("conversations", "conversation_id"),
    ),
    Contract(
        "tickets",
        Way.SEARCH,
        "POST",
        "tickets/search",
        ("tickets",),
        "Read tickets",
        answer="tickets_search",
        cursor="updated_at",
    ),
    Contract(
        "ticket_parts",
        Way.NESTED,
        "POST",
        "tickets/search",
        ("ticket_parts", "ticket_parts"),
        "Read tickets",
        cursor="ticket_updated_at",
        parent=Parent("tickets", "ticket_id"),
    ),
    Contract("companies", Way.SCROLL, "GET", "companies/scroll", ("data",), PEOPLE, answer="companies_scroll"),
    Contract(
        "admins",
        Way.WHOLE,
        "GET",
        "admins",
        ("admins",),
        "Read admins",
        answer="admins",
        single="admin",
        parameters=({"display_avatar": "true"},),
    ),
    Contract("teams", Way.WHOLE, "GET", "teams", ("teams",), "Read admins", answer="teams", single="team"),
    Contract("tags", Way.WHOLE, "GET", "tags", ("data",), "Read tags", answer="tags"),
    Contract(
        "segments",
        Way.WHOLE,
        "GET",
        "segments",
        ("segments",),
        PEOPLE,
        answer="segments",
        parameters=({"include_count": "true"}, {"include_count": "true", "type": "company"}),
    ),
    Contract(
        "data_attributes",
        Way.WHOLE,
        "GET",
        "data_attributes",
        ("data",),
        PEOPLE,
        answer="data_attributes",
        key=("model", "full_name"),
        parameters=({"model": "contact"}, {"model": "company"}),
    ),
    Contract(
        "articles",
        Way.PAGES,
        "GET",
        "articles",
        ("data",),
        "Read articles",
        answer="articles",
        single="article",
        without=("statistics",),
    ),
    Contract(
        "collections", Way.PAGES, "GET", "help_center/collections", ("data",), "Read articles", answer="collections"
    ),
    Contract(
        "activity_logs",
        Way.PAGES,
        "GET",
        "admins/activity_logs",
        ("activity_logs",),
        "Read admin activity logs",
        answer="activity_logs",
        cursor="created_at",
    ),
    Contract(
        "contact_notes",
        Way.CHILD,
        "GET",
        "contacts/{id}/notes",
        ("data",),
        "Read one user and one company",
        answer="contact_notes",
        cursor="contact_updated_at",
        parent=Parent("contacts", "contact_id"),
        mentioned=("notes", "data"),
    ),
)

CONTRACTS: Final[Mapping[str, Contract]] = {row.name: row for row in _ROWS}
"""By name, in the order of the catalogue."""

STREAMS: Final = tuple(CONTRACTS)

CURSORS: Final[Mapping[str, str]] = {row.name: row.cursor for row in _ROWS if row.cursor}
"""The streams that can be read incrementally, each with its cursor field."""


def by_way(*ways: Way) -> tuple[str, ...]:
    """The streams whose rows are asked for in one of these ways."""
    return tuple(row.name for row in _ROWS if row.way in ways)


SEARCHED: Final = by_way(Way.SEARCH)

ASKED: Final = tuple(row.name for row in _ROWS if row.way is not Way.NESTED)
"""The streams that have requests of their own."""

ROOTS: Final = tuple(row.name for row in _ROWS if row.parent is None)
"""The streams whose rows belong to no others."""


def families() -> dict[str, list[str]]:
    """The streams that need each permission, both in the order of the catalogue."""
    found: dict[str, list[str]] = {}
    for row in _ROWS:
        found.setdefault(row.permission, []).append(row.name)
    return found


def needed(permission: str) -> set[str]:
    """The permissions without which what needs one cannot be tried: children are asked of parents that are found."""
    return {CONTRACTS[each].permission for each in lineage(families()[permission][0])}


def lineage(name: str) -> tuple[str, ...]:
    """A stream, and those that must be read for it: its parent, the parent of that, and so on."""
    parent = CONTRACTS[name].parent
    return (name, *lineage(parent.stream)) if parent else (name,)


def relying_on(*names: str) -> set[str]:
    """The streams that are not read whole when one of these is not: they themselves, and what belongs to them."""
    return {each for each in STREAMS if set(lineage(each)) & set(names)}
