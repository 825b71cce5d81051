"""The diagram of all streams in docs/streams.md, made from their schemas.

    python -m scripts.erd           print it
    python -m scripts.erd --write   put it into the page, between its two marks

Keys come from the schemas' `x-primary-key`, cursors from the streams. Which field refers to which stream no schema can
tell: `REFERENCES` does. Every id of every schema is in it, or in `ELSEWHERE`, or `unexplained` names it.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from airbyte_cdk.sources.utils.casing import camel_to_snake

from source_intercom.streams import STREAMS

ROOT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = ROOT / "docs" / "streams.md"
SCHEMAS: Final = ROOT / "source_intercom" / "schemas"

BEGIN: Final = "<!-- made by python -m scripts.erd --write: begin -->"
END: Final = "<!-- made by python -m scripts.erd --write: end -->"

Schema = dict[str, Any]


class Reference(NamedTuple):
    """A field of a stream that holds ids of another; of one of several where an object beside the id says which."""

    stream: str
    path: str
    targets: tuple[str, ...]

    @property
    def column(self) -> str:
        """The column of the table that the field is in."""
        return re.split(r"[.\[]", self.path)[0]

    @property
    def is_many(self) -> bool:
        """Whether one row refers to any number of others."""
        return "[]" in self.path or self.path.endswith("_ids")


ADMINS, TEAMS, CONTACTS, TAGS = ("admins",), ("teams",), ("contacts",), ("tags",)
AUTHORS, ASSIGNEES = ("admins", "contacts"), ("admins", "teams")

REFERENCES: Final = (
    Reference("contacts", "owner_id", ADMINS),
    Reference("contacts", "companies.data[].id", ("companies",)),
    Reference("contacts", "tags.data[].id", TAGS),
    Reference("conversations", "contacts.contacts[].id", CONTACTS),
    Reference("conversations", "company.id", ("companies",)),
    Reference("conversations", "source.author.id", AUTHORS),
    Reference("conversations", "admin_assignee_id", ADMINS),
    Reference("conversations", "team_assignee_id", TEAMS),
    Reference("conversations", "teammates.admins[].id", ADMINS),
    Reference("conversations", "teammates.teammates[].id", ADMINS),
    Reference("conversations", "conversation_rating.contact.id", CONTACTS),
    Reference("conversations", "conversation_rating.teammate.id", ADMINS),
    Reference("conversations", "statistics.last_closed_by_id", ADMINS),
    Reference("conversations", "statistics.assigned_team_first_response_time[].team_id", TEAMS),
    Reference("conversations", "statistics.assigned_team_first_response_time_in_office_hours[].team_id", TEAMS),
    Reference("conversations", "scorecards[].reviewed_teammate.admin_id", ADMINS),
    Reference("conversations", "tags.tags[].id", TAGS),
    Reference("conversations", "tags.tags[].applied_by.id", AUTHORS),
    Reference("conversations", "linked_objects.data[].id", ("tickets", "conversations")),
    Reference("conversation_parts", "conversation_id", ("conversations",)),
    Reference("conversation_parts", "author.id", AUTHORS),
    Reference("conversation_parts", "assigned_to.id", ASSIGNEES),
    Reference("conversation_parts", "admin_assignee_id", ADMINS),
    Reference("conversation_parts", "team_assignee_id", TEAMS),
    Reference("conversation_parts", "tags[].id", TAGS),
    Reference("tickets", "id", ("conversations",)),
    Reference("tickets", "contacts.contacts[].id", CONTACTS),
    Reference("tickets", "admin_assignee_id", ADMINS),
    Reference("tickets", "team_assignee_id", TEAMS),
    Reference("tickets", "linked_objects.data[].id", ("conversations", "tickets")),
    Reference("tickets", "ticket_parts.ticket_parts[].author.id", AUTHORS),
    Reference("tickets", "ticket_parts.ticket_parts[].assigned_to.id", ASSIGNEES),
    Reference("companies", "tags.tags[].id", TAGS),
    Reference("companies", "segments.segments[].id", ("segments",)),
    Reference("companies", "notes.notes[].author.id", ADMINS),
    Reference("admins", "team_ids", TEAMS),
    Reference("admins", "team_priority_level.primary_team_ids", TEAMS),
    Reference("admins", "team_priority_level.secondary_team_ids", TEAMS),
    Reference("teams", "admin_ids", ADMINS),
    Reference("teams", "admin_priority_level.primary_admin_ids", ADMINS),
    Reference("teams", "admin_priority_level.secondary_admin_ids", ADMINS),
    Reference("data_attributes", "admin_id", ADMINS),
    Reference("articles", "author_id", ADMINS),
    Reference("articles", "created_by_id", ADMINS),
    Reference("articles", "updated_by_id", ADMINS),
    Reference("articles", "tags.tags[].id", TAGS),
    Reference("articles", "tags.tags[].applied_by.id", AUTHORS),
)

ELSEWHERE: Final = {
    "the workspace itself": ("*.workspace_id", "*.app_id"),
    "other systems, or people": (
        "*.external_id",
        "*.company_id",
        "*.message_id",
        "conversations.external_references[].id",
        "tickets.ticket_id",
    ),
    "objects that the row carries whole": (
        "companies.plan.id",
        "companies.notes.*",
        "conversations.company.*.*",
        "conversations.source.id",
        "tickets.ticket_type.*",
        "tickets.ticket_state.id",
        "tickets.ticket_parts.ticket_parts[].id",
        "tickets.ticket_parts.ticket_parts[].updated_attribute_data.*",
        "admins.role.id",
    ),
    "objects that no stream reads": (
        "admins.away_status_reason_id",
        "articles.audience_ids",
        "articles.content_id",
        "articles.parent_ids",
        "contacts.notes.data[].id",
        "contacts.opted_*_subscription_types.data[].id",
        "conversation_parts.event_details.call_id",
        "conversations.*topics.*",
        "conversations.monitor_evaluations[].monitor_id",
        "conversations.scorecards[].*",
        "tickets.previous_ticket_state_id",
    ),
    "contacts that are gone": ("contacts.merge_history[].source_contact_id",),
}
"""What the other ids identify, by path; `*` stands for anything."""


def names() -> list[str]:
    """The streams, in the catalogue's order."""
    return [camel_to_snake(stream.__name__) for stream in STREAMS]


def schema_of(stream: str) -> Schema:
    """The JSON schema of a stream."""
    schema: Schema = json.loads((SCHEMAS / f"{stream}.json").read_text(encoding="utf-8"))
    return schema


def fields(schema: Schema, path: str = "") -> Iterator[tuple[str, Schema]]:
    """Every field below an object, by path: `.` leads into an object, `[]` into an array."""
    for name, node in schema.get("properties", {}).items():
        yield path + name, node
        yield from fields(node, f"{path}{name}.")
        yield from fields(node.get("items", {}), f"{path}{name}[].")


def unexplained() -> list[str]:
    """`stream.path` of every id that is neither a stream's own nor in `REFERENCES` or `ELSEWHERE`."""
    known = {f"{reference.stream}.{reference.path}" for reference in REFERENCES}
    patterns = [_pattern(one) for some in ELSEWHERE.values() for one in some]
    return [
        path for path in _id_paths() if path not in known and not any(pattern.fullmatch(path) for pattern in patterns)
    ]


def unmet() -> list[str]:
    """References that lead from or to nothing, and patterns of `ELSEWHERE` that fit no id."""
    paths = list(_id_paths(own=True))
    lost = [f"{one.stream}.{one.path}" for one in REFERENCES if f"{one.stream}.{one.path}" not in paths]
    strangers = [
        f"{one.stream}.{one.path}: {target}"
        for one in REFERENCES
        for target in one.targets
        if target not in names() or schema_of(target)["x-primary-key"] != ["id"]
    ]
    patterns = [one for some in ELSEWHERE.values() for one in some]
    return lost + strangers + [one for one in patterns if not any(_pattern(one).fullmatch(path) for path in paths)]


def _id_paths(own: bool = False) -> Iterator[str]:
    for stream in names():
        for path, _ in fields(schema_of(stream)):
            name = re.split(r"[.\]]", path)[-1]
            if (name == "id" or name.endswith(("_id", "_ids"))) and (path != "id" or own):
                yield f"{stream}.{path}"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(re.escape(text).replace(r"\*", ".*"))


def diagram() -> str:
    """The entity relationship diagram, in mermaid."""
    lines = ["erDiagram"]
    for kind in STREAMS:
        stream = camel_to_snake(kind.__name__)
        cursor = kind.cursor_field if isinstance(kind.cursor_field, str) else ""
        lines += [f"    {stream} {{", *(f"        {line}" for line in _columns(stream, cursor)), "    }"]
    pairs: dict[tuple[str, str], list[Reference]] = {}
    for reference in REFERENCES:
        for target in reference.targets:
            pairs.setdefault((target, reference.stream), []).append(reference)
    for (target, stream), references in pairs.items():
        label = ", ".join(dict.fromkeys(reference.column for reference in references))
        lines.append(f'    {target} {_cardinality(references)} {stream} : "{label}"')
    return "\n".join(lines)


def _columns(stream: str, cursor: str) -> Iterator[str]:
    schema = schema_of(stream)
    key: list[str] = schema["x-primary-key"]
    referring = [reference.column for reference in REFERENCES if reference.stream == stream]
    for name in dict.fromkeys([*key, *filter(None, [cursor]), *referring]):
        keys = ", ".join(["PK"] * (name in key) + ["FK"] * (name in referring))
        words = [_type(schema["properties"][name]), name, keys, '"cursor"' if name == cursor else ""]
        yield " ".join(filter(None, words))


def _type(node: Schema) -> str:
    declared = node["type"]
    return next(one for one in ([declared] if isinstance(declared, str) else declared) if one != "null")


def _cardinality(references: list[Reference]) -> str:
    if any(reference.is_many for reference in references):
        return "}o--o{"
    paths = [reference.path for reference in references]
    if paths == ["id"]:
        return "|o--o|"
    return "||--o{" if len(paths) == 1 and paths[0] in schema_of(references[0].stream)["required"] else "|o--o{"


def table() -> str:
    """All references, as a table."""
    rows = [
        f"| {one.stream} | `{one.path}` | {' or '.join(one.targets)} | {'many' if one.is_many else 'one'} |"
        for one in sorted(REFERENCES, key=lambda one: names().index(one.stream))
    ]
    return "\n".join(["| stream | field | refers to | how many |", "|---|---|---|---|", *rows])


def block() -> str:
    """What stands between the page's two marks, marks included."""
    return f"{BEGIN}\n```mermaid\n{diagram()}\n```\n\n## References\n\n{table()}\n{END}"


def renewed(page: str) -> str:
    """The page with the block of today."""
    before, after = page.split(BEGIN)[0], page.split(END)[-1]
    return before + block() + after


def main() -> None:
    """Print the block, or write it."""
    if "--write" in sys.argv[1:]:
        PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        print(block())  # noqa: T201


if __name__ == "__main__":
    main()
