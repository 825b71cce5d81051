"""The generated data is deterministic and holds what breaks readers."""

import re
from collections import Counter
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from integration_tests.sandbox.api import Api, by_id
from intercom_sandbox.client import Sandbox, start
from intercom_sandbox.kinds import KINDS, STREAMS
from intercom_sandbox.settings import Settings

SETTINGS = {"contacts": 900, "conversations": 400, "parts": 4000, "tickets": 150}
ZONE = ZoneInfo("America/Los_Angeles")


def sizes(sandbox: Sandbox) -> dict[str, int]:
    """Real parts per conversation, as their statistics tell."""
    conversations = sandbox.truth("conversations")
    return {c["id"]: c["statistics"]["count_conversation_parts"] - 1 for c in conversations if c["statistics"]}


def midnight(year: int, month: int, day: int) -> int:
    return int(datetime(year, month, day, tzinfo=ZONE).timestamp())


def test_the_same_seed_makes_the_same_data(sandbox: Sandbox) -> None:
    with start(**SETTINGS) as twin:
        assert {stream: twin.truth(stream) for stream in STREAMS} == {
            stream: sandbox.truth(stream) for stream in STREAMS
        }


def test_another_seed_makes_other_data(sandbox: Sandbox) -> None:
    with start(seed=2, **SETTINGS) as other:
        assert by_id(other.truth("contacts")).keys().isdisjoint(by_id(sandbox.truth("contacts")))


def test_all_moments_lie_between_the_first_and_the_last_day() -> None:
    with start(first_day="2025-03-09", last_day="2025-03-09", contacts=400, conversations=20, parts=1500) as short:
        items = [item for stream in ("contacts", "conversations", "conversation_parts") for item in short.truth(stream)]
        moments = [item[key] for item in items for key in ("created_at", "updated_at")]
        assert datetime(2025, 3, 9, tzinfo=UTC).timestamp() <= min(moments)
        assert max(moments) < datetime(2025, 3, 10, tzinfo=UTC).timestamp()
        assert all(item["created_at"] <= item["updated_at"] for item in items)


def test_an_empty_workspace_can_be_served() -> None:
    sizes = {each.name for each in fields(Settings)} & {*STREAMS, "parts"} - {"admins"}
    with start(**dict.fromkeys(sizes, 0)) as empty:
        api = Api(empty)
        assert api.found("contacts", {"field": "updated_at", "operator": ">", "value": 0}) == []
        assert api.scroll() == []
        assert api.get("/articles").json()["pages"] == {"type": "pages", "page": 1, "per_page": 25, "total_pages": 0}
        always = {"admins": 6, "data_attributes": len(api_attributes(api))}
        plain = {kind.name: kind.count for kind in KINDS.values() if kind.count is not None}
        assert empty.counts() == dict.fromkeys(STREAMS, 0) | always | plain


def api_attributes(api: Api) -> list[Any]:
    attributes: list[Any] = api.get("/data_attributes").json()["data"]
    return attributes


def test_the_total_of_parts_holds_exactly(api: Api) -> None:
    total = 0
    for conversation in api.sandbox.truth("conversations"):
        if conversation["statistics"]:
            total += conversation["statistics"]["count_conversation_parts"] - 1
        else:
            total += api.get(f"/conversations/{conversation['id']}").json()["conversation_parts"]["total_count"]
    assert total == 4000


@pytest.mark.parametrize("size", [0, 1, 500, 800])
def test_a_conversation_of_special_size_is_there(sandbox: Sandbox, size: int) -> None:
    assert size in sizes(sandbox).values()


@pytest.mark.parametrize("stream", ["contacts", "conversations"])
def test_more_than_a_page_of_objects_shares_one_second(sandbox: Sandbox, stream: str) -> None:
    assert Counter(item["updated_at"] for item in sandbox.truth(stream)).most_common(1)[0][1] >= 200


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


def test_ids_order_differently_as_strings_and_as_numbers(sandbox: Sandbox) -> None:
    for stream in ("conversations", "conversation_parts", "tags"):
        ids = [item["id"] for item in sandbox.truth(stream)]
        assert all(isinstance(each, str) for each in ids)
        assert sorted(ids) != sorted(ids, key=int)


def test_nested_lists_are_cut_at_ten(sandbox: Sandbox) -> None:
    lists = [contact[key] for contact in sandbox.truth("contacts") for key in ("tags", "notes", "companies")]
    assert max(len(each["data"]) for each in lists) == 10
    cut = [each for each in lists if each["has_more"]]
    assert cut
    assert all(each["total_count"] > len(each["data"]) == 10 for each in cut)


def test_numbers_are_numbers_where_the_wire_has_them(sandbox: Sandbox) -> None:
    assert all(type(c["admin_assignee_id"]) is int for c in sandbox.truth("conversations"))
    assert all(
        type(t["ticket_type"]["ticket_type_attributes"]["data"][0]["ticket_type_id"]) is int
        for t in sandbox.truth("tickets")
    )
    assert all(type(a["author_id"]) is int for a in sandbox.truth("articles"))
    assert all(type(i) is int for team in sandbox.truth("teams") for i in team["admin_ids"])


def test_unassigned_is_zero_and_never_null(sandbox: Sandbox) -> None:
    assignees = {c["admin_assignee_id"] for c in sandbox.truth("conversations")}
    assert 0 in assignees
    assert None not in assignees


def test_keys_are_absent_where_the_wire_omits_them(sandbox: Sandbox) -> None:
    companies = sandbox.truth("companies")
    assert {"website" in company for company in companies} == {True, False}
    assert {"remote_created_at" in company for company in companies} == {True, False}
    parts = [part for ticket in sandbox.truth("tickets") for part in ticket["ticket_parts"]["ticket_parts"]]
    assert {"body" in part for part in parts} == {True, False}


def test_a_few_conversations_have_no_source_or_no_statistics(sandbox: Sandbox) -> None:
    conversations = sandbox.truth("conversations")
    assert {c["source"] is None for c in conversations} == {True, False}
    assert {c["statistics"] is None for c in conversations} == {True, False}


def test_parts_have_many_types_and_authors(sandbox: Sandbox) -> None:
    parts = sandbox.truth("conversation_parts")
    assert len({part["part_type"] for part in parts}) > 15
    assert {part["author"]["type"] for part in parts} == {"admin", "bot", "lead", "team", "user"}
    assert {part["redacted"] for part in parts} == {True, False}


def test_the_bot_author_is_an_admin_of_the_list(sandbox: Sandbox) -> None:
    bots = {part["author"]["id"] for part in sandbox.truth("conversation_parts") if part["author"]["type"] == "bot"}
    assert bots == {admin["id"] for admin in sandbox.truth("admins") if admin["name"] == "Fin"}


def test_a_tenth_of_the_conversations_are_tickets_too(sandbox: Sandbox) -> None:
    shared = {c["id"] for c in sandbox.truth("conversations") if c["ticket"]}
    assert len(shared) == 40
    assert shared <= by_id(sandbox.truth("tickets")).keys()


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


def test_articles_have_a_content_id_and_some_replies_are_translated(sandbox: Sandbox) -> None:
    assert all(article["content_id"] for article in sandbox.truth("articles"))
    parts = sandbox.truth("conversation_parts")
    assert {part["author"]["type"] for part in parts if part["translations"]} == {"admin"}


def test_custom_attributes_have_odd_names_and_all_types(sandbox: Sandbox) -> None:
    attributes = [c["custom_attributes"] for c in sandbox.truth("contacts") + sandbox.truth("conversations")]
    assert {type(value) for each in attributes for value in each.values()} >= {str, int, float, bool, list, type(None)}
    assert any(" " in name and ":" in name for each in attributes for name in each)


def test_html_entities_arrive_escaped(sandbox: Sandbox) -> None:
    assert "Phone &amp; SMS" in {team["name"] for team in sandbox.truth("teams")}
