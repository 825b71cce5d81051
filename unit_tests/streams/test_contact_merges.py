"""Merges are in a column that a search has to be asked for: without it there is an error, and never an empty table."""

from itertools import permutations
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from airbyte_cdk.models import AirbyteStreamStatus, FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from requests_mock import Mocker

from source_intercom.read import family
from source_intercom.streams.contacts import ContactMerges
from source_intercom.streams.context import StreamContext
from unit_tests import builders
from unit_tests.builders import NOW, URL, Json, SearchServer, contact, error_list, me, read
from unit_tests.contracts import CURSORS
from unit_tests.syncs import INCREMENTAL, Workspace, keys_of, records, states, sync, told

if TYPE_CHECKING:  # names that only the stubs of requests-mock have
    from requests_mock.request import Request
    from requests_mock.response import Context

FLAG = "include_merge_history"
FAMILY = ("contacts", "contact_tags", "contact_merges")


class Search(SearchServer):
    """Contacts have merge histories only where the flag asks for them; it may be refused, from a request on."""

    def __init__(self, contacts: list[Json], refuses: bool = False, after: int = 0) -> None:
        super().__init__("data", contacts)
        self.refuses, self.after = refuses, after
        self.asked = 0

    def __call__(self, request: "Request", answer: "Context") -> Json:
        self.asked += 1
        is_flagged = request.qs.get(FLAG) == ["true"]
        if is_flagged and self.refuses and self.asked > self.after:
            answer.status_code = 403
            return error_list("forbidden", "not in this plan")
        body = super().__call__(request, answer)
        if not is_flagged:
            body["data"] = [{name: one[name] for name in one if name != "merge_history"} for one in body["data"]]
        return body


def merged(number: int) -> Json:
    return {"type": "merge_history", "source_contact_id": f"b{number}", "source_contact_role": "lead", "merged_at": 5}


def serve(mocker: Mocker, contacts: list[Json], refuses: bool = False, after: int = 0) -> Search:
    mocker.get(f"{URL}me", json=me("UTC"))
    server = Search(contacts, refuses, after)
    mocker.post(f"{URL}contacts/search", json=server)
    return server


@pytest.fixture
def contacts() -> list[Json]:
    """A user into whom two were merged, one without merges, and a lead, who carries no list."""
    return [
        contact(1, NOW - 500, merge_history=[merged(1), merged(2)]),
        contact(2, NOW - 400, merge_history=[]),
        contact(3, NOW - 300),
    ]


def test_merges_are_asked_for_although_contacts_are_not_selected(
    contacts: list[Json], now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    server = serve(requests_mock, contacts)
    stream = ContactMerges(context)
    rows = read(stream, {})
    of = {"contact_id": contacts[0]["id"], "contact_updated_at": NOW - 500}
    assert rows == [{**merged(1), **of}, {**merged(2), **of}]
    assert stream.checkpoints.state == {"contact_updated_at": NOW - 300}
    assert {request.query for request in requests_mock.request_history if request.method == "POST"} == {f"{FLAG}=true"}
    assert server.asked < 4


def test_without_the_flag_the_stream_fails_and_its_state_stays(
    contacts: list[Json], now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    server = serve(requests_mock, contacts, refuses=True)
    stream = ContactMerges(context)
    rows: list[Json] = []
    owed = {"windows": [[NOW - 200_000, NOW - 150_000]], "ids": []}
    state = {"contact_updated_at": NOW - 100_000, "owed": owed}
    with pytest.raises(AirbyteTracedException, match=f"{FLAG}, without which") as caught:
        read(stream, state, rows)
    assert caught.value.failure_type == FailureType.config_error
    assert dict(stream.checkpoints.state) == state
    assert rows == []
    assert server.asked < 12


@pytest.mark.parametrize("after", [2, 5, 8])
def test_a_state_stands_for_nothing_that_came_without_the_column(
    after: int, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(family, "WINDOW_RECORDS", 150)
    every_hour = [contact(number, NOW - 3_600 * number, merge_history=[merged(number)]) for number in range(1, 1_000)]
    serve(requests_mock, every_hour, refuses=True, after=after)
    stream = ContactMerges(context)
    rows: list[Json] = []
    with pytest.raises(AirbyteTracedException, match=f"{FLAG}, without which"):
        read(stream, {}, rows)
    promised = stream.checkpoints.state.get("contact_updated_at", 0)
    due = {one["id"] for one in every_hour if one["updated_at"] < promised}
    assert due <= {row["contact_id"] for row in rows}
    assert len(rows) < len(every_hour)


@pytest.mark.parametrize("names", list(permutations(FAMILY)), ids=" ".join)
def test_who_does_without_the_column_is_read_whole_beside_merges_that_fail(
    names: tuple[str, ...], workspace: Workspace
) -> None:
    server = Search(workspace.rows["contacts"], refuses=True)
    workspace.mocker.post(f"{URL}contacts/search", json=server)
    output = sync(*names, mode=INCREMENTAL, fails=True)
    for name in names:
        if name == "contact_merges":
            ((message, failure),) = told(output, name)
            assert FLAG in message
            assert failure == FailureType.config_error
            assert output.get_stream_statuses(name)[-1] == AirbyteStreamStatus.INCOMPLETE
            assert [state for state in states(output, name) if state] == []
        else:
            assert told(output, name) == []
            assert keys_of(name, records(output, name)) == workspace.keys(name)
            assert output.get_stream_statuses(name)[-1] == AirbyteStreamStatus.COMPLETE
            assert states(output, name)[-1] == {CURSORS[name]: workspace.times[-1]}


def test_whoever_does_not_read_merges_does_not_ask_for_them(workspace: Workspace) -> None:
    sync("contact_tags", "contact_notes", mode=INCREMENTAL)
    assert {request.query for request in workspace.mocker.request_history if request.method == "POST"} == {""}


def test_what_was_refused_comes_once_it_is_granted(
    contacts: list[Json], now: SimpleNamespace, requests_mock: Mocker
) -> None:
    serve(requests_mock, contacts, refuses=True)
    stream = ContactMerges(builders.context())
    with pytest.raises(AirbyteTracedException):
        read(stream, {})
    serve(requests_mock, contacts)
    assert len(read(ContactMerges(builders.context()), dict(stream.checkpoints.state))) == 2
