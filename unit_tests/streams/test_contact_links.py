"""Links of contacts: they come with the contact, or, where it has more than it carries, from a list of their own."""

from types import SimpleNamespace
from typing import Any

import pytest
from requests_mock import Mocker

from source_intercom.streams.contacts import ContactCompanies, Contacts, ContactSubscriptions, ContactTags
from source_intercom.streams.context import StreamContext
from source_intercom.streams.links import LinkStream
from unit_tests import builders
from unit_tests.builders import NOW, URL, Json, SearchServer, contact, error_list, example, me, read
from unit_tests.schemas.contracts import load
from unit_tests.syncs import FULL, INCREMENTAL, Workspace, keys_of, records, sync

IN, OUT = "opted_in_subscription_types", "opted_out_subscription_types"
LISTS = {ContactTags: "tags", ContactCompanies: "companies", ContactSubscriptions: OUT}
STREAMS = list(LISTS)
NAMES = ("contact_tags", "contact_companies", "contact_subscriptions")


def links(*ids: str, more: Any = False, total: Any = None) -> Json:
    data = [{"type": "link", "id": each, "url": f"/links/{each}"} for each in ids]
    return {"type": "list", "data": data, "url": "/x", "total_count": total, "has_more": more}


def serve(mocker: Mocker, *contacts: Json) -> SearchServer:
    mocker.get(f"{URL}me", json=me("UTC"))
    server = SearchServer("data", contacts)
    mocker.post(f"{URL}contacts/search", json=server)
    return server


def whole(stream: type[LinkStream], *ids: int, **changes: Any) -> Json:
    """The list of all, whose rows are the other records themselves."""
    name = stream.endpoint.rpartition("/")[2]
    row = example(f"contact_{name}")["data"][0]
    return {"type": "list", "data": [{**row, "id": each, **changes} for each in ids]}


def url_of(stream: type[LinkStream], one: Json) -> str:
    return URL + stream.endpoint.format(id=one["id"])


def asked_for(mocker: Mocker) -> int:
    return sum(request.method == "GET" and request.path != "/me" for request in mocker.request_history)


@pytest.mark.parametrize("stream", STREAMS)
@pytest.mark.parametrize("total", [None, 0, 99, "many"])
def test_links_that_a_contact_carries_cost_no_request_whatever_its_count_says(
    total: Any, stream: type[LinkStream], now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    one = contact(1, NOW - 50, **{LISTS[stream]: links("8", "9", total=total)})
    serve(requests_mock, one, contact(2, NOW - 40))
    rows = read(stream(context), {})
    of = {"contact_id": one["id"], "contact_updated_at": NOW - 50, "type": "link"}
    if stream is ContactSubscriptions:
        of["consent"] = "opted_out"
    assert rows == [{**of, "id": each} for each in ("8", "9")]
    assert asked_for(requests_mock) == 0


@pytest.mark.parametrize("stream", STREAMS)
@pytest.mark.parametrize("total", [None, 2, 10])
def test_all_links_are_asked_for_where_a_contact_has_more_than_it_carries(
    total: Any, stream: type[LinkStream], now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    few = contact(1, NOW - 60, **{LISTS[stream]: links("8")})
    many = contact(2, NOW - 50, **{LISTS[stream]: links("0", "1", more=True, total=total)})
    serve(requests_mock, few, many)
    requests_mock.get(url_of(stream, many), json=whole(stream, *range(12)))
    rows = read(stream(context), {})
    assert [row["id"] for row in rows if row["contact_id"] == few["id"]] == ["8"]
    of_many = [row for row in rows if row["contact_id"] == many["id"]]
    assert sorted(int(row["id"]) for row in of_many) == list(range(12))
    assert {row["contact_updated_at"] for row in of_many} == {NOW - 50}
    assert asked_for(requests_mock) == 1


@pytest.mark.parametrize("stream", STREAMS)
def test_rows_have_the_columns_of_links_whichever_way_they_came(
    stream: type[LinkStream], now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    few = contact(1, NOW - 60, **{LISTS[stream]: links("8")})
    many = contact(2, NOW - 50, **{LISTS[stream]: links("0", more=True)})
    serve(requests_mock, few, many)
    requests_mock.get(url_of(stream, many), json=whole(stream, 0, 1))
    made = stream(context)
    columns = set(load(made.name)["properties"])
    rows = read(made, {})
    assert [set(row) for row in rows] == [columns] * 3


@pytest.mark.parametrize("stream", STREAMS)
@pytest.mark.parametrize("value", [None, [], "none", {}, {"data": None}, {"data": ["x"], "has_more": None}])
def test_a_contact_without_a_list_has_no_links(
    value: Any, stream: type[LinkStream], now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    serve(requests_mock, contact(1, NOW - 50, **{LISTS[stream]: value}))
    assert read(stream(context), {}) == []
    assert asked_for(requests_mock) == 0


def test_companies_are_read_page_by_page(now: SimpleNamespace, context: StreamContext, requests_mock: Mocker) -> None:
    many = contact(1, NOW - 50, companies=links("0", more=True))
    serve(requests_mock, many)
    url = url_of(ContactCompanies, many)

    def page(number: int, *ids: int) -> Json:
        following = f"https://elsewhere.test/contacts/1/companies?per_page=60&page={number + 1}" if number < 3 else None
        pages = {"type": "pages", "next": following, "page": number, "per_page": 60, "total_pages": 3}
        return {**whole(ContactCompanies, *ids), "pages": pages, "total_count": 130}

    answers = [page(1, *range(60)), page(2, *range(60, 120)), page(3, *range(120, 130))]
    requests_mock.get(url, [{"json": answer} for answer in answers])
    rows = read(ContactCompanies(context), {})
    assert sorted(int(row["id"]) for row in rows) == list(range(130))
    asked = [request.qs for request in requests_mock.request_history if request.path.endswith("/companies")]
    assert [(one["per_page"], one.get("page")) for one in asked] == [(["60"], None), (["60"], ["2"]), (["60"], ["3"])]


def test_a_subscription_says_whether_the_contact_opted_in_or_out(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    few = contact(1, NOW - 60, **{IN: links("1"), OUT: links("2", "3")})
    many = contact(2, NOW - 50, **{IN: links("1"), OUT: links("2", more=True)})
    serve(requests_mock, few, many)
    answer = whole(ContactSubscriptions, 2, 3, consent_type="opt_out")
    answer["data"] += whole(ContactSubscriptions, 1, consent_type="opt_in")["data"]
    answer["data"] += whole(ContactSubscriptions, 4, consent_type="something new")["data"]
    requests_mock.get(url_of(ContactSubscriptions, many), json=answer)
    rows = read(ContactSubscriptions(context), {})
    consents = {"1": "opted_in", "2": "opted_out", "3": "opted_out"}
    assert {row["id"]: row["consent"] for row in rows if row["contact_id"] == few["id"]} == consents
    assert {row["id"]: row["consent"] for row in rows if row["contact_id"] == many["id"]} == {**consents, "4": None}
    assert len(rows) == 7


@pytest.mark.parametrize("stream", STREAMS)
def test_a_contact_that_was_merged_since_is_no_error(
    stream: type[LinkStream], now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    many = contact(1, NOW - 50, **{LISTS[stream]: links("0", more=True)})
    server = serve(requests_mock, many, contact(2, NOW - 40, **{LISTS[stream]: links("5")}))
    server.gone = {many["id"]}
    requests_mock.get(url_of(stream, many), status_code=410, json=error_list("contact_merged"))
    made = stream(context)
    assert [row["id"] for row in read(made, {})] == ["5"]
    assert made.checkpoints.state == {"contact_updated_at": NOW - 40}


@pytest.mark.parametrize("mode", [FULL, INCREMENTAL])
def test_all_links_of_a_family_cost_one_search_and_the_lists_beyond_ten(mode: Any, workspace: Workspace) -> None:
    contacts = workspace.searches["contacts"].stored
    for number, one in enumerate(contacts):
        for name in ("tags", "companies", IN, OUT):
            one[name] = {**one[name], "has_more": number == 0}
    sync("contacts", mode=mode)
    alone = len(workspace.mocker.request_history)
    workspace.mocker.reset_mock()
    output = sync("contacts", *NAMES, "contact_merges", mode=mode)
    assert len(workspace.mocker.request_history) == alone + 3
    for name in NAMES:
        assert {row["contact_id"] for row in records(output, name)} == {one["id"] for one in contacts}
    assert keys_of("contact_merges", records(output, "contact_merges")) == workspace.keys("contact_merges")


def test_the_contact_itself_stays_as_it_is(now: SimpleNamespace, requests_mock: Mocker) -> None:
    one = contact(1, NOW - 50, tags=links("8"), **{IN: links("1"), OUT: links("2")})
    serve(requests_mock, one)
    (row,) = read(Contacts(builders.context()), {})
    assert (row["tags"], row[IN]["data"]) == (one["tags"], one[IN]["data"])
