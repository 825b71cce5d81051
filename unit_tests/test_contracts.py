import re

import pytest
from requests_mock import Mocker

from unit_tests.answers import example_rows, found_at
from unit_tests.contracts import ASKED, CONTRACTS, PEOPLE, SCOPES, STREAMS, Contract, Parent, Way, lineage, relying_on
from unit_tests.syncs import PER_PARENT, Workspace

NESTED = Contract(
    "parts_of_tickets",
    Way.NESTED,
    "POST",
    "tickets/search",
    ("ticket_parts", "ticket_parts"),
    "Read tickets",
    cursor="ticket_updated_at",
    parent=Parent("tickets", "ticket_id"),
)
MENTIONED = Contract(
    "tags_of_contacts",
    Way.CHILD,
    "GET",
    "contacts/{id}/tags",
    ("data",),
    PEOPLE,
    answer="tags",
    key=("contact_id", "id"),
    cursor="contact_updated_at",
    parent=Parent("contacts", "contact_id"),
    mentioned=("tags", "data"),
)


@pytest.mark.parametrize("name", STREAMS)
def test_a_row_of_the_table_makes_sense(name: str) -> None:
    contract = CONTRACTS[name]
    is_own = contract.way is Way.OWN
    assert is_own or (contract.parent is not None) == (contract.way in (Way.CHILD, Way.NESTED))
    asking = any(CONTRACTS[each].way is Way.CHILD for each in lineage(name))
    assert is_own or ("{id}" in contract.path) == asking
    assert bool(contract.answer) == (contract.way not in (Way.NESTED, Way.OWN))
    assert (contract.permission in SCOPES) != bool(contract.scope)
    assert bool(contract.permission) != bool(contract.scope)
    if contract.parent and contract.way is not Way.OWN:
        assert STREAMS.index(contract.parent.stream) < STREAMS.index(name), "parents come first"
    if contract.way is Way.NESTED and contract.parent:
        parent = CONTRACTS[contract.parent.stream]
        assert (contract.method, contract.path) == (parent.method, parent.path)
    for row in example_rows(contract):
        assert set(contract.required) <= row.keys()


@pytest.mark.parametrize("name", ASKED)
def test_a_pattern_matches_the_requests_of_its_stream_and_no_others(name: str) -> None:
    paths = {each: f"/{CONTRACTS[each].path.replace('{id}', '6762f0d01b')}" for each in ASKED}
    assert [each for each, path in paths.items() if re.search(CONTRACTS[name].pattern, path)] == [name]


def test_what_belongs_to_a_stream_relies_on_it() -> None:
    assert lineage("conversation_parts") == ("conversation_parts", "conversations")
    relying = relying_on("conversations", "tags")
    assert {"conversations", "conversation_parts", "tags"} <= relying
    assert "contacts" not in relying
    assert relying_on("contact_notes") == {"contact_notes"}
    assert {"conversation_parts", "part_tags"} <= relying_on("conversation_parts")


@pytest.fixture
def extended(monkeypatch: pytest.MonkeyPatch, requests_mock: Mocker, now: object) -> Workspace:
    """A workspace of three rows each, with streams of kinds that not all have one."""
    table = {**CONTRACTS, NESTED.name: NESTED, MENTIONED.name: MENTIONED}
    for module in ("answers", "syncs"):
        monkeypatch.setattr(f"unit_tests.{module}.CONTRACTS", table)
    return Workspace(requests_mock, size=3)


def test_rows_of_a_nested_stream_are_served_in_the_rows_of_its_parent(extended: Workspace) -> None:
    assert NESTED.required == ["id", "ticket_id", "ticket_updated_at"]
    served = [
        {**row, "ticket_id": ticket["id"]}
        for ticket in extended.searches["tickets"].stored
        for row in found_at(ticket, NESTED.records)
    ]
    assert extended.rows[NESTED.name] == served
    assert len(extended.keys(NESTED.name)) == 3 * PER_PARENT


def test_rows_of_a_child_are_served_by_themselves_and_mentioned_in_the_rows_of_its_parent(extended: Workspace) -> None:
    assert MENTIONED.required == ["contact_id", "id", "contact_updated_at"]
    for contact in extended.searches["contacts"].stored:
        rows = [row for row in extended.rows[MENTIONED.name] if row["contact_id"] == contact["id"]]
        answer = extended.answers[f"contacts/{contact['id']}/tags"]
        assert [{**row, "contact_id": contact["id"]} for row in found_at(answer, MENTIONED.records)] == rows
        assert len(found_at(contact, MENTIONED.mentioned)) == contact["tags"]["total_count"] == len(rows) == PER_PARENT
