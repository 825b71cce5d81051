"""Conversations without their parts (API notes 4.1, 4.3)."""

from random import Random
from typing import Any

from intercom_sandbox.custom_objects import held
from intercom_sandbox.data import words
from intercom_sandbox.data.ai import ai_agent
from intercom_sandbox.data.cast import Cast
from intercom_sandbox.data.figures import first_response, statistics, waiting_since
from intercom_sandbox.data.messages import attachment, email_metadata
from intercom_sandbox.data.plot import some
from intercom_sandbox.data.quality import monitor_evaluations, scorecards
from intercom_sandbox.data.story import Story
from intercom_sandbox.data.templates import template
from intercom_sandbox.data.tickets import linked, state

Object = dict[str, Any]
_FIRST = 94
_PRIORITIES = (*("none",) * 15, "low", "medium", "medium", "high", "urgent")
_SCORES = (*(5,) * 11, *(4,) * 4, 3, 3, 2, *(1,) * 3)
"""Ratings as customers give them: most are happy, and the others are not half so."""
_REMARKS = ("Très bien ✨", "Fast &amp; friendly", "", "", "", "")
_DISAPPOINTED = ("I had to ask three times", "Still not solved", "")
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
_TOPICS = ((8, "Refund &amp; return"), (11, ""))
_SALES_AGENT: Object = {
    "outcome": "qualified",
    "routing_outcome": "enterprise_sales",
    "collected_data": {"email": "ada@example.com", "company.name": "Söhne"},
}
_RESPONSES = ("assigned_team_first_response_time", "assigned_team_first_response_time_in_office_hours")
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
    weights = [rng.lognormvariate(0, 0.8) for _ in range(conversations - len(special))]
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
        """The conversation with that number, as a list item: no key ``conversation_parts``.

        It opens as long before ``updated_at`` as what happens in it takes, and at once if ``created_at`` is that too.
        """
        rng = self._rng
        contact = self.contact(number)
        story = self._cast.stories.of(created_at, updated_at, parts, by_contact=contact is not None)
        admin = self._cast.people[story.admin or 0]
        involved = {step.person for step, _, _ in story.events if step.role == "admin"}
        teams, companies, status = self._cast.teams, self._companies, story.state
        by_email, imported = number % 3 == 0, number % 16 == 9
        return {
            **self._template,
            "id": conversation_id(number),
            "created_at": story.opened,
            "updated_at": updated_at,
            "waiting_since": waiting_since(story, by_contact=contact is not None),
            "snoozed_until": updated_at + rng.choice((86400, 259200, 604800)) if status == "snoozed" else None,
            "source": None if imported else self._source(number, contact, admin, by_email=by_email),
            "contacts": {"type": "contact.list", "contacts": self._contacts_of(number)},
            "first_contact_reply": (
                {"created_at": story.opened, "type": "conversation", "url": None if by_email else _URL}
                if contact and not imported
                else None
            ),
            "admin_assignee_id": 0 if story.admin is None else int(admin["id"]),
            "team_assignee_id": 0 if story.team is None else int(teams[story.team]["id"]),
            "open": status != "closed",
            "state": status,
            "read": bool(story.events) and rng.random() < 0.9,
            "tags": {"type": "tag.list", "tags": self._tags(story, admin, updated_at)},
            "priority": _PRIORITIES[int(rng.random() * len(_PRIORITIES))],
            "sla_applied": _sla(story),
            # the special sizes always carry statistics, for they are how a reader detects missing parts
            "statistics": self._statistics(story, contact) if number % 25 != 20 else None,
            "conversation_rating": self._rating(story, contact),
            "teammates": {
                "type": "admin.list",
                "admins": [{"type": "admin", "id": self._cast.people[each]["id"]} for each in sorted(involved)],
            }
            if involved
            else None,
            "title": (None, "", words.title(rng))[number % 3],
            "custom_attributes": self._custom_attributes(number),
            "topics": self._topics(number),
            "ai_topics": _AI_TOPICS if number % 9 == 3 else None,
            "linked_objects": linked(number, conversation_id(number)),
            "ticket": self._ticket(number) if is_ticket(number) else None,
            **ai_agent(story, rng),
            "sales_agent_participated": number % 11 == 6,
            "sales_agent": _SALES_AGENT if number % 11 == 6 else None,
            "channel": {"initial": _CHANNELS[number % 3], "current": _CHANNELS[number % 4]} if number % 5 else None,
            # each seventh company has notes
            "company": companies[number // 5 * 7 % len(companies)] if companies and number % 5 == 0 else None,
            "external_references": [{"type": "zendesk_ticket", "id": str(3633338 + number)}]
            if number % 13 == 2
            else [],
            "monitor_evaluations": monitor_evaluations(number, updated_at),
            "scorecards": scorecards(number, updated_at, admin["id"]),
        }

    def _source(self, number: int, contact: Object | None, admin: Object, *, by_email: bool) -> Object:
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
            "type": "email" if by_email else "conversation",
            "id": str(3653679661 + number),
            "delivered_as": "customer_initiated" if contact else "admin_initiated",
            "subject": f"<p>{words.title(self._rng)}</p>" if by_email else "",
            "body": self._texts.draw(self._rng),
            "author": self._cast.contact_author(contact) if contact else self._cast.author(admin),
            "attachments": [attachment(number)] if number % 6 == 0 else [],
            "url": None if by_email else _URL,
            **(sent_by_email if by_email else {}),
        }

    def _contacts_of(self, number: int) -> list[Object]:
        """The contact who takes part first; a tenth of the conversations are those of a group."""
        found = [self.contact(each) for each in ((number, number + 1) if number % 10 == 3 else (number,))]
        return [each for place, each in enumerate(found) if each and each not in found[:place]]

    def _tags(self, story: Story, admin: Object, moment: int) -> list[Object]:
        """None, one or two tags that an admin gave between the first and the last moment."""
        rng, tags = self._rng, self._cast.tags
        chosen = sorted({some(rng, len(tags)) for _ in range(rng.choice((0, 0, 1, 1, 2)))}) if tags else []
        applied = {"applied_at": rng.randint(story.opened, moment), "applied_by": {"type": "admin", "id": admin["id"]}}
        return [{**tags[each], **applied} for each in chosen]

    def _statistics(self, story: Story, contact: Object | None) -> Object:
        measured = statistics(story, by_contact=contact is not None)
        measured["last_closed_by_id"] = self._closed_by(story)
        took = first_response(story, self._cast.calendar.staff)
        for name, seconds in zip(_RESPONSES, took or (), strict=False):
            of_team = self._cast.teams[story.team or 0]
            measured[name] = [{"team_id": int(of_team["id"]), "team_name": of_team["name"], "response_time": seconds}]
        return {name: [] for name in _RESPONSES} | measured

    def _closed_by(self, story: Story) -> int | None:
        if story.closed is None:
            return None
        step = story.closed.step
        return int((self._cast.fin if step.role == "bot" else self._cast.people[step.person])["id"])

    def _rating(self, story: Story, contact: Object | None) -> Object | None:
        """What the contact gave when they rated: asked for when the conversation was closed (API notes 4.3)."""
        rated = next((event for event in story.events if event.step.kind == "conversation_rating_changed"), None)
        if rated is None or story.closed is None:
            return None
        score = self._rng.choice(_SCORES)
        rated_admin = self._cast.fin if story.admin is None else self._cast.people[story.admin]
        return {
            "rating": score,
            "remark": self._rng.choice(_REMARKS if score > 3 else _DISAPPOINTED),
            "created_at": story.closed.moment,
            "updated_at": rated.moment,
            "contact": contact,
            "teammate": {"type": "admin", "id": rated_admin["id"]},
        }

    def _topics(self, number: int) -> Object:
        if number % 2 == 0:
            return {}
        topics = [{"type": "topic", "id": each, "name": name} for each, name in _TOPICS[: number % 3]]
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
            **({"Orders": held(number)} if number % 7 == 1 else {}),
        }

    def _ticket(self, number: int) -> Object:
        shared = {"type": "ticket", "id": conversation_id(number), "ticket_id": str(number // 10 + 1)}
        return shared | {"ticket_state": state(number // 10)}


def _sla(story: Story) -> Object | None:
    """The target that was set when the conversation began, and what became of it."""
    kinds = {step.kind for step, _, _ in story.events}
    if "conversation_sla_applied_by_rule" not in kinds:
        return None
    kept = "hit" if story.state == "closed" else "active"
    status = "missed" if "conversation_sla_target_missed" in kinds else kept
    return {"type": "conversation_sla_summary", "sla_name": "1h", "sla_status": status}
