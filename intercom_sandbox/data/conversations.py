"""Conversations without their parts (API notes 4.1, 4.3)."""

from random import Random
from typing import Any

from intercom_sandbox.data import words
from intercom_sandbox.data.cast import Cast
from intercom_sandbox.data.templates import template
from intercom_sandbox.data.tickets import state

Object = dict[str, Any]
_FIRST = 94
_STATES = ("open", "closed", "closed", "snoozed")
_PRIORITIES = ("none", "none", "low", "medium", "high", "urgent")
_TIMES = words.listed(
    "time_to_assignment time_to_admin_reply time_to_first_close time_to_last_close median_time_to_reply "
    "first_contact_reply_at first_assignment_at first_admin_reply_at first_close_at last_assignment_at "
    "last_assignment_admin_reply_at last_contact_reply_at last_admin_reply_at last_close_at last_closed_by_id"
)
SPECIAL_SIZES = (0, 1, 500, 800)
"""Parts of the first four conversations: none, one, as many as are served, more than are served (API notes 4.2)."""


def conversation_id(number: int) -> str:
    """Ids start below 100, so that their order as strings is not their order as numbers."""
    return str(_FIRST + number)


def is_ticket(number: int) -> bool:
    """Every tenth conversation is a ticket as well."""
    return number % 10 == 7


def part_counts(rng: Random, conversations: int, parts: int) -> list[int]:
    """How many parts each conversation has, ``parts`` in total; the special sizes come first when there is room."""
    special: list[int] = []
    if conversations >= 8:
        special = [size for size in SPECIAL_SIZES if parts >= sum(SPECIAL_SIZES) or size <= 1 <= parts]
        parts -= sum(special)
    weights = [rng.random() ** 2 for _ in range(conversations - len(special))]
    scale = parts / sum(weights) if weights else 0
    counts = [int(weight * scale) for weight in weights]
    for n in range(parts - sum(counts) if counts else 0):
        counts[n % len(counts)] += 1
    return special + counts


class Conversations:
    """Makes conversations as they appear in lists; ids are given in no order of time."""

    def __init__(self, seed: int, cast: Cast, texts: words.Texts, contacts: list[Object]) -> None:
        self._rng = Random(f"{seed}:conversations")
        self._cast = cast
        self._texts = texts
        self._contacts = contacts
        self._template = template("conversation")

    def contact(self, number: int) -> Object | None:
        """The reference to the contact who takes part in the conversation with that number."""
        return self._contacts[number * 7919 % len(self._contacts)] if self._contacts else None

    def make(self, number: int, created_at: int, updated_at: int, parts: int) -> Object:
        """The conversation with that number, as a list item: no key ``conversation_parts``."""
        rng = self._rng
        contact = self.contact(number)
        status = _STATES[int(rng.random() * 4)]
        admin = self._cast.people[number % len(self._cast.people)]
        teams = self._cast.teams
        return {
            **self._template,
            "id": conversation_id(number),
            "created_at": created_at,
            "updated_at": updated_at,
            "waiting_since": updated_at if status == "open" else None,
            "snoozed_until": updated_at + 604800 if status == "snoozed" else None,
            "source": None if number % 16 == 9 else self._source(number, contact, admin),
            "contacts": {"type": "contact.list", "contacts": [contact] if contact else []},
            "first_contact_reply": (
                {"created_at": created_at, "type": "conversation", "url": None} if number % 2 else None
            ),
            "admin_assignee_id": int(admin["id"]) if number % 3 else 0,
            "team_assignee_id": int(teams[number % len(teams)]["id"]) if teams and number % 4 else 0,
            "open": status != "closed",
            "state": status,
            "read": number % 2 == 0,
            "tags": {"type": "tag.list", "tags": self._tags(number, admin, updated_at)},
            "priority": _PRIORITIES[int(rng.random() * 6)],
            "sla_applied": (
                {"type": "conversation_sla_summary", "sla_name": "1h", "sla_status": "missed"}
                if number % 9 == 0
                else None
            ),
            # the special sizes always carry statistics, for they are how a reader detects missing parts
            "statistics": self._statistics(number, created_at, parts) if number % 25 != 20 else None,
            "conversation_rating": self._rating(contact, admin, updated_at) if number % 8 == 3 else None,
            "teammates": {"type": "admin.list", "admins": [{"type": "admin", "id": admin["id"]}]}
            if number % 3
            else None,
            "title": (None, "", words.title(rng))[number % 3],
            "custom_attributes": self._custom_attributes(number),
            "topics": {"type": "topic.list", "topics": [], "total_count": 0} if number % 2 else {},
            "ticket": self._ticket(number) if is_ticket(number) else None,
            "ai_agent": self._ai_agent(updated_at) if number % 4 == 0 else None,
            "ai_agent_participated": number % 4 == 0,
            **({"channel": {"type": "messenger"}, "company": None} if number % 5 == 0 else {}),
        }

    def _source(self, number: int, contact: Object | None, admin: Object) -> Object:
        email = number % 3 == 0
        author = {"type": "user", "id": contact["id"], "name": None, "email": "Zoë@example.com"} if contact else admin
        return {
            **self._template["source"],
            "type": "email" if email else "conversation",
            "id": str(3653679661 + number),
            "delivered_as": "customer_initiated" if contact else "admin_initiated",
            "subject": "<p>Refund &amp; return</p>" if email else "",
            "body": self._texts.draw(self._rng),
            "author": author,
            "url": None if email else "https://example.com/pricing?a=1",
        }

    def _tags(self, number: int, admin: Object, moment: int) -> list[Object]:
        applied = {"applied_at": moment, "applied_by": {"type": "admin", "id": admin["id"]}}
        return [{**tag, **applied} for tag in self._cast.tags[: number % 3]]

    def _statistics(self, number: int, created_at: int, parts: int) -> Object:
        """``count_conversation_parts`` counts the opening message too, even where there is none (API notes 4.2)."""
        times: Object = dict.fromkeys(_TIMES)
        if number % 2:
            times |= {"time_to_assignment": 0, "time_to_admin_reply": 2310, "first_admin_reply_at": created_at + 2310}
            times |= {"last_closed_by_id": int(self._cast.people[0]["id"])}
        return {
            "type": "conversation_statistics",
            **times,
            "count_reopens": number % 3,
            "count_assignments": number % 2,
            "count_conversation_parts": parts + 1,
            "assigned_team_first_response_time": [],
            "assigned_team_first_response_time_in_office_hours": [],
            "handling_time": None,
            "adjusted_handling_time": None,
        }

    def _rating(self, contact: Object | None, admin: Object, moment: int) -> Object:
        teammate = {"type": "admin", "id": int(admin["id"])}
        return {"rating": 4, "remark": "Très bien ✨", "created_at": moment, "contact": contact, "teammate": teammate}

    def _custom_attributes(self, number: int) -> Object:
        if number % 3 == 0:
            return {}
        return {
            "Copilot used": number % 2 == 0,
            "QA Notes Count": number,
            "Language": "日本語",
            "Score: final": 0.5,
            "Ticket link": None,
            "Tags seen": ["a", "b"],
        }

    def _ticket(self, number: int) -> Object:
        shared = {"type": "ticket", "id": conversation_id(number), "ticket_id": str(number // 10 + 1)}
        return shared | {"ticket_state": state(number // 10)}

    def _ai_agent(self, moment: int) -> Object:
        return {
            "source_type": "workflow",
            "source_title": None,
            "last_answer_type": "ai_answer",
            "resolution_state": "assumed_resolution",
            "rating": None,
            "rating_remark": None,
            "created_at": moment,
            "updated_at": moment,
            "content_sources": {"type": "content_source.list", "content_sources": [], "total_count": 0},
        }
