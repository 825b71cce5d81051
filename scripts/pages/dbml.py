"""The streams as DBML (https://dbml.dbdiagram.io/docs), for tools that draw databases.

A table has its stream's columns and, quoted, the fields deeper inside that refer to other streams.
"""

import re
from collections.abc import Iterator, Sequence

from scripts.pages.catalogue import Reference, Schema, Stream, fields, references, types


def document(catalogue: Sequence[Stream]) -> str:
    """The whole file."""
    found = references(catalogue)
    tables = [_table(stream, [one.path for one in found if one.stream == stream.name]) for stream in catalogue]
    by_name = {stream.name: stream for stream in catalogue}
    lines = [_ref(one, target, by_name[one.stream]) for one in found for target in one.targets]
    return "\n".join(["// Made by make pages.", "", *tables, *lines, ""])


def _table(stream: Stream, referring: Sequence[str]) -> str:
    shown = [(path, node) for path, node in fields(stream.schema) if re.fullmatch(r"\w+", path) or path in referring]
    indexes = ["", "  indexes {", f"    ({', '.join(stream.key)}) [pk]", "  }"] if len(stream.key) > 1 else []
    columns = [_column(path, node, stream) for path, node in shown]
    note = f"  Note: {_text(stream.schema['description'])}"
    return "\n".join([f"Table {stream.name} {{", *columns, *indexes, "", note, "}", ""])


def _column(path: str, node: Schema, stream: Stream) -> str:
    settings = [*_constraints(path, node, stream), f"note: {_text(node['description'])}"]
    return f"  {_name(path)} {_name(' or '.join(types(node)))} [{', '.join(settings)}]"


def _constraints(path: str, node: Schema, stream: Stream) -> Iterator[str]:
    if [path] == stream.key:
        yield "pk"
    if "null" not in node["type"]:
        yield "not null"


def _ref(reference: Reference, target: str, stream: Stream) -> str:
    sign = "<>" if reference.is_many else "-" if [reference.path] == stream.key else ">"
    return f"Ref: {reference.stream}.{_name(reference.path)} {sign} {target}.id"


def _name(text: str) -> str:
    return text if re.fullmatch(r"\w+", text) else f'"{text}"'


def _text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
