"""What goes wrong with export jobs."""

from typing import Any

import pytest
import requests

from integration_tests.sandbox.api import Api, error
from integration_tests.sandbox.exporting import (
    ask,
    done,
    enqueue,
    exported,
    fetch,
    finished,
    groups,
    lines,
    poll,
    reported,
    truth,
)

SETTINGS = {"contacts": 20, "companies": 5, "conversations": 12, "parts": 12, "tickets": 0, "report_retention": 0}
IDS = ["standard.conversation_id", "conversation.Brand", "people.Brand"]


def fault(api: Api, action: dict[str, Any], **which: Any) -> None:
    api.sandbox.job_faults([{"action": action, **which}])


@pytest.mark.parametrize("status", ["failed", "no_data", "canceled"])
def test_one_job_ends_badly_and_the_next_one_well(api: Api, status: str) -> None:
    fault(api, {"status": status})
    bad, good = finished(api), finished(api)
    assert (bad["status"], bad["download_url"], good["status"]) == (status, "", "completed")


def test_a_fault_spares_jobs_and_is_of_one_export_and_dataset(api: Api) -> None:
    fault(api, {"status": "failed"}, export="reporting", dataset="^conversation$", after=1, jobs=None)
    assert finished(api)["status"] == "completed"
    ended = [
        done(api, "/export/reporting_data", enqueue(api, dataset, IDS[:1]).json()["job_identifier"])["status"]
        for dataset in ("conversation", "conversation_state", "conversation", "conversation")
    ]
    assert ended == ["complete", "complete", "failed", "failed"]


def test_a_job_may_be_pending_for_ever_until_it_is_cancelled(api: Api) -> None:
    fault(api, {"kind": "stuck"})
    job = ask(api).json()["job_identifier"]
    assert {poll(api, job).json()["status"] for _ in range(20)} == {"pending"}
    assert ask(api).status_code == 429
    api.post(f"/export/cancel/{job}", {})
    assert ask(api).status_code == 200


def test_a_job_may_vanish(api: Api) -> None:
    api.sandbox.configure(export_polls=5)
    fault(api, {"kind": "vanishes", "at_poll": 2})
    job = ask(api).json()["job_identifier"]
    assert [poll(api, job).status_code for _ in range(3)] == [200, 404, 404]
    assert ask(api).status_code == 200


def test_a_poll_may_fail_while_the_job_goes_on(api: Api) -> None:
    api.sandbox.configure(export_polls=3)
    fault(api, {"kind": "poll_error", "status": 502, "at_poll": 2, "times": 1})
    job = ask(api).json()["job_identifier"]
    assert [poll(api, job).status_code for _ in range(3)] == [200, 502, 200]
    assert poll(api, job).json()["status"] == "completed"


@pytest.mark.parametrize("status", [404, 410])
def test_a_file_may_be_gone_once(api: Api, status: int) -> None:
    fault(api, {"kind": "expired", "status": status, "times": 1})
    job = finished(api)
    assert error(fetch(api, job)) == (status, "not_found")
    assert groups(fetch(api, job).content)["receipt"] == truth(api.sandbox, "receipt")


def test_a_file_may_break_off(api: Api) -> None:
    fault(api, {"kind": "truncated", "bytes": 500, "times": 1})
    job = finished(api)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        fetch(api, job)
    assert groups(fetch(api, job).content)["receipt"] == truth(api.sandbox, "receipt")


def test_a_file_may_be_too_short_without_a_word(api: Api) -> None:
    fault(api, {"kind": "truncated", "bytes": 500, "silent": True})
    assert len(fetch(api, finished(api)).content) == 500
    fault(api, {"kind": "truncated", "bytes": 20, "silent": True})
    assert len(reported(api, "conversation", IDS).content) == 20


def test_a_link_may_lead_elsewhere_or_nowhere_and_the_word_may_differ(api: Api) -> None:
    fault(api, {"kind": "other_host", "url": "https://evil.example/x"})
    assert finished(api)["download_url"] == "https://evil.example/x"
    fault(api, {"kind": "no_url"})
    job = finished(api)
    assert (job["status"], job["download_url"]) == ("completed", "")
    fault(api, {"kind": "word", "word": "complete"})
    job = finished(api)
    assert (job["status"], job["download_url"] != "") == ("complete", True)


def test_an_archive_may_hold_more_than_is_known(api: Api) -> None:
    fault(api, {"kind": "unknown_group"})
    found = exported(api)
    assert {"hologram", "README.txt"} <= set(found)
    assert found["receipt"] == truth(api.sandbox, "receipt")


def test_columns_of_a_group_may_be_others(api: Api) -> None:
    change = {"missing": ["email"], "extra": "shoe_size", "reordered": True}
    fault(api, {"kind": "columns", "group": "receipt", **change})
    found = exported(api)
    names = list(found["receipt"][0])
    assert (names[0], names[-2:], "email" in names) == ("first_answer", ["user_id", "shoe_size"], False)
    whole = truth(api.sandbox, "receipt")
    assert [row | {"shoe_size": "x, y"} for row in whole] == [
        row | {"email": full["email"]} for row, full in zip(found["receipt"], whole, strict=True)
    ]
    assert found["open"] == truth(api.sandbox, "open")


def test_columns_of_a_report_may_be_others(api: Api) -> None:
    fault(api, {"kind": "columns", "missing": ["conversation.Brand"], "extra": "New", "reordered": True})
    assert lines(reported(api, "conversation", IDS).content)[0] == ["Brand", "conversation_id", "New"]


def test_a_job_whose_answer_is_lost_runs_and_is_in_the_way(api: Api) -> None:
    rule = {"path": "^/export/content/data$", "method": "POST", "times": 1}
    api.sandbox.faults([{**rule, "action": {"status": 500, "lost": True}}])
    assert [ask(api).status_code for _ in range(4)] == [500, 429, 429, 200]


@pytest.mark.parametrize(
    "wrong", [{}, {"action": {}}, {"action": {"kind": "odd"}}, {"action": {"status": "x"}, "a": 1}]
)
def test_a_fault_that_is_none_is_refused(api: Api, wrong: dict[str, Any]) -> None:
    with pytest.raises(RuntimeError, match="400"):
        api.sandbox.job_faults([wrong])


def test_a_job_of_an_unknown_export_is_refused(api: Api) -> None:
    with pytest.raises(RuntimeError, match="No export moon"):
        api.sandbox.hold_export("moon")
