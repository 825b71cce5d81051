"""Conversations and tickets as they belong together: shared ids, and the parts beside conversations."""

from random import Random
from typing import Any

from intercom_sandbox.data.conversations import Conversations, conversation_id, is_ticket, part_counts
from intercom_sandbox.data.generator import Generator
from intercom_sandbox.data.parts import Parts
from intercom_sandbox.data.templates import template
from intercom_sandbox.data.tickets import Tickets
from intercom_sandbox.kind import Make

Object = dict[str, Any]
_FIRST_OWN_TICKET = 9_000_000
"""API ids of tickets that are no conversations."""
_FIRST_NEW_TICKET_PART = 80_000_000
"""Ids of parts that tickets get later."""


def conversations(generator: Generator) -> Make:
    """Makes conversations; how many parts each has is settled with the parts."""
    contacts, companies = generator.references["contacts"], generator.samples["companies"]
    maker = Conversations(generator.seed, generator.cast, generator.texts, contacts, companies)
    return lambda number, created_at, updated_at: maker.make(number, created_at, updated_at, 0)


def tickets(generator: Generator) -> Make:
    """Makes tickets; the first ones are the conversations that are tickets, the others have ids of their own."""
    maker = Tickets(generator.seed, generator.cast, generator.texts, generator.references["contacts"])

    def make(number: int, created_at: int, updated_at: int) -> Object:
        shared = number * 10 + 7
        if is_ticket(shared) and shared < generator.settings.conversations:
            return maker.make(number, created_at, updated_at, conversation_id(shared))
        return maker.make(number, created_at, updated_at, str(_FIRST_OWN_TICKET + number))

    return make


class ConversationParts:
    """Makes the parts of conversations: at first as many in total as the settings ask."""

    def __init__(self, generator: Generator) -> None:
        settings = generator.settings
        self._parts = Parts(settings.seed, generator.cast, generator.texts)
        counts = part_counts(Random(f"{settings.seed}:part_counts"), settings.conversations, settings.parts)
        self._counts = iter(counts)

    def first(self, conversation: Object, count: int | None) -> list[bytes]:
        """The parts of a conversation, the last one written when it was updated."""
        count = next(self._counts) if count is None else count
        moments = conversation["created_at"], conversation["updated_at"]
        return self._parts.series(count, _contact(conversation), *moments)

    def make(self, conversation: Object, at: int) -> Object:
        """One part more."""
        return self._parts.make(_contact(conversation), at, at)


def _contact(conversation: Object) -> Object | None:
    return next(iter(conversation["contacts"]["contacts"]), None)


def count_parts(conversation: Object, parts: list[bytes]) -> None:
    """The statistics count the opening message too (API notes 4.2)."""
    if conversation["statistics"]:
        conversation["statistics"]["count_conversation_parts"] = len(parts) + 1


class TicketParts:
    """Makes the parts that tickets get later; their first ones come with them (API notes 3.4)."""

    def __init__(self, generator: Generator) -> None:
        self._generator = generator
        self._rng = Random(f"{generator.seed}:ticket_parts")
        self._next = _FIRST_NEW_TICKET_PART

    def make(self, ticket: Object, at: int) -> Object:
        """A comment of an admin; keys that are unset are absent."""
        self._next += 1
        return template("ticket_part") | {
            "id": str(self._next),
            "part_type": "comment",
            "body": self._generator.texts.draw(self._rng),
            "author": self._rng.choice(self._generator.cast.people),
            "created_at": at,
            "updated_at": at,
        }


def count_ticket_parts(ticket: Object, parts: list[bytes]) -> None:
    """``total_count`` is the number of parts."""
    ticket["ticket_parts"]["total_count"] = len(parts)


class AppliedTags:
    """Applies a tag of the workspace to a conversation, as an admin (API notes 3.7)."""

    def __init__(self, generator: Generator) -> None:
        self._cast = generator.cast

    def make(self, conversation: Object, at: int) -> Object:
        """A tag that the conversation has not yet. ``ValueError`` when it has them all."""
        present = {tag["id"] for tag in conversation["tags"]["tags"]}
        tag = next((tag for tag in self._cast.tags if tag["id"] not in present), None)
        if tag is None:
            raise ValueError(f"conversation {conversation['id']} has all tags")
        return {**tag, "applied_at": at, "applied_by": {"type": "admin", "id": self._cast.people[0]["id"]}}
