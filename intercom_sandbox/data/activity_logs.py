"""Activity logs: what admins did (API notes 3.9)."""

from random import Random
from typing import Any
from uuid import UUID

from intercom_sandbox.data.generator import Generator
from intercom_sandbox.data.templates import template

Object = dict[str, Any]
_ACTIVITIES: tuple[tuple[str, str, Object], ...] = (
    ("app_name_change", "changed your app name from Boutique to Boutique &amp; co.", {"before": "a", "after": "b"}),
    (
        "message_state_change",
        "changed your Été message from draft to live.",
        {"message": {"id": 123, "title": "Été"}, "before": "draft", "after": "live"},
    ),
    ("admin_login_success", "successfully logged in.", {"sign_in_method": "email_password"}),
    (
        "admin_away_mode_change",
        "changed their away mode.",
        {
            "away_mode": True,
            "away_status_reason": "☕ On a break",
            "reassign_conversations": False,
            "source": "admin update from web - Admin id: 93",
            "auto_changed": "false",
            "update_by": 93,
            "update_by_name": "Zoë",
        },
    ),
    (
        "admin_occupancy_state_change",
        "became occupied.",
        {
            "previous_state": "idle",
            "new_state": "occupied",
            "threshold_minutes": 15,
            "last_activity_at": 1671028894,
            "auto": True,
        },
    ),
    (
        "admin_occupancy_setting_change",
        "changed the settings of occupancy.",
        {
            "setting_type": "teammate_occupancy",
            "changes": {"occupancy_window_minutes": {"before": 15, "after": 30}},
            "enabled": True,
            "mode": "when_away_only",
        },
    ),
    (
        "admin_conversation_assignment_limit_change",
        "changed an assignment limit.",
        {"conversation_assignment_limit": 15, "ticket_assignment_limit": 20},
    ),
    (
        "team_assignment_limit_change",
        "changed the assignment limit of a team.",
        {"team": {"id": 123, "name": "Phone &amp; SMS"}, "team_assignment_limit": 50},
    ),
    (
        "admin_impersonation_consent_approved",
        "approved an impersonation.",
        {"consent_id": 149673, "expired_at": "2025-12-04T09:31:57.000Z"},
    ),
    ("app_data_export", "exported data of a user.", {"external_id": "f3b87a2e09d514c6c2e79b9a"}),
    (
        "security_settings_change",
        "changed the security settings.",
        {"before": {"two_factor": False, "domains": []}, "after": {"two_factor": True, "domains": ["example.com"]}},
    ),
    ("admin_logout", "logged out.", {}),
)
"""Type, description after the admin's name, and metadata, whose shape depends on the type."""


class ActivityLogs:
    """Makes activity logs. They never change, and show nothing but when they were written."""

    def __init__(self, generator: Generator) -> None:
        self._rng = Random(f"{generator.seed}:activity_logs")
        self._people = generator.cast.people
        self._template = template("activity_log")

    def make(self, number: int, created_at: int, updated_at: int) -> Object:
        """The log of that number, written at ``updated_at``: so bursts of changes are bursts of logs."""
        admin = self._rng.choice(self._people)
        activity, what, metadata = _ACTIVITIES[number % len(_ACTIVITIES)]
        by = {key: admin[key] for key in ("type", "id", "email")}
        return {
            **self._template,
            "id": str(UUID(int=self._rng.getrandbits(128), version=4)),
            "performed_by": {**by, "ip": f"198.51.100.{number % 256}"},
            "metadata": metadata,
            "created_at": updated_at,
            "activity_type": activity,
            "activity_description": f"{admin['name']} {what}",
        }
