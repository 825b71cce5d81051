"""What happens in the workspace between the syncs."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from intercom_sandbox.client import Sandbox

CHANGES: Final[tuple[tuple[str, Mapping[str, Any]], ...]] = (
    ("{} contacts updated", {"operation": "update", "object": "contacts", "count": 25}),
    ("{} contacts created", {"operation": "create", "object": "contacts", "count": 5}),
    ("{} conversations with 3 new parts each", {"operation": "add_parts", "count": 4, "parts": 3}),
    ("{} tickets updated", {"operation": "update", "object": "tickets", "count": 6}),
    ("{} company created", {"operation": "create", "object": "companies", "count": 1}),
)
"""What is told of each change, with how many objects it was about; nobody goes."""

LONG: Final = 50
"""Parts of a conversation that is not deleted: of the longest ones there is something to tell in the end."""

Gone = Mapping[str, set[str]]
"""The ids of what is gone, by the field that names them in rows that belonged to it."""


def depart(sandbox: Sandbox) -> tuple[Gone, list[str]]:
    """Deletes contacts and conversations and merges two contacts: who is gone, and what is told of it.

    The conversations are no tickets, since nothing tells that tickets are gone (docs/promises.md).
    """
    deleted = sandbox.mutate("delete", object="contacts", count=3)
    source, _ = sandbox.mutate("merge_contacts")
    tickets = {row["id"] for row in sandbox.truth("tickets")}
    parts = Counter(part["conversation_id"] for part in sandbox.truth("conversation_parts"))
    short = [each for each, count in parts.items() if each not in tickets and count < LONG]
    conversations = sandbox.mutate("delete", object="conversations", ids=short[:2])
    gone = {"contact_id": {*deleted, source}, "conversation_id": {*conversations}}
    return gone, [
        f"{len(deleted)} contacts deleted",
        "1 contact merged into another",
        f"{len(conversations)} conversations deleted",
    ]
