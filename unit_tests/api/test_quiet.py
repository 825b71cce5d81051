"""What answers hold is not in the log."""

from typing import Any

import pytest
from airbyte_cdk.models import AirbyteMessageSerializer
from airbyte_cdk.test.entrypoint_wrapper import EntrypointOutput
from requests_mock import Mocker

from source_intercom.streams.context import StreamContext
from unit_tests.builders import URL
from unit_tests.syncs import Workspace, logs, sync

PERSON = "jane.doe@customer.test"
PEOPLE = {"errors": [{"code": "x", "message": "m" * 80}], "data": {"email": PERSON, "more": [PERSON] * 50}}
"""The first 100 characters of a body that is no success may be shown."""


def everything(output: EntrypointOutput) -> str:
    return "\n".join(str(AirbyteMessageSerializer.dump(message)) for message in output.get_message_iterator())


@pytest.mark.parametrize(
    "answer",
    [
        {"json": PEOPLE},
        {"text": f"<html>{PERSON}"},
        {"text": f'{{"data": [{{"email": "{PERSON}'},
        *({"status_code": status, "json": PEOPLE} for status in (400, 404, 409, 429, 500, 503)),
        *({"status_code": status, "text": " " * 50 + "x" * 120 + PERSON} for status in (302, 400, 502)),
    ],
)
@pytest.mark.parametrize("stream", ["tags", "contacts", "companies", "conversation_parts"])
def test_no_body_is_in_the_output(
    stream: str, answer: dict[str, Any], workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("source_intercom.api.budget.RateBudget.acquire_call", lambda *_: None)
    for path in ("tags", "companies/scroll", *(f"conversations/{number}" for number in workspace.conversations)):
        workspace.mocker.get(f"{URL}{path}", **answer)
    workspace.mocker.post(f"{URL}contacts/search", **answer)
    output = sync(stream, fails=True)
    assert PERSON not in everything(output)


def test_an_answer_that_is_no_success_is_logged_by_status_length_and_beginning(
    context: StreamContext, requests_mock: Mocker, caplog: pytest.LogCaptureFixture
) -> None:
    requests_mock.get(f"{URL}tags", status_code=502, text="<html>\n <b>Bad</b>" + "y" * 500)
    caplog.set_level("INFO")
    context.api.session.get(f"{URL}tags?page=1")
    (line,) = caplog.messages
    assert line == "GET /tags was answered 502, 518 bytes: <html> <b>Bad</b>" + "y" * 83


def test_a_success_is_not_logged(
    context: StreamContext, requests_mock: Mocker, caplog: pytest.LogCaptureFixture
) -> None:
    requests_mock.get(f"{URL}tags", json={})
    caplog.set_level("INFO")
    context.api.session.get(f"{URL}tags")
    assert caplog.messages == []


def test_retries_are_still_in_the_log(workspace: Workspace) -> None:
    workspace.mocker.get(f"{URL}tags", text="")
    output = sync("tags", fails=True)
    assert any("broken body" in line and line.startswith("Caught retryable error") for line in logs(output))
