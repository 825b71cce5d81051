"""Outbound messages: whom they reached, and what became of them (API notes 10.1)."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final

from source_intercom.api.exports import CONTENT
from source_intercom.api.jobs import RULES, Jobs
from source_intercom.read.content_export import DAY, ContentExport
from source_intercom.read.content_groups import ANSWER, EVENT, OVERVIEW, RECEIPT, RECEIVED, Group, second_of, time_of
from source_intercom.read.finder import Finder
from source_intercom.read.ids import IdSet
from source_intercom.read.rows import Record
from source_intercom.streams.base import IntercomStream

SUBJECT: Final = ("user_id", "series_id", "node_id", "ruleset_id", "content_id")
"""What events happen to that belong to no receipt, as far as they say so."""

REACH: Final = 30
"""Days for which it is known at least what became of a message, whatever the lookback."""


class _Messages(IntercomStream):
    """Rows of a kind of groups.

    `kind`  which
    """

    endpoint = CONTENT.begin
    permission = "Export content data"
    http_method = "POST"
    kind: ClassVar[str]

    @classmethod
    def root(cls) -> type[IntercomStream]:
        """That of the receipts, for all: one job brings the rows of all groups."""
        return MessageReceipts

    def finder(self) -> Finder:
        """The export."""
        reader = self.reader(may_be_gone=True)
        config = self.context.config
        days = max(config.message_lookback_days, REACH)
        jobs = Jobs(CONTENT, reader, self.reader(rules=RULES))
        return ContentExport(jobs, reader, config.start_second, days * DAY)

    def ask(self, finder: Finder) -> None:
        """The groups of the kind."""
        finder.want([self.kind], lambda flags: None)

    def starts_at(self, now: int) -> int:
        """As always; with a state so many days before, since what becomes of a message comes later than the message."""
        start, config = super().starts_at(now), self.context.config
        if self._resumed is None:
            return start
        return max(config.start_second, start - config.message_lookback_days * DAY)

    def rows_of(self, record: Record) -> Iterable[Record]:
        """A row, if it is of the kind."""
        group: Group = record["group"]
        if group.kind != self.kind:
            return ()
        rows = self.rows.fit([self.row_of(group, record)])
        self.note_emitted(rows)
        return rows

    def row_of(self, group: Group, record: Record) -> Record:
        """The row as the table has it, and when the message was sent; a copy."""
        return {**record["row"], RECEIVED: record[RECEIVED]}


class _Numbered(_Messages):
    """Rows without an id: those that have the rest of their key in common are numbered, in the order of an export.

    `alike`  the rest of the key
    """

    alike: ClassVar[tuple[str, ...]]

    def _begin(self, state: Mapping[str, Any] | None) -> None:
        super()._begin(state)
        self._met = IdSet()
        self._export = 0

    def numbered(self, row: Record, export: int) -> Record:
        """The row with its number among its like in an export, from 0."""
        if export != self._export:
            self._met, self._export = IdSet(), export
        key, index = tuple(str(row.get(name)) for name in self.alike), 0
        while not self._met.add((*key, index)):
            index += 1
        row["index"] = index
        return row


class MessageReceipts(_Messages):
    """Who got which message, and when what became of it happened for the first time."""

    kind = RECEIPT
    cursor_field = RECEIVED


class MessageEvents(_Numbered):
    """What became of messages: the rows of all groups of events in one table."""

    kind = EVENT
    cursor_field = RECEIVED
    alike = ("subject_id", "event", "at")

    def row_of(self, group: Group, record: Record) -> Record:
        """The row with its group as the event, and whatever the group calls the time as `at`."""
        row = super().row_of(group, record)
        time = time_of(list(record["row"]))
        row |= {"event": group.name, "at": second_of(row.pop(time)) if time else None, "subject_id": _subject(row)}
        if row[RECEIVED] is None:
            row[RECEIVED] = row["at"]
        return self.numbered(row, record["export"])


class SurveyAnswers(_Numbered):
    """What contacts answered to the questions of surveys."""

    kind = ANSWER
    cursor_field = RECEIVED
    alike = ("receipt_id", "question_id")

    def row_of(self, group: Group, record: Record) -> Record:
        """The row with its number."""
        return self.numbered(super().row_of(group, record), record["export"])


class MessageOverview(_Messages):
    """How often each message was sent since the start date, and what became of it, in numbers."""

    kind = OVERVIEW

    def starts_at(self, now: int) -> int:
        """The end: it has a job of its own unless that of the others begins with the start date."""
        return now

    def row_of(self, group: Group, record: Record) -> Record:
        """The row as the table has it."""
        return dict(record["row"])


def _subject(row: Record) -> str | None:
    """The id of the receipt; else all that tells to whom and where an event happened."""
    named = (f"{name}:{row[name]}" for name in SUBJECT if row.get(name))
    return row.get("receipt_id") or "/".join(named) or None


STREAMS: Final[tuple[type[IntercomStream], ...]] = (MessageReceipts, MessageEvents, SurveyAnswers, MessageOverview)
"""The family."""
