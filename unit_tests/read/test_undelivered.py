"""Records that Intercom counts and does not deliver: a page that holds one of them is answered with an error."""

import re
from types import SimpleNamespace

import pytest
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st
from requests_mock import Mocker

from source_intercom import report
from source_intercom.read import family
from source_intercom.read.search_pages import SearchPages
from source_intercom.streams.contacts import Contacts
from source_intercom.streams.context import StreamContext
from source_intercom.streams.tickets import Tickets
from unit_tests import builders
from unit_tests.builders import (
    NOW,
    URL,
    Json,
    SearchServer,
    contact,
    error_list,
    ids,
    me,
    messages,
    read,
    serve_tickets,
    states,
    ticket,
    tickets_every,
)
from unit_tests.clock import set_clock
from unit_tests.examples import tries

SEARCH = f"{URL}tickets/search"


def read_all_but_some(stream: Tickets | Contacts, state: Json | None = None) -> tuple[list[str], str]:
    """The ids that come although the stream ends with an error, and the error."""
    records: list[Json] = []
    with pytest.raises(AirbyteTracedException) as error:
        read(stream, {} if state is None else state, records)
    assert error.value.failure_type == FailureType.transient_error
    return sorted(ids(records), key=int), str(error.value)


@pytest.mark.parametrize("status", [404, 500])
@pytest.mark.parametrize("bad", [0, 1, 77, 149, 150, 201, 399])
def test_one_ticket_that_is_not_delivered_costs_no_other(
    bad: int, status: int, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    server = serve_tickets(requests_mock, tickets_every(60, 400))
    server.bad = {str(bad): status}
    got, error = read_all_but_some(Tickets(context))
    assert got == [str(number) for number in range(400) if number != bad]
    assert error.startswith("Intercom does not deliver 1 of the tickets updated from ")
    assert f"answered {status}" in error
    assert context.reports.count("tickets", report.UNDELIVERED) == 1


def test_the_error_names_the_time_of_what_is_not_delivered(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    server = serve_tickets(requests_mock, tickets_every(60, 9))
    server.bad = {"5": 404}
    _, error = read_all_but_some(Tickets(context))
    assert "from 2025-01-01T11:56:34+00:00 to 2025-01-01T11:58:34+00:00" in error


@settings(max_examples=tries(30), phases=[Phase.generate])
@given(bad=st.sets(st.integers(0, 59), min_size=1, max_size=6), window=st.integers(5, 60), page=st.integers(1, 20))
def test_however_many_tickets_are_not_delivered_the_others_come(bad: set[int], window: int, page: int) -> None:
    assume(not bad >= {0, 59})  # then neither the oldest nor the newest shows that Intercom answers at all
    with pytest.MonkeyPatch.context() as patch, Mocker() as mocker:
        patch.setattr(family, "WINDOW_RECORDS", window)
        patch.setattr(SearchPages, "page_size", page)
        set_clock(patch, lambda: NOW)
        server = serve_tickets(mocker, tickets_every(60, 60))
        server.bad = {str(number): 404 for number in bad}
        context = builders.context()
        got, _ = read_all_but_some(Tickets(context))
        assert got == [str(number) for number in range(60) if number not in bad]
        assert context.reports.count("tickets", report.UNDELIVERED) == len(bad)


def test_the_state_moves_on_and_names_what_is_owed(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    server = serve_tickets(requests_mock, tickets_every(3600, 20))
    server.bad = {"7": 404}
    stream = Tickets(context)
    read_all_but_some(stream)
    stream.checkpoints.ensure_at_least_one_state_emitted()
    state = states(messages(stream))[-1]
    owed = [NOW - 13 * 3600, NOW - 11 * 3600 + 1]
    assert state == {"updated_at": NOW, "owed": {"windows": [owed], "ids": []}}

    again = Tickets(builders.context())
    got, _ = read_all_but_some(again, state)
    assert got == ["6", "8", "19"], "what is owed, as far as it comes, and what is new"
    assert again.checkpoints.state == state

    server.bad = {}
    healed = Tickets(builders.context())
    assert ids(read(healed, state)) == ["6", "7", "8", "19"]
    assert healed.checkpoints.state == {"updated_at": NOW}


@pytest.mark.parametrize(
    "owed", ["", 5, [], {"windows": []}, {"windows": [[1]], "ids": []}, {"windows": [[5, 4]], "ids": []}]
)
def test_a_state_whose_debts_cannot_be_read_is_no_state(
    owed: object, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    serve_tickets(requests_mock, tickets_every(3600, 20))
    assert len(read(Tickets(context), {"updated_at": NOW, "owed": owed})) == 20


def test_a_contact_that_is_not_delivered_costs_no_other_of_its_day(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    requests_mock.get(f"{URL}me", json=me("UTC"))
    contacts = [contact(number, NOW - 5 * 86_400 + number) for number in range(400)]
    server = SearchServer("data", contacts)
    server.bad = {contacts[210]["id"]: 404}
    requests_mock.post(f"{URL}contacts/search", json=server)
    records: list[Json] = []
    with pytest.raises(AirbyteTracedException, match="1 of the contacts updated from"):
        read(Contacts(context), {}, records)
    assert sorted(ids(records)) == [one["id"] for one in contacts if one is not contacts[210]]


@pytest.mark.parametrize("status", [404, 500, 503])
def test_a_search_that_does_not_answer_at_all_fails_after_few_requests(
    status: int, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    asked = requests_mock.post(SEARCH, status_code=status, text="<html>")
    with pytest.raises(AirbyteTracedException, match=f"answered {status}") as error:
        read(Tickets(context), {})
    assert "does not deliver" not in str(error.value)
    assert asked.call_count < 30


def test_a_search_that_ceases_to_answer_fails_and_the_state_stays(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(family, "WINDOW_RECORDS", 10)
    monkeypatch.setattr(SearchPages, "page_size", 10)

    class Ceasing(SearchServer):
        def __call__(self, request, answer):  # type: ignore[no-untyped-def]
            if len(self.bodies) > 12:
                self.bad = {each["id"]: 503 for each in self.stored}
            return super().__call__(request, answer)

    requests_mock.post(SEARCH, json=Ceasing("tickets", tickets_every(3600, 60)))
    stream = Tickets(context)
    with pytest.raises(AirbyteTracedException, match="answered 503"):
        read(stream, {})
    assert "owed" not in stream.checkpoints.state


def test_pages_that_only_come_in_small_sizes_are_asked_for_in_large_ones_once(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(family, "WINDOW_RECORDS", 300)
    server = serve_tickets(requests_mock, tickets_every(60, 3000), largest_page=50)
    stream = Tickets(context)
    stream.new_cursor({})
    assert len(read(stream, {})) == 3000
    too_large = [body for body in server.bodies if body["pagination"]["per_page"] > 50]
    assert len(too_large) < 20


def test_a_refusal_is_not_taken_for_a_record_that_is_not_delivered(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    asked = requests_mock.post(SEARCH, status_code=403, json=error_list("forbidden"))
    with pytest.raises(AirbyteTracedException, match=re.escape("“Read tickets”")):
        read(Tickets(context), {})
    assert asked.call_count == 1


def test_a_read_gives_up_when_too_much_is_not_delivered(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("source_intercom.read.open_partitions.MAX_UNDELIVERED", 3)
    server = serve_tickets(requests_mock, [ticket(number, NOW - 7 * number) for number in range(40)])
    server.bad = {str(number): 404 for number in range(2, 30, 4)}
    stream = Tickets(context)
    with pytest.raises(AirbyteTracedException) as error:
        read(stream, {})
    assert "does not deliver" not in str(error.value)
    assert len(stream.checkpoints.owed.windows()) == 3
