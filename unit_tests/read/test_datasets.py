"""Datasets of figures: their columns, keys and headers."""

from typing import Any

import pytest

from source_intercom.read.datasets import Attribute, Dataset, datasets_in, places, schema_of


def attribute(qualified_id: str, name: str = "") -> Attribute:
    return Attribute(qualified_id.partition(".")[2], qualified_id, name)


def dataset(id_: str, *qualified_ids: str, time: str = "started_at") -> Dataset:
    return Dataset(id_, id_.title(), "What there is to tell.", time, [attribute(each) for each in qualified_ids])


def test_columns_are_named_by_qualified_ids() -> None:
    found = dataset("conversation", "standard.conversation_id", "people.Brand", "conversation.Brand", "people.A, b!")
    assert list(found.columns) == ["standard_conversation_id", "people_brand", "conversation_brand", "people_a_b"]


def test_no_attribute_that_comes_or_goes_renames_another_unless_they_are_called_alike() -> None:
    alone = dataset("x", "people.a-b", "people.c")
    more = dataset("x", "people.new", "people.c", "people.a-b")
    assert {name: each for name, each in more.columns.items() if each in alone.attributes} == dict(alone.columns)


def test_attributes_that_are_called_alike_have_columns_of_their_own_whatever_their_order() -> None:
    one = dataset("x", "people.Größe", "people.Grosse", "people.grosse", "people.請", "people.教")
    other = dataset("x", *[each.qualified_id for each in reversed(one.attributes)])
    assert len(one.columns) == 5
    assert dict(one.columns) == dict(other.columns)
    assert all(len(name) <= 63 for name in dataset("x", f"people.{'a' * 90}", f"people.{'a' * 91}").columns)


@pytest.mark.parametrize(
    ("id_", "ids", "key"),
    [
        ("conversation", ["standard.conversation_id", "standard.channel"], "standard_conversation_id"),
        ("tickets", ["standard.ticket_id"], "standard_ticket_id"),
        ("call", ["call.id", "call.direction"], "call_id"),
        ("conversation_state", ["standard.conversation_id", "standard.state"], None),
        ("conversation_sla_status_log", ["standard.conversation_id"], None),
        ("conversation", ["standard.channel"], None),
        ("conversation", ["standard.conversation_id", "people.conversation_id"], None),
    ],
)
def test_only_a_dataset_of_what_it_is_called_after_has_a_key(id_: str, ids: list[str], key: str | None) -> None:
    found = dataset(id_, *ids)
    assert found.key == key
    assert schema_of(found)["x-primary-key"] == ([key] if key else [])


def test_a_schema_has_texts_that_may_be_null_but_for_the_key() -> None:
    schema = schema_of(dataset("conversation", "standard.conversation_id", "timestamp.started_at", "people.Brand"))
    assert {name: node["type"] for name, node in schema["properties"].items()} == {
        "standard_conversation_id": "string",
        "timestamp_started_at": ["null", "string"],
        "people_brand": ["null", "string"],
    }
    assert schema["required"] == ["standard_conversation_id", "timestamp_started_at"]
    assert all("`" in node["description"] for node in schema["properties"].values())


COLUMNS = dataset("x", "standard.id", "people.Brand", "conversation.Brand").columns


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (["id", "Brand", "Brand"], ["standard_id", "people_brand", "conversation_brand"]),
        (["standard.id", "people.Brand", "conversation.Brand"], ["standard_id", "people_brand", "conversation_brand"]),
        (["conversation.Brand", "people.Brand", "id"], ["conversation_brand", "people_brand", "standard_id"]),
        (["Brand", "Brand", "id"], [None, None, "standard_id"]),
        (["id", "Brand"], ["standard_id", None]),
        (["id", "Brand", "Brand", "new"], ["standard_id", None, None, None]),
        (["<html>"], [None]),
        ([], []),
    ],
)
def test_a_header_is_believed_in_the_order_asked_for_and_else_only_where_it_is_clear(
    header: list[str], found: list[str | None]
) -> None:
    assert places(header, COLUMNS) == found


@pytest.mark.parametrize(
    "body", [{}, {"data": None}, {"data": [None, 5, {}]}, {"data": [{"id": "x"}, {"id": "x", "attributes": [{}]}]}]
)
def test_what_is_no_dataset_is_none(body: dict[str, Any]) -> None:
    assert datasets_in(body) == {}


def test_datasets_are_found_by_the_names_of_their_streams() -> None:
    listed = {
        "id": "Ticket-time in state",
        "attributes": [{"qualified_id": "a.b"}, {"id": "c"}, {"qualified_id": "a.b"}],
    }
    assert datasets_in({"data": [listed]}) == {
        "report_ticket_time_in_state": Dataset(
            "Ticket-time in state", "", "", "", [Attribute("a.b", "a.b", ""), Attribute("c", "c", "")]
        )
    }
