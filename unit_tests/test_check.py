import logging
import re
from typing import Any

import pytest
import requests
from airbyte_cdk.models import Status
from requests_mock import ANY, Mocker

from source_intercom.source import SourceIntercom
from unit_tests.answers import only_page, own_rows, placed
from unit_tests.builders import TOKEN, URL, Json, config, error_list, me
from unit_tests.contracts import CONTRACTS, Contract, Way, families, lineage, needed

LOGGER = logging.getLogger("airbyte")
FAMILIES = families()
TRIED = {permission: CONTRACTS[streams[0]] for permission, streams in FAMILIES.items()}
"""By permission, the stream whose first request tells whether the token has it."""
ASKED = {name: CONTRACTS[name] for contract in TRIED.values() for name in lineage(contract.name)}
"""These, and those whose rows they belong to."""
DATASETS = f"{URL}export/reporting_data/get_datasets"
"""What tells whether the token may export figures: their streams are found in the workspace, and have no contracts."""
NO_SCOPE = {"status_code": 401, "json": error_list("token_unauthorized", "Not authorized to access resource")}


@pytest.fixture(autouse=True)
def workspace(requests_mock: Mocker) -> None:
    """A workspace that may be read."""
    requests_mock.get(f"{URL}me", json=me())
    requests_mock.get(DATASETS, json={"type": "list", "data": []})
    for contract in ASKED.values():
        rows = own_rows(contract)
        answer = placed({}, contract.records, rows) if contract.way is Way.OWN else only_page(contract, rows)
        requests_mock.register_uri(contract.method, address(contract), json=answer)


def address(contract: Contract) -> re.Pattern[str]:
    """Where its requests go, whatever the id of the parent."""
    return re.compile(URL + contract.path.replace("{id}", "[^/]+") + r"(\?|$)")


def lacking(permission: str) -> str:
    """How an error names it."""
    return TRIED[permission].lacking


def refuse(mocker: Mocker, *permissions: str) -> None:
    """The token lacks these permissions."""
    for contract in map(TRIED.__getitem__, permissions):
        mocker.register_uri(contract.method, address(contract), **NO_SCOPE)  # type: ignore[arg-type]


def problem(**changes: Any) -> str | None:
    """What the check says; None when it succeeds."""
    outcome = SourceIntercom().check(LOGGER, config(**changes))
    assert (outcome.status == Status.SUCCEEDED) == (outcome.message is None)
    message: str | None = outcome.message
    return message


def test_a_good_token_passes() -> None:
    assert problem() is None


def test_a_check_asks_once_per_permission_and_begins_no_scroll(requests_mock: Mocker) -> None:
    problem()
    tried = [CONTRACTS[name] for contract in TRIED.values() for name in lineage(contract.name)]
    asked = [request.path for request in requests_mock.request_history if request.path != "/me"]
    asked.remove("/export/reporting_data/get_datasets")
    assert sorted(next(one.name for one in tried if re.search(one.pattern, path)) for path in asked) == sorted(
        contract.name for contract in tried
    )
    assert "/companies/scroll" not in asked
    assert not [request for request in requests_mock.request_history if request.path == "/export/content/data"]


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
        ({"status_code": 502, "text": "<html>"}, "answered 502 several"),
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


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]


@pytest.mark.parametrize("there", [permission for permission in FAMILIES if len(needed(permission)) == 1])
def test_missing_permissions_are_warnings_while_others_are_there(
    there: str, requests_mock: Mocker, caplog: pytest.LogCaptureFixture
) -> None:
    missing = [permission for permission in FAMILIES if permission != there]
    refuse(requests_mock, *missing)
    assert problem(custom_object_types=["Order"]) is None
    said = [warning for warning in warnings(caplog) if "custom objects are not looked for" not in warning]
    assert [warning.partition(".")[0] for warning in said] == [
        f"Not readable: {', '.join(FAMILIES[permission])}" for permission in missing
    ]
    for permission, warning in zip(missing, said, strict=True):
        assert any(lacking(each) in warning for each in needed(permission) - {there})


def test_a_type_of_custom_objects_that_is_not_there_is_told(
    requests_mock: Mocker, caplog: pytest.LogCaptureFixture
) -> None:
    requests_mock.get(f"{URL}custom_object_instances/Ordr", status_code=404, json=error_list("not_found"))
    assert problem(custom_object_types=["Ordr"]) is None
    (warning,) = warnings(caplog)
    assert warning.startswith("Not readable: custom_object_instances. The option custom_object_types names Ordr, which")


def test_figures_that_may_not_be_exported_are_told_although_their_streams_are_unknown(
    requests_mock: Mocker, caplog: pytest.LogCaptureFixture
) -> None:
    requests_mock.get(DATASETS, **NO_SCOPE)  # type: ignore[arg-type]
    assert problem() is None
    (warning,) = warnings(caplog)
    assert warning.startswith("Not readable: report_*. The access token lacks the permission “Export reporting data”")


def test_a_token_without_any_permission_is_told(requests_mock: Mocker) -> None:
    refuse(requests_mock, *FAMILIES)
    requests_mock.get(DATASETS, **NO_SCOPE)  # type: ignore[arg-type]
    said = problem()
    assert said is not None
    assert said.startswith("The access token is valid but cannot read any stream. ")
    for permission in FAMILIES:
        assert said.count(lacking(permission)) == 1 or len(needed(permission)) > 1


UNAVAILABLE = "Intercom answered 503 several times in a row; trying again later helps."
ODD: list[tuple[Json, str]] = [
    ({"status_code": 503, "text": ""}, UNAVAILABLE),
    ({"exc": requests.ReadTimeout}, "Intercom could not be reached (ReadTimeout)"),
    ({"status_code": 402, "json": error_list("api_plan_restricted", "Active subscription needed.")}, "plan does not"),
    ({"status_code": 400, "json": error_list("parameter_invalid", "no such field")}, "status 400 (no such field)"),
    ({"status_code": 400, "json": error_list("client_error", "no such field")}, "please report this"),
    ({"text": "<html>"}, "empty or broken body"),
    ({"json": {"tickets": 7, "total_count": {}}}, "empty or broken body"),
]


@pytest.mark.parametrize(("answer", "words"), ODD)
def test_a_stream_that_cannot_be_tried_is_a_warning(
    answer: Json, words: str, requests_mock: Mocker, caplog: pytest.LogCaptureFixture
) -> None:
    requests_mock.post(f"{URL}tickets/search", **answer)
    assert problem() is None
    (warning,) = warnings(caplog)
    assert warning.startswith(f"Could not be tried: {', '.join(families()['Read tickets'])}. ")
    assert words in warning


def test_streams_none_of_which_answers_fail_the_check_with_each_reason_once(requests_mock: Mocker) -> None:
    for contract in ASKED.values():
        requests_mock.register_uri(contract.method, address(contract), status_code=503, text="")
    requests_mock.get(DATASETS, status_code=503, text="")
    assert problem() == f"The access token is valid but cannot read any stream. {UNAVAILABLE}"


def test_a_workspace_that_may_not_be_asked_for_is_a_warning_that_names_the_permission(
    requests_mock: Mocker, caplog: pytest.LogCaptureFixture
) -> None:
    requests_mock.get(f"{URL}me", status_code=403, json=error_list("forbidden", "no scope"))
    assert problem() is None
    assert "lacks the permission “Read one admin” (no scope)" in warnings(caplog)[0]


def test_a_firewalls_page_is_not_taken_for_intercoms_answer(requests_mock: Mocker) -> None:
    page = "<html><head><title>Access denied</title></head><body>Your address 203.0.113.9 is not listed.</body></html>"
    requests_mock.get(f"{URL}me", status_code=403, text=page)
    said = problem()
    assert said is not None
    assert said.startswith("Something between the connector and Intercom")
    assert "answered 403 (Access denied);" in said


def test_a_401_about_a_resource_is_a_missing_permission(
    requests_mock: Mocker, caplog: pytest.LogCaptureFixture
) -> None:
    body = {"type": "error.list", "errors": [{"code": None, "message": "Not authorized to access resource"}]}
    requests_mock.get(f"{URL}tags", status_code=401, json=body)
    assert problem() is None
    assert "“Read tags” (Not authorized to access resource)" in warnings(caplog)[0]


@pytest.mark.parametrize("app", ["acme", [], 7, {"region": {"a": 1}}, {"region": "Mars"}, {"region": ["EU"]}])
def test_a_workspace_in_an_odd_shape_passes(app: object, requests_mock: Mocker) -> None:
    requests_mock.get(f"{URL}me", json={**me(), "app": app})
    assert problem() is None


@pytest.mark.parametrize("status", [200, 400, 401, 403, 500])
def test_no_outcome_holds_the_token(status: int, requests_mock: Mocker) -> None:
    requests_mock.register_uri(ANY, ANY, status_code=status, json=error_list("x"))
    assert TOKEN not in (problem() or "")


def test_the_outcome_holds_no_secret_whoever_words_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("source_intercom.source.check", lambda *_: f"Bad header Bearer {TOKEN}")
    assert problem() == "Bad header Bearer ****"


def test_a_token_with_a_line_break_is_not_taken_for_a_network_that_is_down() -> None:
    assert problem(credentials={"auth_type": "AccessToken", "access_token": f"{TOKEN}\n"}) is None
