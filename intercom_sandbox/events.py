"""The events of a contact, newest first, as far as they are listed (API notes 3.20)."""

import time
from dataclasses import dataclass
from urllib.parse import urlencode

import orjson

from intercom_sandbox.asked import Asked
from intercom_sandbox.errors import ApiError, invalid
from intercom_sandbox.kind import Beside
from intercom_sandbox.search import page_size
from intercom_sandbox.store import Object

_DAYS = 90 * 86_400


@dataclass(frozen=True)
class Recent(Beside):
    """Rows that can be read for ninety days."""

    def of_parent(self, parent: Object) -> Object:
        """The contact's id, and when it was seen or updated last."""
        seen = parent["last_seen_at"] if "last_seen_at" in parent else orjson.loads(parent["raw"])["last_seen_at"]
        return {**super().of_parent(parent), "contact_active_at": max(seen or 0, parent["updated_at"])}

    def shown(self, rows: list[bytes]) -> list[bytes]:
        """Those that are younger, each with the place that the truth tells: none has the name and second of another."""
        oldest = time.time() - _DAYS
        recent = [row for row in map(orjson.loads, rows) if row["created_at"] > oldest]
        return [orjson.dumps(row | {"index": 0}) for row in recent]


class EventList:
    """Pages of ``per_page`` events (15, at most 100) of the contact ``intercom_user_id``, newest first, not counted.

    ``pages.next`` is a URL while there are more; an answer without events has one that leads nowhere. Without such a
    contact: 404 ``not_found``.
    """

    async def answer(self, asked: Asked) -> bytes:
        """``{"type", "events": […], "pages": {"next"}, "email", "intercom_user_id", "user_id"}``."""
        size, contact_id = page_size(asked.parameter("per_page"), 15, 100), asked.parameter("intercom_user_id")
        if asked.parameter("type") != "user" or not contact_id:
            raise invalid("type must be user, and intercom_user_id the id of a contact")
        workspace = asked.state.workspace
        _, record = workspace.parent_of(asked.kind, contact_id)
        if record is None:
            raise ApiError(404, "not_found", "User Not Found")
        events = [orjson.loads(row) for row in workspace.served(asked.kind, record)]
        start = _place(asked.parameter("before"))
        found = [(number, event) for number, event in enumerate(events) if start is None or number < start][::-1]
        shown = found[:size]
        head: Object = {"type": "event.list", "events": [_without_place(event) for _, event in shown], "pages": {}}
        if len(found) > size:
            following = urlencode(
                {"per_page": size, "before": shown[-1][0], "intercom_user_id": contact_id, "type": "user"}
            )
            head["pages"]["next"] = str(asked.request.url.replace(query=following))
        elif not shown:
            head["pages"]["next"] = "http://api.intercom.test/events?next page"
        contact = record.parse()
        whose = {"email": contact["email"], "intercom_user_id": contact_id, "user_id": contact["external_id"]}
        return orjson.dumps(head | whose)


def _without_place(event: Object) -> Object:
    return {name: event[name] for name in event if name != "index"}


def _place(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isdecimal():
        raise invalid("before must be a number")
    return int(text)
