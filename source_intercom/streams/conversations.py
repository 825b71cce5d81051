"""Conversations and their parts (API notes 4)."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, Final
from urllib.parse import quote

import requests
from airbyte_cdk.models import FailureType, SyncMode
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom import report
from source_intercom.api.bodies import Body, json_object
from source_intercom.api.errors import is_too_fast
from source_intercom.api.search import MAX_PAGE_SIZE
from source_intercom.api.sentences import CONTRADICTED, VANISHED
from source_intercom.api.shapes import as_count, as_object, as_objects
from source_intercom.streams.ahead import read_ahead
from source_intercom.streams.base import Record, StreamContext
from source_intercom.streams.cursors import WatermarkCursor
from source_intercom.streams.estimates import PartsEstimate
from source_intercom.streams.incremental import IncrementalMixin, SearchStream
from source_intercom.streams.progress import MAX_UNDELIVERED
from source_intercom.streams.state import to_second
from source_intercom.streams.tally import Tally
from source_intercom.streams.windows import OPEN_END, Window

WALKS: Final = 4
"""Windows that are searched for changed conversations at the same time: a page of one takes longer to come than its
150 conversations take to be fetched when the rate limit is high."""


INDEX_PAUSES: Final = (15, 30, 45)
"""Seconds between searches for a conversation that is gone: the index may show it for 90 s more (API notes 14)."""


class Conversations(SearchStream):
    """Conversations as the search returns them, without their parts.

    Tickets that are conversations are among them only if the token may also read tickets (API notes 4.1).
    """

    endpoint = "conversations/search"
    records_key = "conversations"
    permission = "Read conversations"
    flags: ClassVar[Mapping[str, str]] = {"include_monitors": "monitor_evaluations", "include_scorecards": "scorecards"}


class ConversationParts(IncrementalMixin):
    """The parts of every conversation that changed; each conversation is a partition, fetched by itself.

    A part's own times do not tell whether it is new to the destination: parts are edited and redacted in
    place, and arrive while others are read. So a changed conversation gives all its parts again.
    Intercom returns the newest 500 parts of a conversation; the older ones are out of reach (API notes 4.2).
    """

    endpoint = "conversations"
    records_key = "conversation_parts"
    permission = "Read conversations"
    may_be_gone = True
    cursor_field = "conversation_updated_at"
    state_names = ("conversation_updated_at", "updated_at")
    largest_window = 10 * MAX_PAGE_SIZE
    checkpoint_class = WatermarkCursor
    checkpoint: WatermarkCursor

    def __init__(self, context: StreamContext, reader: str | None = None) -> None:
        super().__init__(context, reader)
        self.parents = Conversations(context, reader=self.reader)
        self.parents.undelivered = self.leave_out_window
        self._tally = Tally()
        self._gone: deque[str] = deque()
        self._parts_estimate = PartsEstimate(self.estimate)

    def stream_slices(
        self,
        *,
        sync_mode: SyncMode,
        cursor_field: list[str] | None = None,
        stream_state: Mapping[str, Any] | None = None,
    ) -> Iterable[Mapping[str, Any]]:
        """The conversations that changed, in ascending order of `updated_at`, as long as none has failed.

        Those of the next windows are found while those of one are fetched; what is known of them waits in memory, hence
        the smaller windows.
        """
        yield from read_ahead(self._walks(), WALKS)
        self.progress.generated()
        self.end()

    def _walks(self) -> Iterator[Iterator[Mapping[str, Any]]]:
        with self.progress.failing():
            self.progress.opened()
            yield self._owed()
            for window in self.plan(self.parents):
                self.progress.opened()
                number = self.checkpoint.walking(window.start) if self.keeps_state else None
                yield self._walk(window, number)

    def _owed(self) -> Iterator[Mapping[str, Any]]:
        """What earlier syncs did not get: conversations, and those of windows in which not all were found."""
        with self.progress.reading():
            owed = self.checkpoint.owed
            for conversation_id in owed.ids():
                yield self._owed_slice(conversation_id)
            for window in owed.windows():
                for conversation in self.parents.found(window):
                    owed.add(conversation["id"])
                    yield self._owed_slice(conversation["id"])
                owed.pay(window)

    def _owed_slice(self, conversation_id: str) -> Mapping[str, Any]:
        self.progress.opened()
        return {"id": conversation_id, "owed": True}

    def _walk(self, window: Window, number: int | None) -> Iterator[Mapping[str, Any]]:
        with self.progress.reading():
            if window.end == OPEN_END:
                self.progress.wait_for_others(own=1)
            if self.progress.failed:
                return
            for conversation in self.parents.found(window):
                if self.progress.failed:
                    return
                self.progress.opened()
                self._parts_estimate.found(conversation)
                yield self._slice(conversation, window)
            if number is not None:
                self.checkpoint.walked(number)

    def _slice(self, conversation: Record, window: Window) -> Mapping[str, Any]:
        if not self.keeps_state:
            return {"id": conversation["id"]}
        second = to_second(conversation.get("updated_at"))
        # One that stands before its time says nothing of the conversations between.
        number = self.checkpoint.opened(second if second is not None and second < window.end else window.start)
        return {"id": conversation["id"], "number": number}

    def expect(self, total: int) -> None:
        """The search counts conversations, not parts: how many those are shows as they are found."""
        self.count(report.CHANGED, total)
        self._parts_estimate.expect(total)

    def probe(self) -> None:
        """The same permission lets the conversations be found and fetched."""
        self.parents.probe()

    def path(
        self,
        *,
        stream_state: Mapping[str, Any] | None = None,
        stream_slice: Mapping[str, Any] | None = None,
        next_page_token: Mapping[str, Any] | None = None,
    ) -> str:
        """The conversation of the slice."""
        return f"{self.endpoint}/{quote((stream_slice or {})['id'], safe='')}"

    def request_params(
        self,
        stream_state: Mapping[str, Any] | None,
        stream_slice: Mapping[str, Any] | None = None,
        next_page_token: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """None: the id in the path says it all."""
        return {}

    def read_records(
        self,
        sync_mode: SyncMode,
        cursor_field: list[str] | None = None,
        stream_slice: Mapping[str, Any] | None = None,
        stream_state: Mapping[str, Any] | None = None,
    ) -> Iterable[Record]:
        """All parts of one conversation; none if it was deleted since it was found, or once another has failed."""
        if self.progress.failed:
            return
        with self.progress.reading(), self.context.api.session.large_bodies.kept():
            parts = self._parts((stream_slice or {})["id"])
            self.count(report.EMITTED, len(parts))
            yield from parts
        self.end(stream_slice)

    def _parts(self, conversation_id: str) -> list[Record]:
        self._tally.ask()
        try:
            _, response = self._fetch_next_page({"id": conversation_id})
        except AirbyteTracedException as error:
            if error.failure_type == FailureType.config_error or is_too_fast(error):
                raise
            self._leave_out(conversation_id, error)
            return []
        if response.status_code == requests.codes.not_found:
            self._miss(conversation_id)
            return []
        conversation = json_object(response) or {}
        body = as_object(conversation.get("conversation_parts"))
        sent = body.get(self.records_key)
        returned = len(sent) if isinstance(sent, list) else 0
        for part in as_objects(sent):
            part["conversation_id"] = conversation.get("id") or conversation_id
            part["conversation_updated_at"] = conversation.get("updated_at")
        parts = self.records(body)
        self._report_truncation(conversation, returned)
        return parts

    def _leave_out(self, conversation_id: str, reason: AirbyteTracedException) -> None:
        if not self._tally.fails():
            raise reason
        self.leave_out(f"the parts of conversation {conversation_id}", reason, conversation_id)

    def _miss(self, conversation_id: str) -> None:
        """A conversation that is gone is skipped, and owed until all is read and no more are than can be."""
        if self._is_found_again(conversation_id):
            reason = AirbyteTracedException(CONTRADICTED, CONTRADICTED, FailureType.transient_error)
            self._leave_out(conversation_id, reason)
            return
        self.count(report.GONE)
        if not self._tally.is_gone():
            sentence = VANISHED.format(gone=self._tally.gone, asked=self._tally.asked)
            raise AirbyteTracedException(sentence, sentence, FailureType.transient_error)
        if self.keeps_state:
            self.checkpoint.owed.add(conversation_id)
            self._gone.append(conversation_id)
            if len(self._gone) > MAX_UNDELIVERED:
                self.checkpoint.owed.pay(self._gone.popleft())

    def _is_found_again(self, conversation_id: str) -> bool:
        """Whether a search finds a conversation that is not there, as it does for a while after a deletion."""
        if not self._is_found(conversation_id):
            return False
        for pause in INDEX_PAUSES if self._tally.may_wait() else ():
            self.progress.pause(pause)
            if self.progress.failed or not self._is_found(conversation_id):
                return self.progress.failed
        return True

    def _is_found(self, conversation_id: str) -> bool:
        try:
            return self.parents.has(conversation_id)
        except AirbyteTracedException:
            return True  # or it cannot be known

    def completed(self) -> None:
        """Conversations that were gone are not owed."""
        for conversation_id in self._gone:
            self.checkpoint.owed.pay(conversation_id)

    def _report_truncation(self, conversation: Body, returned: int) -> None:
        # The count includes the opening message, which is the conversation's `source` and no part.
        counted = as_count(as_object(conversation.get("statistics")).get("count_conversation_parts"))
        missing = counted - 1 - returned
        if missing > 0:
            self.count(report.TRUNCATED)
            self.count(report.UNREACHABLE, missing)
            self.logger.warning(
                "conversation_parts: conversation %s has %s that Intercom does not return.",
                conversation.get("id"),
                report.counted(missing, "older parts"),
            )
