"""Lists, whole or in pages, read until all rows are surely there.

A row that is edited, created or deleted between two pages moves the others across page borders, so that one of them may
be on neither page. Where Intercom counts the rows, the count is a reason to look again; it is wrong, too, at times.
"""

from abc import ABC
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.streams.http.pagination_reset_exception import PaginationResetRequiredException
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom import report
from source_intercom.api.bodies import Body
from source_intercom.api.errors import MAX_RETRIES
from source_intercom.api.pages import Pages, Token
from source_intercom.api.paginators import Paginator
from source_intercom.api.reader import Reader
from source_intercom.api.shapes import as_objects
from source_intercom.read.finder import Audience, Finder
from source_intercom.read.ids import IdSet
from source_intercom.read.rows import Record, Rows
from source_intercom.read.windows import Window

MAX_READINGS: Final = 5

MAX_PAGES_WITHOUT_NEWS: Final = 3
"""Pages in a row that bring no row which was not there before; paging goes round in circles then."""

Parameters = Mapping[str, str]

Enough = Callable[[Sequence[Record]], bool]
"""Asked after each page, with the rows that were on none before it: whether those behind it are not wanted."""


@dataclass(frozen=True)
class ListEndpoint:
    """Where a list is.

    :param path: below the API's URL
    :param records_key: where in a page's body the rows are
    :param paginator: how a page leads to the next
    """

    path: str
    records_key: str
    paginator: Paginator

    def first(self, reader: Reader, parameters: Parameters) -> Record | None:
        """The first row of the first page, if there is one."""
        rows = as_objects(reader.get(self.path, parameters).get(self.records_key))
        return rows[0] if rows else None


class List(Finder):
    """The rows of a list, each once.

    :param parameter_sets: those of each reading that it takes to get all
    :param is_frozen: whether no row comes, goes or moves while the pages are read, so that a list that counts nothing
        need not be read twice
    :param only_grows: whether rows come, and hardly ever go: so those that come move others to pages that are still to
        be read, and to no others
    """

    def __init__(
        self,
        reader: Reader,
        endpoint: ListEndpoint,
        rows: Rows,
        parameter_sets: Sequence[Parameters] = ({},),
        is_frozen: bool = False,
        only_grows: bool = False,
    ) -> None:
        self._reader = reader
        self._endpoint = endpoint
        self._rows = rows
        self._parameter_sets = parameter_sets
        self._is_frozen = is_frozen
        self._only_grows = only_grows

    def probe(self) -> Record | None:
        """Ask for the first page."""
        return self._endpoint.first(self._reader, self._parameter_sets[0])

    def records_in(self, window: Window, audience: Audience) -> Iterator[Record]:
        """All rows."""
        found = (row for parameters in self._parameter_sets for row in self.read_all(parameters, audience))
        return without_repeats(found, self._rows, self._reader)

    def ids(self) -> set[str]:
        """The ids of the rows that are in the list now; raises as reading them does."""
        return {row["id"] for parameters in self._parameter_sets for row in self.read_all(parameters)}

    def read_all(
        self,
        parameters: Parameters,
        audience: Audience | None = None,
        retries: int = MAX_RETRIES,
        is_enough: Enough = lambda rows: False,
    ) -> Iterator[Record]:
        """The rows that follow from the parameters; those that a further reading meets again come again.

        The list is read again unless all of its pages count as many rows as they hold together, until two readings
        have held the same rows: what Intercom counts beyond those is reported. A list in one page without a count is
        complete. Of one that only grows it is enough if as many rows were held as its first page counts.

        :param is_enough: says where the list may be left before its end, unless rows have gone meanwhile
        :raises AirbyteTracedException: a transient error if no two readings agree, or if the pages do not end
        """
        before = IdSet()
        for number in range(MAX_READINGS):
            reading = _Reading(self._reader, self._endpoint, self._rows, parameters, retries, before)
            yield from reading.rows(audience if number == 0 else None, is_enough)
            if reading.is_sure or (self._is_frozen and reading.pages.count_nothing):
                return
            if self._only_grows and reading.pages.are_all_of_the_first(len(reading.ids)):
                return
            if number and reading.met_what_was_before:
                if reading.missing > 0:
                    self._reader.count(report.OVERCOUNTED, reading.missing)
                return
            before = reading.ids
            if number or not reading.pages.count_nothing:  # else there was nothing to disagree with
                self._reader.count(report.RESTARTS)
        sentence = f"The list of {self._reader.name} kept changing while its pages were read; trying again later helps."
        raise AirbyteTracedException(sentence, sentence, FailureType.transient_error)


class TimedList(Finder, ABC):
    """A list that can be asked for a range of time.

    :param cursor: the field whose time the range is of
    :param parameters: those of a window
    """

    is_frozen: ClassVar[bool]

    def __init__(
        self,
        reader: Reader,
        endpoint: ListEndpoint,
        rows: Rows,
        cursor: str,
        parameters: Callable[[Window], Parameters],
    ) -> None:
        self.cursor = cursor
        self._list = List(reader, endpoint, rows, is_frozen=self.is_frozen)
        self._reader = reader
        self._endpoint = endpoint
        self._rows = rows
        self._parameters = parameters


def without_repeats(found: Iterator[Record], rows: Rows, reader: Reader) -> Iterator[Record]:
    """The rows without those whose primary key was there before, which are counted."""
    emitted = IdSet()
    for row in found:
        if emitted.add(rows.key_of(row)):
            yield row
        else:
            reader.count(report.REPEATED)


class _Reading:
    """One reading of all pages: they themselves, and the primary keys of their rows."""

    def __init__(
        self,
        reader: Reader,
        endpoint: ListEndpoint,
        rows: Rows,
        parameters: Parameters,
        retries: int,
        before: IdSet,
    ) -> None:
        self._reader = reader
        self._endpoint = endpoint
        self._rows = rows
        self._parameters = parameters
        self._retries = retries
        self.pages = Pages(self._fetch, endpoint.paginator)
        self.ids = IdSet()
        self._before = before
        self._others = 0
        self._was_left = False

    def _fetch(self, token: Token) -> Body:
        return self._reader.get(self._endpoint.path, {**self._parameters, **token}, self._retries)

    @property
    def is_sure(self) -> bool:
        return self._was_left or self.pages.are_all(len(self.ids))

    @property
    def met_what_was_before(self) -> bool:
        """Whether its rows have the keys of those of the reading before, no more and no fewer."""
        return self._others == 0 and len(self.ids) == len(self._before)

    @property
    def missing(self) -> int:
        return self.pages.lacking(len(self.ids))

    def rows(self, audience: Audience | None, is_enough: Enough) -> Iterator[Record]:
        without_news = 0
        try:
            for body in self.pages:
                if without_news >= MAX_PAGES_WITHOUT_NEWS:
                    raise PaginationResetRequiredException
                before = len(self.ids)
                rows = self._rows.of(body, self._endpoint.records_key)
                if audience:
                    self._tell(audience, len(rows))
                new = [row for row in rows if self.ids.add(self._rows.key_of(row))]
                self._others += sum(self._rows.key_of(row) not in self._before for row in new)
                yield from rows
                if is_enough(new) and self.pages.only_grew:
                    self._was_left = True
                    return
                without_news = 0 if len(self.ids) > before else without_news + 1
        except PaginationResetRequiredException:
            raise endless(self._reader.name) from None

    def _tell(self, audience: Audience, rows: int) -> None:
        """The list's rows as its first page counts them, or those of a page that counts none."""
        if self.pages.counted is None:
            audience.estimate_more(rows)
        elif self.pages.number == 1:
            audience.expect(self.pages.counted)


def endless(name: str) -> AirbyteTracedException:
    """The transient error for pages that go round in circles."""
    sentence = f"Intercom's list of {name} has pages without end; trying again later helps."
    return AirbyteTracedException(sentence, sentence, FailureType.transient_error)
