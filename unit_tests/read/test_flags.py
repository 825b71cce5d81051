"""Columns that have to be asked for: they are, and where Intercom refuses one the rows come without it."""

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from requests_mock import Mocker

from source_intercom.api.bodies import Body
from source_intercom.read.families import families
from source_intercom.read.flags import Flags
from source_intercom.streams.base import IntercomStream
from source_intercom.streams.companies import Companies
from source_intercom.streams.contacts import Contacts
from source_intercom.streams.context import StreamContext
from source_intercom.streams.conversations import ConversationParts, Conversations
from source_intercom.streams.tickets import Tickets
from unit_tests.builders import (
    NOW,
    URL,
    Json,
    SearchServer,
    contact,
    conversation,
    error_list,
    ids,
    me,
    read,
    serve_tickets,
    tickets_every,
    whole_conversation,
)
from unit_tests.streams import conversations

if TYPE_CHECKING:  # names that only the stubs of requests-mock have
    from requests_mock.request import Request
    from requests_mock.response import Context

MERGES, MONITORS, SCORECARDS = "include_merge_history", "include_monitors", "include_scorecards"
REFUSALS = [(403, "forbidden"), (400, "parameter_invalid"), (402, "api_plan_restricted"), (422, "parameter_invalid")]


class Refusing(SearchServer):
    """A search that refuses flags; `asked` has the flags of each request."""

    def __init__(self, records: list[Json], refused: set[str], status: int = 403, code: str = "forbidden") -> None:
        super().__init__("conversations", records)
        self.refused, self.status, self.code = refused, status, code
        self.asked: list[set[str]] = []

    def __call__(self, request: "Request", answer: "Context") -> Json:
        asked = {flag for flag, values in request.qs.items() if values == ["true"]}
        self.asked.append(asked)
        if asked & self.refused:
            answer.status_code = self.status
            return error_list(self.code, "no")
        return super().__call__(request, answer)


@pytest.fixture
def found() -> list[Json]:
    """Conversations of several pages."""
    return [conversation(number, NOW - 400 + number) for number in range(320)]


def flags_of(mocker: Mocker, path: str) -> set[str]:
    """The query strings of the searches that were sent to a path."""
    return {request.query for request in mocker.request_history if request.path == path}


def test_contacts_ask_for_their_merge_history(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    requests_mock.get(f"{URL}me", json=me())
    requests_mock.post(f"{URL}contacts/search", json=SearchServer("data", [contact(1, NOW - 50)]))
    read(Contacts(context), {})
    assert flags_of(requests_mock, "/contacts/search") == {f"{MERGES}=true"}


def test_conversations_ask_for_monitors_and_scorecards(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    requests_mock.post(conversations.SEARCH, json=SearchServer("conversations", [conversation(1, NOW - 50)]))
    read(Conversations(context), {})
    assert flags_of(requests_mock, "/conversations/search") == {f"{MONITORS}=true&{SCORECARDS}=true"}


def test_who_emits_none_of_the_columns_does_not_ask_for_them(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    requests_mock.get(f"{URL}me", json=me())
    requests_mock.post(f"{URL}contacts/search", json=SearchServer("data", []))
    conversations.serve(requests_mock, whole_conversation(1, NOW - 50, parts=2))
    serve_tickets(requests_mock, tickets_every(1, 3))
    Companies(context).probe()
    read(ConversationParts(context), {})
    read(Tickets(context), {})
    for path in ("/contacts/search", "/conversations/search", "/tickets/search"):
        assert flags_of(requests_mock, path) == {""}


@pytest.mark.parametrize(("status", "code"), REFUSALS)
@pytest.mark.parametrize("refused", [{MONITORS}, {SCORECARDS}, {MONITORS, SCORECARDS}])
def test_refused_flags_are_left_out_and_every_row_comes(
    status: int,
    code: str,
    refused: set[str],
    found: list[Json],
    now: SimpleNamespace,
    context: StreamContext,
    requests_mock: Mocker,
) -> None:
    server = Refusing(found, refused, status, code)
    requests_mock.post(conversations.SEARCH, json=server)
    assert ids(read(Conversations(context), {})) == ids(found)
    accepted = {MONITORS, SCORECARDS} - refused
    last_refused = max(number for number, asked in enumerate(server.asked) if asked & refused)
    assert all(asked == accepted for asked in server.asked[last_refused + 1 :])
    assert last_refused < 6


def test_the_columns_that_stay_empty_are_named_once(
    found: list[Json],
    now: SimpleNamespace,
    context: StreamContext,
    requests_mock: Mocker,
    caplog: pytest.LogCaptureFixture,
) -> None:
    requests_mock.post(conversations.SEARCH, json=Refusing(found, {SCORECARDS}))
    read(Conversations(context), {})
    (said,) = [record.getMessage() for record in caplog.records if "stay empty" in record.getMessage()]
    assert said == (
        "conversations: Intercom refuses include_scorecards; these columns stay empty in this read: scorecards."
    )


def test_an_error_that_stays_without_flags_is_no_refusal(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker, caplog: pytest.LogCaptureFixture
) -> None:
    asked = requests_mock.post(conversations.SEARCH, status_code=403, json=error_list("forbidden"))
    with pytest.raises(AirbyteTracedException, match="lacks the permission “Read conversations”") as caught:
        read(Conversations(context), {})
    assert caught.value.failure_type == FailureType.config_error
    assert [bool(request.query) for request in asked.request_history] == [True, False]
    assert "stay empty" not in caplog.text


def test_an_error_that_may_pass_is_no_refusal(
    found: list[Json], now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    server = SearchServer("conversations", found)
    broken = {"status_code": 503, "json": {}}
    requests_mock.post(conversations.SEARCH, [*[broken] * 3, {"json": server}])
    assert ids(read(Conversations(context), {})) == ids(found)
    assert flags_of(requests_mock, "/conversations/search") == {f"{MONITORS}=true&{SCORECARDS}=true"}


def test_flags_that_one_thread_found_refused_are_known_to_all() -> None:
    threads = 8
    together = threading.Barrier(threads)
    sent: list[set[str]] = []
    said: list[Mapping[str, str]] = []

    def request(flags: Mapping[str, str]) -> Body:
        sent.append(set(flags))
        if len(sent) <= threads:
            together.wait()
        if "bad" in flags:
            raise AirbyteTracedException("no", "no", FailureType.config_error)
        return {"flags": sorted(flags)}

    flags = Flags({"bad": "worse", "good": "better"})
    flags.want(["worse", "better"], said.append)
    with ThreadPoolExecutor(threads) as pool:
        bodies = list(pool.map(lambda _: flags.ask(request), range(threads)))
    assert bodies == [{"flags": ["good"]}] * threads
    assert said == [{"bad": "worse"}]
    assert sum("bad" in each for each in sent) == threads + 2


def test_a_refusal_that_does_not_come_again_takes_no_flag_away() -> None:
    answers = iter([False, True, True, True])
    said: list[Mapping[str, str]] = []

    def request(flags: Mapping[str, str]) -> Body:
        if not next(answers):
            raise AirbyteTracedException("no", "no", FailureType.system_error)
        return {"flags": dict(flags)}

    flags = Flags({"one": "1", "other": "2"})
    flags.want(["1", "2"], said.append)
    assert flags.ask(request) == {"flags": {"one": "true", "other": "true"}}
    assert said == []


def test_a_flag_that_is_refused_once_and_then_taken_is_kept() -> None:
    refused = [{"one", "other"}, {"one"}, {"one", "other"}]
    said: list[Mapping[str, str]] = []

    def request(flags: Mapping[str, str]) -> Body:
        if set(flags) in refused:
            refused.remove(set(flags))
            raise AirbyteTracedException("no", "no", FailureType.config_error)
        return {"flags": dict(flags)}

    flags = Flags({"one": "1", "other": "2"})
    flags.want(["1", "2"], said.append)
    assert flags.ask(request) == {"flags": {"one": "true", "other": "true"}}
    assert (refused, said) == ([], [])


def test_only_what_somebody_wants_is_sent_and_who_wants_it_is_told_that_it_is_refused() -> None:
    told: dict[str, Mapping[str, str]] = {}

    def request(flags: Mapping[str, str]) -> Body:
        assert "unwanted" not in flags
        if "bad" in flags:
            assert told == {}
            raise AirbyteTracedException("no", "no", FailureType.config_error)
        return {"flags": sorted(flags), "told": sorted(told)}

    flags = Flags({"bad": "worse", "good": "better", "unwanted": "best"})
    assert flags.ask(request) == {"flags": [], "told": []}
    for who, columns in (("one", ["worse"]), ("both", ["worse", "better"]), ("other", ["better", "none"])):
        flags.want(columns, partial(told.__setitem__, who))
    assert flags.ask(request)["flags"] == ["good"]
    assert told == {"one": {"bad": "worse"}, "both": {"bad": "worse"}}
    assert flags.ask(request) == {"flags": ["good"], "told": ["both", "one"]}


def test_a_search_that_is_refused_for_its_place_keeps_its_flags(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    refused = {"status_code": 400, "json": error_list("client_error")}
    requests_mock.post(conversations.SEARCH, [refused, {"json": SearchServer("conversations", [])}])
    stream = Conversations(context)
    search = families([stream])[stream.name].finder
    with pytest.raises(AirbyteTracedException, match="please report this"):
        search.probe()
    search.probe()
    assert flags_of(requests_mock, "/conversations/search") == {f"{MONITORS}=true&{SCORECARDS}=true"}


@pytest.mark.parametrize("stream", [Contacts, Conversations])
def test_a_flag_stands_for_a_column_of_the_schema(stream: type[IntercomStream], context: StreamContext) -> None:
    properties = stream(context).get_json_schema()["properties"]
    assert set(stream(context).flags.values()) <= set(properties)  # type: ignore[attr-defined]
