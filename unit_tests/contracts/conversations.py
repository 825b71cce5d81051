"""Conversations, and what belongs to them."""

from typing import Final

from unit_tests.contracts.contract import Contract, Parent, Way

ROWS: Final = (
    Contract(
        "conversations",
        Way.SEARCH,
        "POST",
        "conversations/search",
        ("conversations",),
        "Read conversations",
        answer="conversations_search",
        cursor="updated_at",
        single="conversation",
        without=("conversation_parts",),
    ),
    Contract(
        "conversation_parts",
        Way.CHILD,
        "GET",
        "conversations/{id}",
        ("conversation_parts", "conversation_parts"),
        "Read conversations",
        answer="conversation",
        cursor="conversation_updated_at",
        parent=Parent("conversations", "conversation_id"),
    ),
    Contract(
        "conversation_tags",
        Way.NESTED,
        "POST",
        "conversations/search",
        ("tags", "tags"),
        "Read conversations",
        key=("conversation_id", "id"),
        cursor="conversation_updated_at",
        parent=Parent("conversations", "conversation_id"),
    ),
    Contract(
        "conversation_attributes",
        Way.WHOLE,
        "GET",
        "conversations/attributes",
        ("data",),
        permission="",
        answer="conversation_attributes",
        parameters=({"include_archived": "true"},),
        scope="read_conversation_attributes",
    ),
)
