"""The small lists: me, admins, segments, data attributes, articles, collections."""

import pytest

from integration_tests.sandbox.api import Api, by_id, error

SETTINGS = {"contacts": 10, "companies": 10, "conversations": 0, "timezone": "Europe/Dublin", "region": "EU"}


def test_me_tells_zone_region_and_workspace(api: Api) -> None:
    me = api.get("/me").json()
    app = me["app"]
    assert (me["type"], app["type"], app["timezone"], app["region"]) == ("admin", "app", "Europe/Dublin", "EU")
    assert app["id_code"] == api.sandbox.truth("contacts")[0]["workspace_id"]


def test_envelopes_of_the_whole_lists(api: Api) -> None:
    types = {path: api.get(path).json()["type"] for path in ("/admins", "/teams", "/tags", "/segments")}
    assert types == {"/admins": "admin.list", "/teams": "team.list", "/tags": "list", "/segments": "segment.list"}


def test_whole_lists_ignore_paging(api: Api) -> None:
    assert len(api.get("/tags?per_page=1&page=2").json()["data"]) == 12


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


def test_both_models_deliver_the_data_attributes(api: Api) -> None:
    both = [
        each for model in ("contact", "company") for each in api.get(f"/data_attributes?model={model}").json()["data"]
    ]
    truth = api.sandbox.truth("data_attributes")
    assert len(both) == len(truth)
    assert all(each in truth for each in both)


def test_only_custom_data_attributes_have_numeric_ids(api: Api) -> None:
    attributes = api.get("/data_attributes").json()["data"]
    assert all(type(each["id"]) is int if each["custom"] else "id" not in each for each in attributes)
    assert {each["custom"] for each in attributes} == {True, False}


@pytest.mark.parametrize("model", ["contact", "company"])
def test_nested_data_attributes_share_leaf_names(api: Api, model: str) -> None:
    attributes = api.get(f"/data_attributes?model={model}").json()["data"]
    assert {each["model"] for each in attributes} == {model}
    assert (
        len({each["name"] for each in attributes}) < len({each["full_name"] for each in attributes}) == len(attributes)
    )


def test_an_archived_data_attribute_shares_its_name_with_a_live_one(api: Api) -> None:
    live = api.get("/data_attributes?model=contact").json()["data"]
    everything = api.get("/data_attributes?model=contact&include_archived=true").json()["data"]
    (archived,) = [each for each in everything if each not in live]
    assert archived["archived"] is True
    assert [each["archived"] for each in live if each["full_name"] == archived["full_name"]] == [False]


def test_the_conversation_model_is_gone_since_2_16(api: Api) -> None:
    assert error(api.get("/data_attributes?model=conversation")) == (422, "parameter_invalid")
    assert api.get("/data_attributes?model=conversation", headers={"Intercom-Version": "2.15"}).status_code == 200


def test_articles_are_sorted_by_their_last_update(api: Api) -> None:
    page = api.get("/articles").json()
    moments = [article["updated_at"] for article in page["data"]]
    assert (page["total_count"], page["pages"]["per_page"], len(moments)) == (60, 25, 25)
    assert moments == sorted(moments, reverse=True)


def test_the_next_page_of_articles_is_a_url(api: Api) -> None:
    pages = [api.get(f"/articles?per_page=25&page={number}").json()["pages"] for number in (1, 2, 3)]
    assert pages[0]["next"] == f"{api.sandbox.url}/articles?per_page=25&page=2"
    assert pages[1]["next"] == f"{api.sandbox.url}/articles?per_page=25&page=3"
    assert "next" not in pages[2]
    assert {page["total_pages"] for page in pages} == {3}


def test_page_zero_of_articles_has_the_data_of_page_one(api: Api) -> None:
    zero, one = api.get("/articles?page=0").json(), api.get("/articles?page=1").json()
    assert zero["data"] == one["data"]
    assert zero["pages"]["next"].endswith("&page=1")


def test_article_pages_hold_at_most_250(api: Api) -> None:
    assert api.get("/articles?per_page=1000").json()["pages"]["per_page"] == 250
    assert error(api.get("/articles?page=two")) == (400, "parameter_invalid")


def test_collections_have_no_type_and_articles_lie_in_them(api: Api) -> None:
    collections = api.sandbox.truth("collections")
    assert not any("type" in each for each in collections)
    ids = {int(each["id"]) for each in collections}
    assert {parent for article in api.sandbox.truth("articles") for parent in article["parent_ids"]} <= ids
    assert {each["parent_id"] for each in collections} <= {str(each) for each in ids} | {None}


def test_pages_of_collections_have_numbers_only(api: Api) -> None:
    first, second = (api.get("/help_center/collections", params={"page": number}).json() for number in (1, 2))
    assert (len(first["data"]), len(second["data"]), first["total_count"]) == (20, 3, 23)
    assert first["pages"] == {"type": "pages", "page": 1, "per_page": 20, "total_pages": 2}
