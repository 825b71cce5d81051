"""Contact dates are days of the workspace's time zone up to API version 2.16."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from integration_tests.sandbox.api import Api, both, either, error, where

SETTINGS = {"contacts": 700}
LOS_ANGELES = ZoneInfo("America/Los_Angeles")


def at(*moment: int, zone: ZoneInfo = LOS_ANGELES) -> int:
    return int(datetime(*moment, tzinfo=zone).timestamp())  # type: ignore[arg-type,misc]


def expected(api: Api, test: Callable[[int], bool]) -> set[str]:
    return {contact["id"] for contact in api.sandbox.truth("contacts") if test(contact["updated_at"])}


DAYS = [
    ((2024, 3, 9), (2024, 3, 10)),  # the day before the clocks change
    ((2024, 3, 10), (2024, 3, 11)),  # 23 hours
    ((2024, 11, 3), (2024, 11, 4)),  # 25 hours
    ((2025, 11, 2), (2025, 11, 3)),
]


@pytest.mark.parametrize(("day", "next_day"), DAYS)
@pytest.mark.parametrize("hour", [0, 9, 23])
def test_greater_means_from_the_next_local_day(
    api: Api, day: tuple[int, ...], next_day: tuple[int, ...], hour: int
) -> None:
    query = where("updated_at", ">", at(*day, hour))
    assert api.ids("contacts", query) == expected(api, lambda moment: moment >= at(*next_day))


@pytest.mark.parametrize(("day", "next_day"), DAYS)
@pytest.mark.parametrize("hour", [0, 9, 23])
def test_less_means_before_the_local_day(api: Api, day: tuple[int, ...], next_day: tuple[int, ...], hour: int) -> None:
    query = where("updated_at", "<", at(*day, hour))
    assert api.ids("contacts", query) == expected(api, lambda moment: moment < at(*day))


@pytest.mark.parametrize(("day", "next_day"), DAYS)
@pytest.mark.parametrize("hour", [0, 9, 23])
def test_equal_means_the_whole_local_day(api: Api, day: tuple[int, ...], next_day: tuple[int, ...], hour: int) -> None:
    query = where("updated_at", "=", at(*day, hour))
    day_of_contacts = expected(api, lambda moment: at(*day) <= moment < at(*next_day))
    assert day_of_contacts
    assert api.ids("contacts", query) == day_of_contacts


def test_days_inside_of_groups_are_days_too(api: Api) -> None:
    morning = at(2024, 3, 10, 9)
    query = either(where("updated_at", ">", morning), where("updated_at", "=", morning))
    assert api.ids("contacts", query) == expected(api, lambda moment: moment >= at(2024, 3, 10))
    nested = both(where("role", "=", "user"), query)
    users = {contact["id"] for contact in api.sandbox.truth("contacts") if contact["role"] == "user"}
    assert api.ids("contacts", nested) == api.ids("contacts", query) & users


@pytest.mark.parametrize("operator", [">=", "<=", "!=", "IN", "NIN"])
@pytest.mark.parametrize("field", ["updated_at", "created_at", "last_seen_at", "custom_attributes.trial_ends_at"])
def test_other_operators_are_refused_on_dates(api: Api, operator: str, field: str) -> None:
    value = [1718000000] if operator in ("IN", "NIN") else 1718000000
    assert error(api.search("contacts", where(field, operator, value))) == (400, "parameter_invalid")


def test_date_attributes_are_days_too(api: Api) -> None:
    noon = at(2025, 6, 1, 12)
    ends = {c["id"]: c["custom_attributes"].get("trial_ends_at") for c in api.sandbox.truth("contacts")}
    later = {contact_id for contact_id, moment in ends.items() if moment and moment >= at(2025, 6, 2)}
    assert later
    assert api.ids("contacts", where("custom_attributes.trial_ends_at", ">", noon)) == later


def test_results_are_sorted_by_full_seconds(api: Api) -> None:
    moments = [item["updated_at"] for item in api.found("contacts", where("updated_at", ">", at(2024, 6, 1)))]
    assert moments == sorted(moments)
    assert len({moment % 86400 for moment in moments}) > 50


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Asia/Kathmandu", "UTC"])
def test_days_follow_the_zone_of_the_workspace(api: Api, zone: str) -> None:
    api.sandbox.configure(timezone=zone)
    assert api.get("/me").json()["app"]["timezone"] == zone
    query = where("updated_at", ">", at(2024, 3, 10, 12, zone=ZoneInfo(zone)))
    next_day = at(2024, 3, 11, zone=ZoneInfo(zone))
    assert api.ids("contacts", query) == expected(api, lambda moment: moment >= next_day)


def assert_seconds(api: Api) -> None:
    moment = at(2024, 3, 10)
    assert api.ids("contacts", where("updated_at", ">", moment)) == expected(api, lambda m: m > moment)
    assert api.ids("contacts", where("updated_at", ">=", moment)) == expected(api, lambda m: m >= moment)
    assert api.ids("contacts", where("updated_at", "<", moment)) == expected(api, lambda m: m < moment)
    assert api.ids("contacts", where("updated_at", "!=", moment)) == expected(api, lambda m: m != moment)
    assert error(api.search("contacts", where("updated_at", "IN", [moment]))) == (400, "parameter_invalid")


def test_dates_are_seconds_from_version_2_17(api: Api) -> None:
    api.session.headers["Intercom-Version"] = "2.17"
    assert_seconds(api)


def test_second_granularity_can_be_chosen(api: Api) -> None:
    api.sandbox.configure(contact_dates="second")
    assert_seconds(api)
