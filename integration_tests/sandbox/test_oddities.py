"""Oddities: answers that are no errors, and yet odd."""

import json
from typing import Any

import pytest
import requests

from integration_tests.sandbox.api import Api

SETTINGS = {"tags": 5, "rate_limit": 100}


def tags(api: Api, query: str = "") -> dict[str, Any]:
    body: dict[str, Any] = api.get(f"/tags{query}").json()
    return body


def strange(api: Api, kind: str, **action: Any) -> None:
    api.sandbox.faults([{"path": "^/tags$", "action": {"kind": kind, **action}}])


@pytest.mark.parametrize(("style", "way"), [("url", "page"), ("object", "starting_after"), ("numbers", "page")])
def test_a_list_in_pages_holds_all_of_it(style: str, way: str, api: Api) -> None:
    whole = tags(api)["data"]
    strange(api, "paged", size=2, next=style)
    pages = [tags(api, f"?{way}={number}") for number in (1, 2, 3)]
    assert [row for page in pages for row in page["data"]] == whole
    assert [page["pages"]["total_pages"] for page in pages] == [3, 3, 3]
    kinds = {"url": str, "object": dict, "numbers": type(None)}
    assert [type(page["pages"].get("next")) for page in pages] == [kinds[style], kinds[style], type(None)]


def test_a_bare_list_has_no_object_around_it(api: Api) -> None:
    whole = tags(api)["data"]
    strange(api, "bare")
    assert api.get("/tags").json() == whole


def test_a_list_without_end_gives_its_first_page_again(api: Api) -> None:
    strange(api, "paged", size=2, next="url", endless=True)
    first, later = tags(api), tags(api, "?page=70")
    assert first["data"] == later["data"]
    assert later["pages"]["total_pages"] == 71


def test_values_are_replaced_and_missing(api: Api) -> None:
    strange(api, "replaced", values={"data": None}, missing=["type"])
    assert tags(api) == {"data": None}


def test_half_a_character_is_no_strict_json(api: Api) -> None:
    strange(api, "half_character", field="name")
    assert b"\\ud83d" in api.get("/tags").content
    assert json.loads(api.get("/tags").content)["data"][0]["name"] == "cut here: \ud83d"


def test_a_body_trickles(api: Api) -> None:
    whole = tags(api)
    strange(api, "trickle", seconds=0.0001)
    assert tags(api) == whole


def test_a_small_gzip_may_hold_much(api: Api) -> None:
    whole = tags(api)
    strange(api, "inflated", megabytes=3)
    answer = api.get("/tags")
    assert int(answer.headers["Content-Length"]) < 10_000
    assert len(answer.content) > 3_000_000
    assert answer.json() == whole


def test_a_redirect_leads_elsewhere(api: Api) -> None:
    strange(api, "redirect", location="http://127.0.0.2:1/")
    with pytest.raises(requests.ConnectionError, match=r"127\.0\.0\.2"):
        api.get("/tags")


def test_rate_headers_may_lie(api: Api) -> None:
    strange(api, "rate", remaining=7, reset_in=86_400)
    answer = api.get("/tags")
    assert answer.headers["X-RateLimit-Remaining"] == "7"
    assert int(answer.headers["X-RateLimit-Reset"]) > 1_700_000_000
    assert answer.headers["X-RateLimit-Limit"] == "100"


def test_errors_may_have_headers(api: Api) -> None:
    api.sandbox.faults([{"path": "^/tags$", "action": {"status": 503, "headers": {"Retry-After": "2"}}}])
    assert api.get("/tags").headers["Retry-After"] == "2"
