"""API versions: which ones are served, and how their shapes differ from 2.16 (API notes 1.2).

Objects are kept in the shape of 2.16. Older versions get the documented differences that a reader of the core objects
meets; what else changed between versions is not simulated.
"""

from collections.abc import Callable

import orjson

from intercom_sandbox.errors import ApiError
from intercom_sandbox.store import Object

Version = tuple[int, int]
SERVED: dict[str, Version] = {f"2.{minor}": (2, minor) for minor in range(11, 18)}


def version_of(name: str, newest: str) -> Version:
    """The version of that name; 400 ``intercom_version_invalid`` when it is not served, or newer than the newest."""
    version = SERVED.get(name)
    if version is None or version > SERVED[newest]:
        raise unavailable()
    return version


def unavailable() -> ApiError:
    """The error for a version that is not served, or does not have what is asked for."""
    message = "Requested resource is not available in current API version."
    return ApiError(400, "intercom_version_invalid", message)


def adapt(adapter: Callable[[Object, Version], None] | None, raw: bytes, version: Version) -> bytes:
    """The JSON of an object in the shape of a version; ``adapter`` knows the differences of its kind, if any."""
    if adapter is None or version >= (2, 16):
        return raw
    item = orjson.loads(raw)
    adapter(item, version)
    return orjson.dumps(item)


def contact(item: Object, version: Version) -> None:
    """``owner_id`` is a number up to 2.15."""
    if item["owner_id"] is not None:
        item["owner_id"] = int(item["owner_id"])


def conversation(item: Object, version: Version) -> None:
    """Up to 2.15 unassigned is null and the priority has two values."""
    for key in ("admin_assignee_id", "team_assignee_id"):
        item[key] = item[key] or None
    item["priority"] = "not_priority" if item["priority"] == "none" else "priority"


def ticket(item: Object, version: Version) -> None:
    """Up to 2.15 assignees are strings; in 2.11 the state is a string with its labels beside it."""
    for key in ("admin_assignee_id", "team_assignee_id"):
        item[key] = str(item[key])
    if version < (2, 12):
        state = item["ticket_state"]
        item["ticket_state"] = state["category"]
        item["ticket_state_internal_label"] = state["internal_label"]
        item["ticket_state_external_label"] = state["external_label"]
