"""The commands `spec|check|discover|read`, from arguments to messages on stdout."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from airbyte_cdk.entrypoint import AirbyteEntrypoint
from airbyte_cdk.logger import PRINT_BUFFER
from airbyte_cdk.models import ConnectorSpecification, FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom.config import Config
from source_intercom.source import SourceIntercom

FLUSH_SECONDS: Final = 0.01
"""How long lines wait in the CDK's print buffer: in the tenth of a second it would take, megabytes gather."""


class IntercomEntrypoint(AirbyteEntrypoint):
    """The CDK's entry point, with configs validated in the connector's own sentences instead of JSON schema's."""

    @staticmethod
    def validate_connection(source_spec: ConnectorSpecification, config: Mapping[str, Any]) -> None:
        """:raises AirbyteTracedException: a config error that names each wrong field"""
        Config.parse(config)


def launch(arguments: Sequence[str]) -> None:
    """Run one command and print its Airbyte messages, and nothing else, on stdout."""
    entrypoint = IntercomEntrypoint(SourceIntercom())
    parsed = IntercomEntrypoint.parse_args(list(arguments))
    PRINT_BUFFER.flush_interval = FLUSH_SECONDS
    with PRINT_BUFFER, config_errors_told_once():
        for message in entrypoint.run(parsed):
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
