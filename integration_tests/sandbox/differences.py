"""What is known of the wire that Intercom's OpenAPI description of 2.16 does not say, and how it is known."""

from collections.abc import Iterator

from integration_tests.sandbox.description import Difference

_ALL_TIMES = (
    *("time_to_assignment", "time_to_admin_reply", "time_to_first_close", "time_to_last_close", "median_time_to_reply"),
    *("first_assignment_at", "first_admin_reply_at", "first_close_at", "last_assignment_at", "last_admin_reply_at"),
    *("last_assignment_admin_reply_at", "last_close_at", "last_closed_by_id", "handling_time"),
)
_DETAILS = (
    *(
        "call_id",
        "current_priority",
        "previous_priority",
        "sla_name",
        "sla_definition",
        "sla_target_type",
        "sla_states",
    ),
    *("current_sla_status", "tags_added", "tags_removed", "until", "custom_until_time"),
)
_UTM = ("utm_campaign", "utm_content", "utm_medium", "utm_source", "utm_term", "referrer")
_WITHOUT_401 = ("/me", "/conversations/search", "/tickets/search", "/contacts/94/notes")
_PART, _TICKET_PART = "conversation_parts.conversation_parts", "ticket_parts.ticket_parts"

# kind of object, how it differs, section of docs/intercom-api.md, path of what follows, fields
_KNOWN: tuple[tuple[str, str, str, str, tuple[str, ...]], ...] = (
    ("articles", "type", "2.2: the address of the next page", "pages", ("next",)),
    ("articles", "undocumented", "14: on all articles", "", ("content_id",)),
    ("articles", "undocumented", "1.2: audience fields since 2.16", "", ("audience_ids",)),
    ("companies", "type", "11: values of any type", "custom_attributes", ("Paid Subscriber", "seats used")),
    ("companies", "type", "5: a float historically", "", ("monthly_spend",)),
    ("companies", "enum", "14: references to notes", "notes", ("type",)),
    ("companies", "undocumented", "14: references to notes", "notes", ("data", "has_more", "total_count", "url")),
    ("companies", "undocumented", "1.1: additions come without a new version", "", ("undocumented",)),
    ("contacts", "type", "2.0: times as text", "", ("android_last_seen_at",)),
    ("contacts", "type", "14: an address", "", ("avatar",)),
    ("contacts", "null", "3.1: nullable", "", ("email",)),
    ("contacts", "undocumented", "3.1: the type of each list", "companies", ("type",)),
    ("contacts", "undocumented", "3.1: the type of each list", "notes", ("type",)),
    ("contacts", "undocumented", "3.1: the type of each list", "tags", ("type",)),
    ("contacts", "undocumented", "3.1: the type of each list", "social_profiles", ("type",)),
    ("contacts", "undocumented", "3.1: codes beside the names", "location", ("continent_code", "country_code")),
    ("contacts", "undocumented", "3.1: live but absent from the schema", "", _UTM),
    ("contacts", "undocumented", "14: on all contacts", "", ("sms_consent", "unsubscribed_from_sms")),
    (
        *("contacts", "undocumented", "3.1: live but absent from the schema", ""),
        ("opted_in_subscription_types", "opted_out_subscription_types"),
    ),
    ("contacts", "undocumented", "2.1: the number of the next page", "pages.next", ("page",)),
    ("conversations", "undocumented", "2.1: the number of the next page", "pages.next", ("page",)),
    ("tickets", "undocumented", "2.1: the number of the next page", "pages.next", ("page",)),
    ("conversations", "null", "4.2: imported conversations have none", "", ("source",)),
    ("conversations", "null", "4.3: what did not happen is null", "statistics", _ALL_TIMES),
    ("conversations", "type", "11: a number", "statistics", ("last_closed_by_id",)),
    ("conversations", "undocumented", "11: `teammates` are `admins`", "teammates", ("admins",)),
    ("conversations", "undocumented", "11: in live conversations", "", ("ticket", "topics")),
    ("conversations", "undocumented", "11: in an example of 2.16", "", ("ai_topics",)),
    ("conversations", "type", "11: values of any type", "custom_attributes", ("Copilot used", "Score: final")),
    ("conversations", "type", "11: values of any type", "custom_attributes", ("Tags seen",)),
    ("conversations", "null", "11: values of any type", "custom_attributes", ("Ticket link",)),
    ("conversations", "type", "11: values of any type", "company.custom_attributes", ("Paid Subscriber", "seats used")),
    ("conversations", "type", "5: a float historically", "company", ("monthly_spend",)),
    ("conversations", "enum", "14: references to notes", "company.notes", ("type",)),
    (
        *("conversations", "undocumented", "14: references to notes", "company.notes"),
        ("data", "has_more", "total_count", "url"),
    ),
    ("conversations", "undocumented", "1.1: additions come without a new version", "company", ("undocumented",)),
    ("conversations", "null", "3.1, 3.6: contacts may have none, teams have none", f"{_PART}.author", ("email",)),
    ("conversations", "null", "11: parts emit nulls", _PART, ("event_details",)),
    (
        "conversations",
        "undocumented",
        "4.3: known from the preview of the description",
        f"{_PART}.event_details",
        _DETAILS,
    ),
    ("conversations", "undocumented", "14: new in 2.16", _PART, ("translations",)),
    ("tickets", "null", "3.1: contacts may have none", f"{_TICKET_PART}.author", ("email",)),
    ("tickets", "undocumented", "14: new in 2.16", _TICKET_PART, ("translations",)),
    ("tickets", "undocumented", "3.5: live", "ticket_type", ("is_internal",)),
    ("tickets", "undocumented", "11: the list is `data`", "ticket_type.ticket_type_attributes", ("data",)),
    ("admins/activity_logs", "type", "2.2: the address of the next page", "pages", ("next",)),
    ("admins/activity_logs", "type", "11: in an example of 2.16", "metadata", ("before", "after")),
    ("admins/activity_logs", "undocumented", "11: in an example of 2.16", "metadata", ("message",)),
    ("me", "undocumented", "7.4: in the answer", "app", ("secure",)),
    ("errors", "format", "2.0: no UUID", "", ("request_id",)),
    ("errors", "endpoint", "6: a 401 on every endpoint", "", _WITHOUT_401),
)

_LANGUAGES = (
    *("ar", "bg", "bs", "ca", "cs", "da", "de", "el", "en", "es", "et", "fi", "he", "hr", "hu", "id", "it", "ja", "ko"),
    *("lt", "lv", "mn", "nb", "nl", "pl", "pt", "ro", "ru", "sl", "sr", "sv", "tr", "vi", "zh-CN", "zh-TW"),
)

# kind of object, section of docs/intercom-api.md, path of what follows, fields
_NEVER: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("articles", "two languages stand for all", "translated_content", _LANGUAGES),
    ("companies", "5: null in a scroll", "", ("pages", "total_count")),
    ("contacts", "14: not in lists and searches", "", ("email_domain",)),
    ("contacts", "2.1: pages count themselves instead", "pages.next", ("per_page",)),
    ("conversations", "2.1: pages count themselves instead", "pages.next", ("per_page",)),
    ("tickets", "2.1: pages count themselves instead", "pages.next", ("per_page",)),
    ("conversations", "11: `teammates` are `admins`", "teammates", ("teammates",)),
    ("tickets", "11: the list is `data`", "ticket_type.ticket_type_attributes", ("ticket_type_attributes",)),
    (
        *("contacts/notes", "11: in an example of 2.16", "author"),
        (
            *("avatar", "away_status_reason_id", "has_inbox_seat", "job_title", "role", "team_ids"),
            "team_priority_level",
        ),
    ),
    ("contacts/notes", "14: of notes about companies", "", ("company",)),
    ("contacts/notes", "2.2: an address", "pages", ("next",)),
    ("help_center/collections", "2.2: no `next`", "pages", ("next",)),
    (
        *("help_center/collections", "two languages stand for all", "translated_content"),
        (*_LANGUAGES, "pt-BR"),
    ),
    ("me", "7.4: not in the answer", "", ("away_mode_enabled", "away_mode_reassign", "job_title", "team_ids")),
    ("errors", "6: with few of them", "errors", ("field",)),
    ("segments", "3.8: never seen live", "", ("pages",)),
    ("tags", "3.7: no timestamps in the list", "", ("applied_at", "applied_by")),
)


def _paths(path: str, names: tuple[str, ...]) -> Iterator[str]:
    return (f"{path}.{name}" if path else name for name in names)


DIFFERENCES = {
    Difference(kind, path, how): evidence
    for kind, how, evidence, within, names in _KNOWN
    for path in _paths(within, names)
}
"""The evidence of each known difference."""
EMPTY = {(kind, path): reason for kind, reason, within, names in _NEVER for path in _paths(within, names)}
"""Why a documented field never has a value."""
