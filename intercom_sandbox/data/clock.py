"""Clocks that run fast in busy hours and slowly in quiet ones: by them things happen when people are about."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate, pairwise
from operator import mul
from zoneinfo import ZoneInfo

from intercom_sandbox.days import midnight

_HOUR = 3600
_BUSY = 0.3
"""From this speed on somebody is at work."""

Week = Sequence[Sequence[float]]
"""The speed in each hour of the day, for each day of the week from Monday on; 1 is as fast as other clocks."""


def _day(night: float, morning: float, work: float, evening: float) -> tuple[float, ...]:
    return (night,) * 7 + (morning,) * 2 + (work,) * 9 + (evening,) * 4 + (night,) * 2


CUSTOMERS: Week = (_day(0.08, 0.5, 1, 0.45),) * 5 + (_day(0.05, 0.15, 0.3, 0.25),) * 2
"""Customers write at work, less in the evening and on weekends, and now and then at night."""
STAFF: Week = (_day(0.001, 0.02, 1, 0.01),) * 5 + (_day(0.001, 0.001, 0.004, 0.001),) * 2
"""The support team works from nine to six on working days; somebody looks in now and then besides."""


class Clock:
    """How much of a clock's time has passed by a moment (``reading``), and the moment of a reading.

    Both are in seconds. Before the first day and after the last one the clock runs as all others do.
    """

    def __init__(self, first_day: date, days: int, zone: ZoneInfo, week: Week) -> None:
        starts: list[int] = []
        speeds: list[float] = []
        # one day more on either side, since a day of the zone is not the same day in UTC
        for day in (first_day + timedelta(days=number) for number in range(-1, days + 1)):
            hours = range(midnight(day, zone), midnight(day + timedelta(days=1), zone), _HOUR)
            starts += hours
            speeds += [*week[day.weekday()], week[day.weekday()][-1]][: len(hours)]
        self._starts = [*starts, starts[-1] + _HOUR]
        self._speeds = [*speeds, 1.0]
        lengths = (end - start for start, end in pairwise(self._starts))
        self._readings: list[float] = list(accumulate(map(mul, speeds, lengths), initial=0.0))

    def reading(self, moment: int) -> float:
        """What the clock shows at a moment."""
        number = bisect_right(self._starts, moment) - 1
        if number < 0:
            return float(moment - self._starts[0])
        return self._readings[number] + (moment - self._starts[number]) * self._speeds[number]

    def moment(self, reading: float) -> int:
        """The second at which the clock shows that."""
        number = bisect_right(self._readings, reading) - 1
        if number < 0:
            return self._starts[0] + int(reading)
        return self._starts[number] + int((reading - self._readings[number]) / self._speeds[number])

    def busy(self, moment: int) -> bool:
        """Whether people are at work."""
        number = bisect_right(self._starts, moment) - 1
        return number >= 0 and self._speeds[number] >= _BUSY

    def pause_before(self, moment: int) -> tuple[int, int]:
        """The last hours before a moment in which nobody worked, a night or a weekend: first second and end."""
        number = max(0, bisect_right(self._starts, moment) - 1)
        while number > 0 and self._speeds[number] >= _BUSY:
            number -= 1
        end = number
        while number > 0 and self._speeds[number] < _BUSY:
            number -= 1
        return self._starts[number + 1], self._starts[end + 1]
