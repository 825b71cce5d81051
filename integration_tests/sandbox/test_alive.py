"""The data looks like the work of a support team, and what is counted and measured in it is what happened.

The bounds are generous: they tell the data of a team from noise, at one seed.
"""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from intercom_sandbox.client import Sandbox
from intercom_sandbox.data.clock import STAFF, Clock

SETTINGS = {"contacts": 1500, "conversations": 1500, "parts": 14000, "admins": 8, "teams": 5}
ZONE = ZoneInfo("America/Los_Angeles")
HOUR, DAY = 3600, 86400
SATURDAY, MONDAY = 5, 0

Object = dict[str, Any]


@pytest.fixture(scope="module")
def conversations(running: Sandbox) -> list[Object]:
    return running.truth("conversations")


@pytest.fixture(scope="module")
def parts(running: Sandbox) -> dict[str, list[Object]]:
    """The parts of each conversation."""
    by_conversation: dict[str, list[Object]] = {}
    for part in running.truth("conversation_parts"):
        by_conversation.setdefault(part["conversation_id"], []).append(part)
    return by_conversation


@pytest.fixture(scope="module")
def measured(conversations: list[Object], parts: dict[str, list[Object]]) -> list[tuple[Object, Object, list[Object]]]:
    """Conversations with their statistics and all of their parts, where there are statistics and no part is cut off."""
    whole = [(each, each["statistics"], parts.get(each["id"], [])) for each in conversations if each["statistics"]]
    return [each for each in whole if each[1]["count_conversation_parts"] == len(each[2]) + 1]


def local(moment: int) -> datetime:
    return datetime.fromtimestamp(moment, ZONE)


def at_work(moment: int) -> bool:
    when = local(moment)
    return when.weekday() < SATURDAY and 9 <= when.hour < 18


def share(items: Iterable[Any]) -> float:
    """How many of some items are true."""
    flags = [bool(item) for item in items]
    return sum(flags) / len(flags)


def is_reply(part: Object) -> bool:
    """Whether an admin wrote it to the contact."""
    return part["author"]["type"] == "admin" and part["body"] is not None and part["part_type"] != "note"


def is_from_contact(part: Object) -> bool:
    return part["author"]["type"] in ("user", "lead") and part["body"] is not None


def first(moments: list[int]) -> int | None:
    return moments[0] if moments else None


def test_conversations_begin_in_working_hours_and_now_and_then_at_night_or_on_a_weekend(
    conversations: list[Object],
) -> None:
    opened = [each["created_at"] for each in conversations]
    assert 0.5 < share(at_work(each) for each in opened) < 0.9
    assert 0.03 < share(local(each).weekday() >= SATURDAY for each in opened) < 0.25
    assert 0.01 < share(local(each).hour < 7 for each in opened) < 0.2
    hours = Counter(local(each).hour for each in opened)
    assert min(hours[hour] for hour in range(10, 17)) > 3 * max(hours[hour] for hour in range(1, 6))


def test_admins_reply_in_working_hours(parts: dict[str, list[Object]]) -> None:
    replies = [part for each in parts.values() for part in each if is_reply(part)]
    assert share(at_work(part["created_at"]) for part in replies) > 0.85


def test_first_replies_take_minutes_to_hours_and_some_take_a_weekend(
    measured: list[tuple[Object, Object, list[Object]]],
) -> None:
    waits = [statistics["time_to_admin_reply"] for _, statistics, _ in measured if statistics["first_admin_reply_at"]]
    assert 5 * 60 < median(waits) < 3 * HOUR
    assert 0.02 < share(wait > 12 * HOUR for wait in waits) < 0.4
    weekends = [
        (conversation, statistics)
        for conversation, statistics, _ in measured
        if local(conversation["created_at"]).weekday() >= SATURDAY and statistics["first_admin_reply_at"]
    ]
    assert share(local(each["first_admin_reply_at"]).weekday() == MONDAY for _, each in weekends) > 0.6


def test_statistics_are_those_of_the_parts(measured: list[tuple[Object, Object, list[Object]]]) -> None:
    for conversation, statistics, its_parts in measured:
        created = conversation["created_at"]
        replies = [part["created_at"] for part in its_parts if is_reply(part)]
        assignments = [part["created_at"] for part in its_parts if "assignment" in part["part_type"]]
        closes = [part for part in its_parts if part["part_type"] == "close"]
        written = [created, *(part["created_at"] for part in its_parts if is_from_contact(part))]
        assert statistics["first_admin_reply_at"] == first(replies)
        assert statistics["last_admin_reply_at"] == first(replies[::-1])
        assert statistics["time_to_admin_reply"] == (replies[0] - created if replies else None)
        assert statistics["first_assignment_at"] == first(assignments)
        assert statistics["last_assignment_at"] == first(assignments[::-1])
        assert statistics["count_assignments"] == len(assignments)
        assert statistics["first_close_at"] == (closes[0]["created_at"] if closes else None)
        assert statistics["last_close_at"] == (closes[-1]["created_at"] if closes else None)
        assert statistics["time_to_last_close"] == (closes[-1]["created_at"] - created if closes else None)
        assert statistics["last_closed_by_id"] == (int(closes[-1]["author"]["id"]) if closes else None)
        assert statistics["count_reopens"] == sum(part["part_type"] == "open" for part in its_parts)
        assert (statistics["first_contact_reply_at"], statistics["last_contact_reply_at"]) == (written[0], written[-1])


def test_redacted_parts_are_replies_like_others(measured: list[tuple[Object, Object, list[Object]]]) -> None:
    assert any(part["redacted"] and is_reply(part) for _, _, its_parts in measured for part in its_parts)


def test_the_parts_of_a_conversation_lie_between_its_opening_and_its_last_change(
    conversations: list[Object], parts: dict[str, list[Object]]
) -> None:
    for conversation in conversations:
        moments = [part["created_at"] for part in parts.get(conversation["id"], [])]
        assert moments == sorted(moments)
        assert [conversation["updated_at"]] == moments[-1:] or not moments
        assert all(conversation["created_at"] <= moment for moment in moments)


def test_most_conversations_are_closed_and_each_state_is_what_the_last_part_left(
    conversations: list[Object], parts: dict[str, list[Object]]
) -> None:
    states = Counter(each["state"] for each in conversations)
    assert 0.65 < states["closed"] / len(conversations) < 0.95
    assert 0.03 < states["open"] / len(conversations) < 0.3
    assert 0.002 < states["snoozed"] / len(conversations) < 0.1
    assert all(each["state"] == parts[each["id"]][-1]["state"] for each in conversations if each["id"] in parts)
    assert all(each["open"] == (each["state"] != "closed") for each in conversations)


def test_who_waits_is_in_an_open_conversation_and_was_not_answered(
    measured: list[tuple[Object, Object, list[Object]]],
) -> None:
    waiting = [each for each in measured if each[0]["waiting_since"]]
    assert waiting
    for conversation, statistics, _ in waiting:
        assert conversation["state"] == "open"
        assert (statistics["last_admin_reply_at"] or 0) <= conversation["waiting_since"] <= conversation["updated_at"]


def test_a_part_of_the_closed_conversations_is_rated_and_most_ratings_are_good(conversations: list[Object]) -> None:
    closed = [each for each in conversations if each["state"] == "closed"]
    ratings = [each["conversation_rating"] for each in closed if each["conversation_rating"]]
    assert 0.1 < len(ratings) / len(closed) < 0.4
    scores = Counter(rating["rating"] for rating in ratings)
    assert scores.keys() == {1, 2, 3, 4, 5}
    assert scores[5] > scores[4] > scores[2]
    assert scores[1] > scores[2]
    assert all(rating["created_at"] <= rating["updated_at"] for rating in ratings)
    assert not [each for each in conversations if each["conversation_rating"] and each["state"] != "closed"]


def test_a_few_conversations_are_opened_again(measured: list[tuple[Object, Object, list[Object]]]) -> None:
    assert 0.03 < share(statistics["count_reopens"] for _, statistics, _ in measured) < 0.25


def test_work_is_not_shared_out_equally(running: Sandbox, conversations: list[Object]) -> None:
    for key in ("admin_assignee_id", "team_assignee_id"):
        loads = Counter(each[key] for each in conversations if each[key])
        assert max(loads.values()) > 2 * min(loads.values())
        assert 0 in {each[key] for each in conversations}
    given = Counter(tag["id"] for tag in running.truth("conversation_tags"))
    assert max(given.values()) > 2 * min(given.values())


def test_the_assignee_is_the_last_one_that_was_assigned(
    conversations: list[Object], parts: dict[str, list[Object]]
) -> None:
    for conversation in conversations:
        assigned = [part["assigned_to"] for part in parts.get(conversation["id"], []) if part["assigned_to"]]
        for kind in ("admin", "team"):
            of_kind = [int(each["id"]) for each in assigned if each["type"] == kind]
            assert not of_kind or conversation[f"{kind}_assignee_id"] == of_kind[-1]


def test_who_writes_in_a_conversation_is_a_contact_by_its_name(
    running: Sandbox, parts: dict[str, list[Object]]
) -> None:
    contacts = {each["id"]: (each["role"], each["name"], each["email"]) for each in running.truth("contacts")}
    authors = [part["author"] for its_parts in parts.values() for part in its_parts if is_from_contact(part)]
    assert all((each["type"], each["name"], each["email"]) == contacts[each["id"]] for each in authors)
    assert len({each["name"] for each in authors}) > 100


def test_addresses_belong_to_nobody(running: Sandbox) -> None:
    texts = str([running.truth(stream) for stream in running.counts()])
    hosts = {
        found.rpartition(".")[2] if found.endswith(".example") else found for found in re.findall(r"@([\w.-]+)", texts)
    }
    assert hosts <= {"example", "example.com", "example.org", "example.net", "mail.example.com", "intercom.io"}


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Australia/Lord_Howe", "Pacific/Kiritimati", "UTC"])
def test_a_clock_never_goes_back_and_shows_each_moment_once(zone: str) -> None:
    clock = Clock(date(2024, 1, 1), 366, ZoneInfo(zone), STAFF)
    first = int(datetime(2023, 12, 1, tzinfo=UTC).timestamp())
    moments = range(first, first + 430 * DAY, 1777)
    readings = [clock.reading(moment) for moment in moments]
    assert readings == sorted(set(readings))
    assert all(abs(clock.moment(reading) - moment) <= 1 for reading, moment in zip(readings, moments, strict=True))
