"""Every button does what it says, as the API sees it."""

import time
from collections.abc import Iterator

import pytest
import requests

from integration_tests.front.front import Front
from integration_tests.sandbox.api import EVERYTHING, Api


def ids_in(said: str) -> list[str]:
    """The ids that an outcome names."""
    return said.partition(": ")[2].rstrip(".").split(", ")


def statuses(api: Api, requests: int) -> list[int]:
    return [api.get("/me").status_code for _ in range(requests)]


@pytest.fixture(autouse=True)
def nothing_to_complain_of(front: Front) -> Iterator[None]:
    yield
    assert front.complaints() == []


def test_create_makes_as_many_as_asked(front: Front, api: Api) -> None:
    before = api.ids("contacts", EVERYTHING)
    said = front.press("create", object="contacts", count=2)
    assert said.startswith("Created 2 of contacts: ")
    assert sorted(ids_in(said)) == sorted(api.ids("contacts", EVERYTHING) - before)
    front.wait_for_counts(front.sandbox.counts())


def test_update_changes_as_many_as_asked(front: Front, api: Api) -> None:
    began = int(time.time())
    said = front.press("update", object="conversations", count=3)
    changed = [each["id"] for each in api.found("conversations", EVERYTHING) if each["updated_at"] >= began]
    assert said.startswith("Updated 3 of conversations: ")
    assert sorted(ids_in(said)) == sorted(changed)


def test_delete_removes_as_many_as_asked(front: Front, api: Api) -> None:
    before = api.ids("tickets", EVERYTHING)
    said = front.press("delete", object="tickets", count=1)
    assert said.startswith("Deleted 1 of tickets: ")
    assert {*ids_in(said)} == before - api.ids("tickets", EVERYTHING)
    front.wait_for_counts(front.sandbox.counts())


def test_what_cannot_be_changed_is_told_with_its_reason(front: Front) -> None:
    assert front.press("create", object="contact_segments") == "contact_segments change with their segments."
    (complaint,) = front.complaints()
    assert " 400 " in complaint, "which every browser says of such an answer"


def test_every_third_answer_fails_until_nothing_shall(front: Front, api: Api) -> None:
    assert front.press("fail", every=3, status=503) == "One answer in 3 is 503."
    assert statuses(api, 7) == [200, 200, 503, 200, 200, 503, 200]
    front.wait("return document.querySelector('#faults').textContent === 'One request in 3: 503, 2 so far.'")

    assert front.press("mend") == "No answer fails any more."
    assert statuses(api, 3) == [200, 200, 200]
    front.wait("return document.querySelector('#faults').textContent === 'No answer fails.'")


def test_a_killed_connection_is_that_of_the_next_request_and_no_other(front: Front, api: Api) -> None:
    front.press("fail", every=2, status=500)
    assert front.press("kill") == "The next request loses its connection."
    with pytest.raises(requests.exceptions.ConnectionError):
        api.get("/me")
    assert statuses(api, 2) == [200, 500]


def test_the_scroll_is_held_until_it_is_released(front: Front, api: Api) -> None:
    assert front.press("hold", hold_for=300) == "The scroll is held for 300 seconds."
    assert api.get("/companies/scroll").json()["errors"][0]["code"] == "scroll_exists"
    front.wait("return document.querySelector('#held').textContent.startsWith('Somebody holds it for ')")

    assert front.press("release") == "The scroll is free."
    assert api.get("/companies/scroll").status_code == 200


def test_the_index_lags_until_it_catches_up(front: Front, api: Api) -> None:
    before = api.ids("contacts", EVERYTHING)
    assert front.press("lag", lag_by=3600) == "Searches lag by 3600 seconds."
    new = {*ids_in(front.press("create", object="contacts", count=1))}
    assert api.ids("contacts", EVERYTHING) == before
    front.wait("return document.querySelector('#lag').textContent === 'Searches show what was 3,600 seconds ago.'")

    assert front.press("catch-up") == "Searches see everything."
    assert api.ids("contacts", EVERYTHING) == before | new


def test_a_field_that_makes_no_sense_is_not_sent(front: Front) -> None:
    front.run("document.querySelector('#outcome').textContent = 'nothing'")
    front.run("document.querySelector('#every').value = '0'; document.querySelector('[value=fail]').click()")
    assert front.texts("#outcome") == ["nothing"]
    assert front.sandbox.status()["faults"] == []
