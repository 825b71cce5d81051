"""The data dictionary: every column of every stream, and what is inside it."""

from collections.abc import Iterator, Sequence

from scripts.pages.catalogue import Schema, Stream, fields, types
from scripts.pages.tables import table


def sections(catalogue: Sequence[Stream]) -> str:
    """A section with a table for each stream."""
    known = [stream.name for stream in catalogue]
    return "\n\n".join(_section(stream, known) for stream in catalogue)


def _section(stream: Stream, known: Sequence[str]) -> str:
    rows = [
        [f"`{path}`", _type(node), " ".join([node["description"], *_marks(path, node, stream, known)])]
        for path, node in fields(stream.schema)
    ]
    return f"## {stream.name}\n\n{stream.schema['description']}\n\n{table(['column', 'type', 'description'], rows)}"


def _type(node: Schema) -> str:
    return " or ".join(
        f"{one} of {_type(node['items'])}s" if one == "array" and types(node["items"]) else one for one in types(node)
    )


def _marks(path: str, node: Schema, stream: Stream, known: Sequence[str]) -> Iterator[str]:
    if path in stream.key:
        yield "**Primary key.**"
    if path == stream.cursor:
        yield "**Cursor.**"
    if targets := [target for target in node.get("x-refers-to", ()) if target in known]:
        yield f"Refers to {' or '.join(f'[{target}](#{target})' for target in targets)}."
