"""Conversations with their parts, and tickets, which share ids with some of them."""

from collections.abc import Callable
from random import Random
from typing import Any

from intercom_sandbox.data.conversations import Conversations, conversation_id, is_ticket, part_counts
from intercom_sandbox.data.generator import Generator
from intercom_sandbox.data.parts import Parts
from intercom_sandbox.data.tickets import Tickets

Object = dict[str, Any]
_FIRST_OWN_TICKET = 9_000_000
"""API ids of tickets that are no conversations."""


class Threads:
    """Makes conversations, each together with its parts: at first as many in total as the settings ask."""

    def __init__(self, generator: Generator) -> None:
        settings, cast, texts = generator.settings, generator.cast, generator.texts
        contacts, companies = generator.references["contacts"], generator.samples["companies"]
        self._conversations = Conversations(settings.seed, cast, texts, contacts, companies)
        self._parts = Parts(settings.seed, cast, texts)
        counts = part_counts(Random(f"{settings.seed}:part_counts"), settings.conversations, settings.parts)
        self._counts = iter(counts)
        self._made: dict[str, list[bytes]] = {}

    def conversation(self, number: int, created_at: int, updated_at: int, parts: int | None = None) -> Object:
        """The conversation with that number; ``parts`` is how many it has, if somebody asks for it."""
        count = next(self._counts) if parts is None else parts
        made = self._conversations.make(number, created_at, updated_at, count)
        contact = self._conversations.contact(number)
        self._made[made["id"]] = self._parts.series(count, contact, created_at, updated_at)
        return made

    def first(self, conversation: Object) -> list[bytes]:
        """The parts that were made together with a conversation, once."""
        return self._made.pop(conversation["id"])

    def make(self, conversation: Object, at: int) -> Object:
        """One part more."""
        contact = next(iter(conversation["contacts"]["contacts"]), None)
        return self._parts.make(contact, at, at)


def count_parts(conversation: Object, parts: list[bytes]) -> None:
    """The statistics count the opening message too (API notes 4.2)."""
    if conversation["statistics"]:
        conversation["statistics"]["count_conversation_parts"] = len(parts) + 1


def tickets(generator: Generator) -> Callable[..., Object]:
    """Makes tickets; the first ones are the conversations that are tickets, the others have ids of their own."""
    maker = Tickets(generator.seed, generator.cast, generator.texts, generator.references["contacts"])

    def make(number: int, created_at: int, updated_at: int) -> Object:
        shared = number * 10 + 7
        if is_ticket(shared) and shared < generator.settings.conversations:
            return maker.make(number, created_at, updated_at, conversation_id(shared))
        return maker.make(number, created_at, updated_at, str(_FIRST_OWN_TICKET + number))

    return make
