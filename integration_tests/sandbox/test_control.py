"""The process, its client, and what the control endpoint tells of requests."""

import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import orjson
import pytest
import requests

from integration_tests.sandbox.api import EVERYTHING, Api, error
from intercom_sandbox.client import Sandbox, start

SETTINGS = {"contacts": 20, "companies": 10, "conversations": 10, "parts": 50, "tickets": 5}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_process_prints_one_line_and_stops_cleanly(number: signal.Signals) -> None:
    command = [sys.executable, "-m", "intercom_sandbox", "--contacts=5", "--access-token=secret"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        ready = orjson.loads(process.stdout.readline())
        headers = {"Authorization": "Bearer secret", "Intercom-Version": "2.16"}
        assert requests.get(ready["url"] + "/me", headers=headers, timeout=30).status_code == 200
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
        assert (ready["access_token"], out, err, process.returncode) == ("secret", b"", b"", 0)


def test_help_explains_every_flag() -> None:
    command = [sys.executable, "-m", "intercom_sandbox", "--help"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for flag in ("--contacts", "--without-scope", "--index-lag", "--rate-limit", "--contact-dates", "--first-day"):
        assert flag in text


@pytest.mark.parametrize(
    "settings",
    [{"timezone": "Mars/Olympus"}, {"last_day": "2020-01-01"}, {"admins": 1}, {"other_clients": 2}, {"colour": 1}],
)
def test_a_wrong_setting_is_refused_with_its_message(settings: dict[str, object]) -> None:
    with pytest.raises(RuntimeError, match="error: "), start(**settings):
        pass


def test_the_process_dies_with_its_context() -> None:
    with start(**SETTINGS) as sandbox:
        url = sandbox.url
        assert sandbox.pid > 0
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.get(url, timeout=5)


def test_requests_are_counted_by_path_and_status(api: Api) -> None:
    api.sandbox.reset_requests()
    api.get("/me")
    api.get("/conversations/94")
    api.get("/conversations/95")
    api.get("/nowhere")
    api.search("contacts", EVERYTHING)
    summary = api.sandbox.requests()
    assert summary["total"] == 5
    assert summary["by_path"] == {
        "GET /me": 1,
        "GET /conversations/{id}": 2,
        "GET /nowhere": 1,
        "POST /contacts/search": 1,
    }
    assert summary["by_status"] == {"200": 4, "404": 1}


def test_the_log_keeps_the_queries_of_searches(api: Api) -> None:
    api.sandbox.reset_requests()
    api.search("tickets", EVERYTHING)
    api.get("/conversations?per_page=2")
    search, listed = api.sandbox.log()
    assert (search["method"], search["path"], search["status"]) == ("POST", "/tickets/search", 200)
    assert search["body"]["query"] == EVERYTHING
    assert (listed["path"], listed["query"], listed["body"]) == ("/conversations", "per_page=2", None)


def test_requests_that_break_off_are_counted_too(api: Api) -> None:
    api.sandbox.reset_requests()
    api.sandbox.faults([{"path": "^/me$", "times": 1, "action": {"kind": "reset"}}])
    with pytest.raises(requests.exceptions.ConnectionError):
        api.get("/me")
    assert api.get("/me").status_code == 200
    assert api.sandbox.requests()["by_status"] == {"cut": 1, "200": 1}


def test_the_control_endpoint_needs_no_token_and_is_not_limited(sandbox: Sandbox) -> None:
    sandbox.configure(rate_limit=1)
    sandbox.reset_requests()
    assert all(requests.get(f"{sandbox.url}/_sandbox/counts", timeout=30).status_code == 200 for _ in range(5))
    assert sandbox.requests()["total"] == 0


def test_a_part_of_the_log_is_its_end(api: Api) -> None:
    for path in ("/me", "/tags", "/teams"):
        api.get(path)
    answers = [requests.get(f"{api.sandbox.url}/_sandbox/log?last={last}", timeout=30) for last in ("2", "0", "some")]
    assert [each["path"] for each in answers[0].json()] == ["/tags", "/teams"]
    assert (answers[1].json(), answers[2].status_code) == ([], 400)


def test_the_log_says_when(api: Api) -> None:
    before = time.time()
    api.get("/me")
    assert before <= api.sandbox.log()[-1]["at"] <= time.time()


def test_the_status_tells_what_steers_the_sandbox(sandbox: Sandbox) -> None:
    before = sandbox.status()
    assert (before["faults"], before["scroll_held"], before["revoked"]) == ([], 0, False)
    sandbox.configure(index_lag=5)
    sandbox.faults([{"path": "^/me$", "every": 3, "action": {"status": 500}}])
    sandbox.hold_scroll(100)
    sandbox.revoke()
    sandbox.mutate("update", object="contacts")
    after = sandbox.status()
    assert after["settings"] == {**before["settings"], "index_lag": 5}
    assert [(rule["path"], rule["every"], rule["fired"]) for rule in after["faults"]] == [("^/me$", 3, 0)]
    assert 0 < after["scroll_held"] <= 100
    assert (after["revoked"], after["changes"]) == (True, before["changes"] + 1)
    assert after["workspace"]["timezone"] == after["settings"]["timezone"]
    assert after["access_token"] == sandbox.access_token
    assert "client_secret" not in after["settings"]


def test_a_rule_that_is_added_comes_before_the_others(api: Api) -> None:
    api.sandbox.faults([{"path": "", "action": {"status": 500}}])
    api.sandbox.add_fault({"path": "", "times": 1, "action": {"status": 418}})
    assert [api.get("/me").status_code for _ in range(3)] == [418, 500, 500]
    assert [rule["fired"] for rule in api.sandbox.status()["faults"]] == [1, 2]


@pytest.mark.parametrize("accepted", ["*/*", "application/json", None])
def test_clients_that_do_not_ask_for_a_page_get_the_answer_of_the_api(api: Api, accepted: str | None) -> None:
    assert error(api.get("/", headers={"Accept": accepted})) == (404, "not_found")
    assert error(api.get("/", headers={"Accept": accepted, "Authorization": None})) == (401, "unauthorized")


def test_the_page_needs_no_token_and_is_not_counted(api: Api) -> None:
    api.sandbox.reset_requests()
    page = api.get("/", headers={"Accept": "text/html,application/xhtml+xml", "Authorization": None})
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    files = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert files
    assert [api.get(file, headers={"Authorization": None}).status_code for file in files] == [200] * len(files)
    assert api.get("/_sandbox/page/front.py").status_code == 404
    assert api.sandbox.requests()["total"] == 0


def test_latency_does_not_change_answers(api: Api) -> None:
    api.sandbox.configure(search_latency=0.01, get_latency=0.01, jitter=0.01)
    assert api.get("/me").status_code == api.search("contacts", EVERYTHING).status_code == 200


@pytest.mark.parametrize("settings", [{"colour": "red"}, {"timezone": "Mars/Olympus"}])
def test_a_wrong_runtime_setting_is_refused(sandbox: Sandbox, settings: dict[str, object]) -> None:
    with pytest.raises(RuntimeError, match="400"):
        sandbox.configure(**settings)


def test_how_many_requests_were_in_flight_at_the_same_time_is_told(api: Api) -> None:
    api.sandbox.reset_requests()
    for _ in range(3):
        api.get("/me")
    assert api.sandbox.requests()["most_in_flight"] == 1
    api.sandbox.configure(get_latency=1)
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(api.get, ["/me"] * 3))
    assert api.sandbox.requests()["most_in_flight"] == 3
