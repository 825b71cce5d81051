"""Segments, of people and of companies."""

from integration_tests.sandbox.api import Api, by_id

SETTINGS = {"contacts": 10, "companies": 10, "conversations": 0}


def test_the_plain_segment_list_has_only_those_of_people(api: Api) -> None:
    people = api.get("/segments").json()["segments"]
    companies = api.get("/segments?type=company").json()["segments"]
    assert {segment["id"] for segment in people}.isdisjoint(segment["id"] for segment in companies)
    assert (len(people), len(companies)) == (4, 2)


def test_the_type_of_a_company_segment_is_user_too(api: Api) -> None:
    assert {segment["person_type"] for segment in api.get("/segments").json()["segments"]} == {"user", "contact"}
    assert {segment["person_type"] for segment in api.get("/segments?type=company").json()["segments"]} == {"user"}


def test_segments_have_counts_only_when_asked(api: Api) -> None:
    assert not any("count" in segment for segment in api.get("/segments").json()["segments"])
    assert all("count" in segment for segment in api.get("/segments?include_count=true").json()["segments"])


def test_both_segment_lists_deliver_the_segments(api: Api) -> None:
    people = api.get("/segments?include_count=true").json()["segments"]
    companies = api.get("/segments?include_count=true&type=company").json()["segments"]
    assert by_id(people + companies) == by_id(api.sandbox.truth("segments"))
