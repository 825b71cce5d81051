from types import SimpleNamespace

from requests_mock import Mocker

from source_intercom.streams.context import StreamContext
from source_intercom.streams.tickets import Tickets
from unit_tests.builders import NOW, URL, SearchServer, read, ticket


def test_tickets_keep_their_parts(now: SimpleNamespace, context: StreamContext, requests_mock: Mocker) -> None:
    sent = ticket(1, NOW - 60)
    assert sent["ticket_parts"]["ticket_parts"]
    requests_mock.post(f"{URL}tickets/search", json=SearchServer("tickets", [sent]))
    (record,) = read(Tickets(context))
    assert len(record["ticket_parts"]["ticket_parts"]) == len(sent["ticket_parts"]["ticket_parts"])


def test_assignees_are_text_whatever_the_version_sends(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    sent = ticket(1, NOW - 60, admin_assignee_id=0, team_assignee_id="5017691", ticket_id=40)
    requests_mock.post(f"{URL}tickets/search", json=SearchServer("tickets", [sent]))
    (record,) = read(Tickets(context))
    assert (record["admin_assignee_id"], record["team_assignee_id"], record["ticket_id"]) == ("0", "5017691", "40")


def test_custom_attributes_of_tickets_keep_their_names_and_values(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    attributes = {"_default_title_": "x", "Amount: EUR": "43", "id": 7, "owner_id": 8, "AMOUNT": None}
    sent = ticket(1, NOW - 60, ticket_attributes=attributes)
    requests_mock.post(f"{URL}tickets/search", json=SearchServer("tickets", [sent]))
    (record,) = read(Tickets(context))
    assert record["ticket_attributes"] == attributes
