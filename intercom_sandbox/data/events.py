"""What contacts did lately (API notes 3.20)."""

import time
from itertools import count
from typing import Any

import orjson

from intercom_sandbox import compact
from intercom_sandbox.data.examples import example_rows
from intercom_sandbox.data.generator import Generator

Object = dict[str, Any]
_DAY = 86_400
_AGO = 10
"""Days since the last of them: what changes while the workspace is served comes later."""
_MANY = 53
"""Events of some contacts: more than fit on a page of fifty."""


class Events:
    """Makes events, which are of the weeks before today, whenever the workspace is; most contacts have none.

    Events have no ids: what is called so names the contact, if it is there. Some are of one second, under two names.
    """

    def __init__(self, generator: Generator) -> None:
        self._examples = example_rows("contact_events")
        self._today = int(time.time()) // _DAY * _DAY
        self._numbers = count()
        self._contacts = count()

    def first(self, contact: Object) -> list[bytes]:
        """Those of a contact, oldest first."""
        number = next(self._contacts)
        if number % 5:
            return []
        many = _MANY if number % 40 == 10 else number % 3
        last = self._today - _DAY * (_AGO + number % 70)
        moments = [last - (many - each) // 2 for each in range(many)]
        return [compact.dumps(self.make(contact, moment)) for moment in moments]

    def make(self, contact: Object, at: int) -> Object:
        """One at that second."""
        number = next(self._numbers)
        row = self._examples[number % len(self._examples)] | {"created_at": at}
        row["event_name"] = f"{row['event_name']}-{number % 7}" if number % 4 else row["event_name"]
        own = {"id": contact["external_id"], "user_id": contact["external_id"], "email": contact["email"]}
        return row | {"intercom_user_id": contact["id"]} | {name: own[name] for name in own if row.get(name)}


def see(contact: Object, events: list[bytes]) -> None:
    """Who does something is seen; that does not say when the contact was updated."""
    newest = max((orjson.loads(event)["created_at"] for event in events), default=0)
    if newest > (contact["last_seen_at"] or 0):
        contact["last_seen_at"] = newest
