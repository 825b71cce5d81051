"""What tells of contacts and conversations that are gone."""

from typing import Any

import pytest

from integration_tests.sandbox.api import EVERYTHING, Api, Object, error

SETTINGS = {"contacts": 60, "companies": 0, "conversations": 30, "parts": 60, "tickets": 20}
ACTIVITIES, DELETED, INACTIVE = "/contacts/activities", "/conversations/deleted", "/contacts/deleted"


def feed(api: Api, after: str | None = None, **parameters: Any) -> tuple[list[Object], str | None]:
    """What stands behind a place in the feed, and the place behind that."""
    events: list[Object] = []
    for _ in range(1000):
        page = api.get(ACTIVITIES, params={**parameters, "starting_after": after}).json()
        after = page["pages"].get("next", {}).get("starting_after")
        if not page["data"]:
            return events, after
        events += page["data"]
    raise AssertionError("The feed does not end")


def status_of(api: Api, contact_id: str) -> Object:
    (found,) = [each for each in api.numbered(INACTIVE, per_page=150) if each["id"] == contact_id]
    return found


@pytest.mark.parametrize("per_page", [None, 7, 10_000])
def test_the_feed_delivers_the_truth_oldest_first(api: Api, per_page: int | None) -> None:
    events, last = feed(api, per_page=per_page)
    assert events == api.sandbox.truth("contact_activities")
    assert last == events[-1]["id"] == max(each["id"] for each in events)


def test_a_place_comes_with_every_page_and_an_empty_one_says_what_it_was_asked(api: Api) -> None:
    everything, last = feed(api)
    page = api.get(ACTIVITIES, params={"starting_after": last}).json()
    assert (page["data"], page["pages"]["next"]) == ([], {"starting_after": last})
    api.sandbox.mutate("create", object="contacts")
    new, _ = feed(api, last)
    assert feed(api)[0] == everything + new
    assert [each["event_type"] for each in new] == ["contact.created"]


def test_a_feed_whose_store_is_down_shows_nothing_and_no_place(api: Api) -> None:
    api.sandbox.configure(activity_store_down=True)
    page = api.get(ACTIVITIES).json()
    assert (page["data"], page["pages"]) == ([], {"type": "pages", "per_page": 50})


def test_a_place_that_is_none_and_a_page_size_that_is_none_are_refused(api: Api) -> None:
    assert error(api.get(ACTIVITIES, params={"starting_after": "soon"})) == (400, "client_error")
    for path in (ACTIVITIES, INACTIVE):
        assert error(api.get(path, params={"per_page": 0})) == (400, "invalid_per_page")


@pytest.mark.parametrize("path", [ACTIVITIES, INACTIVE])
def test_what_2_17_has_no_older_version_has(api: Api, path: str) -> None:
    refusal = (400, "intercom_version_invalid")
    assert error(api.get(path, headers={"Intercom-Version": "2.16"})) == refusal
    api.sandbox.configure(newest_version="2.16")
    assert error(api.get(path)) == refusal
    assert api.get("/tags").status_code == 200


@pytest.mark.parametrize(
    ("operation", "status", "event"),
    [
        ("delete", "permanently_deleted", "contact.deleted"),
        ("archive_contacts", "archived", None),
        ("block_contacts", "blocked", None),
    ],
)
def test_a_contact_that_leaves_is_listed_with_its_status(
    api: Api, operation: str, status: str, event: str | None
) -> None:
    _, last = feed(api)
    (gone,) = api.sandbox.mutate(operation, object="contacts", at=1_760_000_000)
    assert gone not in api.ids("contacts", EVERYTHING)
    left = status_of(api, gone)
    assert (left["status"], "merged_into_id" in left) == (status, False)
    assert (left["email"] is None) is (status == "permanently_deleted")
    events, _ = feed(api, last)
    told = [(each["event_type"], each["contact_id"], each["created_at"]) for each in events]
    assert told == ([(event, gone, 1_760_000_000)] if event else [])


def test_a_merge_is_an_event_of_the_contact_that_remains(api: Api) -> None:
    _, last = feed(api)
    source, target = api.sandbox.mutate("merge_contacts")
    left = status_of(api, source)
    assert (left["status"], left["merged_into_id"]) == ("merged", target)
    ((event,), _) = feed(api, last)
    assert (event["event_type"], event["contact_id"]) == ("contact.merged", target)
    assert (event["merge_source_id"], event["merge_target_id"]) == (source, target)


@pytest.mark.parametrize("object_", ["conversations", "tickets"])
def test_a_conversation_that_was_deleted_is_listed_also_where_its_ticket_was(api: Api, object_: str) -> None:
    ticket = next(each["id"] for each in api.sandbox.truth("conversations") if each["ticket"])
    api.sandbox.mutate("delete", object=object_, ids=[ticket], at=1_790_000_000)
    first = api.get(DELETED).json()["conversations"][0]
    assert (first["id"], first["deleted_at"]) == (ticket, 1_790_000_000)


@pytest.mark.parametrize(("setting", "by"), [("deletion", "deleted_at"), ("id", "id")])
@pytest.mark.parametrize("order", ["asc", "desc"])
def test_deleted_conversations_are_listed_in_the_order_of_the_setting(
    api: Api, setting: str, by: str, order: str
) -> None:
    api.sandbox.configure(deleted_order=setting)
    rows = api.numbered(DELETED, "conversations", order=order)
    values = [int(each[by]) for each in rows]
    assert values == sorted(values, reverse=order == "desc")
    assert len(values) > 60
