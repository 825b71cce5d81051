"""The commands `spec|check|discover|read`, from arguments to messages on stdout."""

import logging
import sys
import tempfile
from argparse import Namespace
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from typing import Any, Final, NoReturn

from airbyte_cdk.entrypoint import AirbyteEntrypoint
from airbyte_cdk.logger import PRINT_BUFFER
from airbyte_cdk.models import ConnectorSpecification, FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom.config import Config
from source_intercom.configuring import HINT
from source_intercom.shutdown import Shutdown
from source_intercom.source import SourceIntercom

FLUSH_SECONDS: Final = 0.01
"""How long lines wait in the CDK's print buffer: in the tenth of a second it would take, megabytes gather."""

NO_TEMPORARY_DIRECTORY: Final = (
    "The connector finds no directory for temporary files that has room and that it may write to; mount one at /tmp, "
    "or name one in the environment variable TMPDIR."
)


class IntercomEntrypoint(AirbyteEntrypoint):
    """The CDK's entry point, with configs validated in the connector's own sentences instead of JSON schema's."""

    @staticmethod
    def validate_connection(source_spec: ConnectorSpecification, config: Mapping[str, Any]) -> None:
        """:raises AirbyteTracedException: a config error that names each wrong field"""
        Config.parse(config)


def launch(arguments: Sequence[str], shutdown: Shutdown) -> None:
    """Run one command and print its Airbyte messages, and nothing else, on stdout.

    :raises SystemExit: with code 2 if the arguments are wrong, which is told on stderr
    """
    parsed = _parsed(arguments)
    source = SourceIntercom()
    entrypoint = IntercomEntrypoint(source)
    _need_temporary_directory()
    shutdown.stop = source.stop
    PRINT_BUFFER.flush_interval = FLUSH_SECONDS
    logging.raiseExceptions = False  # nobody reads the log any more: that is told once, not with every line
    # The buffer would have stderr's lines among the messages, such as the traces of errors that nobody catches.
    errors = sys.stderr
    with (
        PRINT_BUFFER,
        redirect_stderr(errors),
        config_errors_told_once(),
        closing(_messages(entrypoint, parsed)) as messages,
    ):
        for message in messages:
            sys.stdout.write(f"{message}\n")


@contextmanager
def config_errors_told_once() -> Iterator[None]:
    """An error that somebody has to do something about is printed as one trace, without the way that led to it.

    The CDK would print it twice, as a log line too, each time with the traceback.

    :raises SystemExit: with exit code 1, after such an error
    """
    try:
        yield
    except AirbyteTracedException as error:
        if error.failure_type != FailureType.config_error:
            raise
        message = error.as_sanitized_airbyte_message()
        if message.trace and message.trace.error:
            message.trace.error.stack_trace = None
        sys.stdout.write(f"{IntercomEntrypoint.airbyte_message_to_string(message)}\n")
        sys.exit(1)


def _messages(entrypoint: IntercomEntrypoint, parsed: Namespace) -> Generator[str, None, None]:
    yield from entrypoint.run(parsed)


def _parsed(arguments: Sequence[str]) -> Namespace:
    try:
        parsed = IntercomEntrypoint.parse_args(list(arguments))
    except SystemExit as left:
        if not left.code:  # help was asked for, of which the CDK gives that on its own commands
            sys.stdout.write(f"\n{HINT}\n")
        raise
    if not parsed.command:
        _tell_usage()
    return parsed


def _tell_usage() -> NoReturn:
    try:
        with redirect_stdout(sys.stderr):
            _parsed(["--help"])
    finally:
        sys.exit(2)


def _need_temporary_directory() -> None:
    try:
        tempfile.gettempdir()
    except FileNotFoundError as error:
        raise AirbyteTracedException(str(error), NO_TEMPORARY_DIRECTORY, FailureType.config_error) from error
