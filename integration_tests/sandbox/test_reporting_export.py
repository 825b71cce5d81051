"""The reporting export: datasets, jobs, files, and what changes between seeing a dataset and asking for it."""

import gzip
from collections import Counter

import pytest

from integration_tests.sandbox.api import Api, error
from integration_tests.sandbox.description import Description
from integration_tests.sandbox.exporting import OCTETS, enqueue, finished, lines, qualified, reported

SETTINGS = {
    "contacts": 40,
    "companies": 5,
    "conversations": 60,
    "parts": 600,
    "tickets": 20,
    "report_retention": 0,
    "message_receipts": 8,
}
PATH = "/export/reporting_data"
IDS = ["standard.conversation_id", "timestamp.conversation_started_at"]


def test_every_dataset_is_exported_as_the_truth_has_it(api: Api) -> None:
    for dataset, ids in qualified(api).items():
        header, *rows = lines(reported(api, dataset, ids).content)
        assert header == [each.partition(".")[2] for each in ids]
        assert rows == [list(row.values()) for row in api.sandbox.truth(f"report_{dataset}")]


def test_a_dataset_has_as_many_rows_as_the_workspace_has_conversations(api: Api) -> None:
    rows = api.sandbox.truth("report_conversation")
    conversations = {each["id"]: each for each in api.sandbox.truth("conversations")}
    assert {row["standard.conversation_id"] for row in rows} == set(conversations)
    for row in rows:
        assert (
            row["standard.current_conversation_state"].lower()
            == (conversations[row["standard.conversation_id"]]["state"])
        )


def test_columns_come_in_the_order_asked_and_two_may_have_one_header(api: Api) -> None:
    ids = ["people.Brand", "standard.conversation_id", "conversation.Brand"]
    header, *rows = lines(reported(api, "conversation", ids).content)
    assert header == ["Brand", "conversation_id", "Brand"]
    assert any(row[0] != row[2] for row in rows)


def test_values_hold_what_breaks_careless_readers(api: Api) -> None:
    rows = api.sandbox.truth("report_conversation")
    brands = {row["conversation.Brand"] for row in rows}
    assert {'Été, "Paris"', "two\nlines", "", "  spaces  "} <= brands
    assert any("ö" in brand for brand in brands)


def test_a_log_may_hold_the_same_row_twice_and_a_dataset_none(api: Api) -> None:
    rows = Counter(tuple(row.values()) for row in api.sandbox.truth("report_conversation_sla_status_log"))
    assert max(rows.values()) == 2
    assert lines(reported(api, "copilot_prompt_response_pair", ["standard.prompt"]).content) == [["prompt"]]


def test_a_range_holds_both_of_its_ends(api: Api) -> None:
    created = sorted(each["created_at"] for each in api.sandbox.truth("conversations"))
    first, last = created[10], created[20]
    _, *rows = lines(reported(api, "conversation", IDS, start_time=first, end_time=last).content)
    assert len(rows) == sum(first <= second <= last for second in created)
    _, *rows = lines(reported(api, "conversation", IDS, start_time=first + 1, end_time=last - 1).content)
    assert len(rows) == sum(first < second < last for second in created)


def test_figures_follow_the_conversation_until_the_job_is_done(api: Api) -> None:
    (changed,) = api.sandbox.mutate("update", count=1, fields={"state": "snoozed"})
    ids = [IDS[0], "standard.current_conversation_state"]
    assert [changed, "Snoozed"] in lines(reported(api, "conversation", ids).content)


def test_five_jobs_may_be_pending_and_a_content_export_beside_them(api: Api) -> None:
    api.sandbox.configure(report_polls=9)
    assert [enqueue(api, "conversation", IDS).status_code for _ in range(5)] == [200] * 5
    refused = enqueue(api, "conversation", IDS)
    assert error(refused) == (429, "rate_limit_exceeded")
    assert refused.json()["errors"][0]["message"] == "Exceeded rate limit of 5 pending reporting dataset export jobs"
    assert finished(api)["status"] == "completed"
    api.sandbox.end_jobs()
    api.sandbox.hold_export("reporting", attempts=1, jobs=5)
    assert [enqueue(api, "conversation", IDS).status_code for _ in range(2)] == [429, 200]


def test_a_job_ends_as_complete_with_a_link(api: Api) -> None:
    job = enqueue(api, "conversation", IDS).json()
    assert (job["status"], job["download_url"]) == ("pending", "")
    told = api.get(f"{PATH}/{job['job_identifier']}?app_id=a&client_id=b&job_identifier=c").json()
    assert told["status"] == "complete"
    assert told["download_url"] == f"{api.sandbox.url}/download/reporting_data/{job['job_identifier']}"


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"dataset_id": None}, "'dataset_id' is a required parameter"),
        ({"dataset_id": "imaginary"}, "imaginary is not a valid dataset_id"),
        ({"attribute_ids": None}, "'attribute_ids' is a required parameter"),
        ({"attribute_ids": []}, "attribute_ids must contain at least one attribute_id"),
        ({"attribute_ids": "not an array"}, "'attribute_ids' not an array must be of type Array"),
        ({"attribute_ids": ["non_existent"]}, "attribute_ids invalid for conversation dataset: non_existent"),
        ({"attribute_ids": ["conversation_id"]}, "attribute_ids invalid for conversation dataset: conversation_id"),
        ({"start_time": None}, "'start_time' is a required parameter"),
    ],
)
def test_what_makes_no_sense_is_refused(api: Api, asked: dict[str, object], message: str) -> None:
    answer = enqueue(api, "conversation", IDS, **asked)
    assert error(answer) == (400, "bad_request")
    assert answer.json()["errors"][0]["message"] == message


def test_figures_are_kept_for_two_years(api: Api) -> None:
    api.sandbox.configure(report_retention=730)
    assert error(enqueue(api, "conversation", IDS)) == (400, "bad_request")


def test_jobs_and_files_that_are_not_there_are_not_found(api: Api) -> None:
    answer = api.get(f"{PATH}/job1")
    assert error(answer) == (404, "not_found")
    assert answer.json()["errors"][0]["message"] == "Export job not found for identifier: job1"
    assert error(api.get("/download/reporting_data/job1", headers=OCTETS)) == (404, "not_found")


def test_a_dataset_vanishes_between_the_list_and_the_job(api: Api) -> None:
    mutation = {"operation": "change_datasets", "fields": {"gone": ["tickets"], "gone_attributes": ["people.Brand"]}}
    api.sandbox.schedule([{"path": "get_datasets", "after": 1, "mutation": mutation}])
    seen = qualified(api)
    assert error(enqueue(api, "tickets", seen["tickets"])) == (400, "bad_request")
    refused = enqueue(api, "conversation", seen["conversation"])
    assert refused.json()["errors"][0]["message"] == "attribute_ids invalid for conversation dataset: people.Brand"
    assert "tickets" not in qualified(api)
    api.sandbox.mutate("change_datasets", fields={"new_attributes": ["conversation.New"]})
    assert {ids[-1] for ids in qualified(api).values()} == {"conversation.New"}
    assert lines(reported(api, "conversation", ["conversation.New"]).content)[:2] == [["New"], [""]]
    api.sandbox.mutate("change_datasets")
    assert qualified(api) == seen


def test_without_the_permission_every_request_is_refused(api: Api) -> None:
    api.sandbox.configure(without_scope=["export_reporting_data"])
    answers = [
        *(api.get(f"{PATH}/get_datasets"), enqueue(api, "conversation", IDS), api.get(f"{PATH}/x")),
        api.get("/download/reporting_data/x"),
    ]
    assert {error(each) for each in answers} == {(403, "forbidden")}


def test_older_versions_have_no_reports(api: Api) -> None:
    answer = api.get(f"{PATH}/get_datasets", headers={"Intercom-Version": "2.13"})
    assert error(answer) == (400, "intercom_version_invalid")


def test_answers_are_as_intercom_describes_them(api: Api) -> None:
    description, job = Description(api.sandbox.url), enqueue(api, "conversation", IDS)
    told = api.get(f"{PATH}/{job.json()['job_identifier']}?app_id=a&client_id=b&job_identifier=c")
    answers = [api.get(f"{PATH}/get_datasets"), job, told]
    assert [each for answer in answers for each in description.differences(answer)] == []


def test_a_file_may_be_gzipped_with_a_mark_qualified_headers_and_times_of_the_workspace(api: Api) -> None:
    plain = lines(reported(api, "conversation", IDS).content)
    api.sandbox.configure(report_format="gzip", report_bom=True, report_headers="qualified", report_zone="workspace")
    content = gzip.decompress(reported(api, "conversation", IDS).content)
    assert content.startswith(b"\xef\xbb\xbf")
    header, *rows = lines(content.removeprefix(b"\xef\xbb\xbf"))
    assert header == IDS
    assert [row[0] for row in rows] == [row[0] for row in plain[1:]]
    assert all(row[1] < told[1] for row, told in zip(rows, plain[1:], strict=True)), "Los Angeles is behind UTC"
