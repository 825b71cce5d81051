"""Types of subscriptions: who is attached to one has opted out of it, or in to it, by its consent (API notes 3.17)."""

from typing import Any

Object = dict[str, Any]
_FIRST, _TYPES = 91, 14

TYPES = {
    "opted_out_subscription_types": [str(_FIRST + 2 * number) for number in range(_TYPES)],
    "opted_in_subscription_types": [str(_FIRST + 2 * number + 1) for number in range(_TYPES)],
}
"""Their ids, by the list of a contact in which they may be."""


def subscription(type_id: str) -> Object:
    """The type with that id."""
    text = {"name": f"Newsletter {type_id}", "description": "Lorem ipsum dolor sit amet", "locale": "en"}
    return {
        "type": "subscription",
        "id": type_id,
        "state": "live",
        "consent_type": "opt_in" if type_id in TYPES["opted_in_subscription_types"] else "opt_out",
        "default_translation": text,
        "translations": [text],
        "content_types": ["email" if int(type_id) % 3 else "sms_message"],
    }
