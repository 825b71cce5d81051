from typing import TYPE_CHECKING, Any

import pytest
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from requests_mock import Mocker

from source_intercom import report
from source_intercom.read.search_pages import SearchPages
from source_intercom.streams.context import StreamContext
from source_intercom.streams.segments import ContactSegments
from unit_tests.builders import URL, Json, contact, error_list, read
from unit_tests.syncs import logs, records, sync, told

if TYPE_CHECKING:  # names that only the stubs of requests-mock have
    from requests_mock.request import Request
    from requests_mock.response import Context

REFUSAL = error_list("client_error", "Invalid starting_after param.")


class Segments:
    """Segments with contacts: a search for one answers in pages; `left_out` are on no page of the first passes."""

    def __init__(self, mocker: Mocker, **members: list[int]) -> None:
        self.members = {name: list(numbers) for name, numbers in members.items()}
        self.counted: dict[str, Any] = {name: len(numbers) for name, numbers in members.items()}
        self.left_out: dict[int, int] = {}
        self.bodies: list[Json] = []
        mocker.get(f"{URL}segments?include_count=true", json=self._list)
        mocker.get(f"{URL}segments?include_count=true&type=company", json={"segments": [{"id": "c", "count": 9}]})
        mocker.post(f"{URL}contacts/search", json=self._search)

    def _list(self, request: "Request", answer: "Context") -> Json:
        return {"segments": [{"id": name, "person_type": "user", "count": n} for name, n in self.counted.items()]}

    def _search(self, request: "Request", answer: "Context") -> Json:
        body = request.json()
        self.bodies.append(body)
        members = self.members[body["query"]["value"]]
        start = int(body["pagination"].get("starting_after", 0))
        if not start:
            self.left_out = {number: times - 1 for number, times in self.left_out.items()}
        end = start + body["pagination"]["per_page"]
        shown = [number for number in members[start:end] if self.left_out.get(number, -1) < 0]
        following = {"next": {"starting_after": str(end)}} if end < len(members) else {}
        found = [contact(number, 1) for number in shown]
        return {"type": "list", "data": found, "total_count": len(members), "pages": {"type": "pages", **following}}

    def searches(self) -> list[str]:
        """The segments that were searched, once for each page."""
        return [body["query"]["value"] for body in self.bodies]


def pairs(rows: list[Json]) -> list[tuple[str, int]]:
    return [(row["segment_id"], int(row["contact_id"], 16)) for row in rows]


@pytest.fixture(autouse=True)
def _pages_of_three(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SearchPages, "page_size", 3)


def test_each_segment_is_searched_page_by_page_and_gives_a_row_for_each_contact(
    context: StreamContext, requests_mock: Mocker
) -> None:
    segments = Segments(requests_mock, a=[1, 2, 3, 4, 5, 6, 7], b=[], d=[2])
    rows = read(ContactSegments(context))
    assert pairs(rows) == [*(("a", number) for number in range(1, 8)), ("d", 2)]
    assert all(row.keys() == {"segment_id", "contact_id"} for row in rows)
    assert segments.searches() == ["a", "a", "a", "b", "d"]
    first = segments.bodies[0]
    assert first["query"] == {"field": "segment_id", "operator": "=", "value": "a"}
    assert first["sort"] == {"field": "created_at", "order": "ascending"}


def test_segments_of_companies_are_not_searched_even_where_they_are_read_too(requests_mock: Mocker) -> None:
    segments = Segments(requests_mock, a=[1])
    output = sync("segments", "contact_segments")
    assert [row["id"] for row in records(output, "segments")] == ["a", "c"]
    assert pairs(records(output, "contact_segments")) == [("a", 1)]
    assert segments.searches() == ["a"]


def test_pages_come_one_by_one(context: StreamContext, requests_mock: Mocker) -> None:
    segments = Segments(requests_mock, a=list(range(30)))
    stream = ContactSegments(context)
    stream.new_cursor(None)
    batches = stream.fetch({"id": "a", "segment_id": "a", "counted": 0})
    assert len(next(batches)) == 3
    assert len(segments.bodies) == 1


@pytest.mark.parametrize("passes", [1, 2, 3, 4])
def test_a_search_that_lacks_contacts_is_made_again_until_they_come_though_passes_in_a_row_bring_nothing_new(
    passes: int, context: StreamContext, requests_mock: Mocker
) -> None:
    segments = Segments(requests_mock, a=[1, 2, 3, 4])
    segments.left_out = {2: passes, 4: 1}
    rows = pairs(read(ContactSegments(context)))
    assert sorted(rows) == [("a", number) for number in (1, 2, 3, 4)]
    assert context.reports.count("contact_segments", report.RESTARTS) == passes
    assert context.reports.count("contact_segments", report.OVERCOUNTED) == 0


def test_what_a_segment_counts_beyond_its_contacts_is_searched_for_again_and_said(requests_mock: Mocker) -> None:
    segments = Segments(requests_mock, a=[1, 2], b=[3])
    segments.counted["a"] = "5"
    output = sync("contact_segments")
    assert sorted(pairs(records(output, "contact_segments"))) == [("a", 1), ("a", 2), ("b", 3)]
    assert segments.searches().count("a") == 2
    said = [line for line in logs(output) if line.startswith("contact_segments: 3 records emitted")]
    assert "3 counted by Intercom and not returned" in said[0]


def test_a_contact_that_leaves_between_passes_does_not_have_a_segment_that_counts_more_searched_for_ever(
    context: StreamContext, requests_mock: Mocker
) -> None:
    segments = Segments(requests_mock, a=[1, 2, 3])
    segments.counted["a"] = 9
    segments.left_out = {3: 99}

    def leave(request: "Request", answer: "Context") -> Json:
        assert len(segments.bodies) < 9, "it is searched again and again"
        if len(segments.bodies) == 2:
            segments.members["a"].remove(3)
        return segments._search(request, answer)

    requests_mock.post(f"{URL}contacts/search", json=leave)
    assert pairs(read(ContactSegments(context))) == [("a", 1), ("a", 2)]
    assert context.reports.count("contact_segments", report.OVERCOUNTED) == 7


@pytest.mark.parametrize("count", [None, 0, 1, -1, "many", [], {}])
def test_more_contacts_than_a_segment_counts_are_no_reason_to_search_again(
    count: object, context: StreamContext, requests_mock: Mocker
) -> None:
    segments = Segments(requests_mock, a=[1, 2])
    segments.counted["a"] = count
    assert len(read(ContactSegments(context))) == 2
    assert len(segments.bodies) == 1


def test_a_cursor_that_is_refused_begins_the_segment_again(context: StreamContext, requests_mock: Mocker) -> None:
    segments = Segments(requests_mock, a=[1, 2, 3, 4])
    asked = 0

    def refuse_once(request: "Request", answer: "Context") -> Json:
        nonlocal asked
        asked += 1
        if asked == 2:
            answer.status_code = 400
            return REFUSAL
        return segments._search(request, answer)

    requests_mock.post(f"{URL}contacts/search", json=refuse_once)
    assert pairs(read(ContactSegments(context))) == [("a", number) for number in (1, 2, 3, 4)]


def test_pages_that_go_round_in_circles_end_the_stream_with_an_error(requests_mock: Mocker) -> None:
    Segments(requests_mock, a=[1])
    page = {"data": [contact(1, 1)], "total_count": 9, "pages": {"next": {"starting_after": "x"}}}
    requests_mock.post(f"{URL}contacts/search", json=page)
    output = sync("contact_segments", fails=True)
    ((message, kind),) = told(output, "contact_segments")
    assert kind == FailureType.transient_error
    assert "loses its way again and again" in message


def test_a_page_that_is_not_delivered_is_asked_for_in_smaller_ones(
    context: StreamContext, requests_mock: Mocker, sleeps: list[float]
) -> None:
    segments = Segments(requests_mock, a=[1, 2, 3, 4])

    def only_small_pages(request: "Request", answer: "Context") -> Json:
        if request.json()["pagination"]["per_page"] > 1:
            answer.status_code = 504
            return {}
        return segments._search(request, answer)

    requests_mock.post(f"{URL}contacts/search", json=only_small_pages)
    assert pairs(read(ContactSegments(context))) == [("a", number) for number in (1, 2, 3, 4)]


def test_a_segment_that_cannot_be_searched_costs_no_other_and_is_named(requests_mock: Mocker) -> None:
    segments = Segments(requests_mock, a=[1], b=[2], d=[3])

    def all_but_one(request: "Request", answer: "Context") -> Json:
        if request.json()["query"]["value"] == "b":
            answer.status_code = 404
            return error_list("not_found")
        return segments._search(request, answer)

    requests_mock.post(f"{URL}contacts/search", json=all_but_one)
    output = sync("contact_segments", fails=True)
    assert sorted(pairs(records(output, "contact_segments"))) == [("a", 1), ("d", 3)]
    ((message, kind),) = told(output, "contact_segments")
    assert kind == FailureType.transient_error
    assert "the contacts of segment b" in message


def test_a_missing_permission_is_seen_by_a_look_for_one_contact(context: StreamContext, requests_mock: Mocker) -> None:
    segments = Segments(requests_mock, a=[1])
    ContactSegments(context).probe()
    assert [body["pagination"]["per_page"] for body in segments.bodies] == [1]
    requests_mock.post(f"{URL}contacts/search", status_code=403, json=error_list("forbidden"))
    with pytest.raises(AirbyteTracedException, match="lacks the permission") as error:
        ContactSegments(context).probe()
    assert error.value.failure_type == FailureType.config_error
