"""What all streams share: name, schema and key, who may read them, and their part in a family (read/family.py)."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, ClassVar, Final
from urllib.parse import quote

from airbyte_cdk.models import AirbyteStream, FailureType, SyncMode
from airbyte_cdk.sources.streams.concurrent.cursor import Cursor, FinalStateCursor
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom import report
from source_intercom.api.errors import NEWER_VERSION, IntercomErrorHandler
from source_intercom.api.reader import GoneError, Reader
from source_intercom.api.sentences import UNDELIVERED
from source_intercom.read import times
from source_intercom.read.checkpoints import Checkpoints
from source_intercom.read.children import Children
from source_intercom.read.coercion import of_required_fields
from source_intercom.read.columns import with_columns
from source_intercom.read.families import read_alone
from source_intercom.read.family import Family
from source_intercom.read.finder import Finder
from source_intercom.read.nested_lists import missing_entries
from source_intercom.read.open_partitions import OpenPartitions
from source_intercom.read.owed import Owed
from source_intercom.read.rows import Record, Rows
from source_intercom.read.state import resume_second, short
from source_intercom.read.windows import GUARD_SECONDS, Window
from source_intercom.streams.context import StreamContext, schema_of
from source_intercom.streams.http import IntercomHttpStream

NAMED: Final = 5
"""How much of what is not delivered an error names; the log names all."""


class IntercomStream(IntercomHttpStream, ABC):
    """A stream of Intercom; its name is the class name in snake case.

    `api_version`   the version of the API that has it, if the others' does not
    `permission`    what the token needs, as Intercom's Developer Hub shows it (API notes 7.3); empty where Intercom's
                    documentation does not name it
    `cursor_field`  the field by which states go; streams that are always read in full have none
    `state_names`   the names under which older states have it
    `is_suggested`  whether Airbyte proposes it for a new connection
    `endpoint_of_one`  path of a single record, with `{id}` for its id; only of streams to whose records others belong

    The schema declares the primary key (`x-primary-key`). The `finder` of its `root` finds the records. Where that
    is not selected, an instance of it finds them on behalf of one that is: it emits nothing, and counts for that one.
    """

    api_version: ClassVar[str] = ""
    permission: ClassVar[str]
    cursor_field: ClassVar[str | list[str]] = []
    state_names: ClassVar[tuple[str, ...]] = ()
    is_suggested: ClassVar[bool] = False
    endpoint_of_one: ClassVar[str] = ""

    def __init__(self, context: StreamContext, on_behalf_of: str | None = None) -> None:
        self.context = context
        super().__init__()
        self.schema = with_columns(self.own_schema, context.columns.get(self.name, {}))
        self.is_emitted = on_behalf_of is None
        self.reported_as = on_behalf_of or self.name
        self.keeps_state = False
        self.family: Family | None = None
        self.children: Children | None = None
        self._estimated = 0
        self._begin(None)

    @property
    def own_schema(self) -> Mapping[str, Any]:
        """The JSON schema of the stream's file, without columns that only this workspace has."""
        return schema_of(self.name)

    @cached_property
    def rows(self) -> Rows:
        """Makes rows fit the schema; compiled when the first comes, as most of the catalogue's streams read none."""
        # Of records that are no rows only the required fields are looked at.
        schema = self.schema if self.is_emitted else of_required_fields(self.schema)
        return Rows(schema, self.reported_as, self.count, self.logger)

    @property
    def write(self) -> times.Write | None:
        """Writes the times of rows as they are printed; None where there is nothing to do."""
        return times.writer(self.schema) if self.has_times_as_text else None

    @property
    def has_times_as_text(self) -> bool:
        """Whether times are printed as text, not as Unix seconds."""
        return self.context.config.time_format == "date-time"

    @property
    def declared(self) -> dict[str, Any]:
        """The JSON schema of the records as they are printed."""
        return times.with_text(self.schema) if self.has_times_as_text else dict(self.schema)

    # What finds the records

    @classmethod
    def root(cls) -> type["IntercomStream"]:
        """The stream whose finder finds what this one's rows are made of."""
        return cls

    @classmethod
    def children_root(cls) -> type["IntercomStream"] | None:
        """The stream whose requests bring what this one's rows are made of; None where records found hold it."""
        return None

    def stand_in(self, kind: type["IntercomStream"]) -> "IntercomStream":
        """A stream that is not selected, on behalf of this one."""
        return kind(self.context, self.reported_as)

    @abstractmethod
    def finder(self) -> Finder:
        """What finds the records that the stream's rows are, or belong to."""

    def ask(self, finder: Finder) -> None:
        """Say which columns have to be asked for: none."""

    def reader(self, **rules: Any) -> Reader:
        """Sends requests for which the stream's permission is needed.

        :param rules: what `IntercomErrorHandler` takes
        """
        handler, context = IntercomErrorHandler(self.permission, **rules), self.context
        if self.api_version:
            handler = replace(handler, rules={**NEWER_VERSION, **handler.rules})
        name, version = self.reported_as, self.api_version
        return Reader(context.api, name, handler, context.reports, context.messages, self.logger, version)

    def probe(self) -> None:
        """Send the stream's first request, to see whether the token may read it.

        :raises AirbyteTracedException: a config error if it may not, or what else kept Intercom from answering
        """
        self.finder().probe()

    def find(self, record_id: str) -> Mapping[str, Any] | None:
        """The record with an id as Intercom has it now, None if it is not there; raises as a reader's `get` does."""
        with suppress(GoneError):
            return self.reader(may_be_gone=True).get(self.endpoint_of_one.format(id=quote(record_id, safe="")))
        return None

    # Where a read begins and ends

    def new_cursor(self, state: Mapping[str, Any] | None) -> Cursor:
        """A cursor that goes on from the state, or from `start_date` where the state is empty or makes no sense.

        Without a state (None) the stream is read in full, and ends with one final state. Called before each read.
        """
        self._begin(state if self.cursor_field else None)
        return self.checkpoints if self.keeps_state else FinalStateCursor(self.name, None, self.context.messages)

    def _begin(self, state: Mapping[str, Any] | None) -> None:
        self.keeps_state = state is not None
        self.partitions = OpenPartitions()
        names = self.state_names or (self.cursor_name,)
        try:
            owed = Owed.of(state)
            self._resumed = resume_second(state, names, int(time.time())) if state else None
        except ValueError:
            owed, self._resumed = Owed(), None
        if state and self._resumed is None and not owed.state:
            self.logger.warning("%s: the state %s is not usable; reading from the start date.", self.name, short(state))
        self.checkpoints = Checkpoints(
            self.name, self.cursor_name, self._resumed, self.context.messages, self.partitions, owed
        )

    @property
    def cursor_name(self) -> str:
        """The cursor field; empty where there is none."""
        return self.cursor_field if isinstance(self.cursor_field, str) else ""

    def starts_at(self, now: int) -> int:
        """The start date; with a state the cursor, less the guard interval and the lookback window."""
        config = self.context.config
        if self._resumed is None:
            return config.start_second
        resumed = min(self._resumed, now) - GUARD_SECONDS - config.lookback_window * 86_400
        return max(config.start_second, resumed)

    def stop(self) -> None:
        """The read is over: nothing is read any more, and nobody waits."""
        if self.family:
            self.family.stop()

    # Its part in a family

    def rows_of(self, record: Record) -> Iterable[Record]:
        """The record itself."""
        self.note_emitted((record,))
        return (record,)

    def sequel(self) -> Iterator[Record] | None:
        """None: nothing comes after the records found."""
        return None

    def rows_in(self, children: list[Record]) -> list[Record]:
        """Nothing: no children are read."""
        return []

    def expect(self, total: int) -> None:
        """Say how many records Intercom counts, for the report and for the platform's progress bar."""
        self.count(report.EXPECTED, total)
        self.estimate_more(total)

    def estimate_more(self, records: int) -> None:
        """Tell the platform of rows that will come beside those that it was told of."""
        self._estimated += records
        self.estimate(self._estimated)

    def estimate(self, rows: int) -> None:
        """Tell the platform how many rows will come in all."""
        if self.is_emitted:
            self.context.messages.emit_message(report.estimate(self.name, rows))

    def leave_out_window(self, window: Window, count: int, reason: AirbyteTracedException) -> None:
        """Note so many records of a search, all that are lacking in a window."""
        first, last = (datetime.fromtimestamp(second, UTC).isoformat() for second in (window.start, window.end - 1))
        found = self.stand_in(self.root()).name
        self.leave_out(f"{count} of the {found} updated from {first} to {last}", reason, window, count)

    def leave_out(self, what: str, reason: AirbyteTracedException, owed: Window | str, count: int = 1) -> None:
        """Note what Intercom does not deliver, so that all else is read: it is counted, said, and owed by the state.

        :param what: it in words
        :param owed: what the next sync asks for again
        :raises AirbyteTracedException: the reason, if too much is left out for that
        """
        self.count(report.UNDELIVERED, count)
        self.logger.warning("%s: Intercom does not deliver %s: %s", self.name, what, reason)
        if not self.partitions.undelivered(f"{what} ({str(reason).rstrip('.')})"):
            raise reason
        if self.keeps_state:
            self.checkpoints.owed.add(owed)

    def end(self, stream_slice: Mapping[str, Any]) -> None:
        """The slice has been read, or the last slice made; what is the last of all says what was not delivered.

        :raises AirbyteTracedException: a transient error that names it
        """
        undelivered = self.partitions.last_words()
        if undelivered is None:
            return
        if self.children:
            self.children.completed(self)  # which may leave out more
        if not undelivered:
            return
        if self.keeps_state:
            self.checkpoints.close(stream_slice)
        more = f" and {len(undelivered) - NAMED} more" if len(undelivered) > NAMED else ""
        sentence = UNDELIVERED.format(what="; ".join(undelivered[:NAMED]) + more)
        raise AirbyteTracedException(sentence, sentence, FailureType.transient_error)

    @cached_property
    def _missing_entries(self) -> Callable[[Record], int]:
        return missing_entries(self.schema)

    def count(self, what: str, number: int = 1) -> None:
        """Count something for the report at the end of the read."""
        self.context.reports.add(self.reported_as, what, number)

    def note_emitted(self, rows: Sequence[Record]) -> None:
        """Count rows that are emitted, and what their lists lack."""
        self.count(report.EMITTED, len(rows))
        for row in rows:
            self.context.reports.add_cut(self.reported_as, self._missing_entries(row))

    # What HttpStream asks for

    def as_airbyte_stream(self) -> AirbyteStream:
        """The stream as the catalog has it, with the columns that the options make of its schema."""
        stream: AirbyteStream = super().as_airbyte_stream()
        stream.json_schema = self.declared
        return stream

    def read_records(
        self,
        sync_mode: SyncMode,
        cursor_field: list[str] | None = None,
        stream_slice: Mapping[str, Any] | None = None,
        stream_state: Mapping[str, Any] | None = None,
    ) -> Iterable[Record]:
        """All records, read by one thread."""
        return read_alone(self)
