"""The command line: the commands and options that Airbyte gives to a source, as far as they do something here."""

import os
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path
from typing import Final

from source_intercom.configuring import HINT
from source_intercom.read_report import FORMS

VARIABLE: Final = "INTERCOM_REPORT"
"""The environment variable that names the file of the report."""

_CONFIG: Final = "file with the options of the connection, as JSON"
_CATALOG: Final = "file with the configured catalog: which streams are read, and how, as JSON"
_REPORT: Final = (
    "file for what the read did, skipped and waited for: a page (.html) or JSON (.json), or both if it is given twice; "
    "without it the file that the environment variable INTERCOM_REPORT names, if any"
)
_STATE: Final = "file with the states to go on from, as JSON; without it all is read"


def parser() -> ArgumentParser:
    """Parses the arguments to what the CDK's entry point takes."""
    description = "Reads an Intercom workspace and prints Airbyte messages, line by line"
    whole = ArgumentParser(description=description, epilog=HINT)
    commands = whole.add_subparsers(title="commands", dest="command")
    spec = commands.add_parser("spec", help="print the options that a connection has")
    check = commands.add_parser("check", help="try the connection, and say what it cannot read")
    discover = commands.add_parser("discover", help="print the catalog: all streams with their fields")
    read = commands.add_parser("read", help="read streams, and print their records and states")
    for command in (check, discover, read):
        command.add_argument("--config", required=True, help=_CONFIG)
    read.add_argument("--catalog", required=True, help=_CATALOG)
    read.add_argument("--state", help=_STATE)
    read.add_argument("--report", type=_report_file, action="append", help=_REPORT)
    for command in (spec, check, discover, read):
        command.add_argument("--debug", action="store_true", help="log more, such as each request")
    return whole


def report_files(parsed: Namespace) -> list[Path]:
    """Where the report of a read goes.

    :raises SystemExit: with code 2 if the environment names a file of another kind
    """
    named = os.environ.get(VARIABLE)
    if parsed.command != "read":
        return []
    if parsed.report or not named:
        return parsed.report or []
    try:
        return [_report_file(named)]
    except ArgumentTypeError as error:
        parser().error(f"{VARIABLE}: {error}")


def _report_file(name: str) -> Path:
    file = Path(name)
    if file.suffix.lower() not in FORMS:
        raise ArgumentTypeError(f"{name} ends neither in .html nor in .json")
    return file
