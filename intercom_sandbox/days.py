"""Calendar days of a time zone, in Unix seconds."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


def day_bounds(seconds: int, zone: ZoneInfo) -> tuple[int, int]:
    """First second of the local day that holds ``seconds``, and of the day after it.

    A day has 23 or 25 hours where the clocks change. Raises ``ValueError`` or ``OverflowError`` for moments that no
    calendar has.
    """
    day = datetime.fromtimestamp(seconds, zone).date()
    return midnight(day, zone), midnight(day + timedelta(days=1), zone)


@lru_cache(maxsize=4096)
def midnight(day: date, zone: ZoneInfo) -> int:
    """The second at which ``day`` begins in ``zone``."""
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())
