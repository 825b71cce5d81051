"""Faults: every way to fail, and which requests a rule takes."""

from base64 import b64encode
from typing import Any
from urllib.parse import quote

import pytest
import requests

from integration_tests.sandbox.api import EVERYTHING, Api, error

SETTINGS = {"contacts": 400, "companies": 10}


def statuses(api: Api, count: int) -> list[int]:
    return [api.get("/me").status_code for _ in range(count)]


def rule(action: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    return [{"path": "^/me$", "action": action, **more}]


def test_after_lets_the_first_requests_pass(api: Api) -> None:
    api.sandbox.faults(rule({"status": 500}, after=2))
    assert statuses(api, 4) == [200, 200, 500, 500]


def test_every_takes_each_kth_request(api: Api) -> None:
    api.sandbox.faults(rule({"status": 500}, every=3))
    assert statuses(api, 7) == [200, 200, 500, 200, 200, 500, 200]


def test_times_bounds_the_faults(api: Api) -> None:
    api.sandbox.faults(rule({"status": 500}, times=2))
    assert statuses(api, 4) == [500, 500, 200, 200]


def test_after_every_and_times_work_together(api: Api) -> None:
    api.sandbox.faults(rule({"status": 500}, after=1, every=2, times=2))
    assert statuses(api, 8) == [200, 200, 500, 200, 500, 200, 200, 200]


def test_probability_hits_some(api: Api) -> None:
    api.sandbox.faults(rule({"status": 500}, probability=0.5))
    assert set(statuses(api, 40)) == {200, 500}


def test_rules_look_at_path_and_method(api: Api) -> None:
    api.sandbox.faults([{"path": "/contacts", "method": "POST", "action": {"status": 500}}])
    assert api.get("/contacts").status_code == 200
    assert api.get("/me").status_code == 200
    assert api.search("contacts", EVERYTHING).status_code == 500


def test_the_first_rule_that_takes_a_request_wins(api: Api) -> None:
    api.sandbox.faults(rule({"status": 500}, times=1) + rule({"status": 503}, times=1))
    assert statuses(api, 3) == [500, 503, 200]


def test_a_new_list_replaces_the_rules(api: Api) -> None:
    api.sandbox.faults(rule({"status": 500}))
    api.sandbox.faults([])
    assert statuses(api, 1) == [200]


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, "service_unavailable"), (401, "unauthorized"), (429, "rate_limit_exceeded"), (500, "server_error")],
)
def test_a_status_has_its_usual_code(api: Api, status: int, code: str) -> None:
    api.sandbox.faults(rule({"status": status}))
    assert error(api.get("/me")) == (status, code)


def test_the_code_can_be_chosen(api: Api) -> None:
    api.sandbox.faults(rule({"status": 401, "code": "token_suspended"}))
    assert error(api.get("/me")) == (401, "token_suspended")


@pytest.mark.parametrize("status", [502, 503, 504])
def test_the_proxy_answers_with_a_page(api: Api, status: int) -> None:
    api.sandbox.faults(rule({"status": status}))
    response = api.get("/me")
    assert response.status_code == status
    assert response.headers["content-type"].startswith("text/html")
    assert "x-ratelimit-limit" not in response.headers


def test_a_status_can_have_an_empty_body(api: Api) -> None:
    api.sandbox.faults(rule({"status": 500, "body": "empty"}))
    response = api.get("/me")
    assert (response.status_code, response.content) == (500, b"")


def test_a_status_can_have_a_truncated_body(api: Api) -> None:
    api.sandbox.faults(rule({"status": 500, "body": "truncated"}))
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        api.get("/me")


def test_200_can_be_empty(api: Api) -> None:
    api.sandbox.faults(rule({"kind": "empty"}))
    response = api.get("/me")
    assert (response.status_code, response.content) == (200, b"")


def test_200_can_be_a_page(api: Api) -> None:
    api.sandbox.faults(rule({"kind": "html"}))
    response = api.get("/me")
    assert (response.status_code, response.headers["content-type"]) == (200, "text/html; charset=utf-8")


def test_a_body_can_be_cut(api: Api) -> None:
    api.sandbox.faults(rule({"kind": "truncated"}))
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        api.get("/me")


def test_a_connection_can_be_reset(api: Api) -> None:
    api.sandbox.faults(rule({"kind": "reset"}, times=1))
    with pytest.raises(requests.exceptions.ConnectionError):
        api.get("/me")
    assert statuses(api, 1) == [200]


@pytest.mark.parametrize("where", ["headers", "body"])
def test_a_request_can_stall(api: Api, where: str) -> None:
    api.sandbox.faults(rule({"kind": "stall", "seconds": 60, "where": where}, times=1))
    with pytest.raises(requests.exceptions.Timeout if where == "headers" else requests.exceptions.ConnectionError):
        api.get("/me", timeout=0.3)
    assert statuses(api, 1) == [200]


def test_a_stalled_connection_closes_in_the_end(api: Api) -> None:
    api.sandbox.faults(rule({"kind": "stall", "seconds": 0.1}))
    with pytest.raises(requests.exceptions.ConnectionError):
        api.get("/me")


def test_a_repeating_cursor_sends_a_reader_in_circles(api: Api) -> None:
    api.sandbox.faults([{"path": "/contacts/search", "after": 2, "action": {"kind": "repeat_cursor"}}])
    cursor, pages = None, []
    for _ in range(6):
        pagination = {"per_page": 50, "starting_after": cursor}
        page = api.search("contacts", EVERYTHING, pagination=pagination).json()
        pages.append(page["pages"]["page"])
        cursor = page["pages"]["next"]["starting_after"]
    assert pages == [1, 2, 3, 2, 3, 2]


def test_a_repeating_cursor_never_leads_on_to_what_another_walk_has_reached(api: Api) -> None:
    def walk(per_page: int) -> list[str]:
        pagination: dict[str, Any] = {"per_page": per_page}
        cursors = []
        for _ in range(3):
            page = api.search("contacts", EVERYTHING, pagination=pagination).json()
            cursors.append(page["pages"]["next"]["starting_after"])
            pagination["starting_after"] = cursors[-1]
        return cursors

    api.sandbox.faults([{"path": "/contacts/search", "after": 5, "action": {"kind": "repeat_cursor"}}])
    ahead = walk(100)
    behind = walk(10)
    assert behind[2] == behind[0]
    assert ahead[2] not in behind


def test_repeating_cursors_keep_queries_apart(api: Api) -> None:
    api.sandbox.faults([{"path": "/contacts/search", "after": 3, "action": {"kind": "repeat_cursor"}}])
    other = {"field": "role", "operator": "=", "value": "user"}
    first = api.search("contacts", EVERYTHING, pagination={"per_page": 50}).json()["pages"]["next"]["starting_after"]
    api.search("contacts", EVERYTHING, pagination={"per_page": 50, "starting_after": first})
    cursor = api.search("contacts", other, pagination={"per_page": 100}).json()["pages"]["next"]["starting_after"]
    page = api.search("contacts", other, pagination={"per_page": 100, "starting_after": cursor}).json()
    assert page["pages"]["next"]["starting_after"] not in (first, cursor)


def test_a_page_can_leave_out_a_record_that_it_counts(api: Api) -> None:
    api.sandbox.faults([{"path": "/contacts/search", "times": 1, "action": {"kind": "left_out"}}])
    short, whole = (api.search("contacts", EVERYTHING, pagination={"per_page": 50}).json() for _ in range(2))
    assert short["total_count"] == whole["total_count"]
    assert len(short["data"]) == 49
    assert [record for record in whole["data"] if record not in short["data"]] == [whole["data"][25]]


def test_a_broken_search_body_survives_the_cursor_watch(api: Api) -> None:
    api.sandbox.faults([{"path": "/contacts/search", "action": {"kind": "repeat_cursor"}}])
    response = api.session.post(f"{api.sandbox.url}/contacts/search", data="{nonsense", timeout=30)
    assert (response.status_code, response.json()["status"]) == (400, 400)


def test_faults_come_after_the_token_and_cost_budget(api: Api) -> None:
    api.sandbox.faults(rule({"status": 500}))
    api.sandbox.reset_requests()
    assert api.get("/me", headers={"Authorization": "Bearer nonsense"}).status_code == 401
    assert api.get("/me").headers["x-ratelimit-remaining"] == "1667"
    assert api.sandbox.requests()["windows"][-1][1] == 1


@pytest.mark.parametrize(
    "bad", [{"path": "/me"}, {"path": "(", "action": {"status": 500}}, {"path": "/me", "action": {"kind": "flood"}}]
)
def test_a_rule_that_makes_no_sense_is_refused(api: Api, bad: dict[str, Any]) -> None:
    with pytest.raises(RuntimeError, match="400"):
        api.sandbox.faults([bad])


def test_an_error_may_quote_the_requests_token(api: Api) -> None:
    message = "{authorization} | {encoded} | {base64} | {half}"
    api.sandbox.faults(rule({"status": 403, "code": None, "message": message}))
    token = api.sandbox.access_token
    (error,) = api.get("/me").json()["errors"]
    in_base64 = b64encode(token.encode()).decode()
    in_url = f"Bearer%20{quote(token, safe='')}"
    assert error == {"code": None, "message": f"Bearer {token} | {in_url} | {in_base64} | {token[: len(token) // 2]}"}


def test_a_page_has_the_message_as_its_title(api: Api) -> None:
    api.sandbox.faults(rule({"status": 403, "body": "html", "message": "Access <denied>"}))
    answer = api.get("/me")
    assert answer.status_code == 403
    assert "<title>Access &lt;denied&gt;</title>" in answer.text
