"""Conversation parts (API notes 4.2, 4.3)."""

from random import Random
from typing import Any

from intercom_sandbox import compact
from intercom_sandbox.data.cast import Cast
from intercom_sandbox.data.messages import attachments, email_metadata
from intercom_sandbox.data.plot import Step, random_step
from intercom_sandbox.data.story import STATES, Event
from intercom_sandbox.data.templates import template
from intercom_sandbox.data.words import Texts

Object = dict[str, Any]
_FIRST = 985
"""Part ids start below 1000, so that their order as strings is not their order as numbers."""

REDACTED = "<p><i>This message was deleted</i></p>"
"""The body of a redacted part."""

_EVENTS: dict[str, Object] = {
    "conversation_attribute_updated_by_admin": {
        "attribute": {"name": "Issue: key"},
        "value": {"name": "PROJ-007", "previous": "PROJ-006"},
    },
    "conversation_tags_updated": {"tags_added": ["VIP &amp; co"], "tags_removed": ["Übergabe"]},
    "snoozed": {"until": "until tomorrow", "custom_until_time": "2025-09-03T18:44:20.146Z"},
    "priority_changed": {"current_priority": "high", "previous_priority": "none"},
    "conversation_sla_applied_by_rule": {
        "sla_name": "1h",
        "sla_definition": {
            "first_reply_time": 3600,
            "next_reply_time": 3600,
            "resolution_time": 86400,
            "time_to_close": 172800,
        },
    },
    "conversation_sla_target_missed": {
        "sla_name": "1h",
        "sla_target_type": "first_reply_time",
        "current_sla_status": "missed",
        "sla_states": {"first_reply_time": "missed", "time_to_close": "active"},
    },
    "call_summary": {"call_id": "3822007689"},
    "custom_action_started": {"action": {"name": "Jira Create Issue"}},
    "custom_action_finished": {"action": {"name": "Jira Create Issue", "result": "success"}},
    "operator_workflow_event": {
        "workflow": {"name": "Triage"},
        "event": {"type": "wait_finished", "result": "Finished waiting"},
    },
}
TRANSLATIONS = {"original": "en", "en": "<p>Okay!</p>", "fr": "<p>D'accord !</p>", "pt-BR": "<p>Certo!</p>"}


class Parts:
    """Makes the parts of conversations, serialized; ids ascend over all of them."""

    def __init__(self, seed: int, cast: Cast, texts: Texts) -> None:
        self._rng = Random(f"{seed}:parts")
        self._cast = cast
        self._texts = texts
        self._bot = cast.bot
        self._template = template("conversation_part")
        self._next = _FIRST

    def series(self, count: int, contact: Object | None, first: int, last: int) -> list[bytes]:
        """``count`` parts in ascending order, the last one at ``last``, as the story of the conversation has them."""
        story = self._cast.stories.of(first, last, count, by_contact=contact is not None)
        author = self._cast.contact_author(contact) if contact else None
        return [compact.dumps(self._part(event, author, last)) for event in story.events]

    def make(self, contact: Object | None, moment: int, last: int) -> Object:
        """One part more, of any of the usual kinds."""
        step = random_step(self._rng, len(self._cast.people))
        state = STATES.get(step.kind, "open")
        author = self._cast.contact_author(contact) if contact else None
        return self._part(Event(step if contact else step.by_admin(), moment, state), author, last)

    def _part(self, event: Event, contact: Object | None, last: int) -> Object:
        """The part that tells of an event; ``contact`` is the author of what the contact writes.

        Unset keys are null (API notes 11). A few were changed at ``last``.
        """
        step, moment, state = event
        voice = step.voice
        number = self._next
        self._next += 1
        redacted = voice is not None and number % 53 == 0
        part: Object = {
            **self._template,
            "id": str(number),
            "part_type": step.kind,
            "body": REDACTED if redacted else self._texts.draw(self._rng, voice) if voice else None,
            "created_at": moment,
            "updated_at": last if redacted or number % 12 == 0 else moment,
            "notified_at": moment,
            "assigned_to": self._assignee(step),
            "author": self._author(step, contact),
            "attachments": attachments(number) if voice and number % 19 == 0 else [],
            "external_id": f"zendesk:{number}" if number % 23 == 0 else None,
            "redacted": redacted,
            "state": state,
            "tags": self._tags(step, number),
            "event_details": _EVENTS.get(step.kind),
            "app_package_code": "test-integration" if step.kind.startswith("custom_action") else None,
            "translations": TRANSLATIONS if voice == "admin" and number % 3 == 0 else None,
        }
        if voice == "bot":
            part["author"] = {**part["author"], "from_ai_agent": True, "is_ai_answer": number % 4 != 0}
        if step.kind == "quick_reply":
            uuid = f"00000000-0000-4000-8000-{number:012x}"
            options = [{"text": "Oui", "uuid": uuid, "translations": {"fr": "Oui", "en": "Yes"}}]
            part["metadata"] = {"quick_reply_options": options, "quick_reply_uuid": uuid}
        if number % 31 == 0:
            part["email_message_metadata"] = email_metadata(number)
        return part

    def _tags(self, step: Step, number: int) -> list[Object]:
        """One tag or two of what changed the conversation's, and now and then of a message."""
        is_tagged = step.kind == "conversation_tags_updated" or (step.voice and number % 17 == 0)
        return self._cast.tags[: 1 + number % 2] if is_tagged else []

    def _author(self, step: Step, contact: Object | None) -> Object:
        if step.role == "contact" and contact:
            return contact
        if step.role == "bot":
            return self._bot
        if step.role == "team" and step.assignee:
            team = self._cast.teams[step.assignee[1]]
            return {"type": "team", "id": team["id"], "name": team["name"], "email": None}
        return self._cast.people[step.person]

    def _assignee(self, step: Step) -> Object | None:
        if step.assignee is None:
            return None
        kind, place = step.assignee
        return {"type": kind, "id": (self._cast.people if kind == "admin" else self._cast.teams)[place]["id"]}
