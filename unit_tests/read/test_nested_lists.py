"""Lists inside records that Intercom cut short are counted."""

from types import SimpleNamespace
from typing import Any

import pytest
from requests_mock import Mocker

from source_intercom import report
from source_intercom.read.nested_lists import missing_entries
from source_intercom.streams.companies import Companies
from source_intercom.streams.contacts import Contacts
from source_intercom.streams.context import StreamContext
from source_intercom.streams.conversations import Conversations
from source_intercom.streams.tickets import MAX_PARTS, Tickets
from unit_tests.builders import NOW, URL, SearchServer, contact, conversation, me, read, serve_tickets, ticket
from unit_tests.schemas.contracts import STREAMS, load
from unit_tests.streams import conversations

INSIDE_CONTACTS = ["tags", "notes", "companies", "opted_in_subscription_types", "opted_out_subscription_types"]


def cut(total: Any, more: Any, entries: int = 10) -> dict[str, Any]:
    """A list with as many entries, of `total`."""
    return {"type": "list", "data": [{"id": str(n)} for n in range(entries)], "total_count": total, "has_more": more}


@pytest.mark.parametrize(
    ("stream", "field"),
    [
        *(("contacts", field) for field in INSIDE_CONTACTS),
        ("conversations", "linked_objects"),
        ("tickets", "linked_objects"),
    ],
)
@pytest.mark.parametrize(
    ("total", "more", "missing"),
    [(14, True, 4), (None, True, 1), ("many", True, 1), (10, True, 1), (10, False, 0), (None, None, 0)],
)
def test_entries_that_are_missing_are_counted(stream: str, field: str, total: Any, more: Any, missing: int) -> None:
    assert missing_entries(load(stream))({field: cut(total, more)}) == missing


@pytest.mark.parametrize("value", [None, [], "text", 5, {}, {"data": None, "total_count": 0}])
def test_whatever_stands_for_a_list_that_lacks_nothing_counts_nothing(value: Any) -> None:
    assert missing_entries(load("contacts"))({"tags": value}) == 0


def test_the_lists_of_a_record_add_up() -> None:
    record = {"tags": cut(11, True), "companies": cut(15, True), "notes": cut(3, False, entries=3)}
    assert missing_entries(load("contacts"))(record) == 6


def test_lists_deeper_inside_are_counted() -> None:
    sources = {"type": "content_source.list", "content_sources": [{"title": "x"}], "total_count": 3}
    assert missing_entries(load("conversations"))({"ai_agent": {"content_sources": sources}}) == 2


@pytest.mark.parametrize("stream", STREAMS)
def test_a_record_without_lists_lacks_nothing(stream: str) -> None:
    assert missing_entries(load(stream))({"id": "1"}) == 0


def test_contacts_with_cut_lists_are_in_the_report_once_each(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    requests_mock.get(f"{URL}me", json=me())
    twice = contact(1, NOW - 50, tags=cut(12, True), companies=cut(11, True))
    server = SearchServer("data", [twice, contact(2, NOW - 60, notes=cut(20, True)), contact(3, NOW - 70)])
    requests_mock.post(f"{URL}contacts/search", json=server)
    read(Contacts(context))
    assert context.reports.count("contacts", report.EMITTED) == 3
    assert context.reports.count("contacts", report.CUT) == 2
    assert context.reports.count("contacts", report.LACKING) == 13
    said = report.sentence(context.reports.counts()["contacts"])
    assert "2 records with lists that Intercom cut short, 13 entries missing in them" in said


def test_links_of_tickets_and_conversations_beyond_the_limit_are_in_the_report(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    links = cut(2500, True, entries=1000)
    serve_tickets(requests_mock, [ticket(1, NOW - 50, linked_objects=links)])
    server = SearchServer("conversations", [conversation(1, NOW - 50, linked_objects=links)])
    requests_mock.post(conversations.SEARCH, json=server)
    read(Tickets(context))
    read(Conversations(context))
    assert context.reports.count("tickets", report.LACKING) == 1500
    assert context.reports.count("conversations", report.LACKING) == 1500


def test_tickets_that_may_have_more_parts_are_in_the_report(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    def parts(number: int) -> dict[str, Any]:
        return {"type": "ticket_part.list", "ticket_parts": [{"id": "1"}] * number, "total_count": number}

    tickets = [ticket(number, NOW - 50, ticket_parts=parts(MAX_PARTS - number)) for number in range(2)]
    serve_tickets(requests_mock, [*tickets, ticket(2, NOW - 50, ticket_parts=None)])
    read(Tickets(context))
    assert context.reports.count("tickets", report.FULL) == 1


def test_reports_of_streams_without_cut_lists_do_not_mention_any(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    requests_mock.get(f"{URL}companies/scroll", json={"data": [], "scroll_param": "x"})
    requests_mock.post(conversations.SEARCH, json=SearchServer("conversations", [conversation(1, NOW - 50)]))
    for stream in (Companies(context), Conversations(context)):
        read(stream)
    assert not any("cut short" in report.sentence(counts) for counts in context.reports.counts().values())
