"""The command `catalog`: the configured catalog that `read` takes, made of what `discover` prints."""

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TextIO

COMMAND: Final = "catalog"

HINT: Final = "source-intercom catalog --help says how to make a configured catalog of what discover prints."

_NOTHING: Final = (
    "There is no catalog on stdin; pipe into this command what source-intercom discover --config config.json prints."
)
_PARSER: Final = argparse.ArgumentParser(
    prog=f"source-intercom {COMMAND}",
    allow_abbrev=False,
    usage="source-intercom discover --config config.json | %(prog)s [--full-refresh] [STREAM ...] > catalog.json",
    description="Makes the configured catalog that `read` takes, a line a stream, of what `discover` prints: "
    "streams that have a cursor are read incrementally, for tables in the mode append + deduped, "
    "others in full, for tables that are overwritten",
)
_PARSER.add_argument("streams", metavar="STREAM", nargs="*", help="a stream to read; none named: all of them")
_PARSER.add_argument("--full-refresh", action="store_true", help="read all of them in full")


class Unusable(Exception):  # noqa: N818
    """There is no such catalog to make; the message says why, and what to do."""


def configure(arguments: Sequence[str], printed: TextIO, catalog: TextIO) -> None:
    """Run the command.

    :param printed: what `discover` has printed
    :param catalog: where the configured catalog goes
    :raises SystemExit: with a sentence if it cannot be made, with code 2 if the arguments are wrong
    """
    options = _PARSER.parse_args(arguments)
    try:
        if printed.isatty():
            raise Unusable(_NOTHING)
        streams = chosen(discovered(printed), options.streams)
    except Unusable as reason:
        sys.exit(str(reason))
    lines = ",\n".join(json.dumps(configured(stream, options.full_refresh)) for stream in streams)
    catalog.write(f'{{"streams": [\n{lines}\n]}}\n')


def discovered(lines: Iterable[str]) -> list[dict[str, Any]]:
    """The streams of the catalog among messages, a line each.

    :raises Unusable: if there is none; with the reason that `discover` gives, if it does
    """
    found, problem = None, _NOTHING
    for line in lines:  # to the end: `discover` takes it for a failure if it cannot print all
        match _message(line):
            case {"type": "CATALOG", "catalog": {"streams": streams}}:
                found = list(streams)
            case {"type": "TRACE", "trace": {"error": {"message": reason}}}:
                problem = f"discover has failed: {reason}"
    if found is None:
        raise Unusable(problem)
    return found


def chosen(streams: Sequence[dict[str, Any]], names: Sequence[str]) -> list[dict[str, Any]]:
    """The streams of these names, each once and in the catalog's order; without names all.

    :raises Unusable: if there is none of a name
    """
    known = [stream["name"] for stream in streams]
    if unknown := [name for name in dict.fromkeys(names) if name not in known]:
        raise Unusable(f"There is no stream {' and no stream '.join(unknown)}; choose from {', '.join(known)}.")
    return [stream for stream in streams if not names or stream["name"] in names]


def configured(stream: Mapping[str, Any], full_refresh: bool) -> dict[str, Any]:
    """A stream as `read` is told of it: incremental if it can be, unless all is to be read in full."""
    incremental = "incremental" in stream["supported_sync_modes"] and not full_refresh
    return {
        "stream": stream,
        "sync_mode": "incremental" if incremental else "full_refresh",
        "destination_sync_mode": "append_dedup" if incremental else "overwrite",
        "cursor_field": stream.get("default_cursor_field", []),
        "primary_key": stream.get("source_defined_primary_key", []),
    }


def _message(line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return None
