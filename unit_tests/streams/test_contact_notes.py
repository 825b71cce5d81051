from types import SimpleNamespace

import pytest
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from requests_mock import Mocker

from source_intercom import report
from source_intercom.streams.contacts import ContactNotes
from source_intercom.streams.context import StreamContext
from unit_tests import builders
from unit_tests.builders import NOW, URL, Json, SearchServer, contact, error_list, example, ids, me, read

NOTE = example("contact_notes")["data"][0]


def with_notes(number: int, notes: object) -> Json:
    """A contact with that as its list of notes; the later the number, the later it was updated."""
    return contact(number, NOW - 5000 + number, notes=notes)


def listed(count: int, total: int | None = None) -> Json:
    data = [{"type": "note", "id": str(index), "url": f"/notes/{index}"} for index in range(min(count, 10))]
    return {"type": "list", "data": data, "total_count": count if total is None else total, "has_more": count > 10}


def serve(mocker: Mocker, *contacts: Json) -> SearchServer:
    """A workspace with contacts, each of which has as many notes as it says."""
    mocker.get(f"{URL}me", json=me("UTC"))
    server = SearchServer("data", contacts)
    mocker.post(f"{URL}contacts/search", json=server)
    for number, one in enumerate(contacts):
        notes = one["notes"] if isinstance(one["notes"], dict) else {}
        rows = [{**NOTE, "id": number * 1000 + index} for index in range(notes.get("total_count", 0))]
        pages = [
            {
                "json": {
                    "type": "list",
                    "data": rows[start : start + 50],
                    "total_count": len(rows),
                    "pages": {"type": "pages", "page": page, "per_page": 50, "total_pages": -(-len(rows) // 50)},
                }
            }
            for page, start in enumerate(range(0, max(len(rows), 1), 50), 1)
        ]
        mocker.get(f"{URL}contacts/{one['id']}/notes", pages)
    return server


def asked_for(mocker: Mocker) -> list[str]:
    return [request.path for request in mocker.request_history if request.path.endswith("/notes")]


def test_only_contacts_that_have_notes_are_asked_for_them(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    contacts = [with_notes(number, listed(number % 3)) for number in range(9)]
    serve(requests_mock, *contacts)
    records = read(ContactNotes(context), {})
    assert len(records) == 9
    assert len(asked_for(requests_mock)) == 6
    assert {record["contact_id"] for record in records} == {one["id"] for one in contacts if one["notes"]["data"]}


@pytest.mark.parametrize("notes", [listed(0, total=2), {"type": "list", "data": [], "has_more": True}])
def test_a_contact_that_says_it_has_notes_is_asked_although_it_shows_none(
    notes: Json, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    serve(requests_mock, with_notes(1, notes))
    read(ContactNotes(context), {})
    assert len(asked_for(requests_mock)) == 1


@pytest.mark.parametrize("notes", [None, [], "none", {}, {"data": None}])
def test_a_contact_without_a_list_of_notes_has_none(
    notes: object, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    serve(requests_mock, with_notes(1, notes))
    assert read(ContactNotes(context), {}) == []
    assert asked_for(requests_mock) == []


def test_all_pages_of_a_contacts_notes_come_with_the_contact_and_its_time(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    one = with_notes(7, listed(120))
    serve(requests_mock, one)
    records = read(ContactNotes(context), {})
    assert len(set(ids(records))) == len(records) == 120
    assert {(record["contact_id"], record["contact_updated_at"]) for record in records} == {
        (one["id"], one["updated_at"])
    }
    asked = [request.qs for request in requests_mock.request_history if "notes" in request.path]
    assert asked[0]["per_page"] == ["50"]


@pytest.mark.parametrize(("status", "code"), [(404, "not_found"), (410, "contact_merged")])
def test_a_contact_that_is_gone_is_counted(
    status: int, code: str, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    contacts = [with_notes(number, listed(1)) for number in range(3)]
    server = serve(requests_mock, *contacts)
    server.gone = {contacts[1]["id"]}
    requests_mock.get(f"{URL}contacts/{contacts[1]['id']}/notes", status_code=status, json=error_list(code))
    stream = ContactNotes(context)
    assert len(read(stream, {})) == 2
    assert context.reports.count("contact_notes", report.GONE) == 1
    assert stream.checkpoints.state == {"contact_updated_at": contacts[2]["updated_at"]}


def test_notes_that_are_owed_come_with_the_contact_and_its_time_as_they_are_now(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    contacts = [with_notes(number, listed(1)) for number in range(3)]
    serve(requests_mock, *contacts)
    broken = f"{URL}contacts/{contacts[1]['id']}/notes"
    requests_mock.get(broken, status_code=500, text="<html>")
    stream = ContactNotes(context)
    with pytest.raises(AirbyteTracedException, match="the notes of contact"):
        read(stream, {})
    state = dict(stream.checkpoints.state)
    assert state["owed"]["ids"] == [contacts[1]["id"]]
    requests_mock.get(broken, json={"type": "list", "data": [{**NOTE, "id": 1000}], "total_count": 1})
    healed = ContactNotes(builders.context())
    again = [record for record in read(healed, state) if record["contact_id"] == contacts[1]["id"]]
    assert {record["contact_updated_at"] for record in again} == {contacts[1]["updated_at"]}
    assert "owed" not in healed.checkpoints.state
