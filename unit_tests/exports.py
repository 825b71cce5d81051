"""Exports as Intercom makes them: jobs, and files of tables."""

import csv
import gzip
import io
import json
import re
import tarfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from requests_mock import Mocker

from unit_tests.builders import URL, Json, error_list

if TYPE_CHECKING:  # names that only the stubs of requests-mock have
    from requests_mock.request import Request
    from requests_mock.response import Context

Tables = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rows by the name of a group."""

PENDING = error_list("rate_limit_exceeded", "Exceeded rate limit of 1 pending message data export jobs")


def text_of(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """A CSV."""
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode()


def csv_of(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """A CSV of rows that all have the same columns."""
    header = list(rows[0]) if rows else []
    return text_of(header, [["" if row[name] is None else row[name] for name in header] for row in rows])


def files_of(tables: Tables) -> dict[str, bytes]:
    """The CSVs of an export by their names; a group without rows has none."""
    return {f"{group}_20260105_101500.csv": csv_of(rows) for group, rows in tables.items() if rows}


def zipped(tables: Tables) -> bytes:
    """The file of a content export."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files_of(tables).items():
            archive.writestr(name, content)
    return packed.getvalue()


def tarred(tables: Tables) -> bytes:
    """The same as a tar that is packed with gzip."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in files_of(tables).items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def gzipped(content: bytes) -> bytes:
    """The same packed with gzip."""
    return gzip.compress(content)


class Exporter:
    """Makes exports: one job at a time, each of which is seen in all `steps`, and then has the file of its range.

    `made`       what was asked for, job by job
    `cancelled`  the ids of jobs that were cancelled
    `answers`    what the next requests are answered instead: of `POST` a job, `GET` it, `GET` its file
    """

    def __init__(
        self, mocker: Mocker, file: Callable[[Json], bytes | None], steps: Sequence[str] = ("pending", "completed")
    ) -> None:
        self.mocker = mocker
        self.file = file
        self.steps = list(steps)
        self.made: list[Json] = []
        self.cancelled: list[str] = []
        self.seen: dict[str, int] = {}
        self.answers: dict[str, list[Json]] = {"begin": [], "look": [], "fetch": []}
        mocker.post(f"{URL}export/content/data", content=self._begin)
        mocker.post(f"{URL}export/reporting_data/enqueue", content=self._begin)
        mocker.post(re.compile(f"{URL}export/cancel/"), content=self._end)
        mocker.get(re.compile(f"{URL}export/(content/data|reporting_data)/job"), content=self._look)
        mocker.get(re.compile(f"{URL}export/content/data/none"), status_code=404, json=error_list("not_found"))
        mocker.get(re.compile(f"{URL}download/(content/data|reporting_data)/job"), content=self._fetch)

    def next(self, request: str, *answers: Json) -> None:
        """Answer the next requests of a kind with these bodies, and the status in their `status_code`."""
        self.answers[request] += [dict(answer) for answer in answers]

    def _scripted(self, kind: str, answer: "Context") -> bytes | None:
        if not self.answers[kind]:
            return None
        body = self.answers[kind].pop(0)
        answer.status_code = body.pop("status_code", 200)
        return body["content"] if "content" in body else _json(body)

    def _begin(self, request: "Request", answer: "Context") -> bytes:
        scripted = self._scripted("begin", answer)
        if scripted is not None:
            return scripted
        self.made.append(request.json())
        job_id = f"job{len(self.made)}"
        self.seen[job_id] = 0
        return self._job(job_id)

    def _look(self, request: "Request", answer: "Context") -> bytes:
        job_id = request.path.rpartition("/")[2]
        self.seen[job_id] += 1
        scripted = self._scripted("look", answer)
        return self._job(job_id) if scripted is None else scripted

    def _end(self, request: "Request", answer: "Context") -> bytes:
        self.cancelled.append(request.path.rpartition("/")[2])
        return self._job(self.cancelled[-1])

    def _fetch(self, request: "Request", answer: "Context") -> bytes:
        assert request.headers["Accept"] == "application/octet-stream"
        scripted = self._scripted("fetch", answer)
        if scripted is not None:
            return scripted
        content = self.file(self._asked(request))
        assert content is not None
        return content

    def _asked(self, request: "Request") -> Json:
        return self.made[int(request.path.rpartition("/")[2].removeprefix("job")) - 1]

    def _job(self, job_id: str) -> bytes:
        status = self.steps[min(self.seen[job_id], len(self.steps) - 1)]
        return _json(
            {
                "job_identifier": job_id,
                "status": status,
                "download_url": "https://elsewhere.test/file" if status.startswith("complete") else "",
                "download_expires_at": "",
            }
        )


def _json(body: Json) -> bytes:
    return json.dumps(body).encode()
