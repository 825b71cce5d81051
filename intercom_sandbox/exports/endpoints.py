"""The endpoints of both exports (API notes 10)."""

import time
from collections.abc import AsyncIterator, Iterable
from typing import Any

import orjson
from starlette.concurrency import iterate_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from intercom_sandbox.errors import JSON, ApiError, UnreadableBody, invalid
from intercom_sandbox.exports.exports import span_of
from intercom_sandbox.exports.jobs import CONTENT, REPORTING, Job, Rules
from intercom_sandbox.state import State
from intercom_sandbox.versions import unavailable

_OCTETS = "application/octet-stream"
_ELSEWHERE = "https://downloads.example/exports"
_TORN = 100
"""A torn download has that many bytes."""
_REPORTS_SINCE = (2, 14)


class ExportEndpoints:
    """Answers requests for exports that passed the gate."""

    def __init__(self, state: State) -> None:
        self._state = state

    def routes(self) -> list[Route]:
        """The routes of both exports."""
        return [
            Route("/export/content/data", self.ask_for_content, methods=["POST"]),
            Route("/export/content/data/{job}", self.content_status),
            Route("/export/cancel/{job}", self.cancel, methods=["POST"]),
            Route("/download/content/data/{job}", self.content_file),
            Route("/export/reporting_data/get_datasets", self.datasets),
            Route("/export/reporting_data/enqueue", self.ask_for_report, methods=["POST"]),
            Route("/export/reporting_data/{job}", self.report_status),
            Route("/download/reporting_data/{job}", self.report_file),
        ]

    async def ask_for_content(self, request: Request) -> Response:
        """A job for what was sent from ``created_at_after`` to ``created_at_before``."""
        asked, settings = await _object(request), self._state.settings
        for name in ("created_at_after", "created_at_before"):
            try:
                asked[name] = int(asked[name])
            except (KeyError, TypeError, ValueError):
                raise invalid(f"{name} must be a Unix timestamp") from None
        job = self._jobs.start(CONTENT, asked, settings.export_polls, settings.export_seconds)
        return self._told(request, CONTENT, job)

    async def content_status(self, request: Request) -> Response:
        """A job."""
        return self._told(request, CONTENT, self._jobs.poll(CONTENT, _id(request)))

    async def cancel(self, request: Request) -> Response:
        """A job that is cancelled; one that had ended stays as it is."""
        return self._told(request, CONTENT, self._jobs.cancel(CONTENT, _id(request)))

    async def content_file(self, request: Request) -> Response:
        """The file of a finished job, made while it is sent."""
        job, settings = self._finished(request, CONTENT), self._state.settings
        pieces = self._state.exports.content.file(span_of(job.asked), job.result, settings, job.fault)
        return self._file(request, job, pieces, settings.export_encoding)

    async def datasets(self, request: Request) -> Response:
        """The datasets that can be exported."""
        _since_reports(request)
        return _json({"type": "list", "data": self._state.exports.reporting.datasets()})

    async def ask_for_report(self, request: Request) -> Response:
        """A job for a range of a dataset."""
        _since_reports(request)
        asked, settings = await _object(request), self._state.settings
        self._state.exports.reporting.check(asked, settings)
        job = self._jobs.start(REPORTING, asked, settings.report_polls, settings.export_seconds)
        return self._told(request, REPORTING, job)

    async def report_status(self, request: Request) -> Response:
        """A job."""
        return self._told(request, REPORTING, self._jobs.poll(REPORTING, _id(request)))

    async def report_file(self, request: Request) -> Response:
        """The file of a finished job."""
        job = self._finished(request, REPORTING)
        return self._file(request, job, [job.result], "none")

    @property
    def _jobs(self) -> Any:
        return self._state.exports.jobs

    def _told(self, request: Request, rules: Rules, job: Job) -> Response:
        """A job as the API shows it: with a link once it is done."""
        link, expires = "", ""
        path = {"content": "content/data", "reporting": "reporting_data"}[rules.name]
        if job.status == rules.done and job.fault.get("kind") != "no_url":
            link = f"{request.base_url}download/{path}/{job.id}"
            if job.fault.get("kind") == "other_host":
                link = job.fault.get("url", f"{_ELSEWHERE}/{job.id}")
            expires = str(int((job.ended_at or 0) + self._state.settings.export_expiry))
        status = job.status
        if status == rules.done and job.fault.get("kind") == "word":
            status = job.fault["word"]
        return _json({"job_identifier": job.id, "status": status, "download_url": link, "download_expires_at": expires})

    def _finished(self, request: Request, rules: Rules) -> Job:
        """The job whose file is asked for; 404 or as the settings say when there is none, or none any more."""
        if _OCTETS not in request.headers.get("accept", ""):
            raise ApiError(406, "media_type_not_acceptable", f"The Accept header should send {_OCTETS}")
        job: Job = self._jobs.known(rules, _id(request))
        if job.status != rules.done:
            raise ApiError(404, "not_found", rules.unknown.format(job.id))
        job.downloads += 1
        settings = self._state.settings
        late = time.time() > (job.ended_at or 0) + settings.export_expiry
        if late or (job.fault.get("kind") == "expired" and job.takes()):
            status = job.fault.get("status", settings.expired_status)
            raise ApiError(status, "not_found", rules.unknown.format(job.id))
        return job

    def _file(self, request: Request, job: Job, pieces: Iterable[bytes], encoding: str) -> Response:
        headers = {} if encoding == "none" else {"content-encoding": encoding}
        media_type = "application/zip" if encoding == "zip" else _OCTETS
        content: AsyncIterator[bytes] | Any = iterate_in_threadpool(iter(pieces))
        if job.fault.get("kind") == "truncated" and job.takes():
            content = _torn(request, content, job.fault)
        return StreamingResponse(content, media_type=media_type, headers=headers)


async def _torn(request: Request, pieces: AsyncIterator[bytes], fault: dict[str, Any]) -> AsyncIterator[bytes]:
    """The first bytes; then the connection closes, or the answer ends as if that were all (``silent``)."""
    async for piece in pieces:
        yield piece[: fault.get("bytes", _TORN)]
        break
    if not fault.get("silent"):
        request.scope["transport"].close()


def _since_reports(request: Request) -> None:
    if request.scope["version"] < _REPORTS_SINCE:
        raise unavailable()


def _id(request: Request) -> str:
    return str(request.path_params["job"])


def _json(body: object) -> Response:
    return Response(orjson.dumps(body), media_type=JSON)


async def _object(request: Request) -> dict[str, Any]:
    try:
        body = orjson.loads(await request.body() or b"{}")
    except orjson.JSONDecodeError:
        raise UnreadableBody from None
    if not isinstance(body, dict):
        raise invalid("The body must be a JSON object")
    return body
