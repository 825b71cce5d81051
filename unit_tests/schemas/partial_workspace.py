"""Small records of what a workspace is set up with, after the shapes seen on the wire."""

from unit_tests.schemas.partial import ANYTHING, Partial

WORKSPACE: list[Partial] = [
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
    (
        "data_attributes",
        "options",
        {"model": "contact", "full_name": "custom_attributes.x", "id": 34, "options": ["a"]},
    ),
    ("segments", "count", {"id": "a", "person_type": "company", "count": 3}),
    ("team_admins", "priority", {"team_id": 814865, "admin_id": 493881, "priority_level": "primary"}),
    ("teams", "members", {"id": 814865, "admin_ids": [493881], "admin_priority_level": {"primary_admin_ids": [1]}}),
]
