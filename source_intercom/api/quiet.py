"""Keeps what answers hold out of the log: they are full of people's data.

The CDK's HTTP client quotes whole bodies, of answers it repeats at INFO and of those that fail at ERROR.
"""

import logging
from typing import Final

import requests

EXCERPT: Final = 100
"""Characters of a body that is no success which are logged."""

_QUOTING_MODULES: Final = ("http_client", "rate_limiting")
_KNOWN: Final = (
    "Caught retryable error ",
    "UserDefinedBackoffException: ",
    "Max retry limit reached ",
    "Retries exhausted ",
    "Skipped ",
)
"""How messages of these modules begin that quote no body: with the connector's own sentences, and numbers."""


class _WithoutBodies(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        return record.module not in _QUOTING_MODULES or record.getMessage().startswith(_KNOWN)


_FILTER: Final = _WithoutBodies()


def without_bodies(logger: logging.Logger) -> logging.Logger:
    """The logger, which from now on drops what the CDK's HTTP client says if it may quote a body."""
    logger.addFilter(_FILTER)
    return logger


def summary(response: requests.Response) -> str:
    """Status, length and beginning of an answer that is no success; of a success nothing may be shown."""
    shown = " ".join(response.content[: 4 * EXCERPT].decode("utf-8", "replace").split())[:EXCERPT]
    return f"{response.status_code}, {len(response.content)} bytes: {shown}"
