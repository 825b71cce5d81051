"""What the lists of what is gone, and the activities of contacts, get to hear of changes of the workspace."""

import time

from intercom_sandbox.data.deletions import Activities, deleted_conversation, inactive_contact
from intercom_sandbox.kind import Kind
from intercom_sandbox.store import Object
from intercom_sandbox.workspace import Workspace


class Departures:
    """Notes what becomes of contacts and conversations; of other objects nothing is told."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._activities = workspace.generator.shared(Activities)

    def came(self, kind: Kind, item: Object, at: int) -> None:
        """An object was created."""
        if kind.name == "contacts":
            self._note("contact_activities", self._activities.event("contact.created", item, at))

    def left(self, kind: Kind, item: Object, at: int, status: str) -> None:
        """An object is gone; ``status`` is what became of a contact. That it left unless for good is no event."""
        if kind.name == "conversations":
            self._note("deleted_conversations", deleted_conversation(item["id"], at))
        elif kind.name == "contacts":
            self._note("inactive_contacts", inactive_contact(item, status))
            if status == "permanently_deleted":
                self._note("contact_activities", self._activities.event("contact.deleted", item, at))

    def merged(self, source: Object, target: Object, at: int) -> None:
        """A contact went into another one."""
        self._note("inactive_contacts", inactive_contact(source, "merged", target["id"]))
        self._note("contact_activities", self._activities.merge(source, target, at))

    def _note(self, name: str, row: Object) -> None:
        self._workspace.collections[name].put(row, time.time())
