"""Conversation parts (API notes 4.2, 4.3)."""

from random import Random
from typing import Any

from intercom_sandbox import compact
from intercom_sandbox.data.cast import Cast
from intercom_sandbox.data.messages import attachment, email_metadata
from intercom_sandbox.data.templates import template
from intercom_sandbox.data.words import Texts

Object = dict[str, Any]
_FIRST = 985
"""Part ids start below 1000, so that their order as strings is not their order as numbers."""

REDACTED = "<p><i>This message was deleted</i></p>"
"""The body of a redacted part."""

# what happened, who did it, whether it has a text; repeated entries are frequent
_KINDS = (
    *(("comment", "user", True),) * 7,
    *(("comment", "admin", True),) * 6,
    *(("comment", "bot", True),) * 3,
    *(("note", "admin", True),) * 2,
    ("comment", "lead", True),
    ("assignment", "admin", False),
    ("assignment", "admin", True),
    ("default_assignment", "bot", False),
    ("away_mode_assignment", "team", False),
    ("open", "user", False),
    ("close", "admin", True),
    ("snoozed", "admin", False),
    ("quick_reply", "user", True),
    ("company_updated", "bot", False),
    ("conversation_tags_updated", "admin", False),
    ("participant_added", "admin", False),
    ("conversation_attribute_updated_by_admin", "bot", False),
    ("custom_action_started", "admin", False),
    ("custom_action_finished", "admin", False),
    ("language_detection_details", "bot", False),
    ("operator_workflow_event", "bot", False),
    ("channel_and_reply_time_expectation", "bot", False),
    ("priority_changed", "admin", False),
    ("conversation_sla_applied_by_rule", "bot", False),
    ("conversation_sla_target_missed", "bot", False),
    ("call_summary", "bot", True),
)
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
_STATES = {"close": "closed", "snoozed": "snoozed"}


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
        """``count`` parts in ascending order, the last one written at ``last``."""
        span, random = last - first, self._rng.random
        moments = [*sorted(first + int(span * random()) for _ in range(count - 1)), last]
        return [compact.dumps(self.make(contact, moments[n], last)) for n in range(count)]

    def make(self, contact: Object | None, moment: int, last: int) -> Object:
        """One part; unset keys are null (API notes 11). A few were edited or redacted at ``last``."""
        rng = self._rng
        number = self._next
        self._next += 1
        kind, role, has_text = _KINDS[int(rng.random() * len(_KINDS))]
        redacted = has_text and number % 53 == 0
        part: Object = {
            **self._template,
            "id": str(number),
            "part_type": kind,
            "body": REDACTED if redacted else self._texts.draw(rng) if has_text else None,
            "created_at": moment,
            "updated_at": last if redacted or number % 12 == 0 else moment,
            "notified_at": moment,
            "assigned_to": self._assignee(number) if "assignment" in kind else None,
            "author": self._author(role, contact, number),
            "attachments": [attachment(number)] if has_text and number % 19 == 0 else [],
            "external_id": f"zendesk:{number}" if number % 23 == 0 else None,
            "redacted": redacted,
            "state": _STATES.get(kind, "open"),
            "tags": [self._cast.tags[0]] if kind == "conversation_tags_updated" and self._cast.tags else [],
            "event_details": _EVENTS.get(kind),
            "app_package_code": "test-integration" if kind.startswith("custom_action") else None,
            "translations": TRANSLATIONS if role == "admin" and has_text and number % 3 == 0 else None,
        }
        if role == "bot" and has_text:
            part["author"] = {**part["author"], "from_ai_agent": True, "is_ai_answer": number % 2 == 0}
        if kind == "quick_reply":
            options = [{"text": "Oui", "uuid": f"q-{number}", "translations": {"fr": "Oui", "en": "Yes"}}]
            part["metadata"] = {"quick_reply_options": options, "quick_reply_uuid": options[0]["uuid"]}
        if number % 31 == 0:
            part["email_message_metadata"] = email_metadata(number)
        return part

    def _author(self, role: str, contact: Object | None, number: int) -> Object:
        if role == "bot":
            return self._bot
        if role == "team" and self._cast.teams:
            team = self._cast.teams[number % len(self._cast.teams)]
            return {"type": "team", "id": team["id"], "name": team["name"], "email": None}
        if role == "admin" or contact is None:
            return self._cast.people[number % len(self._cast.people)]
        return {
            "type": role,
            "id": contact["id"],
            "name": None if number % 9 == 0 else "Zoë",
            "email": "zoe@example.com",
        }

    def _assignee(self, number: int) -> Object | None:
        if number % 3 == 0 and self._cast.teams:
            return {"type": "team", "id": self._cast.teams[number % len(self._cast.teams)]["id"]}
        return {"type": "admin", "id": self._cast.people[number % len(self._cast.people)]["id"]} if number % 3 else None
