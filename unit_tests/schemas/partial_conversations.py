"""Small records of conversations and tickets, and of what belongs to them, after the shapes seen on the wire."""

from unit_tests.schemas.partial import ANYTHING, Partial

CONVERSATIONS: list[Partial] = [
    (
        "conversation_tags",
        "wire",
        {"id": 8, "conversation_id": 1, "conversation_updated_at": 1, "applied_at": None, "applied_by": {"id": None}},
    ),
    (
        "conversation_handling_events",
        "bot",
        {
            "conversation_id": 1,
            "timestamp": 1767949200,
            "teammate_id": 9,
            "type": "paused",
            "conversation_updated_at": 1,
            "teammate": {"type": "bot", "id": 9, "name": "Fin"},
            "reason": None,
        },
    ),
    (
        "conversation_links",
        "wire",
        {"conversation_id": 1, "type": "ticket", "id": 7583, "category": None, "conversation_updated_at": None},
    ),
    (
        "part_attachments",
        "document",
        {"part_id": 1, "index": 0, "conversation_id": 1, "conversation_updated_at": 1, "name": "a.pdf", "filesize": 0},
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
        "ticket_types",
        "documented",
        {"id": 1, "ticket_type_attributes": {"ticket_type_attributes": [{"id": 1, "input_options": ANYTHING}]}},
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
