"""The command line: the commands and options that Airbyte gives to a source, as far as they do something here."""

from argparse import ArgumentParser
from typing import Final

_CONFIG: Final = "file with the options of the connection, as JSON"
_CATALOG: Final = "file with the configured catalog: which streams are read, and how, as JSON"
_STATE: Final = "file with the states to go on from, as JSON; without it all is read"


def parser() -> ArgumentParser:
    """Parses the arguments to what the CDK's entry point takes."""
    whole = ArgumentParser(description="Reads an Intercom workspace and prints Airbyte messages, line by line")
    commands = whole.add_subparsers(title="commands", dest="command")
    spec = commands.add_parser("spec", help="print the options that a connection has")
    check = commands.add_parser("check", help="try the connection, and say what it cannot read")
    discover = commands.add_parser("discover", help="print the catalog: all streams with their fields")
    read = commands.add_parser("read", help="read streams, and print their records and states")
    for command in (check, discover, read):
        command.add_argument("--config", required=True, help=_CONFIG)
    read.add_argument("--catalog", required=True, help=_CATALOG)
    read.add_argument("--state", help=_STATE)
    for command in (spec, check, discover, read):
        command.add_argument("--debug", action="store_true", help="log more, such as each request")
    return whole
