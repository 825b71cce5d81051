"""What is known of conversations and tickets: see `differences.py`."""

from integration_tests.sandbox.difference import Known, Never

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
_PART, _TICKET_PART = "conversation_parts.conversation_parts", "ticket_parts.ticket_parts"
_SIDE, _SIDE_PART = "conversations/side_conversations", "side_conversations.conversation_parts"

KNOWN: Known = (
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
    ("conversations", "null", "3.1, 3.6: people may have none, a team has none", f"{_PART}.author", ("email",)),
    ("conversations", "null", "11: parts emit nulls", _PART, ("event_details",)),
    (
        "conversations",
        "undocumented",
        "4.3: known from the preview of the description",
        f"{_PART}.event_details",
        _DETAILS,
    ),
    ("conversations", "undocumented", "14: new in 2.16", _PART, ("translations",)),
    (_SIDE, "null", "11: parts emit nulls", _SIDE_PART, ("event_details",)),
    (_SIDE, "undocumented", "14: new in 2.16", _SIDE_PART, ("translations",)),
    ("tickets", "null", "3.1: people may have none", f"{_TICKET_PART}.author", ("email",)),
    ("tickets", "undocumented", "14: new in 2.16", _TICKET_PART, ("translations",)),
    ("tickets", "undocumented", "3.5: live", "ticket_type", ("is_internal",)),
    ("tickets", "undocumented", "11: the list is `data`", "ticket_type.ticket_type_attributes", ("data",)),
)
NEVER: Never = (
    ("conversations", "2.1: pages count themselves instead", "pages.next", ("per_page",)),
    ("tickets", "2.1: pages count themselves instead", "pages.next", ("per_page",)),
    ("conversations", "11: `teammates` are `admins`", "teammates", ("teammates",)),
    ("tickets", "11: the list is `data`", "ticket_type.ticket_type_attributes", ("ticket_type_attributes",)),
    (
        _SIDE,
        "messages tell of no events, and quick replies are asked of contacts",
        _SIDE_PART,
        ("event_details", "metadata"),
    ),
)
