"""Side conversations: threads among teammates beside a conversation."""

from random import Random
from typing import Any

from intercom_sandbox import compact
from intercom_sandbox.data.generator import Generator
from intercom_sandbox.data.messages import attachments, email_metadata
from intercom_sandbox.data.parts import TRANSLATIONS
from intercom_sandbox.data.templates import template

Object = dict[str, Any]
_FIRST = 95
_FIRST_PART = 70_000_000
_MANY = 53
"""More than fit on a page."""


class SideConversations:
    """Makes side conversations; most conversations have none, and every fortieth has many."""

    def __init__(self, generator: Generator) -> None:
        self._cast = generator.cast
        self._texts = generator.texts
        self._rng = Random(f"{generator.seed}:side_conversations")
        self._next = _FIRST
        self._next_part = _FIRST_PART

    def first(self, conversation: Object) -> list[bytes]:
        """Those of a conversation, oldest first."""
        number = int(conversation["id"])
        count = _MANY if number % 40 == 17 else 1 + number % 3 if number % 5 == 0 else 0
        return [compact.dumps(self.make(conversation, conversation["updated_at"])) for _ in range(count)]

    def make(self, conversation: Object, at: int) -> Object:
        """One of up to three messages, the last one at that second."""
        made = {
            "side_conversation_id": str(self._next),
            "conversation_parts": [self._message(at) for _ in range(1 + self._next % 3)],
        }
        self._next += 1
        return made | {"total_count": len(made["conversation_parts"])}

    def _message(self, at: int) -> Object:
        """What a teammate writes to others; some are sent as emails, and some have files or are redacted."""
        number, rng = self._next_part, self._rng
        self._next_part += 1
        return {
            **template("conversation_part"),
            "id": str(number),
            "part_type": "note" if number % 4 else "comment",
            "body": self._texts.draw(rng, "note"),
            "created_at": at,
            "updated_at": at,
            "notified_at": at,
            "assigned_to": {"type": "admin", "id": rng.choice(self._cast.people)["id"]} if number % 5 == 0 else None,
            "author": rng.choice(self._cast.people) | {"from_ai_agent": False, "is_ai_answer": False},
            "attachments": attachments(number) if number % 3 == 0 else [],
            "external_id": f"jira:{number}" if number % 7 == 0 else None,
            "redacted": number % 11 == 0,
            "state": "open",
            "tags": self._cast.tags[: number % 2],
            "app_package_code": "test-integration" if number % 7 == 0 else None,
            "translations": TRANSLATIONS if number % 3 == 1 else None,
            "email_message_metadata": email_metadata(number) if number % 2 else None,
        }
