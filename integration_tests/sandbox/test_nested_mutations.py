"""Mutations of rows that belong to a parent: it moves with them."""

from typing import Any

import pytest

from integration_tests.sandbox.api import Object, by_id
from intercom_sandbox.client import Sandbox
from intercom_sandbox.kind import Derived, Joined, Nested
from intercom_sandbox.kinds import KINDS
from intercom_sandbox.moments import second_of

SETTINGS = {"parts": 600}
"""No conversation has more parts than are served: where one has, a part that goes or comes moves others into sight."""

LATER = 1900000000
NESTED = [
    name for name, kind in KINDS.items() if kind.nested is not None and not isinstance(kind.nested, Derived | Joined)
]
DERIVED = [name for name, kind in KINDS.items() if isinstance(kind.nested, Derived | Joined)]


def nested(name: str) -> tuple[Nested, str]:
    """Where nested rows are, and the field that names their parent."""
    where = KINDS[name].nested
    assert where is not None
    assert not isinstance(where, Derived | Joined)
    return where, inherited(where, "id")


def inherited(where: Nested | Derived | Joined, field: str) -> str:
    """The name that a field of the parent has in its rows; empty where they do not have it."""
    return next((name for name, of_parent in where.inherited.items() if of_parent == field), "")


def by_key(sandbox: Sandbox, name: str) -> dict[str, Object]:
    """The rows of a stream by what mutations call them."""
    return {KINDS[name].id_of(row): row for row in sandbox.truth(name)}


def visible(name: str, row: Object) -> Any:
    """What an update changes in a row."""
    holder, field = KINDS[name].place_of_visible(row)
    return holder.get(field)


def assert_moved(sandbox: Sandbox, name: str, parents: set[str]) -> None:
    """These parents, and no others, were updated at ``LATER``, and their rows say so if they tell it at all."""
    where, parent_id = nested(name)
    moved = {item["id"] for item in sandbox.truth(where.parent) if second_of(item["updated_at"]) == LATER}
    assert moved == parents
    if time := inherited(where, "updated_at"):
        assert {row[parent_id] for row in sandbox.truth(name) if row[time] == LATER} <= parents


@pytest.fixture
def moved_before(sandbox: Sandbox) -> None:
    """No object was updated at ``LATER``."""
    for kind in {nested(name)[0].parent for name in NESTED}:
        ids = [item["id"] for item in sandbox.truth(kind) if second_of(item["updated_at"]) >= LATER]
        sandbox.mutate("update", object=kind, ids=ids, at=LATER - 1)


@pytest.mark.usefixtures("moved_before")
@pytest.mark.parametrize("name", NESTED)
def test_nested_rows_are_created_in_parents_that_move(sandbox: Sandbox, name: str) -> None:
    parent_id = nested(name)[1]
    before = by_key(sandbox, name)
    ids = sandbox.mutate("create", object=name, count=3, at=LATER)
    after = by_key(sandbox, name)
    assert after.keys() - before.keys() == set(ids)
    assert len(ids) == 3
    assert_moved(sandbox, name, {after[each][parent_id] for each in ids})


@pytest.mark.usefixtures("moved_before")
@pytest.mark.parametrize("name", NESTED)
def test_nested_rows_that_change_move_their_parents(sandbox: Sandbox, name: str) -> None:
    parent_id = nested(name)[1]
    before = by_key(sandbox, name)
    ids = sandbox.mutate("update", object=name, count=2, at=LATER)
    after = by_key(sandbox, name)
    assert {each for each in before if visible(name, before[each]) != visible(name, after[each])} == set(ids)
    assert after.keys() == before.keys()
    assert_moved(sandbox, name, {after[each][parent_id] for each in ids})


@pytest.mark.usefixtures("moved_before")
@pytest.mark.parametrize("name", NESTED)
def test_nested_rows_that_are_deleted_move_their_parents(sandbox: Sandbox, name: str) -> None:
    parent_id = nested(name)[1]
    before = by_key(sandbox, name)
    ids = sandbox.mutate("delete", object=name, count=2, at=LATER)
    assert before.keys() - by_key(sandbox, name).keys() == set(ids)
    assert_moved(sandbox, name, {before[each][parent_id] for each in ids})


@pytest.mark.parametrize("name", DERIVED)
@pytest.mark.parametrize("operation", ["create", "update", "delete"])
def test_rows_that_are_read_off_their_parents_cannot_be_changed(sandbox: Sandbox, operation: str, name: str) -> None:
    with pytest.raises(RuntimeError, match=f"{name} change with their "):
        sandbox.mutate(operation, object=name)


LINKS = {"type": "list", "data": [{"type": "ticket", "id": "1", "category": None}], "total_count": 1, "has_more": False}


@pytest.mark.parametrize(
    ("name", "fields", "count"),
    [
        ("conversation_topics", {"topics": {"type": "topic.list", "topics": [], "total_count": 0}}, 0),
        ("conversation_contacts", {"contacts": None}, 0),
        ("conversation_links", {"linked_objects": LINKS}, 1),
        ("ticket_links", {"linked_objects": LINKS}, 1),
        ("part_attachments", {"attachments": [{"name": "a"}] * 3}, 3),
        ("part_tags", {"tags": []}, 0),
        ("ticket_part_attachments", {"attachments": []}, 0),
    ],
)
def test_rows_that_are_read_off_their_parents_come_and_go_with_an_update_of_those(
    sandbox: Sandbox, name: str, fields: Object, count: int
) -> None:
    where = KINDS[name].nested
    assert isinstance(where, Derived)
    parent_id = inherited(where, "id")
    parent = sandbox.truth(name)[0][parent_id]
    sandbox.mutate("update", object=where.parent, ids=[parent], fields=fields, at=LATER)
    rows = [row for row in sandbox.truth(name) if row[parent_id] == parent]
    assert len(rows) == count
    assert {value for row in rows for field, value in row.items() if field.endswith("_updated_at")} <= {LATER}


@pytest.mark.parametrize("name", [*NESTED, *DERIVED])
def test_rows_go_with_their_parent(sandbox: Sandbox, name: str) -> None:
    where = KINDS[name].nested
    assert where is not None
    parent_id = inherited(where, "id")
    gone = sandbox.truth(name)[0][parent_id]
    sandbox.mutate("delete", object=where.parent, ids=[gone])
    assert gone not in {row[parent_id] for row in sandbox.truth(name)}


def test_a_parent_gets_a_row_for_each_time_that_it_is_named(sandbox: Sandbox) -> None:
    contact = sandbox.truth("contacts")[0]
    ids = sandbox.mutate("create", object="contact_notes", parents=[contact["id"]] * 12, at=LATER)
    rows = [row for row in sandbox.truth("contact_notes") if row["contact_id"] == contact["id"]]
    assert len(rows) == contact["notes"]["total_count"] + 12
    assert {row["id"] for row in rows} >= set(ids)


def test_parts_and_notes_are_counted_by_their_parents(sandbox: Sandbox) -> None:
    ticket, contact = sandbox.truth("tickets")[0], sandbox.truth("contacts")[0]
    sandbox.mutate("create", object="ticket_parts", parents=[ticket["id"]] * 2)
    sandbox.mutate("create", object="contact_notes", parents=[contact["id"]] * 11)
    parts = by_id(sandbox.truth("tickets"))[ticket["id"]]["ticket_parts"]
    notes = by_id(sandbox.truth("contacts"))[contact["id"]]["notes"]
    assert parts["total_count"] == len(parts["ticket_parts"]) == ticket["ticket_parts"]["total_count"] + 2
    assert notes["total_count"] == contact["notes"]["total_count"] + 11
    assert (len(notes["data"]), notes["has_more"]) == (10, True)


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("create", {"object": "ticket_parts", "parents": ["nobody"]}),
        ("create", {"object": "conversation_tags", "parents": ["94"] * 100}),
        ("update", {"object": "conversation_tags", "ids": ["94:nothing"]}),
        ("delete", {"object": "contact_notes", "count": 10**6}),
    ],
)
def test_a_mutation_of_rows_that_makes_no_sense_is_refused(sandbox: Sandbox, operation: str, arguments: Any) -> None:
    with pytest.raises(RuntimeError, match="400"):
        sandbox.mutate(operation, **arguments)
