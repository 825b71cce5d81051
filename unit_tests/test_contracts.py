import re

import pytest
from requests_mock import Mocker

from unit_tests import contracts
from unit_tests.answers import example_rows, found_at
from unit_tests.contracts import ASKED, CONTRACTS, STREAMS, Contract, Parent, Way, lineage, relying_on
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


@pytest.mark.parametrize("name", STREAMS)
def test_a_row_of_the_table_makes_sense(name: str) -> None:
    contract = CONTRACTS[name]
    assert (contract.parent is not None) == (contract.way in (Way.CHILD, Way.NESTED))
    assert ("{id}" in contract.path) == (contract.way is Way.CHILD)
    assert bool(contract.answer) == (contract.way is not Way.NESTED)
    if contract.parent:
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
    assert relying_on("conversation_parts") == {"conversation_parts"}


def test_rows_of_a_nested_stream_are_served_in_the_rows_of_its_parent(
    monkeypatch: pytest.MonkeyPatch, requests_mock: Mocker, now: object
) -> None:
    monkeypatch.setattr(contracts, "CONTRACTS", {**CONTRACTS, NESTED.name: NESTED})
    for module in ("answers", "syncs"):
        monkeypatch.setattr(f"unit_tests.{module}.CONTRACTS", contracts.CONTRACTS)
    workspace = Workspace(requests_mock, size=3)
    assert NESTED.required == ["id", "ticket_id", "ticket_updated_at"]
    assert len(workspace.keys(NESTED.name)) == 3 * PER_PARENT
    served = [
        {**row, "ticket_id": ticket["id"]}
        for ticket in workspace.searches["tickets"].stored
        for row in found_at(ticket, NESTED.records)
    ]
    assert workspace.rows[NESTED.name] == served
