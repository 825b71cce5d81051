"""Conversations, and what belongs to them."""

from typing import Final

from unit_tests.contracts.contract import Contract, Parent, Way


def _nested(name: str, records: tuple[str, ...], *key: str) -> Contract:
    """Rows that are in those of conversations."""
    return Contract(
        name,
        Way.NESTED,
        "POST",
        "conversations/search",
        records,
        "Read conversations",
        key=("conversation_id", *key),
        cursor="conversation_updated_at",
        parent=Parent("conversations", "conversation_id"),
        told_apart_by=() if "index" in key else ("id",),
    )


def _in_parts(name: str, records: tuple[str, ...], key: str) -> Contract:
    """Rows that are in those of conversation parts."""
    return Contract(
        name,
        Way.NESTED,
        "GET",
        "conversations/{id}",
        records,
        "Read conversations",
        key=("part_id", key),
        cursor="conversation_updated_at",
        parent=Parent("conversation_parts", "part_id", above="conversation_id"),
        told_apart_by=() if key == "index" else ("id",),
    )


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
    _nested("conversation_tags", ("tags", "tags"), "id"),
    _nested("conversation_contacts", ("contacts", "contacts"), "id"),
    _nested("conversation_teammates", ("teammates", "admins"), "id"),
    _nested("conversation_topics", ("topics", "topics"), "id"),
    _nested("conversation_links", ("linked_objects", "data"), "type", "id"),
    _nested("conversation_ai_sources", ("ai_agent", "content_sources", "content_sources"), "index"),
    _in_parts("part_attachments", ("attachments",), "index"),
    _in_parts("part_tags", ("tags",), "id"),
    _in_parts("part_email_headers", ("email_message_metadata", "email_address_headers"), "index"),
    Contract(
        "conversation_handling_events",
        Way.CHILD,
        "GET",
        "conversations/{id}/handling_events",
        ("handling_events",),
        "Read conversations",
        answer="conversation_handling_events",
        key=("conversation_id", "timestamp", "teammate_id", "type"),
        cursor="conversation_updated_at",
        parent=Parent("conversations", "conversation_id"),
        told_apart_by=("teammate", "id"),
    ),
    Contract(
        "side_conversations",
        Way.CHILD,
        "GET",
        "conversations/{id}/side_conversations",
        ("side_conversations",),
        "Read conversations",
        answer="side_conversations",
        key=("side_conversation_id",),
        cursor="conversation_updated_at",
        parent=Parent("conversations", "conversation_id"),
        told_apart_by=("side_conversation_id",),
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
