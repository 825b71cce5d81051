from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from requests_mock import Mocker

from source_intercom import report
from source_intercom.streams.context import StreamContext
from source_intercom.streams.events import REACH, ContactEvents
from unit_tests.builders import (
    NOW,
    URL,
    Json,
    SearchServer,
    contact,
    context,
    error_list,
    example,
    me,
    messages,
    read,
    states,
)
from unit_tests.syncs import INCREMENTAL, logs, sync, told

if TYPE_CHECKING:  # names that only the stubs of requests-mock have
    from requests_mock.request import Request
    from requests_mock.response import Context

EVENT = example("contact_events")["events"][0]
DAY = 86_400

pytestmark = pytest.mark.usefixtures("now")


def person(number: int, updated_at: int, last_seen_at: Any = None) -> Json:
    return contact(number, updated_at, last_seen_at=last_seen_at)


def event(second: int, name: str = "clicked", **fields: Any) -> Json:
    return {**EVENT, "event_name": name, "created_at": second, **fields}


class Intercom:
    """Contacts with events, which are listed newest first, so many to a page and not counted."""

    def __init__(self, mocker: Mocker, contacts: list[Json], events: dict[int, list[Json]], **options: Any) -> None:
        self.events = {contact(number, 0)["id"]: rows for number, rows in events.items()}
        self.size = 50
        self.host = "https://elsewhere.test"
        self.asked: list[Json] = []
        self.search = SearchServer("data", contacts, **options)
        mocker.get(f"{URL}me", json=me("America/Los_Angeles"))
        mocker.post(f"{URL}contacts/search", json=self.search)
        mocker.get(f"{URL}events", json=self._page)

    @property
    def whose(self) -> list[int]:
        """The numbers of the contacts that were asked for events, request by request."""
        return [int(query["intercom_user_id"], 16) for query in self.asked]

    def _page(self, request: "Request", answer: "Context") -> Json:
        query = {name: values[0] for name, values in request.qs.items()}
        self.asked.append(query)
        rows = self.events.get(query["intercom_user_id"], [])
        start = int(query.get("before", 0))
        shown = rows[start : start + self.size]
        pages = {}
        if start + self.size < len(rows):
            following = {"per_page": 2, "before": start + self.size, "intercom_user_id": "another", "type": 'user"'}
            pages = {"next": f"{self.host}/events?{urlencode(following)}"}
        elif not shown:
            pages = {"next": "http://api.intercom.test/events?next page"}
        return {"type": "event.summary", "events": shown, "pages": pages}


def told_apart(rows: list[Json]) -> list[tuple[int, str, int, int]]:
    """The keys of rows, with the numbers of the contacts."""
    return [(int(row["contact_id"], 16), row["event_name"], row["created_at"], row["index"]) for row in rows]


def test_the_events_of_a_contact_come_from_all_pages_with_the_contact_and_when_it_was_active(
    requests_mock: Mocker,
) -> None:
    intercom = Intercom(requests_mock, [person(1, NOW - 50, NOW - 9)], {1: [event(NOW - n) for n in range(10, 15)]})
    intercom.size = 2
    rows = read(ContactEvents(context()))
    assert told_apart(rows) == [(1, "clicked", NOW - n, 0) for n in range(10, 15)]
    assert {row["contact_active_at"] for row in rows} == {NOW - 9}
    assert [query.get("before") for query in intercom.asked] == [None, "2", "4"]


def test_of_the_address_of_the_next_page_only_what_is_new_counts(requests_mock: Mocker) -> None:
    intercom = Intercom(requests_mock, [person(1, NOW - 50)], {1: [event(NOW - n) for n in range(10, 15)]})
    intercom.size = 3
    assert len(read(ContactEvents(context()))) == 5
    contact_id = contact(1, 0)["id"]
    same = {"type": "user", "per_page": "50", "intercom_user_id": contact_id}
    assert intercom.asked == [same, {**same, "before": "3"}]
    assert {request.hostname for request in requests_mock.request_history} == {"api.intercom.io"}


@pytest.mark.parametrize("state", [None, {"contact_active_at": NOW - 4000}])
def test_who_was_seen_or_updated_since_is_asked_and_nobody_else(state: Json | None, requests_mock: Mocker) -> None:
    since = NOW + 1 - REACH if state is None else NOW - 4600
    contacts = [
        person(1, since - 1),
        person(2, since - 1, since - 1),
        person(3, since),
        person(4, since - 9000, since),
        person(5, NOW - 90, since - 9000),
        person(6, since - 90 * DAY, NOW - 50),
    ]
    intercom = Intercom(requests_mock, contacts, {}, zone=ZoneInfo("America/Los_Angeles"))
    read(ContactEvents(context(start_date="2020-01-01T00:00:00Z")), state)
    assert sorted(intercom.whose) == [3, 4, 5, 6]
    (query,) = {str(body["query"]) for body in intercom.search.bodies[:1]}
    assert "'OR'" in query
    assert "last_seen_at" in query
    assert "updated_at" in query


def test_nobody_is_asked_who_was_not_active_since_the_start_date(requests_mock: Mocker) -> None:
    start = NOW - 12 * 3600 - 34
    events = {2: [event(start), event(start - 1)]}
    intercom = Intercom(requests_mock, [person(1, start - 1, start - 1), person(2, start, start - 5)], events)
    rows = read(ContactEvents(context(start_date="2025-01-01T00:00:00Z")))
    assert told_apart(rows) == [(2, "clicked", start, 0)]
    assert intercom.whose == [2]


def test_all_listed_events_of_who_was_active_come_again_since_one_may_be_logged_late(requests_mock: Mocker) -> None:
    events = [event(NOW - 5), event(NOW - 40 * DAY)]
    Intercom(requests_mock, [person(1, NOW - 9, NOW - 5)], {1: events})
    rows = read(ContactEvents(context()), {"contact_active_at": NOW - 600})
    assert told_apart(rows) == [(1, "clicked", NOW - 5, 0), (1, "clicked", NOW - 40 * DAY, 0)]


def test_a_state_is_when_contacts_were_active_also_those_without_events(requests_mock: Mocker) -> None:
    Intercom(requests_mock, [person(1, NOW - 5000, NOW - 900), person(2, NOW - 1000)], {2: [event(NOW + 70)]})
    stream = ContactEvents(context())
    assert len(read(stream, {})) == 1
    assert states(messages(stream))[-1] == {"contact_active_at": NOW - 900}


def test_a_contact_that_is_seen_while_the_read_goes_on_is_asked_again_by_the_next_sync(
    now: SimpleNamespace, requests_mock: Mocker
) -> None:
    intercom = Intercom(requests_mock, [person(1, NOW - 5000), person(2, NOW - 4000)], {1: [event(NOW - 5000)]})
    stream = ContactEvents(context())
    read(stream, {})
    (state,) = states(messages(stream))[-1:]
    now.second = NOW + 3000
    intercom.search.stored[0]["last_seen_at"] = NOW + 5
    intercom.events[contact(1, 0)["id"]].insert(0, event(NOW + 5))
    intercom.asked.clear()
    rows = read(ContactEvents(context()), state)
    assert told_apart(rows) == [(1, "clicked", NOW + 5, 0), (1, "clicked", NOW - 5000, 0)]
    assert intercom.whose == [1, 2]


def test_a_full_read_looks_once_more_for_who_became_active_meanwhile(
    now: SimpleNamespace, requests_mock: Mocker
) -> None:
    """Contacts that a search for the day finds once more, and that did not change, are not asked again."""
    contacts = [person(1, NOW - 50), person(2, NOW - 5000), person(3, NOW - 5000)]
    intercom = Intercom(requests_mock, contacts, {1: [event(NOW - 9)]}, zone=ZoneInfo("America/Los_Angeles"))
    answer = intercom._page

    def becomes_active(request: "Request", response: "Context") -> Json:
        now.second += 60
        intercom.search.stored[1]["last_seen_at"] = now.second
        return answer(request, response)

    requests_mock.get(f"{URL}events", json=becomes_active)
    read(ContactEvents(context()))
    assert sorted(intercom.whose) == [1, 2, 2, 3]


@pytest.mark.parametrize(
    ("listed", "keys"),
    [
        ([event(5), event(5)], [("clicked", 5, 0)]),
        ([event(5), event(5, metadata={"a": 1}), event(5)], [("clicked", 5, 0), ("clicked", 5, 1)]),
        ([event(5, id="a"), event(5, id="b")], [("clicked", 5, 0), ("clicked", 5, 1)]),
        ([event(5), event(5, "paid"), event(6)], [("clicked", 5, 0), ("paid", 5, 0), ("clicked", 6, 0)]),
    ],
)
def test_events_of_one_name_and_second_are_one_unless_they_differ(
    listed: list[Json], keys: list[tuple[str, int, int]], requests_mock: Mocker
) -> None:
    rows = [{**each, "created_at": NOW - 10 + each["created_at"]} for each in listed]
    Intercom(requests_mock, [person(1, NOW - 50)], {1: rows})
    stream = ContactEvents(context())
    assert told_apart(read(stream)) == [(1, name, NOW - 10 + second, index) for name, second, index in keys]
    assert stream.context.reports.count(stream.name, report.REPEATED) == len(listed) - len(keys)


def test_an_event_on_both_sides_of_a_page_border_comes_once(requests_mock: Mocker) -> None:
    rows = [event(NOW - n, metadata={"n": n}) for n in (3, 3, 3, 4)]
    intercom = Intercom(requests_mock, [person(1, NOW - 50)], {1: rows})
    intercom.size = 2
    keys = told_apart(read(ContactEvents(context())))
    assert keys == [(1, "clicked", NOW - 3, 0), (1, "clicked", NOW - 4, 0)]


@pytest.mark.parametrize("following", ["https://api.intercom.io/events?type=user", "nonsense", {"page": 2}, 7])
def test_a_page_that_says_there_is_more_and_not_how_is_an_error(following: Any, requests_mock: Mocker) -> None:
    Intercom(requests_mock, [person(1, NOW - 50)], {})
    requests_mock.get(f"{URL}events", json={"events": [event(NOW - 9)], "pages": {"next": following}})
    ((message, kind),) = told(sync("contact_events", fails=True), "contact_events")
    assert "not how" in message
    assert kind == FailureType.transient_error


@pytest.mark.parametrize("before", ["the same", "another each time"])
def test_pages_that_go_round_in_circles_are_an_error_that_names_the_contact(before: str, requests_mock: Mocker) -> None:
    intercom = Intercom(requests_mock, [person(1, NOW - 50), person(2, NOW - 60)], {2: [event(NOW - 70)]})
    answer = intercom._page

    def circles(request: "Request", response: "Context") -> Json:
        body = answer(request, response)
        if intercom.whose[-1] == 1:
            number = len(intercom.asked) if before == "another each time" else 7
            body |= {"events": [event(NOW - 9)], "pages": {"next": f"{URL}events?before={number}"}}
        return body

    requests_mock.get(f"{URL}events", json=circles)
    output = sync("contact_events", mode=INCREMENTAL, fails=True)
    ((message, kind),) = told(output, "contact_events")
    assert f"the events of contact {contact(1, 0)['id']}" in message
    assert "pages without end" in message
    assert kind == FailureType.transient_error
    assert intercom.whose.count(1) <= 3
    assert intercom.whose.count(2) == 1


def test_a_contact_that_is_owed_is_asked_first_and_tells_anew_when_it_was_active(requests_mock: Mocker) -> None:
    intercom = Intercom(requests_mock, [person(1, NOW - 9000, NOW - 8000)], {1: [event(NOW - 8500)]})
    stream = ContactEvents(context())
    state = {"contact_active_at": NOW - 500, "owed": {"windows": [], "ids": [contact(1, 0)["id"]]}}
    (row,) = read(stream, state)
    assert (row["contact_id"], row["contact_active_at"]) == (contact(1, 0)["id"], NOW - 8000)
    assert intercom.whose == [1]
    assert states(messages(stream))[-1] == {"contact_active_at": NOW - 500}


def test_a_contact_that_is_gone_is_skipped_and_counted(requests_mock: Mocker) -> None:
    intercom = Intercom(requests_mock, [person(1, NOW - 50)], {})
    intercom.search.gone = {contact(1, 0)["id"]}
    requests_mock.get(f"{URL}events", status_code=404, json=error_list("not_found", "User Not Found"))
    stream = ContactEvents(context())
    assert read(stream) == []
    assert stream.context.reports.count(stream.name, report.GONE) == 1


@pytest.mark.parametrize("bad", [1, 77, 149, 150, 201, 400])
def test_one_contact_that_the_search_does_not_deliver_costs_no_other(bad: int, requests_mock: Mocker) -> None:
    contacts = [person(number, NOW - 9000 + number) for number in range(1, 401)]
    intercom = Intercom(requests_mock, contacts, {})
    intercom.search.bad = {contact(bad, 0)["id"]: 500}
    stream = ContactEvents(context())
    with pytest.raises(AirbyteTracedException, match="Intercom does not deliver 1 of the contacts updated from"):
        read(stream, {})
    assert sorted(intercom.whose) == [number for number in range(1, 401) if number != bad]
    (state,) = states(messages(stream))[-1:]
    reached = NOW + 1 - REACH if bad == 1 else NOW - 9000 + bad - 1
    assert state["owed"]["windows"] == [[reached, NOW + 1]]
    intercom.search.bad = {}
    intercom.asked.clear()
    again = ContactEvents(context())
    read(again, state)
    assert bad in intercom.whose
    assert "owed" not in states(messages(again))[-1]


def test_contacts_that_are_counted_and_not_found_are_looked_for_again(requests_mock: Mocker) -> None:
    intercom = Intercom(requests_mock, [person(1, NOW - 50), person(2, NOW - 40)], {})
    whole = intercom.search
    short: list[int] = []

    def lacks_one(request: "Request", answer: "Context") -> Json:
        body = whole(request, answer)
        if not short:
            short.append(1)
            body["data"] = body["data"][:1]
        return body

    requests_mock.post(f"{URL}contacts/search", json=lacks_one)
    stream = ContactEvents(context())
    read(stream, {})
    assert sorted(intercom.whose) == [1, 2]
    assert stream.context.reports.count(stream.name, report.RESTARTS) == 1


def test_what_it_costs_is_said_once(requests_mock: Mocker) -> None:
    Intercom(requests_mock, [person(1, NOW - 50), person(2, NOW - 40)], {})
    said = [line for line in logs(sync("contact_events")) if "asking for" in line]
    assert said == ["contact_events: asking for 2 contacts takes up to 2 requests, one for each."]


def test_contacts_and_their_events_are_read_beside_each_other(requests_mock: Mocker) -> None:
    Intercom(requests_mock, [person(1, NOW - 50)], {1: [event(NOW - 60)]})
    output = sync("contacts", "contact_events", mode=INCREMENTAL)
    assert len([one for one in output.records if one.record]) == 2


def test_a_check_asks_for_the_events_of_one_contact(requests_mock: Mocker) -> None:
    intercom = Intercom(requests_mock, [person(1, NOW - 50), person(2, NOW - 40)], {})
    ContactEvents(context()).probe()
    assert intercom.whose == [1]
    requests_mock.get(f"{URL}events", status_code=403, json=error_list("forbidden"))
    with pytest.raises(AirbyteTracedException, match="lacks the permission “Read events”"):
        ContactEvents(context()).probe()


def test_a_workspace_without_contacts_can_be_checked(context: StreamContext, requests_mock: Mocker) -> None:
    intercom = Intercom(requests_mock, [], {})
    ContactEvents(context).probe()
    assert intercom.asked == []
