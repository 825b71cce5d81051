"""What was said in calls: calls are listed one by one, and searched for by their conversations (API notes 3.15)."""

from collections.abc import Iterator
from typing import Any, Final

from source_intercom import report
from source_intercom.api.reader import Reader
from source_intercom.api.shapes import as_list
from source_intercom.read.finder import Audience, Finder
from source_intercom.read.ids import IdSet
from source_intercom.read.rows import Record, Rows, listed_in
from source_intercom.read.windows import Window

CONVERSATIONS: Final = 20
"""Conversations that one search may name; more are refused."""


class Transcripts(Finder):
    """The turns of all calls that belong to a conversation: no other request brings them piece by piece.

    A search brings all calls of its conversations, those too that are listed later.

    :param calls: lists the calls
    :param path: of the search
    :param rows: makes a row of `{"call_id", "index", "conversation_id", "transcript_status", "turn"}`
    """

    def __init__(self, calls: Finder, reader: Reader, path: str, records_key: str, rows: Rows) -> None:
        self._calls = calls
        self._reader = reader
        self._path = path
        self._records_key = records_key
        self._rows = rows

    def probe(self) -> Record | None:
        """Look for one call, and search for those of its conversation."""
        call = self._calls.probe()
        if call and call.get("conversation_id"):
            self._search([str(call["conversation_id"])])
        return None

    def records_in(self, window: Window, audience: Audience) -> Iterator[Record]:
        """A row for each turn of each call."""
        met = IdSet()
        waiting: dict[str, set[str]] = {}
        for call in self._calls.records_in(window, audience):
            conversation_id = call.get("conversation_id")
            if conversation_id and call["id"] not in met:
                waiting.setdefault(str(conversation_id), set()).add(call["id"])
            if len(waiting) == CONVERSATIONS:
                yield from self._turns_of(waiting, met)
                waiting = {}
        if waiting:
            yield from self._turns_of(waiting, met)

    def _turns_of(self, waiting: dict[str, set[str]], met: IdSet) -> Iterator[Record]:
        """The turns of the calls of some conversations; those of them that were listed and do not come are counted."""
        lacking = {call_id for calls in waiting.values() for call_id in calls}
        for call in self._search(list(waiting)):
            call_id = str(call["id"]) if isinstance(call, dict) and call.get("id") else None
            if call_id is None:
                self._rows.fit([None])
                continue
            lacking.discard(call_id)
            if met.add(call_id):
                yield from self._rows.fit(_turns(call_id, call))
        if lacking:
            self._reader.count(report.GONE, len(lacking))

    def _search(self, conversation_ids: list[str]) -> list[Any]:
        body = self._reader.post(self._path, {"conversation_ids": conversation_ids})
        return listed_in(body, self._records_key)


def _turns(call_id: str, call: Record) -> list[Any]:
    of_call = {"call_id": call_id, **{name: call.get(name) for name in ("conversation_id", "transcript_status")}}
    return [{**of_call, "index": index, "turn": turn} for index, turn in enumerate(as_list(call.get("transcript")))]
