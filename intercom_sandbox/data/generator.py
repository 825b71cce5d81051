"""Builds the whole workspace, and single objects for mutations."""

import itertools
from collections.abc import Iterator
from random import Random
from typing import Any

from intercom_sandbox.data.articles import Articles
from intercom_sandbox.data.attributes import data_attributes
from intercom_sandbox.data.calendar import Calendar
from intercom_sandbox.data.cast import Cast
from intercom_sandbox.data.companies import Companies
from intercom_sandbox.data.contacts import Contacts
from intercom_sandbox.data.conversations import Conversations, conversation_id, is_ticket, part_counts
from intercom_sandbox.data.parts import Parts
from intercom_sandbox.data.tickets import Tickets
from intercom_sandbox.data.words import Texts
from intercom_sandbox.settings import Settings

Object = dict[str, Any]
_FIRST_OWN_TICKET = 9_000_000
"""API ids of tickets that are no conversations."""
_COMPANIES_TO_SHOW = 50
"""Companies that conversations show in full."""


class Generator:
    """Makes the objects of a workspace; the same settings always make the same ones, in the same order.

    Companies are made first and contacts second, because contacts refer to companies and conversations to contacts.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._calendar = Calendar(settings)
        self.cast = Cast(settings, self._calendar)
        texts = Texts(Random(f"{settings.seed}:texts"))
        self._company_ids: list[str] = []
        self._companies_made: list[Object] = []
        self._contact_refs: list[Object] = []
        self._companies = Companies(settings.seed, self.cast)
        self._contacts = Contacts(settings.seed, self.cast, self._company_ids)
        self._conversations = Conversations(settings.seed, self.cast, texts, self._contact_refs, self._companies_made)
        self._tickets = Tickets(settings.seed, self.cast, texts, self._contact_refs)
        self._articles = Articles(settings.seed, self.cast, texts)
        self.parts = Parts(settings.seed, self.cast, texts)
        self._part_rng = Random(f"{settings.seed}:part_counts")
        self._numbers: dict[str, Iterator[int]] = {}

    def build(self, kind: str) -> Iterator[Object]:
        """All objects of a kind, except conversations, as the settings ask."""
        settings = self._settings
        match kind:
            case "admins" | "teams" | "tags" | "segments":
                yield from getattr(self.cast, kind)
                self._numbers[kind] = itertools.count(getattr(settings, kind))
            case "data_attributes":
                yield from data_attributes(self.cast.admins[0]["id"], self._calendar.moment())
            case "contacts":
                yield from self._spread(kind, share_imported=0.2, edges=settings.contacts // 5)
            case "companies" | "tickets" | "articles":
                yield from self._spread(kind, share_imported=0.05, edges=0)

    def _spread(self, kind: str, *, share_imported: float, edges: int) -> Iterator[Object]:
        count = getattr(self._settings, kind)
        for created, updated in self._calendar.spans(count, share_imported=share_imported, edges=edges):
            yield self.make(kind, created, updated)

    def build_conversations(self) -> Iterator[tuple[Object, list[bytes]]]:
        """All conversations, each with its serialized parts."""
        count = self._settings.conversations
        counts = part_counts(self._part_rng, count, self._settings.parts)
        spans = self._calendar.spans(count, share_imported=0.05, edges=count // 10)
        for (created, updated), parts in zip(spans, counts, strict=True):
            yield self.make_conversation(created, updated, parts)

    def make(self, kind: str, created_at: int, updated_at: int) -> Object:
        """The next object of a kind. ``ValueError`` for a kind of which none can be made."""
        number = next(self._numbers.setdefault(kind, itertools.count()))
        match kind:
            case "contacts":
                made = self._contacts.make(number, created_at, updated_at)
                self._contact_refs.append({"type": "contact", "id": made["id"], "external_id": made["external_id"]})
            case "companies":
                made = self._companies.make(number, created_at, updated_at)
                self._company_ids.append(made["id"])
                if len(self._companies_made) < _COMPANIES_TO_SHOW:
                    self._companies_made.append(made)
            case "tickets":
                made = self._tickets.make(number, created_at, updated_at, self._ticket_id(number))
            case "articles":
                made = self._articles.make(number, created_at, updated_at)
            case "tags" | "segments":
                made = self.cast.tag(number) if kind == "tags" else self.cast.segment(number)
            case "admins" | "teams":
                made = self.cast.team(number) if kind == "teams" else self.cast.admin(number + 1000)
            case _:
                raise ValueError(f"no {kind} can be made")
        return made

    def make_conversation(self, created_at: int, updated_at: int, parts: int) -> tuple[Object, list[bytes]]:
        """The next conversation and its serialized parts."""
        number = next(self._numbers.setdefault("conversations", itertools.count()))
        made = self._conversations.make(number, created_at, updated_at, parts)
        return made, self.parts.series(parts, self._conversations.contact(number), created_at, updated_at)

    def _ticket_id(self, number: int) -> str:
        """The first tickets are the conversations that are tickets, the others have ids of their own."""
        shared = number * 10 + 7
        if is_ticket(shared) and shared < self._settings.conversations:
            return conversation_id(shared)
        return str(_FIRST_OWN_TICKET + number)
