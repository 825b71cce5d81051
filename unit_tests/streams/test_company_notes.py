from typing import Any

import pytest
from requests_mock import Mocker

from source_intercom.streams.companies import CompanyNotes
from source_intercom.streams.context import StreamContext
from unit_tests.builders import URL, Json, company, example, ids, read, scroll_page
from unit_tests.syncs import records, sync

NOTES = example("company_notes")


def serve(mocker: Mocker, companies: list[Json]) -> Any:
    """A scroll through companies, each with the notes of the example."""
    mocker.get(f"{URL}companies/scroll", [{"json": scroll_page(*companies)}, {"json": scroll_page()}])
    return [mocker.get(f"{URL}companies/{one['id']}/notes", json=NOTES) for one in companies]


@pytest.mark.parametrize(
    "notes",
    [
        {"type": "note.list", "notes": []},
        {"type": "list", "data": [], "url": "/companies/1/notes", "total_count": 0, "has_more": False},
        {"notes": [], "data": []},
    ],
)
def test_a_company_that_says_it_has_no_notes_is_not_asked(
    notes: Json, context: StreamContext, requests_mock: Mocker
) -> None:
    (asked,) = serve(requests_mock, [company(1, notes=notes)])
    assert read(CompanyNotes(context)) == []
    assert asked.call_count == 0


@pytest.mark.parametrize(
    "notes",
    [
        {"type": "note.list", "notes": [{"type": "note", "id": "26"}]},
        {"type": "list", "data": [{"type": "note", "id": "26", "url": "/notes/26"}]},
        {"type": "list", "data": [], "total_count": 2},
        {"type": "list", "data": [], "has_more": True},
        {"notes": [], "data": [{"id": 26}]},
        {"notes": None},
        {"notes": "none"},
        {},
        None,
        [],
        "none",
    ],
)
def test_a_company_that_has_notes_or_does_not_say_is_asked(
    notes: Any, context: StreamContext, requests_mock: Mocker
) -> None:
    one = company(1, notes=notes)
    (asked,) = serve(requests_mock, [one])
    rows = read(CompanyNotes(context))
    assert asked.call_count == 1
    assert ids(rows) == [each["id"] for each in NOTES["data"]]
    assert {row["company_id"] for row in rows} == {one["id"]}


def test_a_company_without_the_field_is_asked_also_where_companies_are_read_too(requests_mock: Mocker) -> None:
    without = company(1)
    assert "notes" not in without
    none, wrong = company(2, notes={"type": "note.list", "notes": []}), company(3, notes={"notes": 7})
    serve(requests_mock, [without, none, wrong])
    output = sync("companies", "company_notes")
    assert {row["company_id"] for row in records(output, "company_notes")} == {without["id"], wrong["id"]}
