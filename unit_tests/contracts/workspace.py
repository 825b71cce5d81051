"""What a workspace is set up with, and what its teammates did to it."""

from typing import Final

from unit_tests.contracts.contract import PEOPLE, Contract, Way

ROWS: Final = (
    Contract(
        "admins",
        Way.WHOLE,
        "GET",
        "admins",
        ("admins",),
        "Read admins",
        answer="admins",
        single="admin",
        parameters=({"display_avatar": "true"},),
    ),
    Contract("teams", Way.WHOLE, "GET", "teams", ("teams",), "Read admins", answer="teams", single="team"),
    Contract("tags", Way.WHOLE, "GET", "tags", ("data",), "Read tags", answer="tags"),
    Contract(
        "segments",
        Way.WHOLE,
        "GET",
        "segments",
        ("segments",),
        PEOPLE,
        answer="segments",
        parameters=({"include_count": "true"}, {"include_count": "true", "type": "company"}),
    ),
    Contract(
        "data_attributes",
        Way.WHOLE,
        "GET",
        "data_attributes",
        ("data",),
        PEOPLE,
        answer="data_attributes",
        key=("model", "full_name"),
        parameters=({"model": "contact"}, {"model": "company"}),
    ),
    Contract(
        "activity_logs",
        Way.PAGES,
        "GET",
        "admins/activity_logs",
        ("activity_logs",),
        "Read admin activity logs",
        answer="activity_logs",
        cursor="created_at",
    ),
)
