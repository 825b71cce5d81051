"""Search: validation, paging, sorting, filters."""

import base64
import json
from typing import Any

import pytest

from integration_tests.sandbox.api import EVERYTHING, LIST_KEYS, Api, both, either, error, where

SETTINGS = {"contacts": 700, "conversations": 330, "parts": 3000, "tickets": 200}
KINDS = ["contacts", "conversations", "tickets"]


@pytest.mark.parametrize(("kind", "size"), [("contacts", 50), ("conversations", 20), ("tickets", 20)])
def test_the_default_page_size_depends_on_the_object(api: Api, kind: str, size: int) -> None:
    page = api.post(f"/{kind}/search", {"query": EVERYTHING}).json()
    assert (len(page[LIST_KEYS[kind]]), page["pages"]["per_page"]) == (size, size)


@pytest.mark.parametrize(
    ("kind", "envelope"), [("contacts", "list"), ("conversations", "conversation.list"), ("tickets", "ticket.list")]
)
def test_the_envelope_depends_on_the_object(api: Api, kind: str, envelope: str) -> None:
    page = api.search(kind, EVERYTHING).json()
    assert page["type"] == envelope
    assert page["pages"]["type"] == "pages"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("order", ["ascending", "descending"])
def test_ties_cross_pages_without_loss_or_repeat(api: Api, kind: str, order: str) -> None:
    found = api.found(kind, EVERYTHING, order=order, per_page=7)
    ids = [item["id"] for item in found]
    moments = [item["updated_at"] for item in found]
    assert moments == sorted(moments, reverse=order == "descending")
    assert sorted(ids) == sorted(item["id"] for item in api.sandbox.truth(kind))


def test_the_last_page_has_no_key_next(api: Api) -> None:
    pages = list(api.pages("contacts", EVERYTHING, per_page=100))
    assert [page["pages"]["page"] for page in pages] == list(range(1, 8))
    assert all(set(page["pages"]["next"]) == {"page", "starting_after"} for page in pages[:-1])
    assert "next" not in pages[-1]["pages"]
    assert {(page["total_count"], page["pages"]["total_pages"]) for page in pages} == {(700, 7)}


def test_a_page_size_over_the_maximum_is_clamped(api: Api) -> None:
    page = api.search("contacts", EVERYTHING, pagination={"per_page": 1000}).json()
    assert (len(page["data"]), page["pages"]["per_page"]) == (150, 150)


@pytest.mark.parametrize("per_page", [0, -1, "many"])
def test_a_page_size_that_is_no_positive_number_is_refused(api: Api, per_page: Any) -> None:
    assert error(api.search("contacts", EVERYTHING, pagination={"per_page": per_page})) == (400, "parameter_invalid")


def test_a_page_size_outside_of_pagination_is_ignored(api: Api) -> None:
    page = api.search("contacts", EVERYTHING, pagination={"per_page": 10}, per_page=60).json()
    assert page["pages"]["per_page"] == 10


def test_a_cursor_in_the_query_string_is_ignored(api: Api) -> None:
    first = api.search("contacts", EVERYTHING).json()
    cursor = first["pages"]["next"]["starting_after"]
    body = {"query": EVERYTHING, "sort": {"field": "updated_at", "order": "ascending"}, "pagination": {"per_page": 150}}
    parameters = {"starting_after": cursor, "include_merge_history": "true"}
    assert api.post("/contacts/search", body, params=parameters).json()["data"] == first["data"]


@pytest.mark.parametrize("cursor", ["garbage", "e30=", "WzEsMl0=", 17, "é"])
def test_a_garbled_cursor_is_refused(api: Api, cursor: Any) -> None:
    response = api.search("contacts", EVERYTHING, pagination={"starting_after": cursor})
    assert error(response) == (400, "client_error")


def test_a_cursor_of_another_object_is_refused(api: Api) -> None:
    cursor = api.search("conversations", EVERYTHING).json()["pages"]["next"]["starting_after"]
    response = api.search("contacts", EVERYTHING, pagination={"starting_after": cursor})
    assert error(response) == (400, "client_error")


def test_a_cursor_is_the_sort_value_in_milliseconds_the_id_and_the_page(api: Api) -> None:
    page = api.search("conversations", EVERYTHING).json()
    last = page["conversations"][-1]
    cursor = json.loads(base64.b64decode(page["pages"]["next"]["starting_after"]))
    assert cursor == [last["updated_at"] * 1000, int(last["id"]), 2]


def test_a_search_remembers_nothing_between_pages(api: Api) -> None:
    first = api.search("conversations", EVERYTHING).json()
    moved = first["conversations"][0]["id"]
    last = api.sandbox.truth("conversations")
    api.sandbox.mutate("update", object="conversations", ids=[moved], at=max(item["updated_at"] for item in last) + 1)
    pagination = {"per_page": 150, "starting_after": first["pages"]["next"]["starting_after"]}
    rest = [
        item["id"] for item in api.search("conversations", EVERYTHING, pagination=pagination).json()["conversations"]
    ]
    rest += [item["id"] for page in list(api.pages("conversations", EVERYTHING))[2:] for item in page["conversations"]]
    assert moved in rest


@pytest.mark.parametrize("kind", KINDS)
def test_an_invalid_sort_order_is_refused(api: Api, kind: str) -> None:
    response = api.search(kind, EVERYTHING, order="desc")
    assert error(response) == (400, "invalid_sort_order")
    message = "Invalid sort order 'desc'. Must be one of: ascending, descending"
    assert response.json()["errors"][0]["message"] == message


def test_the_default_order_is_descending(api: Api) -> None:
    body = {"query": EVERYTHING, "sort": {"field": "updated_at"}}
    moments = [item["updated_at"] for item in api.post("/tickets/search", body).json()["tickets"]]
    assert moments == sorted(moments, reverse=True)


def test_a_search_can_be_sorted_by_a_field_that_is_often_null(api: Api) -> None:
    body = {
        "query": EVERYTHING,
        "sort": {"field": "last_seen_at", "order": "ascending"},
        "pagination": {"per_page": 150},
    }
    found = []
    while True:
        page = api.post("/contacts/search", body).json()
        found += page["data"]
        if "next" not in page["pages"]:
            break
        body["pagination"] = {"per_page": 150, "starting_after": page["pages"]["next"]["starting_after"]}
    seen = [item["last_seen_at"] for item in found]
    nulls = seen.count(None)
    assert len({item["id"] for item in found}) == 700
    assert seen[:nulls] == [None] * nulls
    assert seen[nulls:] == sorted(seen[nulls:])


def test_created_at_can_be_sorted_and_filtered(api: Api) -> None:
    truth = sorted(item["created_at"] for item in api.sandbox.truth("tickets"))
    body = {"query": where("created_at", ">", truth[49]), "sort": {"field": "created_at", "order": "ascending"}}
    page = api.post("/tickets/search", body).json()
    assert page["total_count"] == len([moment for moment in truth if moment > truth[49]])
    assert [item["created_at"] for item in page["tickets"]] == truth[50:70]


def test_invalid_json_is_refused(api: Api) -> None:
    response = api.session.post(f"{api.sandbox.url}/contacts/search", data="{nonsense", timeout=30)
    assert response.status_code == 400
    assert response.json()["status"] == 400
    assert response.json()["error"].startswith("There was a problem in the JSON you submitted")


@pytest.mark.parametrize(
    "query",
    [
        None,
        [],
        {},
        {"operator": "XOR", "value": [EVERYTHING]},
        {"operator": "AND", "value": []},
        {"operator": "AND", "value": EVERYTHING},
        where("updated_at", "==", 1),
        where("updated_at", ">", "yesterday"),
        where("updated_at", ">", True),
        where("updated_at", ">", [1]),
        where("updated_at", "~", "17"),
        where("updated_at", ">", 10**18),
        {"field": "updated_at", "operator": ">"},
        where("name", "IN", "Ada"),
        where("name", "~", 5),
        where("custom_attributes.plan: tier", ">", "much"),
    ],
)
def test_a_query_that_makes_no_sense_is_refused(api: Api, query: Any) -> None:
    assert error(api.search("contacts", query)) == (400, "parameter_invalid")


def test_fifteen_filters_are_allowed_and_sixteen_are_not(api: Api) -> None:
    assert api.search("contacts", both(*[EVERYTHING] * 15)).status_code == 200
    assert error(api.search("contacts", both(*[EVERYTHING] * 16))) == (400, "parameter_invalid")


def test_two_levels_of_groups_are_allowed_and_three_are_not(api: Api) -> None:
    assert api.search("contacts", both(either(EVERYTHING))).status_code == 200
    assert error(api.search("contacts", both(either(both(EVERYTHING))))) == (400, "parameter_invalid")


def test_an_unknown_ticket_field_is_refused(api: Api) -> None:
    assert error(api.search("tickets", where("shoe_size", "=", 44))) == (400, "invalid_field")


@pytest.mark.parametrize("value", [1718000000, "1718000000"])
def test_dates_may_be_numeric_strings(api: Api, value: Any) -> None:
    expected = {item["id"] for item in api.sandbox.truth("tickets") if item["updated_at"] > 1718000000}
    assert api.ids("tickets", where("updated_at", ">", value)) == expected


def test_filters_combine_by_and_and_or(api: Api) -> None:
    truth = api.sandbox.truth("conversations")
    query = both(where("state", "=", "open"), either(where("priority", "=", "high"), where("read", "=", True)))
    expected = {c["id"] for c in truth if c["state"] == "open" and (c["priority"] == "high" or c["read"])}
    assert api.ids("conversations", query) == expected


@pytest.mark.parametrize(
    ("operator", "value", "test"),
    [
        ("=", "Kim", lambda name: name == "Kim"),
        ("!=", "Kim", lambda name: name != "Kim"),
        ("IN", ["Kim", None], lambda name: name in ("Kim", None)),
        ("NIN", ["Kim", None], lambda name: name not in ("Kim", None)),
        ("~", "JOHANS", lambda name: "johans" in (name or "").lower()),
        ("!~", "johans", lambda name: "johans" not in (name or "").lower()),
        ("^", "aisha", lambda name: (name or "").lower().startswith("aisha")),
        ("$", "zhang", lambda name: (name or "").lower().endswith("zhang")),
    ],
)
def test_string_operators(api: Api, operator: str, value: Any, test: Any) -> None:
    api.sandbox.mutate(
        "update", object="contacts", ids=[api.sandbox.truth("contacts")[0]["id"]], fields={"name": "Kim"}
    )
    expected = {item["id"] for item in api.sandbox.truth("contacts") if test(item["name"])}
    assert expected
    assert api.ids("contacts", where("name", operator, value)) == expected


def test_ids_match_as_numbers_and_as_strings(api: Api) -> None:
    assert (
        api.ids("conversations", where("id", "=", 101))
        == api.ids("conversations", where("id", "IN", ["101"]))
        == {"101"}
    )


def test_nested_and_listed_fields_can_be_searched(api: Api) -> None:
    truth = api.sandbox.truth("conversations")
    tag = next(item["tags"]["tags"][0]["id"] for item in truth if item["tags"]["tags"])
    expected = {item["id"] for item in truth if tag in [each["id"] for each in item["tags"]["tags"]]}
    assert api.ids("conversations", where("tag_ids", "=", tag)) == expected
    emails = {item["id"] for item in truth if item["source"] and item["source"]["type"] == "email"}
    assert api.ids("conversations", where("source.type", "=", "email")) == emails


def test_custom_attributes_can_be_searched_by_their_odd_names(api: Api) -> None:
    truth = api.sandbox.truth("contacts")
    expected = {item["id"] for item in truth if item["custom_attributes"].get("Last order €", 0) >= 50}
    assert api.ids("contacts", where("custom_attributes.Last order €", ">=", 50)) == expected


@pytest.mark.parametrize(("bounds", "included"), [("strict", False), ("inclusive", True)])
@pytest.mark.parametrize("kind", ["conversations", "tickets"])
def test_whether_bounds_are_included_can_be_chosen(api: Api, kind: str, bounds: str, included: bool) -> None:
    api.sandbox.configure(bounds=bounds)
    moment = api.sandbox.truth(kind)[0]["updated_at"]
    above = {item["updated_at"] for item in api.found(kind, where("updated_at", ">", moment))}
    below = {item["updated_at"] for item in api.found(kind, where("updated_at", "<", moment))}
    assert (moment in above, moment in below) == (included, included)


@pytest.mark.parametrize("kind", ["conversations", "tickets"])
def test_or_equal_includes_the_second(api: Api, kind: str) -> None:
    moment = api.sandbox.truth(kind)[0]["updated_at"]
    found = api.found(kind, both(where("updated_at", ">=", moment), where("updated_at", "<=", moment)))
    assert {item["updated_at"] for item in found} == {moment}


def test_a_narrow_range_and_a_filter_count_exactly(api: Api) -> None:
    truth = api.sandbox.truth("conversations")
    middle = sorted(item["updated_at"] for item in truth)[165]
    page = api.search("conversations", both(where("updated_at", ">", middle), where("open", "=", False))).json()
    assert page["total_count"] == len([c for c in truth if c["updated_at"] > middle and not c["open"]])


def test_a_list_of_contacts_shows_the_last_seen_first_and_those_never_seen_last(api: Api) -> None:
    page = api.get("/contacts").json()
    assert (len(page["data"]), page["total_count"]) == (10, 700)
    cursors, found = [], page["data"]
    while "next" in page["pages"]:
        cursors.append(page["pages"]["next"]["starting_after"])
        page = api.get("/contacts", params={"starting_after": cursors[-1], "per_page": 150}).json()
        found += page["data"]
    seen = [item["last_seen_at"] for item in found]
    present = [moment for moment in seen if moment is not None]
    assert len({item["id"] for item in found}) == 700
    assert seen == sorted(present, reverse=True) + [None] * (700 - len(present))
    assert 0 < len(present) < 700
    values = [json.loads(base64.b64decode(cursor))[0] for cursor in cursors]
    assert values[0] == seen[9] * 1000
    assert values[-1] == -1


def test_a_search_of_contacts_that_is_not_sorted_has_the_order_of_their_list(api: Api) -> None:
    listed = api.get("/contacts", params={"per_page": 150}).json()["data"]
    searched = api.post("/contacts/search", {"query": EVERYTHING, "pagination": {"per_page": 150}}).json()["data"]
    assert searched == listed


def test_a_list_of_conversations_shows_the_last_updated_first(api: Api) -> None:
    page = api.get("/conversations").json()
    second = api.get("/conversations", params={"starting_after": page["pages"]["next"]["starting_after"]}).json()
    moments = [item["updated_at"] for item in page["conversations"] + second["conversations"]]
    assert page["pages"]["per_page"] == 20
    assert moments == sorted(moments, reverse=True)


def test_a_ticket_can_be_read_alone(api: Api) -> None:
    ticket = api.sandbox.truth("tickets")[3]
    assert api.get(f"/tickets/{ticket['id']}").json() == ticket
    assert error(api.get("/tickets/1")) == (404, "ticket_not_found")
