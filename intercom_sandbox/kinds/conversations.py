"""Conversations, and what belongs to them."""

from intercom_sandbox import choices, dialects, versions
from intercom_sandbox.data.nested import AppliedTags
from intercom_sandbox.data.threads import Threads, count_parts
from intercom_sandbox.errors import ApiError, HtmlError
from intercom_sandbox.kind import Beside, Inside, Kind, Path, of_parent
from intercom_sandbox.scopes import CONVERSATIONS, TICKETS, unnamed
from intercom_sandbox.shapes import Listed, Parent, Searched, Whole


def _no_conversation(item_id: str) -> Exception:
    """JSON or, by its id, a bare page: both have been seen (API notes 4.2)."""
    odd = item_id.isdigit() and int(item_id) % 2
    return HtmlError(404) if odd else ApiError(404, "not_found", "Resource Not Found")


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
    ),
)
