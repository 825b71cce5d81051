"""Small records of contacts and companies, and of what belongs to them, after the shapes seen on the wire."""

from unit_tests.schemas.partial import ANYTHING, Partial

PEOPLE: list[Partial] = [
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
        {"id": 26, "contact_id": "a", "contact_updated_at": 1, "author": {"id": 9, "email": None}},
    ),
    ("company_tags", "tag", {"company_id": "a", "id": 1, "type": "tag", "name": None}),
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
]
