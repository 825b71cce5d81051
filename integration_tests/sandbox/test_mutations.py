"""Mutations, at once and while a reader reads, and the lag of the search index."""

import time
from typing import Any

import pytest

from integration_tests.sandbox.api import EVERYTHING, Api, Object, by_id, error
from intercom_sandbox.client import Sandbox
from intercom_sandbox.kinds import KINDS
from intercom_sandbox.moments import second_of

LATER = 1900000000
CHANGEABLE = [name for name, kind in KINDS.items() if kind.builder is not None or kind.is_plain]


def parts_of(sandbox: Sandbox, conversation_id: str) -> list[Object]:
    return [part for part in sandbox.truth("conversation_parts") if part["conversation_id"] == conversation_id]


def by_key(sandbox: Sandbox, kind: str) -> dict[str, Object]:
    """The objects of a kind by what mutations call them."""
    return {KINDS[kind].id_of(item): item for item in sandbox.truth(kind)}


@pytest.mark.parametrize("kind", CHANGEABLE)
def test_create_adds_objects(sandbox: Sandbox, kind: str) -> None:
    before = by_key(sandbox, kind)
    ids = sandbox.mutate("create", object=kind, count=3, at=LATER)
    after = by_key(sandbox, kind)
    assert after.keys() - before.keys() == set(ids)
    assert {item_id: after[item_id] for item_id in before} == before
    assert len(ids) == 3


@pytest.mark.parametrize("kind", CHANGEABLE)
def test_update_changes_a_field_and_the_time(sandbox: Sandbox, kind: str) -> None:
    before = by_key(sandbox, kind)
    ids = sandbox.mutate("update", object=kind, count=2, at=LATER)
    after = by_key(sandbox, kind)
    assert {item_id for item_id in before if before[item_id] != after[item_id]} == set(ids)
    assert {second_of(after[item_id].get("updated_at", LATER)) for item_id in ids} == {LATER}
    untimed = [
        {key: value for key, value in item.items() if key != "updated_at"} for item in (before[ids[0]], after[ids[0]])
    ]
    assert untimed[0] != untimed[1]


@pytest.mark.parametrize("kind", CHANGEABLE)
def test_delete_removes_objects(sandbox: Sandbox, kind: str) -> None:
    before = by_key(sandbox, kind)
    ids = sandbox.mutate("delete", object=kind, count=1)
    assert before.keys() - by_key(sandbox, kind).keys() == set(ids)


def test_two_updates_within_a_second_differ(sandbox: Sandbox) -> None:
    (contact_id,) = sandbox.mutate("update", object="contacts", at=LATER)
    first = by_id(sandbox.truth("contacts"))[contact_id]
    sandbox.mutate("update", object="contacts", ids=[contact_id], at=LATER)
    second = by_id(sandbox.truth("contacts"))[contact_id]
    assert first != second
    assert first["updated_at"] == second["updated_at"]


def test_fields_are_merged_onto_the_object(sandbox: Sandbox) -> None:
    fields = {"updated_at": 1712345678, "role": "lead", "name": "Zoë"}
    (contact_id,) = sandbox.mutate("create", object="contacts", fields=fields)
    contact = by_id(sandbox.truth("contacts"))[contact_id]
    assert contact.items() >= fields.items()
    assert contact["created_at"] == 1712345678


def test_without_a_moment_it_happens_now(sandbox: Sandbox) -> None:
    before = int(time.time())
    (contact_id,) = sandbox.mutate("update", object="contacts")
    assert by_id(sandbox.truth("contacts"))[contact_id]["updated_at"] >= before


def test_added_parts_come_last_and_move_the_conversation(sandbox: Sandbox) -> None:
    (conversation_id,) = sandbox.mutate("create", object="conversations", parts=2, at=LATER)
    before = parts_of(sandbox, conversation_id)
    sandbox.mutate("add_parts", ids=[conversation_id], parts=3, at=LATER + 5)
    after = parts_of(sandbox, conversation_id)
    assert [part["id"] for part in after[:2]] == [part["id"] for part in before]
    assert [part["created_at"] for part in after] == [LATER] * 2 + [LATER + 5] * 3
    conversation = by_id(sandbox.truth("conversations"))[conversation_id]
    assert conversation["updated_at"] == LATER + 5
    assert conversation["statistics"] is None or conversation["statistics"]["count_conversation_parts"] == 6


def test_edited_parts_keep_their_ids_and_creation(sandbox: Sandbox) -> None:
    (conversation_id,) = sandbox.mutate("create", object="conversations", parts=3, at=LATER)
    before = parts_of(sandbox, conversation_id)
    sandbox.mutate("edit_parts", ids=[conversation_id], parts=1, at=LATER + 9)
    after = parts_of(sandbox, conversation_id)
    assert [(part["id"], part["created_at"]) for part in after] == [(part["id"], part["created_at"]) for part in before]
    assert after[-1]["body"] != before[-1]["body"]
    assert after[-1]["updated_at"] == after[0]["conversation_updated_at"] == LATER + 9
    assert after[0]["body"] == before[0]["body"]


def test_redacted_parts_lose_their_body(sandbox: Sandbox) -> None:
    (conversation_id,) = sandbox.mutate("redact_parts", at=LATER)
    part = parts_of(sandbox, conversation_id)[-1]
    assert part["redacted"] is True
    assert part["body"] == "<p><i>This message was deleted</i></p>"
    assert part["conversation_updated_at"] == LATER


def test_deleting_a_conversation_deletes_its_parts_and_its_ticket(sandbox: Sandbox) -> None:
    shared = by_id(sandbox.truth("tickets")).keys() & by_id(sandbox.truth("conversations")).keys()
    conversation_id = min(shared)
    sandbox.mutate("delete", object="conversations", ids=[conversation_id])
    assert parts_of(sandbox, conversation_id) == []
    assert conversation_id not in by_id(sandbox.truth("tickets"))


def test_of_merged_contacts_the_target_remains(sandbox: Sandbox) -> None:
    source, target = sandbox.mutate("merge_contacts", at=LATER)
    contacts = by_id(sandbox.truth("contacts"))
    assert source not in contacts
    assert contacts[target]["updated_at"] == LATER
    pair = [contact_id for contact_id in contacts if contact_id != target][:2]
    assert sandbox.mutate("merge_contacts", pairs=[pair]) == pair


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("explode", {}),
        ("update", {"object": "widgets"}),
        ("update", {"object": "contacts", "ids": ["nobody"]}),
        ("update", {"object": "contacts", "count": 10**6}),
        ("update", {"object": "contacts", "colour": "red"}),
        ("create", {"object": "data_attributes"}),
        ("add_parts", {"object": "tickets"}),
    ],
)
def test_a_mutation_that_makes_no_sense_is_refused(sandbox: Sandbox, operation: str, arguments: Any) -> None:
    with pytest.raises(RuntimeError, match="400"):
        sandbox.mutate(operation, **arguments)


def test_a_changed_object_is_found_where_it_moved(api: Api) -> None:
    ids = api.sandbox.mutate("update", object="tickets", count=3, at=LATER + 100)
    newest = api.search("tickets", EVERYTHING, order="descending").json()["tickets"][:3]
    assert {item["id"] for item in newest} == set(ids)
    assert by_id(api.found("tickets", EVERYTHING)) == by_id(api.sandbox.truth("tickets"))


def test_a_fresh_object_is_not_found_within_the_lag(api: Api) -> None:
    api.sandbox.configure(index_lag=600)
    (contact_id,) = api.sandbox.mutate("create", object="contacts")
    assert contact_id not in api.ids("contacts", EVERYTHING)
    assert contact_id in by_id(api.sandbox.truth("contacts"))
    api.sandbox.configure(index_lag=0)
    assert contact_id in api.ids("contacts", EVERYTHING)


def test_within_the_lag_a_search_shows_the_old_version_and_a_get_the_new_one(api: Api) -> None:
    before = by_id(api.found("conversations", EVERYTHING))
    api.sandbox.configure(index_lag=600)
    (conversation_id,) = api.sandbox.mutate("update", object="conversations", at=LATER)
    assert by_id(api.found("conversations", EVERYTHING)) == before
    assert api.get(f"/conversations/{conversation_id}").json()["updated_at"] == LATER


def test_within_the_lag_a_deleted_conversation_is_still_found(api: Api) -> None:
    conversation_id = api.found("conversations", EVERYTHING)[0]["id"]
    api.sandbox.configure(index_lag=600)
    api.sandbox.mutate("delete", object="conversations", ids=[conversation_id])
    assert conversation_id in api.ids("conversations", EVERYTHING)
    assert api.get(f"/conversations/{conversation_id}").status_code == 404


def test_with_fresh_bodies_the_new_version_stands_at_the_old_place(api: Api) -> None:
    places = [item["id"] for item in api.found("tickets", EVERYTHING)]
    changed, deleted = places[3], places[5]
    api.sandbox.configure(index_lag=600, fresh_bodies=True)
    api.sandbox.mutate("update", object="tickets", ids=[changed], at=LATER)
    api.sandbox.mutate("delete", object="tickets", ids=[deleted])
    found = api.found("tickets", EVERYTHING)
    assert [item["id"] for item in found] == [each for each in places if each != deleted]
    assert by_id(found)[changed]["updated_at"] == LATER
    assert api.search("tickets", EVERYTHING).json()["total_count"] == len(places)


def test_what_searches_have_shown_they_show_under_a_longer_lag_too(api: Api) -> None:
    (contact_id,) = api.sandbox.mutate("create", object="contacts")
    api.sandbox.configure(index_lag=600)
    assert contact_id in api.ids("contacts", EVERYTHING)


def test_a_scheduled_mutation_happens_as_a_request_is_answered(api: Api) -> None:
    mutation = {"operation": "create", "object": "contacts", "count": 1}
    api.sandbox.schedule([{"path": "^/contacts$", "after": 2, "mutation": mutation}])
    sizes = [api.get("/contacts").json()["total_count"] for _ in range(4)]
    assert [size - sizes[0] for size in sizes] == [0, 0, 1, 1]


def test_a_scheduled_mutation_can_repeat(api: Api) -> None:
    mutation = {"operation": "create", "object": "contacts", "count": 1}
    api.sandbox.schedule([{"path": "^/contacts$", "after": 1, "every": 2, "mutation": mutation}])
    sizes = [api.get("/contacts").json()["total_count"] for _ in range(6)]
    assert [size - sizes[0] for size in sizes] == [0, 1, 1, 2, 2, 3]


def test_a_conversation_can_vanish_between_search_and_get(api: Api) -> None:
    mutation = {"operation": "delete", "object": "conversations", "count": 5}
    api.sandbox.schedule([{"path": "/conversations/search", "after": 1, "mutation": mutation}])
    found = api.search("conversations", EVERYTHING).json()["conversations"]
    statuses = [api.get(f"/conversations/{item['id']}").status_code for item in found]
    assert statuses.count(404) == 5


def test_a_schedule_that_makes_no_sense_is_refused(api: Api) -> None:
    with pytest.raises(RuntimeError, match="400"):
        api.sandbox.schedule([{"path": "("}])
    assert error(api.get("/nowhere")) == (404, "not_found")
