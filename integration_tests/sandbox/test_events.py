"""The events of contacts."""

import time
from collections import Counter

import pytest

from integration_tests.sandbox.api import Api, Object, error

SETTINGS = {"contacts": 60, "companies": 5, "conversations": 0, "tickets": 0}
DAY = 86_400


def page(api: Api, contact_id: str, **parameters: object) -> Object:
    asked = {"type": "user", "intercom_user_id": contact_id, **parameters}
    body: Object = api.get("/events", params=asked).json()
    return body


def events(api: Api, contact_id: str, **parameters: object) -> list[Object]:
    """All of a contact, by the addresses of the next pages."""
    body = page(api, contact_id, **parameters)
    rows: list[Object] = body["events"]
    while body["events"] and "next" in body["pages"]:
        body = api.get(body["pages"]["next"].removeprefix(api.sandbox.url)).json()
        rows += body["events"]
    return rows


def key(row: Object) -> tuple[str, str, int]:
    return row["intercom_user_id"], row["event_name"], row["created_at"]


@pytest.mark.parametrize("per_page", [None, 7, 100])
def test_pages_deliver_the_truth_newest_first(api: Api, per_page: int | None) -> None:
    found = []
    for contact in api.sandbox.truth("contacts"):
        rows = events(api, contact["id"], per_page=per_page)
        assert [row["created_at"] for row in rows] == sorted((row["created_at"] for row in rows), reverse=True)
        found += rows
    added = ("contact_id", "contact_active_at", "index")
    truth = [{name: row[name] for name in row if name not in added} for row in api.sandbox.truth("contact_events")]
    assert sorted(found, key=key) == sorted(truth, key=key)


def test_there_are_fifteen_to_a_page_and_a_hundred_at_most(api: Api) -> None:
    ((busiest, count),) = Counter(row["contact_id"] for row in api.sandbox.truth("contact_events")).most_common(1)
    assert count > 50
    assert [len(page(api, busiest, per_page=size)["events"]) for size in (None, 50, 500)] == [15, 50, count]


def test_an_answer_without_events_names_a_page_that_leads_nowhere(api: Api) -> None:
    there = {row["contact_id"] for row in api.sandbox.truth("contact_events")}
    nobody = next(contact["id"] for contact in api.sandbox.truth("contacts") if contact["id"] not in there)
    body = page(api, nobody)
    assert (body["events"], body["pages"]) == ([], {"next": "http://api.intercom.test/events?next page"})


def test_events_are_listed_for_ninety_days(api: Api) -> None:
    contact = api.sandbox.truth("contacts")[0]["id"]
    before = len(events(api, contact))
    for age in (91 * DAY, 89 * DAY):
        api.sandbox.mutate("create", object="contact_events", parents=[contact], at=int(time.time()) - age)
    assert len(events(api, contact)) == before + 1
    assert all(row["created_at"] > time.time() - 90 * DAY for row in api.sandbox.truth("contact_events"))


def test_who_does_something_is_seen_and_may_have_been_updated_long_ago(api: Api) -> None:
    contacts = {row["id"]: row for row in api.sandbox.truth("contacts")}
    rows = api.sandbox.truth("contact_events")
    for row in rows:
        contact = contacts[row["contact_id"]]
        assert row["contact_active_at"] == max(contact["last_seen_at"], contact["updated_at"]) >= row["created_at"]
    assert any(contacts[row["contact_id"]]["updated_at"] < time.time() - 100 * DAY for row in rows)


def test_some_share_a_second_and_no_two_of_a_contact_name_and_second(api: Api) -> None:
    rows = api.sandbox.truth("contact_events")
    assert len({key(row) for row in rows}) == len(rows) > len({(row["contact_id"], row["created_at"]) for row in rows})


def test_what_is_called_an_id_names_the_contact_or_is_not_there(api: Api) -> None:
    names = {row["id"]: row["external_id"] for row in api.sandbox.truth("contacts")}
    rows = api.sandbox.truth("contact_events")
    assert all(row.get("id") in (None, names[row["contact_id"]]) for row in rows)
    assert 0 < len([row for row in rows if row.get("id")]) < len(rows)


def test_what_makes_no_sense_is_refused(api: Api) -> None:
    contact = api.sandbox.truth("contacts")[0]["id"]
    for parameters in ({}, {"type": "user"}, {"type": "lead", "intercom_user_id": contact}):
        assert error(api.get("/events", params=parameters)) == (400, "parameter_invalid")
    asked = {"type": "user", "intercom_user_id": contact, "before": "today"}
    assert error(api.get("/events", params=asked)) == (400, "parameter_invalid")
    assert error(api.get("/events", params={**asked, "intercom_user_id": "nobody"})) == (404, "not_found")
