"""Instances of custom objects."""

import pytest

from integration_tests.sandbox.api import EVERYTHING, Api, Object, error
from intercom_sandbox.custom_objects import NAMED_NOWHERE

SETTINGS = {"contacts": 40, "companies": 5, "conversations": 40, "parts": 80, "tickets": 0}
TYPES = {"Order", "Test_Object"}


def instances(api: Api, type_: str, per_page: int | None = None) -> list[Object]:
    return api.numbered(f"/custom_object_instances/{type_}", per_page=per_page)


@pytest.mark.parametrize("per_page", [None, 7, 150])
def test_pages_of_each_type_deliver_the_truth(api: Api, per_page: int | None) -> None:
    found = {(row["type"], row["id"]): row for type_ in TYPES for row in instances(api, type_, per_page)}
    assert found == {(row["type"], row["id"]): row for row in api.sandbox.truth("custom_object_instances")}


def test_there_are_twenty_to_a_page_and_a_hundred_and_fifty_at_most(api: Api) -> None:
    sizes = {}
    for asked in (None, 150, 200):
        body = api.get("/custom_object_instances/Order", params={"per_page": asked}).json()
        assert "next" not in body["pages"]
        sizes[asked] = (len(body["data"]), body["pages"]["per_page"], body["pages"]["total_pages"])
    assert sizes == {None: (20, 20, 8), 150: (150, 150, 2), 200: (150, 150, 2)}


@pytest.mark.parametrize("type_", ["Nothing", "order", "Order "])
def test_a_type_is_known_by_its_own_name_alone(api: Api, type_: str) -> None:
    assert error(api.get(f"/custom_object_instances/{type_}")) == (404, "not_found")


def test_attributes_of_conversations_refer_to_types_archived_ones_too(api: Api) -> None:
    referring = [row for row in api.sandbox.truth("conversation_attributes") if row["data_type"] == "relationship"]
    assert {row["reference"]["object_type_id"] for row in referring} == TYPES
    assert {row["archived"] for row in referring} == {False, True}


@pytest.mark.parametrize("kind", ["contacts", "conversations"])
def test_contacts_and_conversations_have_instances(api: Api, kind: str) -> None:
    there = {row["id"] for row in instances(api, "Order")}
    values = [row["custom_attributes"].get("Orders") for row in api.found(kind, EVERYTHING)]
    lists = [value for value in values if value]
    assert {value["type"] for value in lists} == {"Order.list"}
    counts = {len(value["instances"]) for value in lists}
    assert len(counts) > 1
    assert {each["id"] for value in lists for each in value["instances"]} <= there


def test_one_type_is_named_nowhere(api: Api) -> None:
    assert instances(api, NAMED_NOWHERE)
    everything = str([api.sandbox.truth(kind) for kind in ("contacts", "conversations", "conversation_attributes")])
    assert NAMED_NOWHERE not in everything
