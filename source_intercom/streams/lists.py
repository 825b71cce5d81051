"""Reading lists, whole or in pages, until all rows are surely there.

A row that is edited, created or deleted between two pages moves the others across page borders, so that one of them may
be on neither page. Where Intercom counts the rows, the count is a reason to look again; it is wrong, too, at times.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom import report

if TYPE_CHECKING:
    from source_intercom.streams.base import IntercomStream, Record

MAX_READINGS: Final = 5

MAX_PAGES: Final = 10_000
MAX_PAGES_WITHOUT_NEWS: Final = 3
"""Pages in a row that bring no row which was not there before; paging goes round in circles then."""


def read_list(stream: "IntercomStream", parameters: Mapping[str, str]) -> Iterator["Record"]:
    """The rows of a list; those that a further reading meets again come again.

    The list is read again unless all of its pages count as many rows as they hold together, until two readings have
    held the same rows: what Intercom counts beyond those is reported. A list in one page without a count is complete.

    :raises AirbyteTracedException: a transient error if no two readings agree, or if the pages do not end
    """
    before: set[tuple[str, ...]] = set()
    for number in range(MAX_READINGS):
        reading = _Reading(stream, parameters, is_first=number == 0)
        yield from reading.rows()
        if reading.is_sure:
            return
        if number and reading.met == before:
            if reading.missing > 0:
                stream.count(report.WITHHELD, reading.missing)
            return
        before = reading.met
        stream.count(report.RESTARTS)
    sentence = f"The list of {stream.reader} kept changing while its pages were read; trying again later helps."
    raise AirbyteTracedException(sentence, sentence, FailureType.transient_error)


class _Reading:
    """One reading of all pages: which rows were met, by primary key, and how many each page counted."""

    def __init__(self, stream: "IntercomStream", parameters: Mapping[str, str], is_first: bool) -> None:
        self._is_first = is_first
        self._stream = stream
        self._parameters = parameters
        self._pages = 0
        self._totals: set[Any] = set()
        self.met: set[tuple[str, ...]] = set()

    @property
    def is_sure(self) -> bool:
        return self._totals == {len(self.met)} or (self._pages == 1 and self._totals == {None})

    @property
    def missing(self) -> int:
        return max((total for total in self._totals if total is not None), default=0) - len(self.met)

    def rows(self) -> Iterator["Record"]:
        stream, key = self._stream, self._stream.primary_key
        token: Mapping[str, Any] | None = {}
        without_news = 0
        while token is not None:
            body = stream.page(self._parameters, token)
            total, met_before = body.get("total_count"), len(self.met)
            self._pages += 1
            self._totals.add(total if isinstance(total, int) else None)
            rows = stream.records(body)
            if self._is_first:
                self._estimate(total, len(rows))
            for row in rows:
                self.met.add(tuple(str(row.get(name)) for name in key))
                yield row
            token = stream.paginator.next_token(body)
            without_news = 0 if len(self.met) > met_before else without_news + 1
            if token is not None and (without_news >= MAX_PAGES_WITHOUT_NEWS or self._pages >= MAX_PAGES):
                sentence = f"Intercom's list of {stream.reader} has pages without end; trying again later helps."
                raise AirbyteTracedException(sentence, sentence, FailureType.transient_error)

    def _estimate(self, total: Any, rows: int) -> None:
        """The list's rows as its first page counts them, or those of a page that counts none."""
        if not isinstance(total, int):
            self._stream.estimate_more(rows)
        elif self._pages == 1:
            self._stream.expect(total)
