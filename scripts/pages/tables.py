"""Tables and lists: streams, permissions, suggested streams."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from scripts.pages.catalogue import Stream, fields

NONE: Final = "\N{EN DASH}"
UNNAMED: Final = "one that Intercom's documentation does not name"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    return "\n".join([_line(header), "|" + "---|" * len(header), *map(_line, rows)])


def _line(cells: Sequence[str]) -> str:
    escaped = [cell.replace("|", r"\|") for cell in cells]  # a bar within a cell would end it
    return f"| {' | '.join(escaped)} |"


def of_streams(catalogue: Sequence[Stream]) -> str:
    """What each stream's rows are, and how they are read."""
    return _of_streams([(stream.name, stream) for stream in catalogue])


def of_streams_with_links(catalogue: Sequence[Stream]) -> str:
    """The same, with links into Intercom's API reference."""
    return _of_streams([(f"[{stream.name}]({stream.documented_at})", stream) for stream in catalogue])


def _of_streams(named: Iterable[tuple[str, Stream]]) -> str:
    rows = [
        [name, stream.row, ", ".join(stream.modes), stream.cursor or NONE, ", ".join(stream.key)]
        for name, stream in named
    ]
    return table(["stream", "a row is", "sync modes", "cursor", "primary key"], rows)


def _by_permission(catalogue: Sequence[Stream]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for stream in catalogue:
        found.setdefault(stream.permission or UNNAMED, []).append(stream.name)
    return found


def of_permissions(catalogue: Sequence[Stream]) -> str:
    """Which streams need which permission."""
    rows = [[permission, ", ".join(names)] for permission, names in _by_permission(catalogue).items()]
    return table(["permission in Intercom's Developer Hub", "streams"], rows)


def suggested(catalogue: Sequence[Stream]) -> str:
    """The streams that Airbyte selects in a new connection, as a list in YAML."""
    return "\n".join(f"- {stream.name}" for stream in catalogue if stream.is_suggested)


def list_of_permissions(catalogue: Sequence[Stream]) -> str:
    """The same as a list."""
    return "\n".join(
        f"- {permission if permission == UNNAMED else f'*{permission}*'}, for {', '.join(names)}"
        for permission, names in _by_permission(catalogue).items()
    )


ADDRESSES: Final = re.compile(r"email(_address)?")
WRITTEN: Final = re.compile(r"subject|body(_\w+)?|translations|(\w+_)?remark")


def of_masking(catalogue: Sequence[Stream]) -> str:
    """Which columns hold e-mail addresses, and which what people wrote, going by the names of their fields."""
    rows = []
    for stream in catalogue:
        found = [", ".join(_holding(stream, names)) for names in (ADDRESSES, WRITTEN)]
        if any(found):
            rows.append([stream.name, *(cell or NONE for cell in found)])
    return table(["stream", "columns with e-mail addresses", "columns with subjects, bodies or remarks"], rows)


def _holding(stream: Stream, names: re.Pattern[str]) -> list[str]:
    paths = [re.findall(r"\w+", path) for path, _ in fields(stream.schema)]
    return list(dict.fromkeys(path[0] for path in paths if names.fullmatch(path[-1])))
