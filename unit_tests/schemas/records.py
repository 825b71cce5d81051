"""Records of all streams.

They are the response examples of Intercom's public OpenAPI description, version 2.16 (MIT), kept in
`unit_tests/examples`, and, where those are empty or null, small ones written here after the shapes seen on the wire.
"""

from typing import Any

import pytest

from unit_tests.answers import example_rows
from unit_tests.contracts import CONTRACTS

RECORDS = {name: example_rows(contract) for name, contract in CONTRACTS.items()}
EXAMPLE_CASES = [
    pytest.param(stream, record, id=f"{stream}-{number}")
    for stream, records in RECORDS.items()
    for number, record in enumerate(records)
]

ANYTHING = {
    "Copilot used": False,
    "Amount: EUR": 12.5,
    "count": 9,
    "id": 7,
    "owner_id": 8,
    "Name": "x",
    "Empty": None,
    "List": [1, "a", {"id": 2}],
    "Order": {"type": "order.list", "instances": [{"id": 1}]},
}
PARTIAL: list[tuple[str, str, dict[str, Any]]] = [
    ("activity_logs", "details", {"id": "a", "created_at": 1, "performed_by": None, "metadata": ANYTHING}),
    ("admins", "bot", {"id": 1, "avatar": "https://a.test/1.png", "away_status_reason_id": 5, "team_ids": [814865]}),
    ("admins", "priorities", {"id": "1", "team_priority_level": {"primary_team_ids": [1], "secondary_team_ids": None}}),
    ("admins", "role", {"id": "1", "team_priority_level": {}, "role": {"type": "role", "id": 3, "name": "Agent"}}),
    ("articles", "ids", {"id": "1", "parent_ids": [18, 19], "audience_ids": [1], "created_by_id": 5, "author_id": 5}),
    ("articles", "content", {"id": "1", "content_id": 4712}),
    (
        "articles",
        "locales",
        {
            "id": "1",
            "translated_content": {
                "type": None,
                "id": {"title": "Indonesian", "author_id": 5},
                "pt-BR": {"title": "x"},
            },
        },
    ),
    (
        "collections",
        "locales",
        {
            "id": "1",
            "parent_id": 2,
            "default_locale": "en",
            "translated_content": {
                "type": "group_translated_content",
                "id": {"type": "group_content", "name": "Bantuan", "description": None},
            },
        },
    ),
    ("companies", "plan", {"id": "a", "plan": {"type": "plan", "id": 269315, "name": "Pro"}, "monthly_spend": 155.5}),
    ("companies", "customer", {"id": "a", "custom_attributes": ANYTHING, "created_at": -1, "updated_at": 0}),
    (
        "companies",
        "lists",
        {
            "id": "a",
            "tags": {"type": "tag.list", "tags": [{"type": "tag", "id": 1, "name": "x"}]},
            "segments": {"type": "segment.list", "segments": [{"type": "segment", "id": "s", "count": None}]},
            "notes": {
                "type": "note.list",
                "notes": [{"id": 26, "company": {"id": "a"}, "author": {"id": 9, "team_ids": [4]}, "body": "<p></p>"}],
            },
        },
    ),
    (
        "companies",
        "notes",
        {
            "id": "a",
            "notes": {
                "type": "list",
                "data": [{"type": "note", "id": 26, "url": "/notes/26"}],
                "url": "/companies/a/notes",
                "total_count": 1,
                "has_more": False,
            },
        },
    ),
    (
        "contact_notes",
        "author",
        {"id": 26, "contact_id": "a", "contact_updated_at": 1, "author": {"id": 9, "avatar": "https://a.test/1.png"}},
    ),
    ("contact_notes", "nobody", {"id": 27, "contact_id": "a", "contact_updated_at": None, "author": None}),
    ("contacts", "customer", {"id": "a", "updated_at": 1, "owner_id": 321, "custom_attributes": ANYTHING}),
    (
        "contacts",
        "lists",
        {
            "id": "a",
            "updated_at": 1,
            "tags": {"type": "list", "data": [{"type": "tag", "id": "1", "url": "/tags/1"}], "has_more": True},
            "avatar": "https://a.test/1.png",
            "social_profiles": {"type": "list", "data": [{"type": "social_profile", "name": "X", "url": "https://x"}]},
            "merge_history": [{"type": "merge_history", "source_contact_id": "b", "merged_at": None}],
        },
    ),
    (
        "conversation_tags",
        "wire",
        {"id": 8, "conversation_id": 1, "conversation_updated_at": 1, "applied_at": None, "applied_by": {"id": None}},
    ),
    (
        "conversations",
        "wire",
        {
            "id": 215474207061545,
            "updated_at": 1778133222,
            "admin_assignee_id": 0,
            "team_assignee_id": None,
            "priority": "a new priority",
            "title": "",
            "source": None,
            "statistics": {"last_closed_by_id": 10553731, "assigned_team_first_response_time": [{"team_id": 100}]},
            "teammates": {"type": "admin.list", "admins": [{"type": "admin", "id": "10553731"}]},
            "custom_attributes": ANYTHING,
            "topics": {"type": "topic.list", "topics": [{"type": "topic", "id": 8, "name": "x"}], "total_count": 1},
            "ticket": {"id": 5, "anything": []},
        },
    ),
    (
        "conversations",
        "documented",
        {
            "id": "1",
            "updated_at": 1,
            "teammates": {"type": "admin.list", "teammates": [{"type": "admin", "id": None}]},
            "statistics": {"last_closed_by_id": "c3po"},
            "conversation_rating": {"rating": 5, "contact": {"id": "a"}, "teammate": {"type": "workflow"}},
            "company": {"id": "a", "plan": {}, "custom_attributes": ANYTHING},
            "linked_objects": {"data": [{"type": "ticket", "id": 7583, "category": None}]},
            "sales_agent": {"outcome": None, "collected_data": {"company.name": "Acme"}},
            "external_references": [{"type": "zendesk_ticket", "id": "3633338"}],
            "scorecards": [{"scorecard_id": "1", "score": 0.85, "evaluators": [{"result": {"reason_ids": ["101"]}}]}],
        },
    ),
    *(
        (
            "conversation_parts",
            f"event-{number}",
            {"id": number, "conversation_id": "1", "conversation_updated_at": 1, "event_details": details},
        )
        for number, details in enumerate(
            [
                {},
                {"workflow": {"name": "w"}, "attribute": {"name": "a"}, "value": {"name": "v", "previous": None}},
                {"action": {"name": "a", "result": "failed"}},
                {"workflow": {"name": "w"}, "event": {"type": "wait_finished", "result": "done"}},
                {"tags_added": ["a"], "tags_removed": []},
                {"until": "until tomorrow", "custom_until_time": "2025-09-03T18:44:20.146Z"},
            ]
        )
    ),
    (
        "conversation_parts",
        "quick-replies",
        {
            "id": "2",
            "conversation_id": "1",
            "conversation_updated_at": 1,
            "part_type": "a new part type",
            "translations": {"original": "en", "en": "<p>Okay!</p>", "pt-BR": "<p>Certo!</p>"},
            "admin_assignee_id": 991267715,
            "team_assignee_id": 0,
            "author": {"type": "bot", "id": 278, "from_ai_agent": True, "is_ai_answer": False},
            "metadata": {"quick_reply_options": [{"text": "Hi", "uuid": "u", "translations": {"fr": "Salut"}}]},
            "email_message_metadata": {"email_address_headers": [{"type": "from", "email_address": "a@b.test"}]},
        },
    ),
    (
        "data_attributes",
        "options",
        {"model": "contact", "full_name": "custom_attributes.x", "id": 34, "options": ["a"]},
    ),
    ("segments", "count", {"id": "a", "person_type": "company", "count": 3}),
    ("teams", "members", {"id": 814865, "admin_ids": [493881], "admin_priority_level": {"primary_admin_ids": [1]}}),
    (
        "ticket_parts",
        "translations",
        {
            "id": 188,
            "ticket_id": 633,
            "ticket_updated_at": 1,
            "assigned_to": {"type": "admin", "id": 5},
            "translations": {"original": "en", "fr": "<p>D'accord !</p>"},
        },
    ),
    (
        "tickets",
        "list-attribute",
        {
            "id": "1",
            "updated_at": 1,
            "ticket_id": 40,
            "snoozed_until": None,
            "ticket_attributes": ANYTHING,
            "previous_ticket_state_id": 7493,
            "ticket_type": {"ticket_type_attributes": {"ticket_type_attributes": [{"id": 1, "ticket_type_id": 2}]}},
            "ticket_parts": {
                "ticket_parts": [
                    {
                        "id": 188,
                        "translations": {"original": "en", "fr": "<p>D'accord !</p>"},
                        "updated_attribute_data": {
                            "attribute": {"type": "attribute", "id": 7, "label": "Files"},
                            "value": {"type": "value", "id": [1, 2], "label": ["a", "b"]},
                        },
                    },
                    {"id": "189", "updated_attribute_data": {"value": {"type": "value", "id": None, "label": "x"}}},
                ]
            },
        },
    ),
]
WIRE_CASES = [pytest.param(stream, record, id=f"{stream}-{name}") for stream, name, record in PARTIAL]
