"""How the streams refer to each other: a diagram in mermaid, and a table."""

from collections.abc import Iterator, Mapping, Sequence

from scripts.pages.catalogue import Reference, Stream, references, types
from scripts.pages.tables import table


def mermaid(catalogue: Sequence[Stream]) -> str:
    """The entity relationship diagram: keys, cursors, and the columns that hold references."""
    found = references(catalogue)
    by_name = {stream.name: stream for stream in catalogue}
    lines = ["```mermaid", "erDiagram"]
    for stream in catalogue:
        columns = _columns(stream, [one.column for one in found if one.stream == stream.name])
        lines += [f"    {stream.name} {{", *(f"        {line}" for line in columns), "    }"]
    for (target, name), some in _pairs(found).items():
        label = ", ".join(dict.fromkeys(reference.column for reference in some))
        lines.append(f'    {target} {_cardinality(by_name[name], some)} {name} : "{label}"')
    return "\n".join([*lines, "```"])


def of_references(catalogue: Sequence[Stream]) -> str:
    """All references, as a table."""
    rows = [
        [one.stream, f"`{one.path}`", " or ".join(one.targets), "many" if one.is_many else "one"]
        for one in references(catalogue)
    ]
    return table(["stream", "field", "refers to", "how many"], rows)


def _columns(stream: Stream, referring: Sequence[str]) -> Iterator[str]:
    for name in dict.fromkeys([*stream.key, *filter(None, [stream.cursor]), *referring]):
        keys = ", ".join(["PK"] * (name in stream.key) + ["FK"] * (name in referring))
        kind = types(stream.schema["properties"][name])[0]
        yield " ".join(filter(None, [kind, name, keys, '"cursor"' if name == stream.cursor else ""]))


def _pairs(found: Sequence[Reference]) -> Mapping[tuple[str, str], list[Reference]]:
    pairs: dict[tuple[str, str], list[Reference]] = {}
    for reference in found:
        for target in reference.targets:
            pairs.setdefault((target, reference.stream), []).append(reference)
    return pairs


def _cardinality(stream: Stream, some: Sequence[Reference]) -> str:
    paths = [reference.path for reference in some]
    if any(reference.is_many for reference in some):
        return "}o--o{"
    if paths == stream.key:
        return "|o--o|"
    return "||--o{" if set(paths) & set(stream.required) else "|o--o{"
