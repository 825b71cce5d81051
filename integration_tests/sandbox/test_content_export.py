"""The content export: jobs, files, and what happens to messages between two of them."""

import gzip
import io
import tarfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from integration_tests.sandbox.api import Api, error
from integration_tests.sandbox.description import Description
from integration_tests.sandbox.exporting import (
    EVER,
    OCTETS,
    ask,
    exported,
    fetch,
    finished,
    groups,
    poll,
    table,
    truth,
)
from intercom_sandbox.client import start
from intercom_sandbox.exports.exports import Exports
from intercom_sandbox.exports.groups import COLUMNS
from intercom_sandbox.exports.outbox import Moment, Receipt
from intercom_sandbox.settings import Settings
from intercom_sandbox.workspace import Workspace

SETTINGS: dict[str, Any] = {"contacts": 40, "companies": 10, "conversations": 0, "tickets": 0, "parts": 0}


def test_an_export_of_all_time_holds_the_truth_of_every_group(api: Api) -> None:
    found = exported(api)
    assert found == {group: truth(api.sandbox, group) for group in COLUMNS}
    assert set(found) == set(COLUMNS), "each group has rows somewhere"


def test_the_same_seed_gives_the_same_receipts() -> None:
    with start(**SETTINGS, seed=7) as one, start(**SETTINGS, seed=7) as other, start(**SETTINGS, seed=8) as third:
        rows = [sandbox.truth("content_receipt") for sandbox in (one, other, third)]
    assert rows[0] == rows[1] != rows[2]


def test_a_job_is_pending_then_in_progress_then_completed_with_a_link_that_expires(api: Api) -> None:
    api.sandbox.configure(export_polls=4)
    asked = ask(api).json()
    assert (asked["status"], asked["download_url"], asked["download_expires_at"]) == ("pending", "", "")
    told = [poll(api, asked["job_identifier"]).json() for _ in range(4)]
    assert [job["status"] for job in told] == ["pending", "in_progress", "in_progress", "completed"]
    assert told[-1]["download_url"] == f"{api.sandbox.url}/download/content/data/{asked['job_identifier']}"
    assert int(told[-1]["download_expires_at"]) > time.time() + 172_000


def test_a_job_takes_as_long_as_it_is_told(api: Api) -> None:
    api.sandbox.configure(export_polls=0, export_seconds=3600)
    job = ask(api).json()["job_identifier"]
    assert poll(api, job).json()["status"] == "in_progress"
    api.sandbox.end_jobs()
    assert poll(api, job).json()["status"] == "completed"


def test_a_range_holds_what_was_sent_in_it_with_both_ends(api: Api) -> None:
    rows = truth(api.sandbox, "receipt")
    first, last = int(rows[100]["received_at"]), int(rows[200]["received_at"])
    found = exported(api, created_at_after=first, created_at_before=last)["receipt"]
    ids = [row["receipt_id"] for row in rows if first <= int(row["received_at"]) <= last]
    assert [row["receipt_id"] for row in found] == ids
    assert {str(first), str(last)} <= {row["received_at"] for row in found}


def test_events_come_after_the_sending_and_some_after_the_range(api: Api) -> None:
    rows = truth(api.sandbox, "receipt")
    end = int(rows[200]["received_at"])
    found = exported(api, created_at_before=end)
    sent = {row["receipt_id"]: int(row["received_at"]) for row in found["receipt"]}
    assert all(int(row["opened_at"]) >= sent[row["receipt_id"]] for row in found["open"])
    assert any(int(row["opened_at"]) > end for row in found["open"])


def test_first_times_count_in_the_range_only(api: Api) -> None:
    end = int(truth(api.sandbox, "receipt")[200]["received_at"])
    ever = {row["receipt_id"]: row["first_open"] for row in truth(api.sandbox, "receipt")}
    told = {row["receipt_id"]: row["first_open"] for row in exported(api, created_at_before=end)["receipt"]}
    late = {each for each in told if ever[each] and int(ever[each]) > end}
    assert late
    assert told == {each: "" if each in late else ever[each] for each in told}


def test_a_workspace_may_tell_only_the_events_of_the_range(api: Api) -> None:
    end = int(truth(api.sandbox, "receipt")[200]["received_at"])
    api.sandbox.configure(export_events="range")
    found = exported(api, created_at_before=end)
    assert found["open"]
    assert all(int(row["opened_at"]) <= end for row in found["open"])


def test_two_equal_events_of_a_receipt_in_one_second_are_two_rows(api: Api) -> None:
    events = Counter((row["receipt_id"], row["opened_at"]) for row in exported(api)["open"])
    assert max(events.values()) > 1


def test_receipts_share_seconds_and_name_contacts_of_the_workspace(api: Api) -> None:
    rows = truth(api.sandbox, "receipt")
    contacts = {each["id"]: each for each in api.sandbox.truth("contacts")}
    assert max(Counter(row["received_at"] for row in rows).values()) >= 3
    assert all(row["email"] == (contacts[row["user_id"]]["email"] or "") for row in rows)


def test_values_hold_what_breaks_careless_readers(api: Api) -> None:
    texts = "".join(value for rows in exported(api).values() for row in rows for value in row.values())
    assert all(each in texts for each in (",", '"', "\n", "ü", "請"))


def test_a_range_without_messages_has_no_data_and_no_file(api: Api) -> None:
    job = finished(api, created_at_after=1, created_at_before=2)
    assert (job["status"], job["download_url"]) == ("no_data", "")


def test_only_one_job_may_be_active_whoever_asked(api: Api) -> None:
    job = ask(api).json()["job_identifier"]
    refused = ask(api)
    assert error(refused) == (429, "rate_limit_exceeded")
    assert refused.json()["errors"][0]["message"] == "Exceeded rate limit of 1 pending message data export jobs"
    api.post(f"/export/cancel/{job}", {})
    api.sandbox.hold_export(attempts=2)
    assert [ask(api).status_code for _ in range(3)] == [429, 429, 200]
    assert [each["mine"] for each in api.sandbox.jobs()[-3:]] == [True, False, True]


def test_a_job_of_somebody_else_may_last(api: Api) -> None:
    api.sandbox.hold_export(seconds=3600)
    assert [ask(api).status_code for _ in range(3)] == [429, 429, 429]
    api.sandbox.end_jobs()
    assert ask(api).status_code == 200


def test_a_job_whose_reader_died_is_done_after_some_attempts(api: Api) -> None:
    api.sandbox.configure(export_polls=2)
    ask(api)
    assert [ask(api).status_code for _ in range(3)] == [429, 429, 200]


def test_a_cancelled_job_is_over_and_one_that_had_ended_stays(api: Api) -> None:
    job = ask(api).json()["job_identifier"]
    assert api.post(f"/export/cancel/{job}", {}).json()["status"] == "canceled"
    assert poll(api, job).json()["status"] == "canceled"
    ended = finished(api)["job_identifier"]
    assert api.post(f"/export/cancel/{ended}", {}).json()["status"] == "completed"


def test_the_control_endpoint_tells_all_jobs(api: Api) -> None:
    before = len(api.sandbox.jobs())
    fetch(api, finished(api))
    api.sandbox.hold_export(attempts=1)
    ask(api)
    first, second = api.sandbox.jobs()[before:]
    assert (first["export"], first["asked"], first["mine"], first["status"]) == ("content", EVER, True, "completed")
    assert (first["polls"], first["downloads"], first["asked_at"] <= first["ended_at"]) == (2, 1, True)
    assert (second["mine"], second["refused"], second["downloads"]) == (False, 1, 0)


def test_requests_for_jobs_are_counted_by_path_without_their_ids(api: Api) -> None:
    api.sandbox.reset_requests()
    fetch(api, finished(api))
    assert api.sandbox.requests()["by_path"] == {
        "POST /export/content/data": 1,
        "GET /export/content/data/{id}": 2,
        "GET /download/content/data/{id}": 1,
    }


def test_a_file_is_gone_after_its_time(api: Api) -> None:
    job = finished(api)
    api.sandbox.configure(export_expiry=0, expired_status=410)
    assert error(fetch(api, job)) == (410, "not_found")


def test_a_file_comes_only_as_octets_and_only_of_a_job_that_is_done(api: Api) -> None:
    asked = ask(api).json()["job_identifier"]
    assert error(api.get(f"/download/content/data/{asked}", headers=OCTETS)) == (404, "not_found")
    api.sandbox.end_jobs()
    assert api.get(f"/download/content/data/{asked}").status_code == 406
    assert error(api.get("/download/content/data/nothing", headers=OCTETS)) == (404, "not_found")
    assert error(poll(api, "nothing")) == (404, "not_found")


@pytest.mark.parametrize("body", [{}, {"created_at_after": 1}, EVER | {"created_at_after": "today"}])
def test_a_range_that_is_none_is_refused(api: Api, body: dict[str, object]) -> None:
    assert error(api.post("/export/content/data", body)) == (400, "parameter_invalid")


def test_without_the_permission_every_request_is_refused(api: Api) -> None:
    api.sandbox.configure(without_scope=["export_content_data"])
    answers = [ask(api), poll(api, "x"), api.post("/export/cancel/x", {}), api.get("/download/content/data/x")]
    assert {error(each) for each in answers} == {(403, "forbidden")}
    assert api.get("/export/reporting_data/get_datasets").status_code == 200


def test_answers_are_as_intercom_describes_them(api: Api) -> None:
    description = Description(api.sandbox.url)
    asked = ask(api)
    job = asked.json()["job_identifier"]
    answers = [asked, *(poll(api, job) for _ in range(2)), api.post(f"/export/cancel/{job}", {})]
    assert [each for answer in answers for each in description.differences(answer)] == []


@pytest.mark.parametrize("encoding", ["none", "gzip", "zip"])
def test_a_file_may_come_in_an_odd_encoding(api: Api, encoding: str) -> None:
    api.sandbox.configure(export_encoding=encoding)
    answer = fetch(api, finished(api))
    assert answer.headers.get("Content-Encoding", "none") == encoding
    assert groups(answer.content)["receipt"] == truth(api.sandbox, "receipt")


def test_a_file_may_be_a_gzipped_tar(api: Api) -> None:
    api.sandbox.configure(export_format="tgz", export_names="documented")
    with tarfile.open(fileobj=io.BytesIO(fetch(api, finished(api)).content)) as archive:
        names = archive.getnames()
        assert names[:2] == ["receipts_20260105_101500.csv", "open_20260105_101500.csv"]
        content = archive.extractfile(names[0])
        assert content is not None
        assert table(content.read()) == truth(api.sandbox, "receipt")


@pytest.mark.parametrize("form", ["csv", "gzip"])
def test_a_file_may_be_the_receipts_alone(api: Api, form: str) -> None:
    api.sandbox.configure(export_format=form)
    content = fetch(api, finished(api)).content
    assert table(gzip.decompress(content) if form == "gzip" else content) == truth(api.sandbox, "receipt")


def test_files_may_lie_in_a_folder(api: Api) -> None:
    api.sandbox.configure(export_names="folder")
    assert "export/receipt" in exported(api)


@pytest.mark.parametrize("form", ["milliseconds", "text", "iso"])
def test_times_may_have_other_forms(api: Api, form: str) -> None:
    api.sandbox.configure(export_times=form)
    seconds = [int(row["received_at"]) for row in truth(api.sandbox, "receipt")]
    told = [row["received_at"] for row in exported(api)["receipt"]]
    if form == "milliseconds":
        assert told == [str(second * 1000) for second in seconds]
    else:
        assert [datetime.fromisoformat(each.replace(" UTC", "Z")).timestamp() for each in told] == seconds


def test_events_happen_between_two_exports(api: Api) -> None:
    before = exported(api)
    opened = api.sandbox.mutate("engage", count=3, at=1_790_000_000)
    clicked = api.sandbox.mutate("engage", count=1, fields={"event": "click"}, at=1_790_000_000)
    after = exported(api)
    new = [row for row in after["open"] if row not in before["open"]]
    assert sorted(row["receipt_id"] for row in new) == sorted(opened)
    assert {"receipt_id": clicked[0], "clicked_at": "1790000000"} in after["click"]
    assert after == {group: truth(api.sandbox, group) for group in COLUMNS}


def test_the_same_event_may_happen_twice_to_a_receipt(api: Api) -> None:
    (receipt,) = api.sandbox.mutate("engage", count=1, at=1_790_000_001)
    api.sandbox.mutate("engage", ids=[receipt], at=1_790_000_001)
    assert exported(api)["open"].count({"receipt_id": receipt, "opened_at": "1790000001"}) == 2


def test_surveys_are_answered_later(api: Api) -> None:
    (receipt,) = api.sandbox.mutate("engage", count=1, fields={"event": "answer"}, at=1_790_000_000)
    answers = [row for row in exported(api)["answer"] if row["answered_at"].startswith("17900000")]
    assert {row["receipt_id"] for row in answers} == {receipt}


def test_new_messages_are_sent(api: Api) -> None:
    ids = api.sandbox.mutate("send_messages", count=3, at=1_790_000_000)
    found = exported(api, created_at_after=1_790_000_000, created_at_before=1_790_000_000)
    assert [row["receipt_id"] for row in found["receipt"]] == ids
    assert set(found) == {"receipt", "overview"}, "nothing has come of them, and groups without rows are absent"


def test_a_file_shows_what_was_known_when_its_job_was_done(api: Api) -> None:
    job = finished(api)
    before = groups(fetch(api, job).content)
    api.sandbox.mutate("engage", count=2, at=1_790_000_000)
    api.sandbox.mutate("send_messages", count=2, at=1_790_000_000)
    assert groups(fetch(api, job).content) == before


def test_what_cannot_happen_is_refused(api: Api) -> None:
    with pytest.raises(RuntimeError, match="No receipt 5"):
        api.sandbox.mutate("engage", ids=["5"])
    (mail,) = api.sandbox.mutate("engage", count=1, fields={"event": "unsubscribe"}, at=1_790_000_000)
    with pytest.raises(RuntimeError, match="No completion of a"):
        api.sandbox.mutate("engage", ids=[mail], fields={"event": "completion"})


def test_messages_to_nobody_are_not_sent() -> None:
    with start(**SETTINGS | {"contacts": 0}) as sandbox:
        assert sandbox.truth("content_receipt") == []
        assert finished(Api(sandbox))["status"] == "no_data"


def test_a_large_export_is_told_while_it_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(**SETTINGS | {"message_receipts": 1_000_000})
    exports, drawn = Exports(Workspace(settings), settings), 0
    receipts = exports.outbox.receipts

    def counted(after: int, before: int, known: Moment) -> Iterator[Receipt]:
        nonlocal drawn
        for receipt in receipts(after, before, known):
            drawn += 1
            yield receipt

    monkeypatch.setattr(exports.outbox, "receipts", counted)
    pieces = exports.content.file((0, 4_000_000_000), exports.outbox.now(), settings, {})
    assert next(pieces).startswith(b"PK")
    assert 0 < drawn < 5_000
    pieces.close()  # type: ignore[attr-defined]
