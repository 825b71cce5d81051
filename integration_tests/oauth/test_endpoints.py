"""The sandbox's side of signing in, without a browser."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from intercom_sandbox.client import Sandbox

CLIENT = {"client_id": "sandbox-client"}
SECRET = {"client_secret": "sandbox-secret"}
CALLBACK = "https://airbyte.example.com/auth_flow"


def ask(sandbox: Sandbox, **query: str) -> requests.Response:
    """The consent page."""
    return requests.get(f"{sandbox.url}/oauth", params=query, timeout=30)


def decide(sandbox: Sandbox, **form: str) -> requests.Response:
    """The user's decision; the redirect is not followed."""
    form = {**CLIENT, "redirect_uri": CALLBACK, "decision": "authorize", **form}
    return requests.post(f"{sandbox.url}/oauth", data=form, allow_redirects=False, timeout=30)


def came_back(response: requests.Response) -> tuple[str, dict[str, str]]:
    """Where the user was sent: the address, and its query."""
    assert response.status_code == 303
    parts = urlsplit(response.headers["location"])
    return parts._replace(query="").geturl(), dict(parse_qsl(parts.query))


def code(sandbox: Sandbox) -> dict[str, str]:
    return {"code": came_back(decide(sandbox))[1]["code"]}


def exchange(sandbox: Sandbox, **body: Any) -> requests.Response:
    return requests.post(f"{sandbox.url}/auth/eagle/token", timeout=30, **body)


@pytest.mark.parametrize("encoding", ["data", "json"])
def test_token_is_issued_for_a_form_and_for_json(sandbox: Sandbox, encoding: str) -> None:
    response = exchange(sandbox, **{encoding: code(sandbox) | CLIENT | SECRET})

    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    token = response.json()["token"]
    assert response.json() == {"token_type": "Bearer", "token": token, "access_token": token}
    headers = {"Authorization": f"Bearer {token}", "Intercom-Version": "2.16"}
    assert requests.get(f"{sandbox.url}/me", headers=headers, timeout=30).json()["type"] == "admin"
    sandbox.revoke()
    assert requests.get(f"{sandbox.url}/me", headers=headers, timeout=30).status_code == 401


def test_every_token_is_another_and_all_work(sandbox: Sandbox) -> None:
    tokens = {exchange(sandbox, json=code(sandbox) | CLIENT | SECRET).json()["token"] for _ in range(3)}

    assert len(tokens) == 3
    for token in tokens | {sandbox.access_token}:
        headers = {"Authorization": f"Bearer {token}", "Intercom-Version": "2.16"}
        assert requests.get(f"{sandbox.url}/me", headers=headers, timeout=30).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [{"code": "nonsense="}, {"client_id": "nobody"}, {"client_secret": "nonsense"}, {"client_secret": ""}],
    ids=["code", "client id", "secret", "no secret"],
)
def test_anything_wrong_is_an_unauthorized_code(sandbox: Sandbox, wrong: dict[str, str]) -> None:
    response = exchange(sandbox, json=code(sandbox) | CLIENT | SECRET | wrong)

    assert response.status_code == 401
    assert response.json() == {
        "type": "error.list",
        "request_id": response.json()["request_id"],
        "errors": [{"code": "unauthorized", "message": "Unauthorized Code"}],
    }
    assert response.json()["request_id"]


@pytest.mark.parametrize("body", ["", "not json", "[]"])
def test_body_that_makes_no_sense_is_refused_too(sandbox: Sandbox, body: str) -> None:
    assert exchange(sandbox, data=body, headers={"Content-Type": "application/json"}).status_code == 401


def test_secrets_in_the_address_are_not_read(sandbox: Sandbox) -> None:
    assert exchange(sandbox, params=code(sandbox) | CLIENT | SECRET).status_code == 401


def test_parameters_are_kept_on_the_way_back(sandbox: Sandbox) -> None:
    address, query = came_back(decide(sandbox, redirect_uri=f"{CALLBACK}?tab=a%20b", state="a+b&c=d"))

    assert address == CALLBACK
    assert query == {"tab": "a b", "code": query["code"], "state": "a+b&c=d"}
    assert "state" not in came_back(decide(sandbox))[1]


def test_first_registered_redirect_url_is_the_default(sandbox: Sandbox) -> None:
    assert decide(sandbox, redirect_uri="").status_code == 400
    sandbox.configure(redirect_uri=[CALLBACK, "https://other.example.com/"])

    assert came_back(decide(sandbox, redirect_uri=""))[0] == CALLBACK
    assert came_back(decide(sandbox, redirect_uri="https://other.example.com/"))[0] == "https://other.example.com/"


@pytest.mark.parametrize(
    ("redirect_uri", "status"),
    [
        ("https://airbyte.example.com/auth_flow", 200),
        ("http://127.0.0.1:8000/auth_flow", 200),
        ("http://localhost:8000/auth_flow", 200),
        ("http://airbyte.example.com/auth_flow", 400),
        ("javascript:alert(1)", 400),
        ("https:///auth_flow", 400),
    ],
)
def test_redirect_url_is_https_or_on_this_machine(sandbox: Sandbox, redirect_uri: str, status: int) -> None:
    assert ask(sandbox, **CLIENT, redirect_uri=redirect_uri).status_code == status


def test_unknown_app_is_not_sent_back(sandbox: Sandbox) -> None:
    for response in (ask(sandbox, redirect_uri=CALLBACK), decide(sandbox, client_id="nobody")):
        assert response.status_code == 400
        assert "No app has this client ID." in response.text


def test_page_shows_what_it_was_given_as_text(sandbox: Sandbox) -> None:
    page = ask(sandbox, **CLIENT, redirect_uri=CALLBACK, state='"><script>alert(1)</script>').text

    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_signing_in_is_neither_counted_nor_limited(sandbox: Sandbox) -> None:
    sandbox.configure(rate_limit=1)
    sandbox.reset_requests()
    for _ in range(3):
        assert exchange(sandbox, json=code(sandbox) | CLIENT | SECRET).status_code == 200

    assert sandbox.requests()["total"] == 0


def test_token_is_not_to_be_had_with_get(sandbox: Sandbox) -> None:
    assert requests.get(f"{sandbox.url}/auth/eagle/token", timeout=30).status_code == 404
