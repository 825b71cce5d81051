"""The scroll through all companies (API notes 5)."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.streams.http.error_handlers import ResponseAction
from airbyte_cdk.sources.streams.http.pagination_reset_exception import PaginationResetRequiredException
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom import report
from source_intercom.api.errors import Rule
from source_intercom.api.pages import Pages
from source_intercom.api.paginators import Scroll
from source_intercom.api.reader import Reader
from source_intercom.ending import starting_threads
from source_intercom.read.finder import Audience, Finder
from source_intercom.read.lists import without_repeats
from source_intercom.read.rows import Record, Rows
from source_intercom.read.spool import Spool
from source_intercom.read.windows import Window

PATH: Final = "companies/scroll"
RECORDS_KEY: Final = "data"
ONE_SHOT_PARAMETER: Final = "scroll_param"

MAX_WAITS: Final = 14
"""Tries to begin a scroll: with pauses of 1, 2, 4, 8, 10, 10 … seconds they last two minutes, twice its expiry."""

MAX_RESTARTS: Final = 10
MAX_PAUSE: Final = 10.0

SCROLL_HELD: Final = (
    "Intercom lets no scroll through the companies begin, most likely because another client holds the one that "
    "it allows; stop that client, or try again later."
)
SCROLL_BREAKS: Final = "Intercom's scroll through the companies broke off again and again; trying again later helps."

RULES: Final[Mapping[tuple[int, str], Rule]] = {
    (400, "scroll_exists"): Rule(ResponseAction.RESET_PAGINATION, FailureType.transient_error, SCROLL_HELD),
    (404, ""): Rule(ResponseAction.RESET_PAGINATION, FailureType.transient_error, SCROLL_BREAKS),
}
"""What the scroll makes of answers, on top of api/errors.py."""

_PAGINATOR: Final = Scroll()


class CompanyScroll(Finder):
    """All companies, each once: the scroll is the one way to read more than 10,000 with a read permission.

    A scroll expires when it is left alone for a minute, so a thread of its own drains it into a spool, at
    Intercom's pace, however slow the destination is. There is one scroll per app, held by whoever began it. After
    an error it can only be begun again, since the server has moved on whether its page arrived or not; companies
    emitted before are not emitted again. Where requests for each of them follow, they begin when the scroll has ended.

    :param probe: what is asked instead to see whether the token may: a scroll begun then would hold up the sync
    """

    def __init__(self, reader: Reader, rows: Rows, probe: Callable[[], None]) -> None:
        self._reader = reader
        self._rows = rows
        self._probe = probe

    def probe(self) -> None:
        """Ask for something else, which tells of no company."""
        self._probe()

    def records_in(self, window: Window, audience: Audience) -> Iterator[Record]:
        """The companies of all scrolls that it takes, as they arrive."""
        spool = Spool()
        try:
            with starting_threads():
                threading.Thread(target=self._drain, args=(spool,), name="companies-scroll", daemon=True).start()
            if self.is_followed:
                spool.wait()
                audience.estimate_more(spool.number)
            yield from without_repeats(iter(spool), self._rows, self._reader)
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
                for body in Pages(self._fetch, _PAGINATOR):
                    page = self._rows.of(body, RECORDS_KEY)
                    began = True
                    yield page
                return
            except PaginationResetRequiredException as error:
                restarts, waits = (restarts + 1, 0) if began else (restarts, waits + 1)
                trouble = str(error) or self._reader.trouble
            if restarts > MAX_RESTARTS or waits > MAX_WAITS:
                message = SCROLL_BREAKS if began else trouble or SCROLL_BREAKS
                raise AirbyteTracedException(message, message, FailureType.transient_error)
            pause = _pause(waits)
            if began:
                self._reader.count(report.RESTARTS)
                self._reader.logger.warning("%s: the scroll broke off and begins again.", self._reader.name)
            else:
                self._say_what_is_waited_for(waits, trouble)
            time.sleep(pause)

    def _say_what_is_waited_for(self, waits: int, trouble: str) -> None:
        name = self._reader.name
        at_most = sum(map(_pause, range(waits, MAX_WAITS + 1)))
        if trouble == SCROLL_HELD:
            self._reader.logger.warning(
                "%s: another client of this workspace, or a read that was killed a minute ago, holds the one scroll "
                "through the companies that Intercom allows; waiting for it, %d s more at most, next try in %d s.",
                name,
                at_most,
                _pause(waits),
            )
        else:
            self._reader.logger.warning(
                "%s: no scroll can begin; waiting for it, %d s more at most, next try in %d s. %s",
                name,
                at_most,
                _pause(waits),
                trouble,
            )

    def _fetch(self, token: Mapping[str, str]) -> dict[str, object]:
        return self._reader.get(PATH, token)


def _pause(tries: int) -> float:
    """Seconds to wait after so many tries in a row that no scroll began with."""
    return min(2.0**tries / 2, MAX_PAUSE)
