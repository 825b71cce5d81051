"""What Airbyte's own connector declares beside what ours does: what differs, and what users have to do about it.

Its facts are in `official.yaml`; ours are read from the streams, as always. Times are compared as integers, which a
configuration that was moved keeps.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from scripts.pages.catalogue import Schema, Stream, fields, types
from scripts.pages.tables import NONE, table

FACTS: Final = Path(__file__).with_name("official.yaml")


@dataclass(frozen=True)
class Theirs:
    """A stream of the other connector.

    `here`     the name of the stream that has its rows here
    `columns`  column: its type
    `inside`   path of a field deeper inside: its type, where ours is another
    """

    name: str
    here: str
    key: Sequence[str]
    cursor: str
    columns: Mapping[str, str]
    inside: Mapping[str, str]

    @property
    def modes(self) -> list[str]:
        """The sync modes."""
        return ["full refresh", *["incremental"] * bool(self.cursor)]


@cache
def facts() -> Mapping[str, Any]:
    """What the file holds."""
    read: Mapping[str, Any] = yaml.safe_load(FACTS.read_text(encoding="utf-8"))
    return read


def theirs() -> list[Theirs]:
    """All its streams, in its order."""
    return [
        Theirs(
            name,
            fact.get("here", name),
            fact["key"],
            fact.get("cursor", ""),
            {column: kind for kind, columns in fact["columns"].items() for column in columns},
            fact.get("inside", {}),
        )
        for name, fact in facts()["streams"].items()
    ]


def _pairs(catalogue: Sequence[Stream]) -> Iterator[tuple[Theirs, Stream]]:
    ours = {stream.name: stream for stream in catalogue}
    return ((their, ours[their.here]) for their in theirs())


def _columns(stream: Stream) -> list[str]:
    return list(stream.schema["properties"])


def only_there(their: Theirs, our: Stream) -> list[str]:
    """Columns that only the other connector declares."""
    return [column for column in their.columns if column not in _columns(our)]


def only_here(their: Theirs, our: Stream) -> list[str]:
    """Columns that only ours declares."""
    return [column for column in _columns(our) if column not in their.columns]


def _type(node: Schema) -> str:
    return " or ".join("integer" if kind == "timestamp" else kind for kind in sorted(types(node)))


def other_types(their: Theirs, our: Stream) -> list[tuple[str, str, str]]:
    """Fields that both declare with different types: path, type there, type here."""
    ours = dict(_typed(our.schema))
    known = {**their.columns, **their.inside}
    return [(path, kind, ours[path]) for path, kind in known.items() if path in ours and ours[path] != kind]


def _typed(schema: Schema) -> Iterator[tuple[str, str]]:
    for path, node in fields(schema):
        yield path, _type(node)
        if "items" in node:
            yield f"{path}[]", _type(node["items"])


def is_breaking(their: Theirs, our: Stream) -> bool:
    """Whether a connection that has the stream notices a difference, beyond columns that are new."""
    same = (their.name, their.modes, their.cursor, list(their.key)) == (our.name, our.modes, our.cursor, our.key)
    return not same or bool(only_there(their, our) or other_types(their, our))


def of_streams(catalogue: Sequence[Stream]) -> str:
    """Its streams and ours: sync modes, cursors, keys."""
    sides = [f"{what} {side}" for what in ("sync modes", "cursor", "key") for side in ("there", "here")]
    rows = []
    for their, our in _pairs(catalogue):
        cells = [[", ".join(one.modes), one.cursor or NONE, ", ".join(one.key) or NONE] for one in (their, our)]
        rows.append([their.name, our.name, *(cell for pair in zip(*cells, strict=True) for cell in pair)])
    return table([f"stream of {facts()['version']}", "here", *sides], rows)


def of_columns(catalogue: Sequence[Stream]) -> str:
    """Columns that are declared on one side only."""
    rows = []
    for their, our in _pairs(catalogue):
        there, here = only_there(their, our), only_here(their, our)
        if there or here:
            rows.append([their.name, ", ".join(there) or NONE, ", ".join(here) or NONE])
    return table(["stream", f"only in {facts()['version']}", "only here"], rows)


def of_types(catalogue: Sequence[Stream]) -> str:
    """Fields with different types."""
    rows = [
        [their.name, f"`{row[0]}`", *row[1:]] for their, our in _pairs(catalogue) for row in other_types(their, our)
    ]
    return table(["stream", "field", facts()["version"], "here"], rows)


def of_breaking(catalogue: Sequence[Stream]) -> str:
    """The streams with differences that a connection notices, as a list in YAML."""
    return "\n".join(f"- {their.name}" for their, our in _pairs(catalogue) if is_breaking(their, our))


def of_steps(catalogue: Sequence[Stream]) -> str:
    """What a connection notices of each stream, and what to do."""
    rows = [[their.name, *change(their, our)] for their, our in _pairs(catalogue) if is_breaking(their, our)]
    return table(["stream", "what changes", "what to do"], rows)


def change(their: Theirs, our: Stream) -> list[str]:
    """What changes for who has the stream, and what to do."""
    return ["; ".join(_changes(their, our)), _step(their, our)]


def _changes(their: Theirs, our: Stream) -> Iterator[str]:
    if their.name != our.name:
        yield f"its rows are in {our.name}"
    if their.modes != our.modes:
        yield "no longer incremental"
    elif their.cursor != our.cursor:
        yield f"cursor {our.cursor}, was {their.cursor}"
    if list(their.key) != our.key:
        yield f"key {', '.join(our.key)}, was {', '.join(their.key) or 'none'}"
    if changed := [f"`{path}`" for path, *_ in other_types(their, our)]:
        yield f"types of {', '.join(changed)}"
    if gone := only_there(their, our):
        yield f"without {', '.join(gone)}"


def _step(their: Theirs, our: Stream) -> str:
    if their.name != our.name:
        return f"deselect it, and select {our.name}"
    if our.cursor:
        return "choose _Incremental, Append + Deduped_; refresh or clear its data"
    return (
        "choose _Full Refresh, Overwrite_"
        if their.cursor
        else "with other modes than _Overwrite_, refresh or clear its data"
    )
