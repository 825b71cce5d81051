"""Notes about contacts (API notes 3.14)."""

from random import Random
from typing import Any

import orjson

from intercom_sandbox import compact
from intercom_sandbox.data.generator import Generator
from intercom_sandbox.data.templates import template
from intercom_sandbox.kind import INLINE

Object = dict[str, Any]
_FIRST_NEW = 90_000_000
"""Ids of notes that are written later."""


class Notes:
    """Makes notes; every seventh has no author any more."""

    def __init__(self, generator: Generator) -> None:
        self._rng = Random(f"{generator.seed}:notes")
        self._admins = [template("note")["author"] | admin for admin in generator.cast.people]
        self._texts = generator.texts
        self._template = template("note")
        self._next = _FIRST_NEW

    def first(self, contact: Object) -> list[bytes]:
        """As many as the contact's own list counts, with the ids that it names and those after them; oldest first."""
        notes = contact["notes"]
        if not notes["data"]:
            return []
        first_id, rng = int(notes["data"][0]["id"]), self._rng
        moments = sorted(rng.randint(contact["created_at"], contact["updated_at"]) for _ in range(notes["total_count"]))
        return [compact.dumps(self._note(contact, first_id + n, moment)) for n, moment in enumerate(moments)]

    def make(self, contact: Object, at: int) -> Object:
        """A note written at that second."""
        self._next += 1
        return self._note(contact, self._next, at)

    def _note(self, contact: Object, note_id: int, at: int) -> Object:
        return {
            **self._template,
            "id": str(note_id),
            "created_at": at,
            "contact": {"type": "contact", "id": contact["id"]},
            "author": self._rng.choice(self._admins) if note_id % 7 else None,
            "body": self._texts.draw(self._rng),
        }


def list_notes(contact: Object, notes: list[bytes]) -> None:
    """The contact's own list: references to its first ten notes, how many there are, and whether there are more."""
    ids = [orjson.loads(note)["id"] for note in notes[:INLINE]]
    contact["notes"] |= {
        "data": [{"type": "note", "id": each, "url": f"/notes/{each}"} for each in ids],
        "total_count": len(notes),
        "has_more": len(notes) > INLINE,
    }
