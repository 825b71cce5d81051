"""Every answer is as Intercom's OpenAPI description of 2.16 says, but for what is known of the wire."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
import requests

from integration_tests.sandbox.api import EVERYTHING, Api
from integration_tests.sandbox.description import Description, Difference, Fields
from integration_tests.sandbox.differences import DIFFERENCES, EMPTY
from intercom_sandbox.client import Sandbox
from intercom_sandbox.endpoints import Endpoints
from intercom_sandbox.kinds import KINDS
from intercom_sandbox.settings import Settings
from intercom_sandbox.state import State
from unit_tests.contracts import CONTRACTS, Way

SETTINGS = {"contacts": 300, "companies": 200, "conversations": 200, "parts": 2600, "tickets": 300, "rate_limit": 0}
PARAMETERS = {
    **{f"/{each.path}": list(map(urlencode, each.parameters)) for each in CONTRACTS.values() if each.way == Way.WHOLE},
    f"/{CONTRACTS['activity_logs'].path}": ["created_at_after=1"],
    "/contacts": ["include_merge_history=true"],
}
PARAMETERS["/data_attributes"].insert(0, "include_archived=true")
"""Queries with which a list is asked, so that no field is left out."""
RANGES = {"/data_connectors/{id}/execution_results": {"start_ts": 1, "end_ts": 4_000_000_000}}
"""What the rows of a parent are asked for with, so that there are some."""
PAGES = 12
"""Pages of a list that are read; the rest is like them."""


def endpoints() -> list[tuple[str, str]]:
    """Method and path of all endpoints, but for those of plain kinds and of what belongs to them.

    They show the description's own examples.

    What came after 2.16 it does not have, and of events it describes summaries where they are listed.
    """
    copied = {kind.name for kind in KINDS.values() if (KINDS[kind.nested.parent] if kind.nested else kind).is_plain}
    plain = {path.path for kind in KINDS.values() for path in kind.paths if kind.name in copied or path.since > (2, 16)}
    state = State.create(Settings(contacts=0, companies=0, conversations=0, parts=0, tickets=0))
    routes = Endpoints(state).routes()
    served = [(method, route.path) for route in routes for method in route.methods or () if method != "HEAD"]
    return sorted((method, path) for method, path in served if path not in {*plain, "/events"})


def answers(api: Api, method: str, path: str) -> Iterator[requests.Response]:
    """The answers of an endpoint: all pages of a list, or each object alone."""
    kind = path.split("/")[1]
    if path == "/calls/search":
        yield api.post(path, {"conversation_ids": [str(number) for number in range(640, 660)]})
    elif method == "POST":
        cursor = None
        for _ in range(PAGES):
            answer = api.search(kind, EVERYTHING, pagination={"per_page": 50, "starting_after": cursor})
            yield answer
            if not (cursor := answer.json()["pages"].get("next", {}).get("starting_after")):
                return
    elif "{id}" in path:
        for item in api.sandbox.truth(kind):
            yield api.get(path.replace("{id}", item["id"]), params=RANGES.get(path))
    else:
        for query in PARAMETERS.get(path, [""]):
            yield from pages(api, f"{path}?{query}")


def pages(api: Api, url: str) -> Iterator[requests.Response]:
    """The pages of a list, by whichever way it has to the next one."""
    address = url
    for _ in range(PAGES):
        answer = api.get(address)
        yield answer
        body = answer.json()
        numbers = body.get("pages") or {}
        following = numbers.get("next")
        if isinstance(following, str):
            address = following.removeprefix(api.sandbox.url)
        elif following:
            address = f"{url}&starting_after={following['starting_after']}"
        elif numbers.get("page", 1) < numbers.get("total_pages", 1):
            address = f"{url}&page={numbers['page'] + 1}"
        elif body.get("scroll_param") and body["data"]:
            address = f"{url}&scroll_param={body['scroll_param']}"
        else:
            return


def refusal(api: Api, method: str, path: str) -> requests.Response:
    """The answer to a token that is none."""
    url, nobody = path.replace("{id}", "94"), {"headers": {"Authorization": "Bearer nonsense"}}
    return api.get(url, **nobody) if method == "GET" else api.post(url, {"query": EVERYTHING}, **nobody)


@pytest.fixture(scope="module")
def seen(running: Sandbox) -> tuple[set[Difference], Fields]:
    """All differences of all answers, and all fields."""
    description, api = Description(running.url), Api(running)
    differences: set[Difference] = set()
    fields = Fields(set(), set())
    for method, path in endpoints():
        for answer in [*answers(api, method, path), refusal(api, method, path)]:
            assert answer.status_code in (200, 401), answer.text
            differences.update(description.differences(answer))
            documented, filled = description.fields(answer)
            fields.documented.update(documented)
            fields.filled.update(filled)
    return differences, fields


def test_no_answer_differs_from_the_description_but_as_is_known(seen: tuple[set[Difference], Fields]) -> None:
    assert sorted(seen[0] - DIFFERENCES.keys()) == []


def test_every_known_difference_occurs(seen: tuple[set[Difference], Fields]) -> None:
    assert sorted(DIFFERENCES.keys() - seen[0]) == []


def test_every_documented_field_of_what_is_served_has_a_value_or_a_reason(
    seen: tuple[set[Difference], Fields],
) -> None:
    empty = seen[1].documented - seen[1].filled
    assert sorted(empty - EMPTY.keys()) == []
    assert sorted(EMPTY.keys() - empty) == []
