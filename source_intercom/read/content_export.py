"""What became of outbound messages, which only the content export tells (API notes 10.1)."""

from collections.abc import Collection, Iterator, Set
from tempfile import TemporaryFile
from typing import IO, Final

from source_intercom import report
from source_intercom.api.exports import ROWS
from source_intercom.api.jobs import Jobs
from source_intercom.api.reader import Reader
from source_intercom.read.archives import BROKEN, Archive
from source_intercom.read.content_groups import (
    ANSWER,
    EVENT,
    OVERVIEW,
    RECEIPT,
    RECEIVED,
    UNREAD,
    Group,
    are_tables,
    dicts_of,
    groups_in,
    second_of,
)
from source_intercom.read.finder import Audience, Finder
from source_intercom.read.flags import Refused
from source_intercom.read.ids import IdSet
from source_intercom.read.price import told_of_exports
from source_intercom.read.rows import Record
from source_intercom.read.windows import GUARD_SECONDS, Window, middle

DAY: Final = 86_400

BEGAN: Final = 1_293_840_000
"""The year 2011: nobody has sent a message with Intercom before."""


class ContentExport(Finder):
    """The rows of all groups.

    What is found is `{"group", "received_at", "row", "export"}`: `received_at` is that of the receipt which the row
    belongs to, in Unix seconds, None where it has none; `export` is another number for each file.

    One job is asked for all from the first message to now, and not one for each month: Intercom counts the first
    events of a receipt only within the range of a job, so that what is read again never knows less than before. Where
    there are more rows than Intercom gives, the range is halved, and each half but the last is asked for as long
    behind its end, up to `reach` seconds. The numbers of an overview are those of a job's range: unless that begins
    with the start date, they come from a job of their own.

    :param jobs: makes the files
    :param start: the second from which on messages are of interest
    :param reach: for so many seconds after it was sent at least, it is known what became of a message
    """

    cursor = RECEIVED

    def __init__(self, jobs: Jobs, reader: Reader, start: int, reach: int) -> None:
        self._jobs = jobs
        self._reader = reader
        self._start = max(start, BEGAN)
        self._reach = reach
        self._kinds: set[str] = set()
        self._wanted: dict[Window, Set[str]] = {}
        self._end = 0
        self._exports = 0

    def want(self, columns: Collection[str], refused: Refused) -> None:
        """Have these kinds of groups come."""
        self._kinds |= set(columns)

    def probe(self) -> Record | None:
        """See whether the token may; no job begins."""
        self._jobs.probe()
        return None

    def plan(self, whole: Window, largest: int, audience: Audience) -> Iterator[Window]:
        """One window; beside it one for the overview, if that needs another."""
        self._end = whole.end
        timed = self._kinds - {OVERVIEW}
        if timed:
            self._wanted[Window(max(whole.start, self._start), whole.end)] = timed
        if timed != self._kinds:
            all_ = Window(self._start, whole.end)
            self._wanted[all_] = self._wanted.get(all_, set()) | {OVERVIEW}
        number = len(self._wanted)
        name, exports = self._reader.name, report.counted(number, "exports")
        self._reader.logger.info("%s: asking for %s takes %s.", name, exports, told_of_exports(number))
        yield from list(self._wanted)

    def records_in(self, window: Window, audience: Audience) -> Iterator[Record]:
        """The rows of one job, receipts first; of more jobs where Intercom has more rows than it gives at once."""
        return self._read(window, self._wanted.get(window, self._kinds - {OVERVIEW}))

    def _read(self, window: Window, kinds: Set[str]) -> Iterator[Record]:
        lines = 0

        def is_whole(file: IO[bytes]) -> bool:
            nonlocal lines
            try:
                archive = Archive(file)
                lines = archive.lines()
                return are_tables(archive)
            except BROKEN:
                return False

        # Both ends belong to the range; a second more on either side, should they not.
        end = min(window.end + min(self._reach, window.end - window.start), self._end)
        asked = {"created_at_after": max(window.start - 1, 0), "created_at_before": end}
        with TemporaryFile() as file:
            if not self._jobs.fetch(asked, file, is_whole):
                return
            half = self._half(window) if lines >= ROWS else None
            # Of an overview there is no half.
            yield from self._rows(Archive(file), window, kinds if half is None else kinds & {OVERVIEW})
        if half is not None:
            yield from self._read(Window(window.start, half), kinds - {OVERVIEW})
            yield from self._read(Window(half, window.end), kinds - {OVERVIEW})

    def _half(self, window: Window) -> int | None:
        if window.end - window.start > DAY:
            return middle(window)
        self._reader.count(report.CAPPED)
        self._reader.logger.warning(
            "%s: Intercom exports no more than %d rows at once, and may have more of %s; what is beyond is not told.",
            self._reader.name,
            ROWS,
            window,
        )
        return None

    def _rows(self, archive: Archive, window: Window, kinds: Set[str]) -> Iterator[Record]:
        self._exports += 1
        received = IdSet() if kinds & {EVENT, ANSWER} else None
        for group in groups_in(archive):
            if group.kind == UNREAD:
                self._reader.count(report.UNREAD, sum(1 for _ in archive.table(group.table).rows))
            elif group.kind in kinds or (group.kind == RECEIPT and received is not None):
                for record in self._group(archive, group, received):
                    if group.kind in kinds and not self._is_told_later(record, window):
                        yield record

    def _is_told_later(self, record: Record, window: Window) -> bool:
        """Whether the job for the next half tells of a message, and longer."""
        second = record[RECEIVED]
        return window.end < self._end and second is not None and second >= window.end + GUARD_SECONDS

    def _group(self, archive: Archive, group: Group, received: IdSet | None) -> Iterator[Record]:
        """The rows of a group.

        :param received: when the receipts were sent of which rows were found; None if nobody asks
        """
        for row in dicts_of(archive.table(group.table)):
            second = None
            if group.kind == RECEIPT:
                second = second_of(row.get(RECEIVED))
                if received is not None and second is not None:
                    received.add(row.get("receipt_id"), str(second).encode())
            elif received is not None and row.get("receipt_id"):
                second = int(received.content(row["receipt_id"]) or 0) or None
            yield {"group": group, RECEIVED: second, "row": row, "export": self._exports}
