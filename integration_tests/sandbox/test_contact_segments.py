"""Searches for the contacts of a segment."""

import pytest

from integration_tests.sandbox.api import Api, error

SETTINGS = {"contacts": 60, "companies": 5, "conversations": 0, "tickets": 0}


def contacts_of(api: Api, segment_id: str) -> set[str]:
    return api.ids("contacts", {"field": "segment_id", "operator": "=", "value": segment_id})


def test_a_search_by_segment_finds_its_contacts_page_by_page(api: Api) -> None:
    truth = {(row["segment_id"], row["contact_id"]) for row in api.sandbox.truth("contact_segments")}
    people = [segment["id"] for segment in api.get("/segments").json()["segments"]]
    query = {"field": "segment_id", "operator": "=", "value": people[0]}
    paged = [contact["id"] for contact in api.found("contacts", query, per_page=7)]
    assert len(paged) == 60
    assert {(people[0], each) for each in paged} <= truth
    assert {(each, contact) for each in people for contact in contacts_of(api, each)} == truth


def test_all_others_are_found_with_the_opposite_operator(api: Api) -> None:
    second = api.get("/segments").json()["segments"][1]["id"]
    others = api.ids("contacts", {"field": "segment_id", "operator": "!=", "value": second})
    assert others | contacts_of(api, second) == {row["id"] for row in api.sandbox.truth("contacts")}
    assert others.isdisjoint(contacts_of(api, second))


def test_a_segment_of_companies_holds_no_contacts(api: Api) -> None:
    companies = api.get("/segments?type=company").json()["segments"]
    assert [contacts_of(api, segment["id"]) for segment in companies] == [set(), set()]


def test_a_segment_counts_what_it_held_at_first_or_nothing(api: Api) -> None:
    segments = api.get("/segments?include_count=true").json()["segments"]
    counted = {segment["id"]: segment["count"] for segment in segments}
    assert None in counted.values()
    assert all(count in (None, len(contacts_of(api, each))) for each, count in counted.items())
    api.sandbox.mutate("delete", object="contacts", count=5)
    assert len(contacts_of(api, segments[0]["id"])) == counted[segments[0]["id"]] - 5


@pytest.mark.parametrize(("operator", "value"), [("~", "1"), (">", 1), ("IN", ["1"]), ("=", 1), ("=", None)])
def test_other_operators_and_values_are_refused(api: Api, operator: str, value: object) -> None:
    answer = api.search("contacts", {"field": "segment_id", "operator": operator, "value": value})
    assert error(answer) == (400, "parameter_invalid")
