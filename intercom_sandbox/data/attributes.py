"""Data attributes of contacts and companies (API notes 5b)."""

from typing import Any

from intercom_sandbox.data.templates import template
from intercom_sandbox.data.words import listed

Object = dict[str, Any]

LONG = "How much of the long name of an attribute does a warehouse keep? " * 3
"""Almost 200 letters."""

# name in custom_attributes -> data type; names keep their spaces, case and punctuation
CONTACT_CUSTOM = {
    "Favourite colour": "string",
    "plan: tier": "integer",
    "is_vip": "boolean",
    "Last order €": "float",
    "trial_ends_at": "date",
    "Imported labels": "string",
    # other names that are easily taken for one of those, for none, or for the same
    "Plan_Tier": "string",
    "IS_VIP": "integer",
    "赤": "string",
    LONG: "string",
    f"{LONG}!": "float",
    "attributes": "string",
}
COMPANY_CUSTOM = {"The One Ring": "string", "Paid Subscriber": "boolean", "seats used": "integer", "renewal_at": "date"}

_CONTACT_DATES = listed(
    "created_at updated_at signed_up_at last_seen_at last_replied_at last_contacted_at last_email_opened_at "
    "last_email_clicked_at android_last_seen_at ios_last_seen_at"
)
_CONTACT_STRINGS = listed(
    "id external_id role name email phone owner_id language_override browser browser_version os android_app_name "
    "ios_app_name location.country location.region location.city company.name company.id"
)
_CONTACT_FLAGS = listed("has_hard_bounced marked_email_as_spam unsubscribed_from_emails")
_ARCHIVED = ("contact", "Favourite colour")
"""An archived custom attribute that has the name of a live one."""

CONVERSATION_CUSTOM = {
    7: ("Copilot used", "boolean"),
    8: ("Language", "list"),
    9: ("Orders", "relationship"),
    10: ("QA Notes Count", "integer"),
    11: ("Score: final", "decimal"),
}
"""Custom attributes of conversations, by number, of which conversations have values; the last two are archived."""

CONTACT_DATE_FIELDS = frozenset(
    [*_CONTACT_DATES, *(f"custom_attributes.{name}" for name, kind in CONTACT_CUSTOM.items() if kind == "date")]
)
"""The fields that contact search treats as dates."""


def data_attributes(admin_id: str, moment: int) -> list[Object]:
    """All attributes of the models contact and company.

    Standard ones have no ``id`` and nested ones repeat a leaf name (``name`` and ``company.name``); custom ones have a
    numeric ``id``. One archived attribute shares its name with a live one.
    """
    types = {
        **dict.fromkeys(_CONTACT_STRINGS, "string"),
        **dict.fromkeys(_CONTACT_DATES, "date"),
        **dict.fromkeys(_CONTACT_FLAGS, "boolean"),
    }
    standard = template("company_attributes")["data"]
    contact = [
        standard[0]
        | {"name": full_name.rpartition(".")[2], "full_name": full_name, "data_type": data_type, "model": "contact"}
        | {"label": full_name.replace("_", " ").capitalize(), "description": f"The {full_name} of a person"}
        for full_name, data_type in types.items()
    ]
    custom = [
        *(("contact", name, data_type) for name, data_type in CONTACT_CUSTOM.items()),
        *(("company", name, data_type) for name, data_type in COMPANY_CUSTOM.items()),
    ]
    return [
        *contact,
        *standard,
        *(_custom(34 + n, *each, admin_id=admin_id, moment=moment) for n, each in enumerate(custom)),
        _custom(33, *_ARCHIVED, "string", admin_id=admin_id, moment=moment) | {"archived": True},
    ]


def _custom(number: int, model: str, name: str, data_type: str, *, admin_id: str, moment: int) -> Object:
    return template("custom_attribute") | {
        "id": number,
        "name": name,
        "full_name": f"custom_attributes.{name}",
        "label": name,
        "data_type": data_type,
        "admin_id": admin_id,
        "created_at": moment,
        "updated_at": moment,
        "model": model,
        **({"options": ["bleu", "赤"]} if name == _ARCHIVED[1] else {}),
    }


def vary_conversation_attribute(item: Object, number: int) -> None:
    """Names that conversations know."""
    if number in CONVERSATION_CUSTOM:
        item["name"], item["data_type"] = CONVERSATION_CUSTOM[number]
