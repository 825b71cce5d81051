import logging
from typing import Any

import pytest
import requests
from airbyte_cdk.models import Status
from requests_mock import ANY, Mocker

from source_intercom.source import SourceIntercom
from unit_tests.builders import TOKEN, URL, Json, config, error_list, example, me

LOGGER = logging.getLogger("airbyte")
ENDPOINTS = {
    "contacts": ("POST", "contacts/search", "contacts_search"),
    "conversations": ("POST", "conversations/search", "conversations_search"),
    "tickets": ("POST", "tickets/search", "tickets_search"),
    **{name: ("GET", name, name) for name in ("admins", "teams", "tags", "segments", "data_attributes", "articles")},
}
NO_SCOPE = {"status_code": 401, "json": error_list("token_unauthorized", "Not authorized to access resource")}


@pytest.fixture(autouse=True)
def workspace(requests_mock: Mocker) -> None:
    """A workspace that may be read."""
    requests_mock.get(f"{URL}me", json=me())
    for method, path, name in ENDPOINTS.values():
        requests_mock.register_uri(method, f"{URL}{path}", json=example(name))


def refuse(mocker: Mocker, *names: str) -> None:
    """The token may not read these."""
    for name in names:
        method, path, _ = ENDPOINTS[name]
        mocker.register_uri(method, f"{URL}{path}", **NO_SCOPE)  # type: ignore[arg-type]


def problem(**changes: Any) -> str | None:
    """What the check says; None when it succeeds."""
    outcome = SourceIntercom().check(LOGGER, config(**changes))
    assert (outcome.status == Status.SUCCEEDED) == (outcome.message is None)
    message: str | None = outcome.message
    return message


def test_a_good_token_passes() -> None:
    assert problem() is None


def test_a_check_is_a_few_requests_and_begins_no_scroll(requests_mock: Mocker) -> None:
    problem()
    asked = [request.path for request in requests_mock.request_history]
    assert len(asked) <= 13
    assert not any("scroll" in path or path.startswith("/conversations/5") for path in asked)


@pytest.mark.parametrize("code", ["unauthorized", "token_revoked"])
def test_revoked_token_is_not_retried(code: str, requests_mock: Mocker, sleeps: list[float]) -> None:
    asked = requests_mock.get(f"{URL}me", status_code=401, json=error_list(code))
    said = problem()
    assert said is not None
    assert "refused the access token" in said
    assert asked.call_count == 1
    assert sleeps == []


@pytest.mark.parametrize("region", ["EU", "AU"])
def test_a_workspace_of_another_region_is_told(region: str, requests_mock: Mocker) -> None:
    requests_mock.get(f"{URL}me", json=me(region=region))
    assert problem() == (f"The workspace lives in Intercom's region {region}, not US; set the region to {region}.")


@pytest.mark.parametrize("app", [{}, None, {"region": None}, {"region": ""}])
def test_a_workspace_that_tells_no_region_passes(app: Json | None, requests_mock: Mocker) -> None:
    requests_mock.get(f"{URL}me", json={**me(), "app": app})
    assert problem() is None


def test_an_unreachable_intercom_is_told(requests_mock: Mocker) -> None:
    requests_mock.get(f"{URL}me", exc=requests.ConnectTimeout)
    assert problem() == "Intercom could not be reached (ConnectTimeout); check the network, or try again later."


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"status_code": 502, "text": "<html>"}, "502"),
        ({"text": "<html>captive portal</html>"}, "empty or broken body"),
        ({"json": []}, "empty or broken body"),
        ({"status_code": 429, "json": error_list("rate_limit_exceeded")}, "rate limit"),
        ({"status_code": 400, "json": error_list("intercom_version_invalid")}, "update the connector"),
    ],
)
def test_an_answer_that_is_none_fails_the_check(
    answer: Json, words: str, requests_mock: Mocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("WINDOW_SECONDS", "PROBE_SECONDS"):
        monkeypatch.setattr(f"source_intercom.api.budget.{name}", 0.001)
    requests_mock.get(f"{URL}me", **answer)
    said = problem()
    assert said is not None
    assert words in said


def test_missing_permissions_are_warnings_while_others_are_there(
    requests_mock: Mocker, caplog: pytest.LogCaptureFixture
) -> None:
    refuse(requests_mock, "tags", "admins", "teams", "conversations")
    assert problem() is None
    warnings = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert [warning.partition(".")[0] for warning in warnings] == [
        "Not readable: conversations, conversation_parts",
        "Not readable: admins, teams",
        "Not readable: tags",
    ]
    assert all(scope in warning for scope, warning in zip(["conversations", "admins", "tags"], warnings, strict=True))


def test_a_token_without_any_permission_is_told(requests_mock: Mocker) -> None:
    refuse(requests_mock, *ENDPOINTS)
    said = problem()
    assert said is not None
    assert said.startswith("The access token is valid but cannot read any stream. ")
    for permission in ("Read tags", "Read admins", "Read conversations", "Read tickets", "Read articles"):
        assert said.count(f"“{permission}”") == 1


def test_a_stream_that_is_down_fails_the_check(requests_mock: Mocker) -> None:
    requests_mock.get(f"{URL}tags", status_code=503, text="")
    assert problem() == "Intercom answered 503 several times in a row; trying again later helps."


def test_a_search_that_refuses_the_check_is_told_in_a_sentence(requests_mock: Mocker) -> None:
    requests_mock.post(f"{URL}tickets/search", status_code=400, json=error_list("client_error", "no such field"))
    said = problem()
    assert said is not None
    assert said.startswith("Intercom")


@pytest.mark.parametrize("status", [200, 400, 401, 403, 500])
def test_no_outcome_holds_the_token(status: int, requests_mock: Mocker) -> None:
    requests_mock.register_uri(ANY, ANY, status_code=status, json=error_list("x"))
    assert TOKEN not in (problem() or "")


def test_a_token_with_a_line_break_is_not_taken_for_a_network_that_is_down() -> None:
    assert problem(credentials={"auth_type": "AccessToken", "access_token": f"{TOKEN}\n"}) is None
