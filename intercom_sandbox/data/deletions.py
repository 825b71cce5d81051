"""What is left of contacts and conversations that are gone (API notes 8, 14)."""

from random import Random
from typing import Any

from intercom_sandbox.data.generator import Generator

Object = dict[str, Any]
_TYPES = ("contact.created", "contact.role_updated", "contact.merged", "contact.merge_failed", "contact.deleted")
_STATUSES = ("archived", "blocked", "merged", "pending_deletion", "permanently_deleted")


def deleted_conversation(item_id: str, at: int) -> Object:
    """The conversation that had this id; in the reports every third is counted no more."""
    return {"type": "conversation", "id": item_id, "metrics_retained": int(item_id) % 3 != 0, "deleted_at": at}


def deleted_conversations(number: int, created_at: int, updated_at: int) -> Object:
    """One that was deleted before everything else; ids are in no order of time."""
    return deleted_conversation(str(95_000_000 + number * 7919 % 10_007), updated_at)


def inactive_contact(contact: Object, status: str, into: str | None = None) -> Object:
    """What is shown of a contact that is not active; one that is deleted for good has nothing that tells who it was."""
    is_gone = status == "permanently_deleted"
    kept = {name: None if is_gone else contact[name] for name in ("external_id", "email")}
    merged = {"merged_into_id": into} if into else {}
    return {"type": "contact", "id": contact["id"], **kept, "status": status, **merged}


class InactiveContacts:
    """Makes contacts of every status in turn; those that were merged went into contacts that are there."""

    def __init__(self, generator: Generator) -> None:
        self._rng = Random(f"{generator.seed}:inactive_contacts")
        self._others = [each["id"] for each in generator.references["contacts"]] or ["6762f0dd1bb69f9f2193bb83"]

    def make(self, number: int, created_at: int, updated_at: int) -> Object:
        """The contact with that number."""
        rng, status = self._rng, _STATUSES[number % len(_STATUSES)]
        contact = {
            "id": f"{created_at & 0xFFFFFFFF:08x}5ad1b69f{number:08x}",
            "external_id": None if number % 3 == 0 else f"left-{number}",
            "email": f"ann+{number}&amp;co@example.com",
        }
        return inactive_contact(contact, status, rng.choice(self._others) if status == "merged" else None)


class Activities:
    """Makes events of contacts. Their ids are their places: a time in milliseconds and a number, ever greater."""

    def __init__(self, generator: Generator) -> None:
        self._rng = Random(f"{generator.seed}:contact_activities")
        self._calendar = generator.calendar
        self._contacts = generator.references["contacts"]
        self._number = 0
        self._latest = 0

    def first(self, count: int) -> list[Object]:
        """So many of the time before; every type of event in turn."""
        moments = sorted(self._rng.randint(self._calendar.first, self._calendar.last) for _ in range(count))
        return [self._made_up(_TYPES[number % len(_TYPES)], at) for number, at in enumerate(moments)]

    def event(self, event_type: str, contact: Object, at: int, **more: str) -> Object:
        """An event that comes last, whenever it happened; what is not known of it has no key."""
        self._latest = max(self._latest, at * 1000)
        self._number += 1
        about = {"contact_id": contact["id"], "external_id": contact.get("external_id"), "role": contact.get("role")}
        return {
            "type": "contact_activity",
            "id": f"{self._latest:013d}.{self._number:06x}",
            "event_type": event_type,
            **{name: value for name, value in about.items() if value is not None},
            **more,
            "created_at": at,
        }

    def merge(self, source: Object, target: Object, at: int) -> Object:
        """The event of the contact that remains."""
        return self.event("contact.merged", target, at, merge_source_id=source["id"], merge_target_id=target["id"])

    def _made_up(self, event_type: str, at: int) -> Object:
        gone: Object = {"id": f"{self._rng.getrandbits(96):024x}", "role": "lead"}
        there: Object = {**(self._rng.choice(self._contacts) if self._contacts else gone), "role": "user"}
        if event_type == "contact.merged":
            return self.merge(gone, there, at)
        if event_type == "contact.merge_failed":
            ids = {"merge_source_id": gone["id"], "merge_target_id": there["id"]}
            reason = "Merge source_user cannot have role='user_role'"
            return self.event(event_type, {"id": gone["id"]}, at, **ids, failure_reason=reason)
        return self.event(event_type, gone if event_type == "contact.deleted" else there, at)
