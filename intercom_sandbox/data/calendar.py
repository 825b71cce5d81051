"""Moments for the generated objects: mostly ordinary, with the ones that break readers mixed in."""

from datetime import date, timedelta
from random import Random
from zoneinfo import ZoneInfo

from intercom_sandbox.data.clock import CUSTOMERS, STAFF, Clock
from intercom_sandbox.days import day_bounds, midnight
from intercom_sandbox.settings import Settings

BURST = 220
"""Objects of a burst share one second and fill more than one page of 150, so that a tie crosses a page boundary."""
BURST_FROM = 300
"""Collections from this size on hold a burst."""
_UTC = ZoneInfo("UTC")


class Calendar:
    """Draws moments between the first and the last day of the settings, as Unix seconds.

    They come by the clock of the ``customers``, so more in working hours than at night; ``staff`` is the team's clock.
    """

    def __init__(self, settings: Settings) -> None:
        self._rng = Random(f"{settings.seed}:calendar")
        self._zone = ZoneInfo(settings.timezone)
        self._first_day = date.fromisoformat(settings.first_day)
        self._days = (date.fromisoformat(settings.last_day) - self._first_day).days + 1
        self.first = midnight(self._first_day, _UTC)
        self.last = midnight(self._first_day + timedelta(days=self._days), _UTC) - 1
        self.customers = Clock(self._first_day, self._days, self._zone, CUSTOMERS)
        self.staff = Clock(self._first_day, self._days, self._zone, STAFF)
        days = (self._first_day + timedelta(days=n) for n in range(self._days))
        self._clock_changes = [day for day in days if self._length(day) != 86400]
        self._readings = self.customers.reading(self.first), self.customers.reading(self.last)
        self.import_day = day_bounds(self.moment(), self._zone)[0]

    def moment(self) -> int:
        """Any second of the range."""
        return max(self.first, self.customers.moment(self._rng.uniform(*self._readings)))

    def after(self, moment: int) -> int:
        """A second from ``moment`` to the end of the range, more often soon than late."""
        passed = self.customers.reading(moment)
        later = self.customers.moment(passed + (self._readings[1] - passed) * self._rng.random() ** 3)
        return min(max(moment, later), self.last)

    def span(self, share_imported: float) -> tuple[int, int]:
        """``created_at`` and ``updated_at`` of an ordinary object; half of the imported ones never changed since."""
        if self._rng.random() >= share_imported:
            created = self.moment()
            return created, self.after(created)
        created = min(self.last, self.import_day + self._rng.randrange(8 * 3600, 17 * 3600))
        imported = min(self.last, self.import_day + self._rng.randrange(17 * 3600, 18 * 3600))
        return created, imported if self._rng.random() < 0.5 else self.after(imported)

    def edges(self, limit: int) -> list[int]:
        """Up to ``limit`` seconds on which day arithmetic goes wrong: around local midnight and UTC midnight.

        The days on which the workspace's clocks change come first.
        """
        days = [self._first_day + timedelta(days=n) for n in range(self._days)]
        ordinary = self._rng.sample(days, min(len(days), 1 + limit // 9))
        moments: list[int] = []
        for day in [*self._clock_changes, *ordinary]:
            start, end, utc = (
                midnight(day, self._zone),
                midnight(day + timedelta(days=1), self._zone),
                midnight(day, _UTC),
            )
            moments += [start - 1, start, start + 1, end - 1, end, end + 1, utc - 1, utc, start + 7200]
        return [moment for moment in moments if self.first <= moment <= self.last][:limit]

    def _length(self, day: date) -> int:
        return midnight(day + timedelta(days=1), self._zone) - midnight(day, self._zone)

    def spans(self, count: int, *, share_imported: float, edges: int) -> list[tuple[int, int]]:
        """``(created_at, updated_at)`` of ``count`` objects in no order: a burst if they are many, edges, the rest."""
        spans = []
        if count >= BURST_FROM:
            burst = self.moment()
            spans += [(self._rng.randint(self.first, burst), burst) for _ in range(BURST)]
        spans += [(self._rng.randint(self.first, edge), edge) for edge in self.edges(min(edges, count - len(spans)))]
        spans += [self.span(share_imported) for _ in range(count - len(spans))]
        self._rng.shuffle(spans)
        return spans
