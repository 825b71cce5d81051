"""Conversations without their parts (API notes 4.1, 4.3)."""

from random import Random
from typing import Any

from intercom_sandbox.data import words
from intercom_sandbox.data.cast import Cast
from intercom_sandbox.data.messages import attachment, email_metadata
from intercom_sandbox.data.quality import monitor_evaluations, scorecards
from intercom_sandbox.data.templates import template
from intercom_sandbox.data.tickets import linked, state

Object = dict[str, Any]
_FIRST = 94
_STATES = ("open", "closed", "closed", "snoozed")
_PRIORITIES = ("none", "none", "low", "medium", "high", "urgent")
_TIMES = words.listed(
    "time_to_assignment time_to_admin_reply time_to_first_close time_to_last_close median_time_to_reply "
    "first_contact_reply_at first_assignment_at first_admin_reply_at first_close_at last_assignment_at "
    "last_assignment_admin_reply_at last_contact_reply_at last_admin_reply_at last_close_at last_closed_by_id"
)
_URL = "https://example.com/pricing?a=1"
_CHANNELS = ("messenger", "email", "whatsapp", None)
_AI_TOPICS: Object = {
    "type": "ai_topic.list",
    "topics": [
        {
            "type": "ai_topic",
            "topic_name": "Billing &amp; plans",
            "subtopics": [{"type": "ai_subtopic", "id": 31, "name": "Retours"}],
        }
    ],
}
_SALES_AGENT: Object = {
    "outcome": "qualified",
    "routing_outcome": "enterprise_sales",
    "collected_data": {"email": "ada@example.com", "company.name": "Söhne"},
}
_CONTENT_SOURCE: Object = {
    "content_type": "content_snippet",
    "url": "/fin-ai-agent/content?content=content_snippet&id=3234924",
    "title": "Internal snippet",
    "locale": "en",
}
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

    def __init__(
        self, seed: int, cast: Cast, texts: words.Texts, contacts: list[Object], companies: list[Object]
    ) -> None:
        self._rng = Random(f"{seed}:conversations")
        self._cast = cast
        self._texts = texts
        self._contacts = contacts
        self._companies = companies
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
                {"created_at": created_at, "type": "conversation", "url": _URL if number % 4 == 1 else None}
                if number % 2
                else None
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
            "topics": self._topics(number),
            "ai_topics": _AI_TOPICS if number % 9 == 3 else None,
            "linked_objects": linked(number, conversation_id(number)),
            "ticket": self._ticket(number) if is_ticket(number) else None,
            "ai_agent": self._ai_agent(number, updated_at) if number % 4 == 0 else None,
            "ai_agent_participated": number % 4 == 0,
            "sales_agent_participated": number % 11 == 6,
            "sales_agent": _SALES_AGENT if number % 11 == 6 else None,
            "channel": {"initial": _CHANNELS[number % 3], "current": _CHANNELS[number % 4]} if number % 5 else None,
            "company": self._companies[number % len(self._companies)] if self._companies and number % 5 == 0 else None,
            "external_references": [{"type": "zendesk_ticket", "id": str(3633338 + number)}]
            if number % 13 == 2
            else [],
            "monitor_evaluations": monitor_evaluations(number, updated_at),
            "scorecards": scorecards(number, updated_at, admin["id"]),
        }

    def _source(self, number: int, contact: Object | None, admin: Object) -> Object:
        email = number % 3 == 0
        name = "Zoë" if number % 2 else None
        author = {"type": "user", "id": contact["id"], "name": name, "email": "Zoë@example.com"} if contact else admin
        sent_by_email = {
            "recipients": [
                {"type": "to", "email": "help@example.com", "drop_reason": None},
                {"type": "cc", "email": "team@example.com", "drop_reason": "suppressed"},
            ],
            "reply_to": [{"email": "replies@example.com", "name": "Zoë"}],
            "email_message_metadata": {**email_metadata(number), "history": "<blockquote>Q&amp;A</blockquote>"},
        }
        return {
            **self._template["source"],
            "type": "email" if email else "conversation",
            "id": str(3653679661 + number),
            "delivered_as": "customer_initiated" if contact else "admin_initiated",
            "subject": "<p>Refund &amp; return</p>" if email else "",
            "body": self._texts.draw(self._rng),
            "author": author,
            "attachments": [attachment(number)] if number % 6 == 0 else [],
            "url": None if email else _URL,
            **(sent_by_email if email else {}),
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
        if number % 10 == 1:
            times |= {name: created_at + 2400 if name.endswith("_at") else 2400 for name in _TIMES if not times[name]}
        team = self._cast.teams[number % len(self._cast.teams)] if self._cast.teams and number % 2 else None
        of_team = [{"team_id": int(team["id"]), "team_name": team["name"], "response_time": 2310}] if team else []
        return {
            "type": "conversation_statistics",
            **times,
            "count_reopens": number % 3,
            "count_assignments": number % 2,
            "count_conversation_parts": parts + 1,
            "assigned_team_first_response_time": of_team,
            "assigned_team_first_response_time_in_office_hours": of_team,
            "handling_time": 2310 if number % 2 else None,
            "adjusted_handling_time": 1800 if number % 4 == 1 else None,
        }

    def _rating(self, contact: Object | None, admin: Object, moment: int) -> Object:
        teammate = {"type": "admin", "id": int(admin["id"])}
        rating = {"rating": 4, "remark": "Très bien ✨", "created_at": moment, "updated_at": moment}
        return {**rating, "contact": contact, "teammate": teammate}

    def _topics(self, number: int) -> Object:
        if number % 2 == 0:
            return {}
        topics = [{"type": "topic", "id": 8, "name": "Refund &amp; return"}] if number % 3 == 0 else []
        return {"type": "topic.list", "topics": topics, "total_count": len(topics)}

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

    def _ai_agent(self, number: int, moment: int) -> Object:
        rated = number % 8 == 0
        sources = [_CONTENT_SOURCE] if rated else []
        return {
            "source_type": "workflow",
            "source_title": "Triage &amp; co" if rated else None,
            "last_answer_type": "ai_answer",
            "resolution_state": "assumed_resolution",
            "rating": 4 if rated else None,
            "rating_remark": "Très utile" if rated else None,
            "created_at": moment,
            "updated_at": moment,
            "content_sources": {
                "type": "content_source.list",
                "content_sources": sources,
                "total_count": len(sources),
            },
        }
