"""What was deleted, merged, archived or blocked."""

from typing import Final

from unit_tests.contracts.contract import PEOPLE, Contract, Way

ROWS: Final = (
    Contract(
        "deleted_conversations",
        Way.PAGES,
        "GET",
        "conversations/deleted",
        ("conversations",),
        "Read conversations",
        answer="deleted_conversations",
        cursor="deleted_at",
    ),
    Contract(
        "contact_activities",
        Way.FEED,
        "GET",
        "contacts/activities",
        ("data",),
        PEOPLE,
        answer="contact_activities",
        cursor="created_at",
        version="2.17",
    ),
    Contract(
        "inactive_contacts",
        Way.PAGES,
        "GET",
        "contacts/deleted",
        ("data",),
        PEOPLE,
        answer="inactive_contacts",
        version="2.17",
    ),
)
