"""What a contract row says of a stream."""

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
    FEED = "a feed that is gone on with from any place, in pages that follow from a place"
    PAGES = "a list in numbered pages"
    CURSORS = "a list in pages, each of which has a cursor for the next"
    WHOLE = "a list in one answer"
    OWN = "in a way of its own, which unit_tests/own_ways.py tells"


class Parent(NamedTuple):
    """The stream to whose rows the rows of another one belong, and the field that names the row.

    `above` is the field that names the row to which that one belongs.
    """

    stream: str
    field: str
    above: str = ""


@dataclass(frozen=True)
class Contract:
    """What is promised of a stream.

    `key`           the fields that identify a row, in the schema's order
    `cursor`        the field by which it is read incrementally, integer Unix seconds; None: it is read in full. The
                    state names such a second, but for feeds, of which it names a place
    `permission`    what the token needs, as Intercom's Developer Hub names it (API notes 7.3); empty where its
                    documentation names none
    `scope`         the name by which the API refuses a token without it, if `SCOPES` does not say it
    `method`, `path`  the request whose answer holds the rows, below the API's URL; `{id}` is the id of a parent
    `records`       the keys that lead to the list of rows, in the answer, or of nested rows in the row of the parent;
                    to the row itself where a parent has just one
    `answer`        the example of that answer in `unit_tests/examples`; nested rows are in those of the parent
    `single`        an example of one row by itself; `without` are fields that only such an answer has, and no column
    `parameters`    what a list is asked for with, request by request, but for those of its pages
    `parent`        to whose rows its own belong
    `entry`         the field of a nested row that holds an entry of that list, where the entries are ids and no objects
    `version`       the version of the API that has it, if that of all others does not
    `also`          other streams whose requests it takes to read it
    `mentioned`     the keys that lead to the list of a child's rows in the row of the parent, which may be cut short
    `ids`           a regular expression for what stands in place of `{id}`, where it is no hexadecimal number
    `besides`       other requests that it takes, as `method` and `path`
    `told_apart_by`  the keys that lead to what two rows of a parent differ in, as Intercom sends them; none: the place
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
    entry: str = ""
    mentioned: tuple[str, ...] = ()
    told_apart_by: tuple[str, ...] = ("id",)
    scope: str = ""
    version: str = ""
    also: tuple[str, ...] = ()
    ids: str = "[0-9a-f]+"
    besides: tuple[tuple[str, str], ...] = ()

    @property
    def required(self) -> list[str]:
        """The fields that every row has: the key, what names its parent, and the cursor field."""
        parents = (self.parent.field, self.parent.above) if self.parent else ()
        return list(dict.fromkeys(field for field in (*self.key, *parents, self.cursor) if field))

    @property
    def needs(self) -> str:
        """What a check tries once: the permission, or where it has no known one the stream whose rows are asked for."""
        return self.permission or (self.parent.stream if self.parent and self.way is Way.NESTED else self.name)

    @property
    def refused_as(self) -> str:
        """The name by which the API refuses a token without the permission."""
        return self.scope or SCOPES[self.permission]

    @property
    def lacking(self) -> str:
        """How an error names what a token lacks."""
        return f"lacks the permission “{self.permission}” (" if self.permission else "lacks a permission ("

    @property
    def pattern(self) -> str:
        """A regular expression for the path of its requests, as the sandbox's faults take it."""
        return f"^/{re.escape(self.path).replace(re.escape('{id}'), self.ids)}$"

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
    "Read and List news items and newsfeeds": "read_news_items",
    "Read events": "read_events",
    "Read custom object instances": "read_custom_object_instances",
    "Export content data": "export_content_data",
    "Export reporting data": "export_reporting_data",
}
"""The permissions that the consent page lists, and the names by which the API refuses a token without them."""
