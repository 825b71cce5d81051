"""The console entry point: `source-intercom spec|check|discover|read`."""

import ctypes
import gc
import sys
from collections.abc import Mapping
from typing import Any, Final

from airbyte_cdk.entrypoint import AirbyteEntrypoint
from airbyte_cdk.logger import PRINT_BUFFER
from airbyte_cdk.models import ConnectorSpecification

from source_intercom.config import Config
from source_intercom.source import SourceIntercom

GC_THRESHOLDS: Final = (50_000, 20, 100)
"""Records are trees without cycles, so that looking for cycles often is in vain (docs/benchmarks.md)."""

FLUSH_SECONDS: Final = 0.01
"""How long lines wait in the CDK's print buffer: in the tenth of a second it would take, megabytes gather."""

_M_ARENA_MAX: Final = -8
"""The option's number in glibc's malloc.h."""


class IntercomEntrypoint(AirbyteEntrypoint):
    """The CDK's entry point, with configs validated in the connector's own sentences instead of JSON schema's."""

    @staticmethod
    def validate_connection(source_spec: ConnectorSpecification, config: Mapping[str, Any]) -> None:
        """:raises AirbyteTracedException: a config error that names each wrong field"""
        Config.parse(config)


def run() -> None:
    """Run one command and print its Airbyte messages, and nothing else, on stdout.

    Exit code 0 when the command succeeded, as a check does that finds a bad connection; 1 when it failed;
    2 when the arguments are wrong.
    """
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    _share_one_arena()
    entrypoint = IntercomEntrypoint(SourceIntercom())
    arguments = IntercomEntrypoint.parse_args(sys.argv[1:])
    PRINT_BUFFER.flush_interval = FLUSH_SECONDS
    with PRINT_BUFFER:
        for message in entrypoint.run(arguments):
            print(f"{message}\n", end="")  # noqa: T201 - the Airbyte protocol


def _share_one_arena() -> None:
    """With glibc, let all threads allocate from one arena: each would keep what its largest page once took."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, 1)
