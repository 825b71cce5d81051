from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from source_intercom.api.search import (
    MAX_PAGE_SIZE,
    day_bounds,
    search_body,
    second_bounds,
    start_of_day,
    start_of_next_day,
)
from unit_tests.builders import day_of

ZONES = [
    "UTC",
    "America/Los_Angeles",
    "Europe/London",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "America/Havana",
    "Africa/Cairo",
    "Asia/Beirut",
    "America/Scoresbysund",
    "Pacific/Kiritimati",
    "Etc/GMT+12",
]
DECEMBER_2011 = 1_322_697_600  # Intercom began in 2011; Apia had no 30 December that year
YEAR_2040 = 2_208_988_800

seconds = st.integers(DECEMBER_2011, YEAR_2040)
zones = (st.sampled_from(ZONES) | st.sampled_from(sorted(available_timezones() - {"localtime"}))).map(ZoneInfo)


def local(zone: str, *moment: int) -> int:
    return int(datetime(*moment, tzinfo=ZoneInfo(zone)).timestamp())  # type: ignore[arg-type,misc]


@st.composite
def transitions(draw: st.DrawFn) -> tuple[ZoneInfo, int]:
    """A zone and a second within two hours of the start of one of its days."""
    zone = draw(zones)
    second = start_of_day(draw(seconds), zone) + draw(st.integers(-7200, 7200))
    return zone, second


# Bodies


def test_a_search_asks_for_open_bounds_in_ascending_order() -> None:
    assert search_body((10, 20), 150) == {
        "query": {
            "operator": "AND",
            "value": [
                {"field": "updated_at", "operator": ">", "value": 10},
                {"field": "updated_at", "operator": "<", "value": 20},
            ],
        },
        "sort": {"field": "updated_at", "order": "ascending"},
        "pagination": {"per_page": 150},
    }


def test_a_search_may_be_newest_first() -> None:
    assert search_body((10, 20), 5, "descending")["sort"] == {"field": "updated_at", "order": "descending"}


def test_the_cursor_is_part_of_the_pagination() -> None:
    body = search_body((10, 20), 5, starting_after="WzE3")
    assert body["pagination"] == {"per_page": 5, "starting_after": "WzE3"}
    assert set(body) == {"query", "sort", "pagination"}


def test_pages_are_as_large_as_intercom_allows() -> None:
    assert MAX_PAGE_SIZE == 150


# Seconds


@given(start=seconds, length=st.integers(1, 10**7), data=st.data())
def test_seconds_find_the_whole_window_on_strict_and_on_inclusive_servers(
    start: int, length: int, data: st.DataObject
) -> None:
    record = data.draw(st.integers(start, start + length - 1) | st.sampled_from([start, start + length - 1]))
    above, below = second_bounds(start, start + length)
    assert above < record < below
    assert above <= record <= below


@given(start=seconds, length=st.integers(1, 10**7))
def test_seconds_over_fetch_at_most_a_second_on_either_side(start: int, length: int) -> None:
    above, below = second_bounds(start, start + length)
    assert range(above, below + 1)[0] >= start - 1
    assert range(above, below + 1)[-1] <= start + length


# Days


def found_by_day(record: int, bounds: tuple[int, int], zone: ZoneInfo) -> bool:
    """Whether a server finds a record that cuts dates to days of its zone."""
    return day_of(bounds[0], zone) < day_of(record, zone) < day_of(bounds[1], zone)


@given(zone=zones, start=seconds, length=st.integers(1, 10**7), data=st.data())
def test_days_find_every_record_of_any_window(zone: ZoneInfo, start: int, length: int, data: st.DataObject) -> None:
    record = data.draw(st.integers(start, start + length - 1) | st.sampled_from([start, start + length - 1]))
    bounds = day_bounds(start, start + length, zone)
    assert found_by_day(record, bounds, zone)
    assert bounds[0] < record < bounds[1]


@given(begin=transitions(), length=st.integers(1, 200_000), data=st.data())
def test_days_find_every_record_around_midnight_and_clock_changes(
    begin: tuple[ZoneInfo, int], length: int, data: st.DataObject
) -> None:
    zone, start = begin
    record = data.draw(st.integers(start, start + length - 1) | st.sampled_from([start, start + length - 1]))
    bounds = day_bounds(start, start + length, zone)
    assert found_by_day(record, bounds, zone)
    assert bounds[0] < record < bounds[1]


@given(zone=zones, start=seconds, length=st.integers(1, 10**7), data=st.data())
def test_an_unknown_zone_loses_no_record_either(zone: ZoneInfo, start: int, length: int, data: st.DataObject) -> None:
    record = data.draw(st.integers(start, start + length - 1) | st.sampled_from([start, start + length - 1]))
    bounds = day_bounds(start, start + length, None)
    assert found_by_day(record, bounds, zone)
    assert bounds[0] < record < bounds[1]


@pytest.mark.parametrize("hour", [0, 1, 22, 23])
@pytest.mark.parametrize("day", [(2025, 11, 1), (2025, 11, 2), (2025, 11, 3), (2025, 3, 9)])
def test_an_unknown_zone_loses_no_record_of_a_day_of_25_hours(day: tuple[int, int, int], hour: int) -> None:
    start = local("America/Los_Angeles", *day, hour, 59)
    bounds = day_bounds(start, start + 1, None)
    assert found_by_day(start, bounds, ZoneInfo("America/Los_Angeles"))


@given(zone=zones, second=seconds, days=st.integers(1, 40), data=st.data())
def test_windows_of_whole_days_fetch_no_other_day(zone: ZoneInfo, second: int, days: int, data: st.DataObject) -> None:
    start = start_of_day(second, zone)
    end = start
    for _ in range(days):
        end = start_of_next_day(end, zone)
    stranger = data.draw(st.integers(start - 10**6, end + 10**6))
    assume(not start <= stranger < end)
    assert not found_by_day(stranger, day_bounds(start, end, zone), zone)


@given(zone=zones, second=seconds)
def test_days_follow_each_other_without_a_gap(zone: ZoneInfo, second: int) -> None:
    start, end = start_of_day(second, zone), start_of_next_day(second, zone)
    assert start <= second < end
    assert day_of(start, zone) == day_of(end - 1, zone) == day_of(second, zone)
    assert day_of(start - 1, zone) < day_of(start, zone) < day_of(end, zone)
    assert start_of_day(end, zone) == end
    assert start_of_day(start, zone) == start


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("America/Los_Angeles", (2025, 3, 9), 23),
        ("America/Los_Angeles", (2025, 11, 2), 25),
        ("Australia/Lord_Howe", (2025, 10, 5), 23.5),
        ("America/Sao_Paulo", (2018, 11, 4), 23),  # midnight does not exist
        ("America/Sao_Paulo", (2018, 2, 17), 25),  # its last hour comes twice
        ("America/Havana", (2025, 11, 2), 25),  # midnight comes twice
        ("Asia/Kathmandu", (2025, 1, 1), 24),
    ],
)
def test_a_day_is_as_long_as_its_zone_says(zone: str, day: tuple[int, int, int], hours: float) -> None:
    noon = local(zone, *day, 12)
    assert start_of_next_day(noon, ZoneInfo(zone)) - start_of_day(noon, ZoneInfo(zone)) == hours * 3600


def test_a_day_that_was_skipped_is_no_day() -> None:
    apia = ZoneInfo("Pacific/Apia")
    last_before = local("Pacific/Apia", 2011, 12, 29, 23)
    assert day_of(start_of_next_day(last_before, apia), apia).isoformat() == "2011-12-31"


def test_bounds_in_days_reach_beyond_the_days_of_the_zone_at_both_ends() -> None:
    """The symptom without it: contacts around midnight are missing."""
    kathmandu = ZoneInfo("Asia/Kathmandu")
    start = int(datetime(2025, 1, 1, tzinfo=UTC).timestamp())  # 05:45 there
    above, below = day_bounds(start, start + 86_400, kathmandu)
    assert above == local("Asia/Kathmandu", 2024, 12, 31, 23, 59, 59)
    assert below == local("Asia/Kathmandu", 2025, 1, 3)
