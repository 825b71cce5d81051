"""The rows of one dataset of the reporting export (API notes 10.2)."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from tempfile import TemporaryFile
from threading import Lock
from typing import IO, Final

from source_intercom import report
from source_intercom.api.exports import REPORTING
from source_intercom.api.jobs import Jobs
from source_intercom.api.reader import Reader
from source_intercom.read.archives import BROKEN, Archive, Table
from source_intercom.read.datasets import Attribute, Dataset, places
from source_intercom.read.finder import Audience, Finder
from source_intercom.read.ids import IdSet
from source_intercom.read.price import told_of_exports
from source_intercom.read.rows import Record, Rows
from source_intercom.read.state import to_second
from source_intercom.read.windows import Window

DAY: Final = 86_400

SPAN: Final = 180 * DAY
"""Seconds of one job at most: two years take as many jobs as Intercom does at the same time."""

SECOND: Final = "second"
"""The field of what is found that has the time."""


class ReportExport(Finder):
    """The rows of a dataset, as `{"second", "row"}`.

    A dataset with a key is read in windows. It is not known whether both ends belong to the range of a job, so that
    neighbours have a second in common, and what both have comes once. Rows without a key cannot be told from others
    that are equal: they come from a single job. Times are in UTC or in the workspace's zone, which nobody tells: that
    of a row is taken to be within the window whose job has it.

    :param dataset: None if the workspace has it no more; raises what keeps Intercom from telling
    :param columns: those that are wanted, of the dataset as it is now
    """

    cursor = SECOND
    at_once = REPORTING.at_once

    def __init__(
        self,
        jobs: Jobs,
        reader: Reader,
        rows: Rows,
        dataset: Callable[[], Dataset | None],
        columns: Callable[[Dataset], Mapping[str, Attribute]],
    ) -> None:
        self._jobs = jobs
        self._reader = reader
        self._rows = rows
        self._dataset = dataset
        self._columns = columns
        self._asked: Mapping[str, Attribute] = {}
        self._id = ""
        self._time: str | None = None
        self._met = IdSet()
        self._lock = Lock()

    def probe(self) -> Record | None:
        """Ask for the dataset; no job begins."""
        self._dataset()
        return None

    def plan(self, whole: Window, largest: int, audience: Audience) -> Iterator[Window]:
        """Windows of SPAN seconds; one where rows have no key, none where there is no dataset any more."""
        dataset = self._dataset()
        if dataset is None:
            self._reader.logger.warning("%s: the workspace has no such dataset any more.", self._reader.name)
            return
        self._id, self._time, self._asked = dataset.id, dataset.time, self._columns(dataset)
        if not self._asked:
            return
        span = SPAN if self._rows.key else max(whole.end - whole.start, 1)
        windows = [Window(start, min(start + span, whole.end)) for start in range(whole.start, whole.end, span)]
        number = len(windows)
        name, exports = self._reader.name, report.counted(number, "exports")
        self._reader.logger.info("%s: asking for %s takes %s.", name, exports, told_of_exports(number))
        yield from windows

    def records_in(self, window: Window, audience: Audience) -> Iterator[Record]:
        """The rows of one job."""
        asked = {
            "dataset_id": self._id,
            "attribute_ids": [each.qualified_id for each in self._asked.values()],
            "start_time": max(window.start - 1, 0) if self._rows.key else window.start,
            "end_time": window.end,
        }
        with TemporaryFile() as file:
            if self._jobs.fetch(asked, file, self._is_whole):
                archive = Archive(file)
                for name in archive.names:
                    yield from self._rows_of(archive.table(name), window)

    def _is_whole(self, file: IO[bytes]) -> bool:
        try:
            archive = Archive(file)
            archive.lines()
            return all(any(places(archive.table(name).header, self._asked)) for name in archive.names)
        except BROKEN:
            return False

    def _rows_of(self, table: Table, window: Window) -> Iterator[Record]:
        columns = places(table.header, self._asked)
        if columns != list(self._asked):
            self._say_other_columns(columns)
        for values in table.rows:
            row = {name: value or None for name, value in zip(columns, values, strict=False) if name}
            second = to_second(row.get(self._time)) if self._time else None
            if self._is_news(row):
                at = window.start if second is None else min(max(second, window.start), window.end - 1)
                yield {SECOND: at, "row": row}

    def _say_other_columns(self, columns: list[str | None]) -> None:
        lacking = [name for name in self._asked if name not in columns]
        self._reader.count(report.ALTERED, len(lacking))
        self._reader.logger.warning(
            "%s: the export has other columns than were asked for; these stay empty: %s.",
            self._reader.name,
            ", ".join(lacking) or "none",
        )

    def _is_news(self, row: Mapping[str, str | None]) -> bool:
        """Whether a row was not met with the same values, if it has a key."""
        if not self._rows.key:
            return True
        content = hashlib.blake2b(repr(list(row.values())).encode(), digest_size=8).digest()
        with self._lock:
            is_news = self._met.add(tuple(row.get(name) for name in self._rows.key), content)
        if not is_news:
            self._reader.count(report.REPEATED)
        return is_news
