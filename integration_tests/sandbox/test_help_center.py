"""Articles and the collections that they lie in, in numbered pages."""

from integration_tests.sandbox.api import Api, error

SETTINGS = {"contacts": 10, "companies": 10, "conversations": 0}


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
