"""A plain reader of both exports, for tests."""

import csv
import io
import zipfile
from typing import Any

import requests

from integration_tests.sandbox.api import Api
from intercom_sandbox.client import Sandbox

OCTETS = {"Accept": "application/octet-stream"}
EVER = {"created_at_after": 0, "created_at_before": 4_000_000_000}
Object = dict[str, Any]


def ask(api: Api, **asked: int) -> requests.Response:
    """Asks for a content export, of everything if nothing else is said."""
    return api.post("/export/content/data", EVER | asked)


def poll(api: Api, job_id: str) -> requests.Response:
    """The status of a content export."""
    return api.get(f"/export/content/data/{job_id}")


def fetch(api: Api, job: Object) -> requests.Response:
    """The file of a job that is done."""
    return api.get(job["download_url"].removeprefix(api.sandbox.url), headers=OCTETS)


def done(api: Api, path: str, job_id: str) -> Object:
    """A job once it has ended."""
    for _ in range(10):
        job: Object = api.get(f"{path}/{job_id}").json()
        if job["status"] not in ("pending", "in_progress"):
            return job
    raise AssertionError("The job does not end")


def finished(api: Api, **asked: int) -> Object:
    """A content export that has ended."""
    response = ask(api, **asked)
    assert response.status_code == 200, response.text
    return done(api, "/export/content/data", response.json()["job_identifier"])


def groups(content: bytes) -> dict[str, list[Object]]:
    """The rows of a ZIP by group."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name.partition("_2026")[0]: table(archive.read(name)) for name in archive.namelist()}


def table(content: bytes) -> list[Object]:
    """The rows of a CSV."""
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def exported(api: Api, **asked: int) -> dict[str, list[Object]]:
    """The rows of a content export by group."""
    return groups(fetch(api, finished(api, **asked)).content)


def truth(sandbox: Sandbox, group: str) -> list[Object]:
    """The rows of a group as they stand in a CSV with times in seconds."""
    rows = sandbox.truth(f"content_{group}")
    return [{name: "" if value is None else str(value) for name, value in row.items()} for row in rows]


def enqueue(api: Api, dataset: str, ids: list[str], **asked: object) -> requests.Response:
    """Asks for a reporting export."""
    body = {"dataset_id": dataset, "attribute_ids": ids, "start_time": 0, "end_time": 4_000_000_000}
    return api.post("/export/reporting_data/enqueue", body | asked)


def qualified(api: Api) -> dict[str, list[str]]:
    """The qualified ids of all attributes, by dataset."""
    datasets = api.get("/export/reporting_data/get_datasets").json()["data"]
    return {each["id"]: [attribute["qualified_id"] for attribute in each["attributes"]] for each in datasets}


def reported(api: Api, dataset: str, ids: list[str], **asked: object) -> requests.Response:
    """The file of a reporting export."""
    response = enqueue(api, dataset, ids, **asked)
    assert response.status_code == 200, response.text
    return fetch(api, done(api, "/export/reporting_data", response.json()["job_identifier"]))


def lines(content: bytes) -> list[list[str]]:
    """The lines of a CSV, its header first."""
    return list(csv.reader(io.StringIO(content.decode(), newline="")))
