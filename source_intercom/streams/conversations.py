"""Conversations, and what belongs to them (API notes 4)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

from source_intercom import report
from source_intercom.api.bodies import Body
from source_intercom.api.shapes import as_count, as_object, objects_at
from source_intercom.read.member import Owing
from source_intercom.read.nested_lists import missing_at
from source_intercom.read.rows import Record
from source_intercom.read.state import to_second
from source_intercom.read.windows import GUARD_SECONDS, OPEN_END, Window
from source_intercom.streams.base import IntercomStream
from source_intercom.streams.deletions import DeletedConversations
from source_intercom.streams.departures import DepartingStream
from source_intercom.streams.estimates import PartsEstimate
from source_intercom.streams.kinds import ChildStream, ListStream, NestedStream

DELETED_TO: Final = "deleted_at"
"""The state's key for how far deletions have come."""


class Conversations(DepartingStream):
    """Conversations as the search returns them, without their parts.

    Tickets that are conversations are among them only if the token may also read tickets (API notes 4.1).
    """

    endpoint = "conversations/search"
    records_key = "conversations"
    permission = "Read conversations"
    is_suggested = True
    flags: ClassVar = {"include_monitors": "monitor_evaluations", "include_scorecards": "scorecards"}

    def _begin(self, state: Mapping[str, Any] | None) -> None:
        super()._begin(state)
        self._deleted_to = self.resumed_at(DELETED_TO)

    def departures(self) -> Iterator[Record]:
        """Conversations that were deleted; those of the guard interval again, as the search may find them on."""
        resumed, latest = to_second(self._deleted_to), 0
        since = self.context.config.start_second if resumed is None else resumed - GUARD_SECONDS
        found = self.stand_in(DeletedConversations).finder().records_in(Window(since, OPEN_END), Owing([self]))
        for deleted in found:
            second = to_second(deleted.get(DELETED_TO))
            if second is None or second >= since:
                yield self.departed(deleted["id"], second)
                latest = max(latest, second or 0)
        self.keep(DELETED_TO, max(latest, resumed or 0) or None)


class _OfConversation(NestedStream):
    """Rows that every conversation carries."""

    parent = Conversations
    permission = "Read conversations"
    inherited: ClassVar = {"conversation_id": "id", "conversation_updated_at": "updated_at"}
    cursor_field = "conversation_updated_at"


class ConversationTags(_OfConversation):
    """Which tags conversations have, and who put them there when."""

    records_path = ("tags", "tags")
    is_suggested = True


class ConversationContacts(_OfConversation):
    """Which contacts take part in conversations."""

    records_path = ("contacts", "contacts")
    is_suggested = True


class ConversationTeammates(_OfConversation):
    """Which teammates took part in conversations."""

    records_path = ("teammates", "admins")

    def entries_of(self, parent: Record) -> list[Record]:
        """Those that the API sends, or those under the documented name (API notes 11)."""
        documented = objects_at(parent, ("teammates", "teammates"))
        return super().entries_of(parent) or [dict(entry) for entry in documented]


class ConversationTopics(_OfConversation):
    """Which topics conversations have; they are on the wire only, and documented nowhere (API notes 11)."""

    records_path = ("topics", "topics")


class ConversationLinks(_OfConversation):
    """Which tickets and other conversations conversations are linked to; of one at most 1,000 (API notes 4.3)."""

    records_path = ("linked_objects", "data")


class ConversationAiSources(_OfConversation):
    """What the AI agent answered from; one that it used twice comes twice (API notes 4.3)."""

    records_path = ("ai_agent", "content_sources", "content_sources")


class ConversationParts(ChildStream):
    """The parts of every conversation that changed; each conversation is fetched by itself.

    A part's own times do not tell whether it is new to the destination: parts are edited and redacted in
    place, and arrive while others are read. So a changed conversation gives all its parts again.
    Intercom returns the newest 500 parts of a conversation; the older ones are out of reach (API notes 4.2).
    """

    parent = Conversations
    endpoint = "conversations/{id}"
    records_key = "conversation_parts"
    permission = "Read conversations"
    is_suggested = True
    words = "the parts of conversation"
    inherited: ClassVar = {"conversation_id": "id", "conversation_updated_at": "updated_at"}
    cursor_field = "conversation_updated_at"
    state_names = ("conversation_updated_at", "updated_at")

    def _begin(self, state: Mapping[str, Any] | None) -> None:
        super()._begin(state)
        self._parts_estimate = PartsEstimate(self.estimate)

    def expect(self, total: int) -> None:
        """The search counts conversations, not parts: how many those are shows as they are found."""
        self.count(report.CHANGED, total)
        self._parts_estimate.expect(total)

    def child_of(self, record: Record) -> Mapping[str, Any] | None:
        """Every conversation: its statistics do not tell for sure that it has no parts."""
        self._parts_estimate.found(record)
        return {"id": record["id"]}

    def fetch(self, stream_slice: Mapping[str, Any]) -> Iterator[list[Record]]:
        """All parts of one conversation, which tell when it was updated last."""
        conversation_id = stream_slice["id"]
        conversation = self.children_reader.get(self.path(stream_slice=stream_slice))
        body = as_object(conversation.get("conversation_parts"))
        sent = body.get(self.records_key)
        inherited = {**self.inherited_from(conversation), "conversation_id": conversation.get("id") or conversation_id}
        parts = self.rows.inheriting(inherited).of(body, self.records_key)
        self._report_truncation(conversation, len(sent) if isinstance(sent, list) else 0)
        yield parts

    def _report_truncation(self, conversation: Body, returned: int) -> None:
        # The count includes the opening message, which is the conversation's `source` and no part.
        counted = as_count(as_object(conversation.get("statistics")).get("count_conversation_parts"))
        missing = counted - 1 - returned
        if missing > 0:
            self.count(report.TRUNCATED)
            self.count(report.UNREACHABLE, missing)
            self.logger.warning(
                "%s: conversation %s has %s that Intercom does not return.",
                self.reported_as,
                conversation.get("id"),
                report.counted(missing, "older parts"),
            )


class _OfPart(NestedStream):
    """Rows that the parts of conversations carry, whatever brings the parts."""

    parent = ConversationParts
    permission = "Read conversations"
    inherited: ClassVar = {
        "part_id": "id",
        "conversation_id": "conversation_id",
        "conversation_updated_at": "conversation_updated_at",
    }
    cursor_field = "conversation_updated_at"


class PartAttachments(_OfPart):
    """Files in the parts of conversations; their addresses expire."""

    records_path = ("attachments",)


class PartTags(_OfPart):
    """Which tags the parts of conversations have."""

    records_path = ("tags",)


class PartEmailHeaders(_OfPart):
    """From whom and to whom parts of conversations were sent as emails."""

    records_path = ("email_message_metadata", "email_address_headers")


class ConversationHandlingEvents(ChildStream):
    """When teammates paused the handling of conversations, and resumed it (API notes 4.3).

    Asked for where the handling time was adjusted, or is not known: without a pause the two times are the same. Most
    conversations may be asked, since an open one has no such time yet.
    """

    parent = Conversations
    endpoint = "conversations/{id}/handling_events"
    records_key = "handling_events"
    permission = "Read conversations"
    words = "the handling events of conversation"
    inherited: ClassVar = {"conversation_id": "id", "conversation_updated_at": "updated_at"}
    cursor_field = "conversation_updated_at"

    def has_children(self, parent: Record) -> bool:
        """Whether its handling time differs from the adjusted one, or one of them is not there."""
        statistics = as_object(parent.get("statistics"))
        time, adjusted = (statistics.get(name) for name in ("handling_time", "adjusted_handling_time"))
        return time is None or time != adjusted


class SideConversations(ChildStream):
    """Threads among teammates beside conversations, each with its messages, in numbered pages without a `next`."""

    parent = Conversations
    endpoint = "conversations/{id}/side_conversations"
    records_key = "side_conversations"
    parameters: ClassVar = {"per_page": "50"}
    permission = "Read conversations"
    words = "the side conversations of conversation"
    inherited: ClassVar = {"conversation_id": "id", "conversation_updated_at": "updated_at"}
    cursor_field = "conversation_updated_at"

    def note_emitted(self, rows: Sequence[Record]) -> None:
        """Count the messages, too, that Intercom counts and does not return."""
        super().note_emitted(rows)
        for row in rows:
            self.context.reports.add_cut(self.reported_as, missing_at(row, ("conversation_parts",)))


class ConversationAttributes(ListStream):
    """Custom attributes of conversations, archived ones too (API notes 5b)."""

    endpoint = "conversations/attributes"
    permission = ""
    is_suggested = True
    parameter_sets: ClassVar = ({"include_archived": "true"},)


STREAMS: Final[tuple[type[IntercomStream], ...]] = (
    Conversations,
    ConversationParts,
    ConversationTags,
    ConversationContacts,
    ConversationTeammates,
    ConversationTopics,
    ConversationLinks,
    ConversationAiSources,
    PartAttachments,
    PartTags,
    PartEmailHeaders,
    ConversationHandlingEvents,
    SideConversations,
    ConversationAttributes,
)
"""The family."""
