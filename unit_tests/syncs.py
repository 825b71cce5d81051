"""Syncs of a small workspace, and what reads their output."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from airbyte_cdk.models import AirbyteStateMessage, FailureType, SyncMode, Type
from airbyte_cdk.test.entrypoint_wrapper import EntrypointOutput
from airbyte_cdk.test.entrypoint_wrapper import read as run_read
from airbyte_cdk.test.models.scenario import ExpectedOutcome
from requests_mock import Mocker

from source_intercom.source import SourceIntercom
from unit_tests.builders import (
    NOW,
    URL,
    Json,
    SearchServer,
    articles_page,
    catalog,
    company,
    config,
    contact,
    conversation,
    example,
    me,
    scroll_page,
    ticket,
    whole_conversation,
)

if TYPE_CHECKING:  # names that only the stubs of requests-mock have
    from requests_mock.request import Request
    from requests_mock.response import Context

FULL, INCREMENTAL = SyncMode.full_refresh, SyncMode.incremental

# Stream: modes, cursor field, primary key.
CATALOGUE: dict[str, tuple[list[SyncMode], list[str], list[list[str]]]] = {
    "contacts": ([FULL, INCREMENTAL], ["updated_at"], [["id"]]),
    "conversations": ([FULL, INCREMENTAL], ["updated_at"], [["id"]]),
    "conversation_parts": ([FULL, INCREMENTAL], ["conversation_updated_at"], [["id"]]),
    "tickets": ([FULL, INCREMENTAL], ["updated_at"], [["id"]]),
    "companies": ([FULL], [], [["id"]]),
    "admins": ([FULL], [], [["id"]]),
    "teams": ([FULL], [], [["id"]]),
    "tags": ([FULL], [], [["id"]]),
    "segments": ([FULL], [], [["id"]]),
    "data_attributes": ([FULL], [], [["model"], ["full_name"]]),
    "articles": ([FULL], [], [["id"]]),
}
SEARCHES = ["contacts", "conversations", "conversation_parts", "tickets"]


class Workspace:
    """A workspace with a little of everything."""

    def __init__(self, mocker: Mocker, size: int = 12, step: int = 500) -> None:
        self.mocker = mocker
        self.times = [NOW - 100 - step * (size - 1 - number) for number in range(size)]
        whole = [whole_conversation(number, at, parts=2) for number, at in enumerate(self.times)]
        self.conversations = {one["id"]: one for one in whole}
        self.contacts = SearchServer("data", [contact(number, at) for number, at in enumerate(self.times)])
        self.found = SearchServer("conversations", [conversation(n, at) for n, at in enumerate(self.times)])
        self.tickets = SearchServer("tickets", [ticket(number, at) for number, at in enumerate(self.times)])
        mocker.get(f"{URL}me", json=me("Europe/London"))
        mocker.post(f"{URL}contacts/search", json=self.contacts)
        mocker.post(f"{URL}conversations/search", json=self.found)
        mocker.post(f"{URL}tickets/search", json=self.tickets)
        for one in whole:
            mocker.get(f"{URL}conversations/{one['id']}", json=one)
        mocker.get(f"{URL}companies/scroll", json=self.scroll)
        mocker.get(f"{URL}articles", json=articles_page(example("articles")["data"], 1, 1, 1))
        for name in ("admins", "teams", "tags", "segments", "data_attributes"):
            mocker.get(f"{URL}{name}", json=example(name))

    def scroll(self, request: "Request", answer: "Context") -> Json:
        """One page of companies and the end."""
        return scroll_page(*([] if "scroll_param" in request.qs else [company(1), company(2)]))


def sync(
    *names: str,
    mode: SyncMode = FULL,
    state: list[AirbyteStateMessage] | None = None,
    fails: bool = False,
    **changes: Any,
) -> EntrypointOutput:
    """One sync, in this process."""
    outcome = ExpectedOutcome.EXPECT_EXCEPTION if fails else ExpectedOutcome.EXPECT_SUCCESS
    output = run_read(SourceIntercom(), config(**changes), catalog(*names, mode=mode), state, expected_outcome=outcome)
    assert bool(output.errors) == fails, output.get_formatted_error_message()
    return output


def records(output: EntrypointOutput, stream: str) -> list[Json]:
    found = [message.record for message in output.records if message.record]
    return [dict(record.data) for record in found if record.stream == stream]


def logs(output: EntrypointOutput) -> list[str]:
    return [message.log.message for message in output.logs if message.log]


def states(output: EntrypointOutput, stream: str) -> list[Json]:
    return [state for _, name, state in positions(output) if name == stream]


def positions(output: EntrypointOutput) -> Iterator[tuple[int, str, Json]]:
    """Where state messages stand among all messages, with their streams and states."""
    for index, message in enumerate(output.get_message_iterator()):
        if message.type == Type.STATE and message.state and message.state.stream:
            state = message.state.stream
            yield index, state.stream_descriptor.name, json.loads(json.dumps(state.stream_state.__dict__))


def told(output: EntrypointOutput, stream: str) -> list[tuple[str, FailureType | None]]:
    """The errors of a stream."""
    errors = [message.trace.error for message in output.errors if message.trace and message.trace.error]
    return [
        (one.message, one.failure_type)
        for one in errors
        if one.stream_descriptor and one.stream_descriptor.name == stream
    ]
