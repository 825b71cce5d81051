"""Jobs that Intercom does for us: what it exports is asked for, waited for, and fetched as a file (API notes 10)."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any, Final

from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.streams.http.error_handlers import ResponseAction
from airbyte_cdk.sources.streams.http.pagination_reset_exception import PaginationResetRequiredException
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom import report
from source_intercom.api.bodies import Body
from source_intercom.api.errors import PENDING_JOBS, Rule
from source_intercom.api.exports import DONE, EMPTY, LEFT, UNDONE, Export
from source_intercom.api.open_jobs import OpenJobs
from source_intercom.api.reader import GoneError, Reader
from source_intercom.api.sentences import BAD_BODY, EXPORT_ENDLESS, EXPORT_FAILED, EXPORT_HELD, EXPORT_LOST

POLL_VARIABLE: Final = "INTERCOM_EXPORT_POLL_SECONDS"
"""Environment variable: seconds before a job is looked at for the first time. Tests have no minutes."""

FIRST_PAUSE: Final = 10.0
LONGEST_PAUSE: Final = 60.0
GROWTH: Final = 1.5

MOST_HOURS: Final = 6
"""For which a job is waited for, or for jobs of others to end: it “can take up to a few hours”."""

MOST_JOBS: Final = 3
"""How often an export is asked for whose job or file is lost."""

RULES: Final[Mapping[tuple[int, str], Rule]] = {
    (429, PENDING_JOBS): Rule(ResponseAction.RESET_PAGINATION, FailureType.transient_error, "{message}"),
}
"""What is made of answers to a request for a job, on top of api/errors.py."""

Check = Callable[[IO[bytes]], bool]
"""Whether a file is whole."""


class Jobs:
    """Has one export make files, job by job.

    Two readers, since a job may be gone, and what is asked for a new one may not.

    :param reader: asks for jobs and files, and raises `GoneError` where there is none
    :param beginner: asks for new jobs, by RULES
    """

    def __init__(self, export: Export, reader: Reader, beginner: Reader) -> None:
        self._export = export
        self._reader = reader
        self._beginner = beginner
        self._open: OpenJobs = reader.api.jobs

    def probe(self) -> None:
        """Ask for a job that there is not: who may not export is refused before that is found.

        :raises AirbyteTracedException: a config error if the token may not
        """
        try:
            self._reader.get(self._export.job("none"), self._export.parameters("none"))
        except GoneError:
            return

    def fetch(self, body: Mapping[str, Any], file: IO[bytes], is_whole: Check) -> bool:
        """Put an export into a file; False where Intercom says that it has no data.

        A job that somebody else cancels, or that Intercom does not know any more, and a file that has expired or is
        broken, are asked for anew.

        :param body: what is asked for
        :raises AirbyteTracedException: a transient error if Intercom fails at it, takes too long or loses it again and
            again; or what keeps it from answering
        :raises Ended: if the read is over
        """
        reason = ""
        for number in range(MOST_JOBS):
            if number:
                self._reader.count(report.RESTARTS)
                self._reader.logger.warning("%s: the export was %s; asking for it anew.", self._reader.name, reason)
            with self._open.place(self._export.folder, self._export.at_once):
                job_id, status = self._run(body)
                if status == EMPTY:
                    return False
                if status == UNDONE:
                    raise _transient(EXPORT_FAILED)
                reason = self._download(job_id, file, is_whole) if status.startswith(DONE) else status
            if not reason:
                return True
        raise _transient(EXPORT_LOST.format(reason=reason))

    def _download(self, job_id: str, file: IO[bytes], is_whole: Check) -> str:
        """Why a file cannot be had; empty if it is there."""
        try:
            self._reader.download(self._export.file(job_id), self._export.parameters(job_id), file)
        except GoneError:
            return "gone before it was fetched"
        return "" if is_whole(file) else "broken"

    def _run(self, body: Mapping[str, Any]) -> tuple[str, str]:
        """The id of a job that has come to an end, and its status; of one that nobody knows any more a made-up one."""
        with self._begun(body) as (job_id, status):
            for pause in pauses():
                if status in (EMPTY, UNDONE) or status.startswith(DONE):
                    return job_id, status
                if status in LEFT:
                    return job_id, "canceled by somebody else"
                self._wait("Intercom makes the export", pause)
                try:
                    answer = self._reader.get(self._export.job(job_id), self._export.parameters(job_id))
                except GoneError:
                    return job_id, "unknown to Intercom all of a sudden"
                status = _text(answer, "status")
            raise _transient(EXPORT_ENDLESS.format(hours=MOST_HOURS))

    @contextmanager
    def _begun(self, body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """A new job, its id and its status; it is cancelled if it is left before its end."""
        with self._open.beginning() as register:
            answer = self._begin(body)
            job_id = _text(answer, "job_identifier")
            if not job_id:
                raise _transient(BAD_BODY)
            job = register(self._cancel(job_id))
        try:
            yield job_id, _text(answer, "status")
        except BaseException:
            job.cancel()
            raise
        finally:
            job.forget()

    def _cancel(self, job_id: str) -> Callable[[], None] | None:
        api, path = self._reader.api, self._export.end(job_id)
        return (lambda: api.session.send_last("POST", f"{api.url}{path}")) if path else None

    def _begin(self, body: Mapping[str, Any]) -> Body:
        """Ask for a job, as soon as jobs of others leave room for it."""
        for pause in pauses():
            try:
                return self._beginner.post(self._export.begin, body)
            except PaginationResetRequiredException:
                self._wait(f"jobs that others have asked for come first ({self._beginner.trouble})", pause)
        raise _transient(EXPORT_HELD.format(message=self._beginner.trouble, hours=MOST_HOURS))

    def _wait(self, why: str, pause: float) -> None:
        self._open.wait(self._reader.name, why, pause)


def pauses() -> Iterator[float]:
    """Seconds to wait before each look, longer and longer, and MOST_HOURS in all."""
    pause = float(os.environ.get(POLL_VARIABLE) or FIRST_PAUSE)
    waited = 0.0
    while waited < MOST_HOURS * 3600:
        yield pause
        waited += pause
        pause = min(pause * GROWTH, LONGEST_PAUSE)


def _text(body: Body, name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""


def _transient(sentence: str) -> AirbyteTracedException:
    return AirbyteTracedException(sentence, sentence, FailureType.transient_error)
