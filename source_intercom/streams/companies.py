"""Companies, through the scroll (API notes 5)."""

import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, Final

from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.streams.http.error_handlers import ErrorResolution, ResponseAction
from airbyte_cdk.sources.streams.http.pagination_reset_exception import PaginationResetRequiredException
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom import report
from source_intercom.api.errors import Rule
from source_intercom.api.paginators import Scroll
from source_intercom.ending import starting_threads
from source_intercom.streams.base import IntercomStream, Record
from source_intercom.streams.contacts import Contacts
from source_intercom.streams.spool import Spool

MAX_WAITS: Final = 14
"""Tries to begin a scroll: with pauses of 1, 2, 4, 8, 10, 10 … seconds they last two minutes, twice its expiry."""

MAX_RESTARTS: Final = 10
MAX_PAGES: Final = 100_000
MAX_PAUSE: Final = 10.0

SCROLL_HELD: Final = (
    "Intercom lets no scroll through the companies begin, most likely because another client holds the one that "
    "it allows; stop that client, or try again later."
)
SCROLL_BREAKS: Final = "Intercom's scroll through the companies broke off again and again; trying again later helps."


class Companies(IntercomStream):
    """All companies: the scroll is the one way to read more than 10,000 with a read permission.

    A scroll expires when it is left alone for a minute, so a thread of its own drains it into a spool, at
    Intercom's pace, however slow the destination is. There is one scroll per app, held by whoever began it. After
    an error it can only be begun again, since the server has moved on whether its page arrived or not; companies
    emitted before are not emitted again.
    """

    endpoint = "companies/scroll"
    paginator = Scroll()
    permission = "Read and list users and companies"
    place = "scroll_param"
    error_rows: ClassVar[Mapping[tuple[int, str], Rule]] = {
        (400, "scroll_exists"): Rule(ResponseAction.RESET_PAGINATION, FailureType.transient_error, SCROLL_HELD),
        (404, ""): Rule(ResponseAction.RESET_PAGINATION, FailureType.transient_error, SCROLL_BREAKS),
    }
    _trouble = SCROLL_BREAKS

    def probe(self) -> None:
        """Search the contacts, for which the same permission is needed: a scroll begun now would hold up the sync."""
        Contacts(self.context, reader=self.reader).probe()

    def note_trouble(self, resolution: ErrorResolution) -> None:
        """Keep the last one: where no scroll begins, it says why."""
        super().note_trouble(resolution)
        self._trouble = resolution.error_message or SCROLL_BREAKS

    def walk(self, parameters: Mapping[str, str]) -> Iterable[Record]:
        """The companies of all scrolls that it takes, as they arrive."""
        spool = Spool()
        try:
            with starting_threads():
                threading.Thread(target=self._drain, args=(spool,), name="companies-scroll", daemon=True).start()
            yield from spool
        finally:
            spool.close()

    def _drain(self, spool: Spool) -> None:
        try:
            for page in self._pages():
                if not spool.put(page):
                    return
        except BaseException as error:
            spool.end(error)
        else:
            spool.end()

    def _pages(self) -> Iterator[list[Record]]:
        waits = restarts = 0
        while True:
            began = False
            try:
                for page in self._scroll():
                    began = True
                    yield page
                return
            except PaginationResetRequiredException:
                restarts, waits = (restarts + 1, 0) if began else (restarts, waits + 1)
            if restarts > MAX_RESTARTS or waits > MAX_WAITS:
                message = SCROLL_BREAKS if began else self._trouble
                raise AirbyteTracedException(message, message, FailureType.transient_error)
            pause = min(2.0**waits / 2, MAX_PAUSE)
            if began:
                self.count(report.RESTARTS)
                self.logger.warning("companies: the scroll broke off and begins again.")
            else:
                self.logger.warning(
                    "companies: no scroll can begin yet; trying again in %d s, for two minutes in all. %s",
                    pause,
                    self._trouble,
                )
            time.sleep(pause)

    def _scroll(self) -> Iterator[list[Record]]:
        """The pages of one scroll, which passes every company once: one that comes again goes round in circles."""
        firsts: set[str] = set()
        token: Mapping[str, Any] | None = {}
        while token is not None:
            body = self.page({}, token)
            records = self.records(body)
            yield records
            token = self.paginator.next_token(body)
            first = str(records[0].get("id")) if records else ""
            if token is not None and (first in firsts or len(firsts) >= MAX_PAGES):
                raise PaginationResetRequiredException
            firsts.add(first)
