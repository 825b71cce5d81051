"""Conversations, and what belongs to them."""

from collections.abc import Callable

from intercom_sandbox import choices, dialects, versions
from intercom_sandbox.asked import Asked
from intercom_sandbox.data.attributes import vary_conversation_attribute
from intercom_sandbox.data.handling import HandlingEvents, adjust
from intercom_sandbox.data.nested import AppliedTags, indexed, listed
from intercom_sandbox.data.side import SideConversations
from intercom_sandbox.data.threads import Threads, count_parts
from intercom_sandbox.errors import ApiError, HtmlError
from intercom_sandbox.kind import Beside, Derived, Inside, Kind, Path, of_parent
from intercom_sandbox.pages import Next, Numbered, newest_first_of_parent
from intercom_sandbox.scopes import CONVERSATIONS, TICKETS, unnamed
from intercom_sandbox.shapes import Bare, Listed, Parent, Searched, Whole
from intercom_sandbox.store import Object


def _no_conversation(item_id: str) -> Exception:
    """JSON or, by its id, a bare page: both have been seen (API notes 4.2)."""
    odd = item_id.isdigit() and int(item_id) % 2
    return HtmlError(404) if odd else ApiError(404, "not_found", "Resource Not Found")


def _none_to_ask(asked: Asked, item_id: str) -> Exception:
    return _no_conversation(item_id)


def _read_off(name: str, rows: Callable[[Object], list[Object]], *key: str) -> Kind:
    """Rows that conversations carry."""
    nested = Derived("conversations", of_parent("conversation"), rows)
    return Kind(name, nested=nested, key=("conversation_id", *key))


_OF_PART = {"part_id": "id", **{name: name for name in of_parent("conversation")}}


def _read_off_parts(name: str, rows: Callable[[Object], list[Object]], key: str) -> Kind:
    """Rows that the parts of conversations carry."""
    return Kind(name, nested=Derived("conversation_parts", _OF_PART, rows), key=("part_id", key))


_CONVERSATIONS = Searched(dialects.CONVERSATIONS, of_tickets=TICKETS)


ROWS = (
    Kind(
        "conversations",
        (
            Path(
                "/conversations/search",
                _CONVERSATIONS,
                CONVERSATIONS,
                "POST",
                flags={"include_monitors": "monitor_evaluations", "include_scorecards": "scorecards"},
            ),
            Path("/conversations", Listed(_CONVERSATIONS, 20), CONVERSATIONS),
        ),
        visible="title",
        numeric_ids=True,
        stage=4,
        builder=lambda generator: generator.shared(Threads).conversation,
        asks=("parts",),
        edge=10,
        adapt=versions.conversation,
        deleted_with="tickets",
    ),
    Kind(
        "conversation_parts",
        (
            Path(
                "/conversations/{id}",
                Parent("conversation_parts", "conversation_part.list", _no_conversation, of_tickets=TICKETS),
                CONVERSATIONS,
            ),
        ),
        nested=Beside("conversations", of_parent("conversation"), Threads, served=500, settle=count_parts),
        visible="body",
    ),
    Kind(
        "conversation_tags",
        nested=Inside("conversations", of_parent("conversation"), ("tags", "tags"), AppliedTags),
        key=("conversation_id", "id"),
    ),
    _read_off("conversation_contacts", listed("contacts", "contacts"), "id"),
    _read_off("conversation_teammates", listed("teammates", "admins"), "id"),
    _read_off("conversation_topics", listed("topics", "topics"), "id"),
    _read_off("conversation_links", listed("linked_objects", "data"), "type", "id"),
    _read_off("conversation_ai_sources", indexed("ai_agent", "content_sources", "content_sources"), "index"),
    _read_off_parts("part_attachments", indexed("attachments"), "index"),
    _read_off_parts("part_tags", listed("tags"), "id"),
    _read_off_parts("part_email_headers", indexed("email_message_metadata", "email_address_headers"), "index"),
    Kind(
        "conversation_handling_events",
        (
            Path(
                "/conversations/{id}/handling_events",
                Bare("handling_events", newest_first_of_parent(_none_to_ask)),
                CONVERSATIONS,
            ),
        ),
        nested=Beside("conversations", of_parent("conversation"), HandlingEvents, settle=adjust),
        key=("conversation_id", "timestamp", "type"),
        visible="reason",
    ),
    Kind(
        "side_conversations",
        (
            Path(
                "/conversations/{id}/side_conversations",
                Numbered(
                    newest_first_of_parent(_none_to_ask),
                    Next.NUMBERS,
                    per_page=25,
                    most=50,
                    envelope="side_conversation.list",
                    key="side_conversations",
                ),
                CONVERSATIONS,
            ),
        ),
        nested=Beside("conversations", of_parent("conversation"), SideConversations),
        key=("side_conversation_id",),
        visible="conversation_parts.0.body",
    ),
    Kind(
        "conversation_attributes",
        (
            Path(
                "/conversations/attributes",
                Whole("list", "data", choices.conversation_attributes),
                unnamed("read_conversation_attributes", "List all attributes of conversations"),
            ),
        ),
        numeric_ids=True,
        count=12,
        vary=vary_conversation_attribute,
    ),
)
