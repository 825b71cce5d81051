"""A plain reader of the API, for tests."""

from collections.abc import Iterator
from typing import Any

import requests

from intercom_sandbox.client import Sandbox
from intercom_sandbox.kinds import KINDS

Object = dict[str, Any]
EVERY_FIELD = {
    "contacts": {"include_merge_history": "true"},
    "conversations": {"include_monitors": "true", "include_scorecards": "true"},
}
"""What a search has to ask for, so that no field is left out."""
NEWER = {
    path.path: {"Intercom-Version": "2.17"} for kind in KINDS.values() for path in kind.paths if path.since > (2, 16)
}
"""Headers of requests for what 2.16 does not have, by path."""
LIST_KEYS = {"contacts": "data", "conversations": "conversations", "tickets": "tickets"}


class Api:
    """Sends requests with a token and a version, one connection for all."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers.update({"Authorization": f"Bearer {sandbox.access_token}", "Intercom-Version": "2.16"})

    def get(self, path: str, **options: Any) -> requests.Response:
        headers = {**NEWER.get(path.partition("?")[0], {}), **options.pop("headers", {})}
        timeout = options.pop("timeout", 30)
        return self.session.get(self.sandbox.url + path, headers=headers, timeout=timeout, **options)

    def post(self, path: str, body: Any, **options: Any) -> requests.Response:
        return self.session.post(self.sandbox.url + path, json=body, timeout=options.pop("timeout", 30), **options)

    def search(self, kind: str, query: Any, *, order: str = "ascending", **more: Any) -> requests.Response:
        """The first page of a search sorted by updated_at; ``more`` are further keys of the body."""
        body = {"query": query, "sort": {"field": "updated_at", "order": order}, "pagination": {"per_page": 150}}
        return self.post(f"/{kind}/search", body | more, params=EVERY_FIELD.get(kind))

    def pages(self, kind: str, query: Any, *, order: str = "ascending", per_page: int = 150) -> Iterator[Object]:
        """All pages of a search, in a bounded number."""
        cursor = None
        for _ in range(1000):
            pagination = {"per_page": per_page, "starting_after": cursor}
            response = self.search(kind, query, order=order, pagination=pagination)
            assert response.status_code == 200, response.text
            page: Object = response.json()
            yield page
            if "next" not in page["pages"]:
                return
            cursor = page["pages"]["next"]["starting_after"]
        raise AssertionError("The search does not end")

    def found(self, kind: str, query: Any, *, order: str = "ascending", per_page: int = 150) -> list[Object]:
        """All objects of a search in their order."""
        pages = self.pages(kind, query, order=order, per_page=per_page)
        return [item for page in pages for item in page[LIST_KEYS[kind]]]

    def ids(self, kind: str, query: Any) -> set[str]:
        """The ids of all objects of a search."""
        return {item["id"] for item in self.found(kind, query)}

    def numbered(self, path: str, key: str = "data", **parameters: Any) -> list[Object]:
        """All rows of numbered pages, by the number of pages that they tell."""
        rows: list[Object] = []
        for number in range(1, 1000):
            response = self.get(path, params={**parameters, "page": number})
            assert response.status_code == 200, response.text
            body = response.json()
            rows += body[key]
            if number >= body.get("pages", body)["total_pages"]:
                return rows
        raise AssertionError("The pages do not end")

    def cursored(self, path: str, **parameters: Any) -> Iterator[Object]:
        """All pages that follow from cursors in the query string."""
        cursor = None
        for _ in range(1000):
            response = self.get(path, params={**parameters, "starting_after": cursor})
            assert response.status_code == 200, response.text
            page: Object = response.json()
            yield page
            if page["pages"]["next"] is None:
                return
            cursor = page["pages"]["next"]["starting_after"]
        raise AssertionError("The pages do not end")

    def scroll(self) -> list[Object]:
        """All companies, by one scroll."""
        companies, page = [], self.get("/companies/scroll").json()
        while page["data"]:
            companies += page["data"]
            page = self.get("/companies/scroll", params={"scroll_param": page["scroll_param"]}).json()
        return companies


def where(field: str, operator: str, value: Any) -> Object:
    """One filter."""
    return {"field": field, "operator": operator, "value": value}


def both(*filters: Object) -> Object:
    """All of the filters."""
    return {"operator": "AND", "value": list(filters)}


def either(*filters: Object) -> Object:
    """Any of the filters."""
    return {"operator": "OR", "value": list(filters)}


EVERYTHING = where("updated_at", ">", 0)


def by_id(items: list[Object]) -> dict[str, Object]:
    """Objects by their id."""
    return {item["id"]: item for item in items}


def error(response: requests.Response) -> tuple[int, str]:
    """Status and code of a refusal."""
    body = response.json()
    assert body["type"] == "error.list"
    assert body["request_id"] == response.headers["x-request-id"]
    return response.status_code, body["errors"][0]["code"]
