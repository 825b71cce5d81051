"""Tokens, scopes, versions and paths."""

import pytest
import requests

from integration_tests.sandbox.api import EVERYTHING, Api, error, where
from intercom_sandbox.client import Sandbox
from unit_tests.contracts import CONTRACTS

HIDING = {"read_users_companies", "read_admins", "read_tags"}
"""Scopes that older endpoints need, which do not tell of them."""
CLASSIC = [
    ("read_users_companies", "/contacts"),
    *(
        (scope, f"/{each.path}")
        for each in CONTRACTS.values()
        if each.method == "GET" and (scope := each.refused_as) in HIDING
    ),
]
PATHS = ["/me", *(path for _, path in CLASSIC), "/conversations/94", "/nowhere"]


@pytest.mark.parametrize("path", PATHS)
def test_a_request_without_a_token_is_unauthorized(sandbox: Sandbox, path: str) -> None:
    response = requests.get(sandbox.url + path, headers={"Intercom-Version": "2.16"}, timeout=30)
    assert error(response) == (401, "unauthorized")
    assert response.json()["errors"][0]["message"] == "Access Token Invalid"


def test_a_wrong_token_is_unauthorized(api: Api) -> None:
    assert error(api.get("/me", headers={"Authorization": "Bearer nonsense"})) == (401, "unauthorized")


def test_refused_tokens_get_no_rate_limit_headers(api: Api) -> None:
    assert "x-ratelimit-limit" not in api.get("/me", headers={"Authorization": "Bearer nonsense"}).headers


def test_a_revoked_token_is_refused_until_it_is_restored(api: Api) -> None:
    api.sandbox.revoke()
    assert error(api.get("/me")) == (401, "token_revoked")
    api.sandbox.revoke(False)
    assert api.get("/me").status_code == 200


@pytest.mark.parametrize(("scope", "path"), CLASSIC)
def test_classic_endpoints_hide_which_scope_is_missing(api: Api, scope: str, path: str) -> None:
    api.sandbox.configure(without_scope=[scope])
    response = api.get(path)
    assert error(response) == (401, "token_unauthorized")
    assert response.json()["errors"][0]["message"] == "Not authorized to access resource"


@pytest.mark.parametrize(
    ("scope", "path"),
    [("read_conversations", "/conversations"), ("read_tickets", "/tickets/101"), ("read_articles_scope", "/articles")],
)
def test_newer_endpoints_name_the_missing_scope(api: Api, scope: str, path: str) -> None:
    api.sandbox.configure(without_scope=[scope])
    response = api.get(path)
    assert error(response) == (403, "forbidden")
    assert f"({scope})" in response.json()["errors"][0]["message"]


def test_a_missing_scope_leaves_the_others_alone(api: Api) -> None:
    api.sandbox.configure(without_scope=["read_tickets"])
    assert api.get("/me").status_code == api.get("/contacts").status_code == 200


def test_tickets_are_left_out_of_conversations_without_their_scope(api: Api) -> None:
    api.sandbox.configure(without_scope=["read_tickets"])
    truth = api.sandbox.truth("conversations")
    found = {item["id"] for item in api.found("conversations", EVERYTHING)}
    assert found == {item["id"] for item in truth if item["ticket"] is None} != {item["id"] for item in truth}


def test_a_conversation_that_is_a_ticket_cannot_be_read_without_the_tickets_scope(api: Api) -> None:
    api.sandbox.configure(without_scope=["read_tickets"])
    ticket = next(item["id"] for item in api.sandbox.truth("conversations") if item["ticket"])
    assert error(api.get(f"/conversations/{ticket}")) == (403, "forbidden")


@pytest.mark.parametrize("version", ["", "1.0", "2.10", "3", "2.160"])
def test_an_unknown_version_is_refused(api: Api, version: str) -> None:
    assert error(api.get("/me", headers={"Intercom-Version": version})) == (400, "intercom_version_invalid")


def test_a_request_without_a_version_gets_the_one_that_the_app_is_set_to(api: Api) -> None:
    del api.session.headers["Intercom-Version"]
    for version, kind in (("2.11", str), ("2.16", dict)):
        api.sandbox.configure(app_version=version)
        answer = api.search("tickets", EVERYTHING)
        assert (answer.status_code, answer.headers["intercom-version"]) == (200, version)
        assert isinstance(answer.json()["tickets"][0]["ticket_state"], kind)


def test_the_version_is_echoed(api: Api) -> None:
    assert api.get("/me", headers={"Intercom-Version": "2.14"}).headers["intercom-version"] == "2.14"


def test_owner_ids_are_numbers_before_2_16(api: Api) -> None:
    owned = where("owner_id", "!=", None)
    api.session.headers["Intercom-Version"] = "2.15"
    assert {type(item["owner_id"]) for item in api.found("contacts", owned)} == {int}
    api.session.headers["Intercom-Version"] = "2.16"
    assert {type(item["owner_id"]) for item in api.found("contacts", owned)} == {str}


def test_unassigned_was_null_and_priority_had_two_values_before_2_16(api: Api) -> None:
    api.session.headers["Intercom-Version"] = "2.15"
    conversations = api.found("conversations", EVERYTHING)
    assert {item["admin_assignee_id"] == 0 for item in conversations} == {False}
    assert {item["priority"] for item in conversations} == {"priority", "not_priority"}


def test_ticket_states_were_strings_in_2_11(api: Api) -> None:
    api.session.headers["Intercom-Version"] = "2.11"
    ticket = api.found("tickets", EVERYTHING)[0]
    assert isinstance(ticket["ticket_state"], str)
    assert isinstance(ticket["admin_assignee_id"], str)


@pytest.mark.parametrize("path", ["/nowhere", "/contacts/search", "/companies"])
def test_an_unknown_path_or_method_is_not_found(api: Api, path: str) -> None:
    assert error(api.get(path)) == (404, "not_found")


def test_answers_carry_the_headers_of_the_api(api: Api) -> None:
    headers = api.get("/me").headers
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert headers["status"] == "200"
    assert headers["vary"] == "Accept-Encoding"
    assert headers["x-request-id"] != api.get("/me").headers["x-request-id"]
