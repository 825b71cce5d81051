"""Intercom's own Python SDK reads every object of the sandbox, with its defaults, as the sandbox holds it.

The SDK names no API version, so it gets the one that the app is set to.
"""

import time
from collections.abc import Callable, Iterable
from typing import Any

import orjson
import pytest
from intercom import Intercom
from intercom.core.pydantic_utilities import UniversalBaseModel

from integration_tests.sandbox.api import Object, by_id
from intercom_sandbox.client import Sandbox

SETTINGS = {"contacts": 320, "conversations": 200, "parts": 2400, "app_version": "2.16", "rate_limit": 0}
UNASKED = {"admins": {"avatar"}, "contacts": {"merge_history"}, "conversations": {"monitor_evaluations", "scorecards"}}
"""Fields that the SDK of its own accord does not ask for."""
EVERYTHING = {"field": "updated_at", "operator": ">", "value": "0"}

# the models say that some ids and numbers are of another type than the wire has
pytestmark = pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")

Models = Iterable[UniversalBaseModel]


@pytest.fixture(scope="module")
def client(running: Sandbox) -> Intercom:
    return Intercom(token=running.access_token, base_url=running.url)


LISTS: dict[str, Callable[[Intercom], Models]] = {
    "admins": lambda client: client.admins.list().admins or [],
    "teams": lambda client: client.teams.list().teams or [],
    "tags": lambda client: client.tags.list().data or [],
    "contacts": lambda client: client.contacts.list(),
    "conversations": lambda client: client.conversations.list(),
    "companies": lambda client: client.companies.scroll(),
    "articles": lambda client: client.articles.list(),
}


def held(sandbox: Sandbox, kind: str) -> dict[str, Object]:
    """The objects of the sandbox by id, as the SDK's models can have them: with whole numbers for these two."""
    unasked = UNASKED.get(kind, set())
    objects = [{key: each[key] for key in each if key not in unasked} for each in sandbox.truth(kind)]
    for each in objects:
        for name in ("owner_id", "monthly_spend"):
            if each.get(name) is not None:
                each[name] = int(each[name])
    return by_id(objects)


def parsed(models: Models) -> dict[str, Object]:
    """What the SDK made of the answers, by id."""
    return by_id([orjson.loads(model.json()) for model in models])


@pytest.mark.parametrize("kind", LISTS)
def test_the_sdk_lists_all_objects_as_they_are(client: Intercom, running: Sandbox, kind: str) -> None:
    assert parsed(LISTS[kind](client)) == held(running, kind)


def test_the_sdk_lists_the_segments_of_people_as_they_are(client: Intercom, running: Sandbox) -> None:
    segments = parsed(client.segments.list(include_count=True).segments or [])
    truth = running.truth("segments")
    assert segments == {each["id"]: each for each in truth if each["id"] in segments}
    assert 0 < len(segments) < len(truth)


def test_the_sdk_lists_the_data_attributes_as_they_are(client: Intercom, running: Sandbox) -> None:
    found = [orjson.loads(each.json()) for each in client.data_attributes.list().data or []]
    assert found == running.truth("data_attributes")


def test_the_sdk_finds_the_owner_of_the_token(client: Intercom, running: Sandbox) -> None:
    me = client.admins.identify()
    assert me is not None
    assert (me.id, me.email) == (running.truth("admins")[0]["id"], running.truth("admins")[0]["email"])
    assert me.app is not None
    assert me.app.timezone == "America/Los_Angeles"


def test_the_sdk_finds_conversations_with_their_parts(client: Intercom, running: Sandbox) -> None:
    parts: list[Object] = []
    for conversation_id in by_id(running.truth("conversations")):
        found = orjson.loads(client.conversations.find(conversation_id=conversation_id).json())
        assert found["id"] == conversation_id
        parent = {"conversation_id": found["id"], "conversation_updated_at": found["updated_at"]}
        parts += [part | parent for part in found["conversation_parts"]["conversation_parts"]]
    assert parts == running.truth("conversation_parts")


def test_the_sdk_finds_tickets_as_they_are(client: Intercom, running: Sandbox) -> None:
    ids = by_id(running.truth("tickets"))
    tickets = (client.tickets.get(ticket_id=ticket_id) for ticket_id in ids)
    assert parsed(ticket for ticket in tickets if ticket) == held(running, "tickets")


@pytest.mark.parametrize("kind", ["contacts", "conversations", "tickets"])
def test_the_sdk_finds_all_objects_by_searches(client: Intercom, running: Sandbox, kind: str) -> None:
    found: list[str] = []
    cursor = None
    # page by page, as its pager asks for the first page again and again
    for _ in range(20):
        pagination: Any = {"per_page": 50} | ({"starting_after": cursor} if cursor else {})
        page = getattr(client, kind).search(query=EVERYTHING, pagination=pagination)
        found += [item.id for item in page.items]
        if page.response.pages.next is None:
            break
        cursor = page.response.pages.next.starting_after
    assert len(found) == len(set(found))
    assert set(found) == by_id(running.truth(kind)).keys()


def test_the_sdk_runs_content_exports(client: Intercom) -> None:
    asked = client.data_export.create(created_at_after=0, created_at_before=4_000_000_000)
    assert asked.status == "pending"
    found = [client.data_export.find(job_identifier=asked.job_identifier) for _ in range(2)]
    assert (found[-1].status, found[-1].job_identifier) == ("completed", asked.job_identifier)
    again = client.data_export.create(created_at_after=0, created_at_before=4_000_000_000)
    assert client.data_export.cancel(job_identifier=again.job_identifier).status == "canceled"


def test_the_sdk_runs_reporting_exports(client: Intercom) -> None:
    datasets = client.export.list_available_datasets_and_attributes().data or []
    assert "conversation" in {each.id for each in datasets}
    now = int(time.time())
    asked = client.export.enqueue_a_new_reporting_data_export_job(
        dataset_id="conversation", attribute_ids=["people.Brand"], start_time=now - 86_400, end_time=now
    )
    found = client.data_export.export_reporting_data(str(asked.job_identifier), app_id="a", client_id="b")
    assert found.status == "complete"
