"""What is known of each stream: its class and its schema, and nothing that is told here a second time."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from airbyte_cdk.sources.utils.casing import camel_to_snake

from source_intercom.read.times import with_text
from source_intercom.streams import STREAMS, SUGGESTED
from source_intercom.streams.base import IntercomStream

ROOT: Final = Path(__file__).resolve().parents[2]
SCHEMAS: Final = ROOT / "source_intercom" / "schemas"

Schema = dict[str, Any]


class Reference(NamedTuple):
    """A field whose ids name rows of other streams; of one of several where an object beside the id says which."""

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


@dataclass(frozen=True)
class Stream:
    """A stream as users see it.

    `cursor`        empty where there is none
    `is_suggested`  whether Airbyte selects it in a new connection
    """

    name: str
    permission: str
    cursor: str
    is_suggested: bool
    schema: Schema

    @property
    def row(self) -> str:
        """What a row is, as the end of a sentence without its full stop."""
        description: str = self.schema["description"]
        return description[0].lower() + description[1:].removesuffix(".")

    @property
    def documented_at(self) -> str:
        """The page of Intercom's API reference that shows such rows."""
        url: str = self.schema["x-documented-at"]
        return url

    @property
    def key(self) -> list[str]:
        """The columns of the primary key."""
        key: list[str] = self.schema["x-primary-key"]
        return key

    @property
    def required(self) -> list[str]:
        """The columns that each row has."""
        required: list[str] = self.schema["required"]
        return required

    @property
    def modes(self) -> list[str]:
        """The sync modes."""
        return ["full refresh", *["incremental"] * bool(self.cursor)]


def streams() -> list[Stream]:
    """All streams, in the catalogue's order."""
    return [_described(kind) for kind in STREAMS]


def _described(kind: type[IntercomStream]) -> Stream:
    name = camel_to_snake(kind.__name__)  # as the CDK derives it
    # Without a cursor the class has the CDK's property, which only its instances can read.
    cursor = kind.cursor_field if isinstance(kind.cursor_field, str) else ""
    return Stream(name, kind.permission, cursor, kind in SUGGESTED, schema_of(name))


def schema_of(stream: str) -> Schema:
    """The JSON schema of a stream, as it is declared without options."""
    return with_text(json.loads((SCHEMAS / f"{stream}.json").read_text(encoding="utf-8")))


def fields(schema: Schema, path: str = "") -> Iterator[tuple[str, Schema]]:
    """Every field below an object, by path: `.` leads into an object, `[]` into an array."""
    for name, node in schema.get("properties", {}).items():
        yield path + name, node
        yield from fields(node, f"{path}{name}.")
        yield from fields(node.get("items", {}), f"{path}{name}[].")


def types(node: Schema) -> list[str]:
    """The types of a field, without null; a time is a timestamp."""
    if node.get("x-time"):
        return ["timestamp"]
    declared = node["type"]
    return [one for one in ([declared] if isinstance(declared, str) else declared) if one != "null"]


def references(catalogue: Sequence[Stream]) -> list[Reference]:
    """All references between streams that are there: a schema may name one that has no class yet."""
    known = {stream.name for stream in catalogue}
    found = [
        Reference(stream.name, path, tuple(target for target in node.get("x-refers-to", ()) if target in known))
        for stream in catalogue
        for path, node in fields(stream.schema)
    ]
    return [reference for reference in found if reference.targets]
