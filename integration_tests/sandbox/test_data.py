"""The generated data is deterministic and holds what breaks readers."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from integration_tests.sandbox.api import Api, by_id
from intercom_sandbox.client import Sandbox, start
from intercom_sandbox.kinds import STREAMS

SETTINGS = {"contacts": 900, "conversations": 400, "parts": 4000, "tickets": 150}


def sizes(sandbox: Sandbox) -> dict[str, int]:
    """Real parts per conversation, as their statistics tell."""
    conversations = sandbox.truth("conversations")
    return {c["id"]: c["statistics"]["count_conversation_parts"] - 1 for c in conversations if c["statistics"]}


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


def test_ids_order_differently_as_strings_and_as_numbers(sandbox: Sandbox) -> None:
    for stream in ("conversations", "conversation_parts", "tags"):
        ids = [item["id"] for item in sandbox.truth(stream)]
        assert all(isinstance(each, str) for each in ids)
        assert sorted(ids) != sorted(ids, key=int)


def test_numbers_are_numbers_where_the_wire_has_them(sandbox: Sandbox) -> None:
    assert all(type(c["admin_assignee_id"]) is int for c in sandbox.truth("conversations"))
    assert all(
        type(t["ticket_type"]["ticket_type_attributes"]["data"][0]["ticket_type_id"]) is int
        for t in sandbox.truth("tickets")
    )


def test_unassigned_is_zero_and_never_null(sandbox: Sandbox) -> None:
    assignees = {c["admin_assignee_id"] for c in sandbox.truth("conversations")}
    assert 0 in assignees
    assert None not in assignees


def test_parts_of_tickets_without_a_body_have_no_such_key(sandbox: Sandbox) -> None:
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


def test_a_tenth_of_the_conversations_are_tickets_too(sandbox: Sandbox) -> None:
    shared = {c["id"] for c in sandbox.truth("conversations") if c["ticket"]}
    assert len(shared) == 40
    assert shared <= by_id(sandbox.truth("tickets")).keys()


def test_some_replies_are_translated(sandbox: Sandbox) -> None:
    parts = sandbox.truth("conversation_parts")
    assert {part["author"]["type"] for part in parts if part["translations"]} == {"admin"}


def test_custom_attributes_have_odd_names_and_all_types(sandbox: Sandbox) -> None:
    attributes = [c["custom_attributes"] for c in sandbox.truth("contacts") + sandbox.truth("conversations")]
    assert {type(value) for each in attributes for value in each.values()} >= {str, int, float, bool, list, type(None)}
    assert any(" " in name and ":" in name for each in attributes for name in each)


def test_the_last_change_of_a_ticket_leads_to_its_state(running: Sandbox) -> None:
    tickets = running.truth("tickets")
    for ticket in tickets:
        changes = [part for part in ticket["ticket_parts"]["ticket_parts"] if "ticket_state" in part]
        assert changes[-1]["ticket_state"] == ticket["ticket_state"]["category"]
        assert ticket["open"] == (ticket["ticket_state"]["category"] != "resolved")
    assert 0.3 < sum(ticket["open"] for ticket in tickets) / len(tickets) < 0.7
