"""How the streams of another connector differ from ours: what docs/coming-from-airbyte.md is written from.

    python -m scripts.differences theirs.jsonl ours.jsonl

Both files hold what `discover` printed. Streams are compared by name, but for those in `RENAMED`. Compared are the
fields that are declared, and of nested ones only their types: objects are open, so that others come through as well.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

RENAMED: Final = {"company_attributes": "data_attributes", "contact_attributes": "data_attributes"}

Json = dict[str, Any]


def catalog(path: str) -> dict[str, Json]:
    """The streams of the catalog message among the lines of a file, by name."""
    lines = [line for line in Path(path).read_text(encoding="utf-8").splitlines() if line.startswith("{")]
    (found,) = [message["catalog"] for message in map(json.loads, lines) if message["type"] == "CATALOG"]
    return {stream["name"]: stream for stream in found["streams"]}


def parts(node: Json) -> list[Json]:
    """A schema and its alternatives."""
    return [node, *node.get("anyOf", []), *node.get("oneOf", [])]


def types(node: Json) -> set[str]:
    """The types of a schema, null left aside."""
    declared = [one.get("type", []) for one in parts(node)]
    return {one for some in declared for one in ([some] if isinstance(some, str) else some)} - {"null"}


def fields(node: Json, path: str = "") -> Iterator[tuple[str, set[str]]]:
    """Every field below an object with its types; `.` leads into an object, `[]` into an array."""
    for part in parts(node):
        for name, child in part.get("properties", {}).items():
            yield path + name, types(child)
            yield from fields(child, f"{path}{name}.")
            for items in [one["items"] for one in parts(child) if "items" in one]:
                yield f"{path}{name}[]", types(items)
                yield from fields(items, f"{path}{name}[].")


def outline(stream: Json) -> str:
    """Sync modes, cursor and primary key."""
    key = [".".join(path) for path in stream.get("source_defined_primary_key") or []]
    cursor = stream.get("default_cursor_field") or []
    return f"{', '.join(stream['supported_sync_modes'])}; cursor {'.'.join(cursor) or '-'}; key {', '.join(key) or '-'}"


def differences(theirs: Json, ours: Json) -> Iterator[str]:
    """Lines about one stream."""
    if outline(theirs) != outline(ours):
        yield f"theirs: {outline(theirs)}"
        yield f"ours:   {outline(ours)}"
    their, our = dict(fields(theirs["json_schema"])), dict(fields(ours["json_schema"]))
    for whose, some, others in (("theirs", their, our), ("ours", our, their)):
        only = [name for name in some if name not in others and "." not in name and "[" not in name]
        if only:
            yield f"only {whose}: {', '.join(only)}"
    for name in their.keys() & our.keys():
        if their[name] != our[name]:
            yield f"type of {name}: {'/'.join(sorted(their[name]))}, ours {'/'.join(sorted(our[name]))}"


def main() -> None:
    """Print the differences."""
    theirs, ours = catalog(sys.argv[1]), catalog(sys.argv[2])
    for name, stream in theirs.items():
        own = RENAMED.get(name, name)
        print(f"\n{name}{'' if own == name else f' (ours: {own})'}")  # noqa: T201
        lines = sorted(differences(stream, ours[own])) if own in ours else ["not among ours"]
        print("\n".join(f"  {line}" for line in lines or ["no difference"]))  # noqa: T201
    new = [name for name in ours if name not in theirs and name not in RENAMED.values()]
    print(f"\nonly ours: {', '.join(new)}")  # noqa: T201


if __name__ == "__main__":
    main()
