"""What breaks readers in the contacts and companies that are generated."""

import re
from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from intercom_sandbox.client import Sandbox

SETTINGS = {"contacts": 900, "conversations": 400, "parts": 4000}
ZONE = ZoneInfo("America/Los_Angeles")


def midnight(year: int, month: int, day: int) -> int:
    return int(datetime(year, month, day, tzinfo=ZONE).timestamp())


@pytest.mark.parametrize("day", [(2024, 3, 10), (2024, 11, 3), (2025, 3, 9), (2025, 11, 2)])
def test_contacts_change_around_the_midnights_of_clock_changes(sandbox: Sandbox, day: tuple[int, int, int]) -> None:
    moments = {contact["updated_at"] for contact in sandbox.truth("contacts")}
    start_of_day = midnight(*day)
    after = datetime(*day) + timedelta(days=1)
    end_of_day = midnight(after.year, after.month, after.day)
    assert end_of_day - start_of_day != 86400
    edges = {start_of_day - 1, start_of_day, start_of_day + 1, end_of_day - 1, end_of_day, end_of_day + 1}
    assert edges <= moments


def test_a_bulk_import_crowds_one_day(sandbox: Sandbox) -> None:
    days = Counter(datetime.fromtimestamp(c["created_at"], ZONE).date() for c in sandbox.truth("contacts"))
    (_, crowded), (_, next_best) = days.most_common(2)
    assert crowded > 5 * next_best


LISTS = ("tags", "notes", "companies", "opted_in_subscription_types", "opted_out_subscription_types")


@pytest.mark.parametrize("name", LISTS)
def test_nested_lists_are_cut_at_ten(sandbox: Sandbox, name: str) -> None:
    lists = [contact[name] for contact in sandbox.truth("contacts")]
    cut = [each for each in lists if each["has_more"]]
    assert 0.01 < len(cut) / len(lists) < 0.06
    assert {len(each["data"]) for each in cut} == {10} == {max(len(each["data"]) for each in lists)}
    assert all(each["total_count"] > 10 for each in cut) == (name == "notes")


def test_the_counts_of_links_are_wrong_at_times(sandbox: Sandbox) -> None:
    contacts = sandbox.truth("contacts")
    lists = [contact[name] for contact in contacts for name in LISTS if name != "notes"]
    assert any(each["total_count"] > len(each["data"]) for each in lists if not each["has_more"])
    assert any(each["total_count"] == len(each["data"]) for each in lists if each["has_more"])


def test_names_are_no_keys(sandbox: Sandbox) -> None:
    for stream in ("tags", "companies"):
        names = [item["name"] for item in sandbox.truth(stream)]
        assert len(set(names)) < len(names)


def test_timestamps_are_null_zero_negative_and_in_milliseconds_too(sandbox: Sandbox) -> None:
    moments = {contact["last_contacted_at"] for contact in sandbox.truth("contacts")}
    assert {None, 0, -62135596800, 1700000000123} <= moments


def test_a_few_times_are_text(sandbox: Sandbox) -> None:
    texts = [one["android_last_seen_at"] for one in sandbox.truth("contacts") if one["android_last_seen_at"]]
    assert any(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", str(one)) for one in texts)


def test_avatars_are_addresses_and_a_few_are_objects(sandbox: Sandbox) -> None:
    kinds = Counter(type(contact["avatar"]) for contact in sandbox.truth("contacts"))
    assert kinds[str] > kinds[dict] > 0
    assert kinds.keys() == {str, dict, type(None)}


def test_company_notes_have_two_forms(sandbox: Sandbox) -> None:
    notes = [company["notes"] for company in sandbox.truth("companies") if "notes" in company]
    assert any(one.get("notes") for one in notes)
    assert any(one.get("data") and one["total_count"] == len(one["data"]) for one in notes)


def test_keys_are_absent_where_the_wire_omits_them(sandbox: Sandbox) -> None:
    companies = sandbox.truth("companies")
    assert {"website" in company for company in companies} == {True, False}
    assert {"remote_created_at" in company for company in companies} == {True, False}
