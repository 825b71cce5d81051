"""Contacts: a search whose dates are whole days of the workspace (API notes 2.1)."""

from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import pairwise, starmap
from typing import ClassVar, Final

from source_intercom.api.search import Order, day_bounds, start_of_day
from source_intercom.ending import starting_threads
from source_intercom.streams.base import StreamContext
from source_intercom.streams.incremental import SearchStream
from source_intercom.streams.windows import OPEN_END, Window, halve

HISTORY: Final = 90 * 86_400
"""Seconds from which on a range is likely to be cut twice."""


class Contacts(SearchStream):
    """Users and leads.

    Windows align to days of the workspace's zone, for on API versions up to 2.16 a search cannot ask for
    less. A window may begin within a day; read newest first, it ends at the first record that is older, so
    that the day's earlier contacts are not read again with every sync.
    """

    endpoint = "contacts/search"
    permission = "Read and list users and companies"
    flags: ClassVar[Mapping[str, str]] = {"include_merge_history": "merge_history"}

    def __init__(self, context: StreamContext, reader: str | None = None) -> None:
        super().__init__(context, reader)
        self._looks: dict[Window, Future[tuple[int, int | None]]] = {}

    def begin(self, window: Window) -> int:
        """Counts the window, and at the same time, in a long one, what its first two cuts will ask for.

        Contacts wait for the workspace's zone first and are many: they are what a small workspace waits for.
        """
        if window.end - window.start < HISTORY or (middle := self.split(window)) is None:
            return super().begin(window)
        quarter = self.split(Window(window.start, middle))
        ahead = [Window(middle, window.end), *([Window(quarter, middle)] if quarter else [])]
        with ThreadPoolExecutor(len(ahead)) as threads:
            with starting_threads():
                self._looks = {each: threads.submit(super(Contacts, self).look, each, "ascending") for each in ahead}
            return super().begin(window)

    def look(self, window: Window, order: Order) -> tuple[int, int | None]:
        """What has been asked for already is not asked for again."""
        looked = self._looks.pop(window, None) if order == "ascending" else None
        return looked.result() if looked else super().look(window, order)

    def bounds(self, window: Window) -> tuple[int, int]:
        """Values for `>` and `<` that find the window under both date semantics."""
        return day_bounds(*window, self.context.api.time_zone())

    def split(self, window: Window) -> int | None:
        """The start of the day in the window's middle, or of the day after its start."""
        zone = self.context.api.time_zone()
        middle = halve(window)
        if zone is None or middle is None:
            return None
        for second in (middle, window.end - 1):
            day = start_of_day(second, zone)
            if window.start < day < window.end:
                return day
        return None

    def crowded(self, window: Window, core: Window) -> Iterable[Window]:
        """A busy day, which no search can cut, is read from both ends, unless one of them is out of the window."""
        zone = self.context.api.time_zone()
        if zone is None or (day := start_of_day(core.start, zone)) < window.start:
            return (window,)
        _, first = self.look(core, "ascending")
        _, last = self.look(core, "descending")
        middle = halve(Window(max(first or 0, core.start), min((last or 0) + 1, core.end)))
        if middle is None:
            return (window,)
        self._begun.pop(window, None)
        cuts = [window.start, *([day] if day > window.start else []), middle, window.end]
        return starmap(Window, pairwise(cuts))

    def order(self, window: Window) -> Order:
        """Newest first where the window begins within a day and ends."""
        zone = self.context.api.time_zone()
        aligned = zone is not None and window.start == start_of_day(window.start, zone)
        return "ascending" if aligned or window.end == OPEN_END else "descending"
