"""Merges of contacts into users, which remember them (API notes 3.1)."""

import itertools
from typing import Any

from intercom_sandbox.data.contacts import merged
from intercom_sandbox.data.generator import Generator

Object = dict[str, Any]
_FIRST_SOURCE = 0xE0000000
"""Ids of contacts that nobody has seen before they were merged end in numbers from here on."""


class Merges:
    """Merges contacts that nobody has seen."""

    def __init__(self, generator: Generator) -> None:
        self._numbers = itertools.count(_FIRST_SOURCE)

    def make(self, contact: Object, at: int) -> Object:
        """The merge of a lead at that second."""
        return merged(f"{at & 0xFFFFFFFF:08x}1bb69f9f{next(self._numbers):08x}", at)


def make_user(contact: Object, merges: list[bytes]) -> None:
    """Only a user remembers merges: a lead into which somebody is merged is one from then on."""
    if merges:
        contact["role"] = "user"
