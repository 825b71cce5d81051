"""Export jobs: their steps from asked for to done, how many there may be, and what goes wrong with them.

A job advances when its status is asked for, and when another one is refused because of it: so one whose reader died
does not block the export for ever.
"""

import time
from dataclasses import dataclass, field
from random import Random
from typing import Any, NamedTuple

from intercom_sandbox.errors import ApiError
from intercom_sandbox.exports.job_faults import JobFault

_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"
_ACTIVE = ("pending", "in_progress")


class Rules(NamedTuple):
    """What is particular to an export: how many jobs at once, the message to one too many, the word for the end."""

    name: str
    most: int
    too_many: str
    done: str
    unknown: str


CONTENT = Rules(
    "content",
    1,
    "Exceeded rate limit of 1 pending message data export jobs",
    "completed",
    "The requested resource does not exist.",
)
REPORTING = Rules(
    "reporting",
    5,
    "Exceeded rate limit of 5 pending reporting dataset export jobs",
    "complete",
    "Export job not found for identifier: {}",
)


@dataclass
class Job:
    """One job. ``asked`` is the body of its request; ``mine`` is false for those of somebody else.

    It needs so many ``steps``, and so many seconds (``lasts``). ``result`` is what it has when it is done.
    """

    id: str
    export: str
    asked: dict[str, Any]
    mine: bool
    needs: float
    lasts: float
    asked_at: float
    fault: dict[str, Any] = field(default_factory=dict)
    status: str = "pending"
    steps: int = 0
    polls: int = 0
    refused: int = 0
    downloads: int = 0
    ended_at: float | None = None
    result: Any = None

    @property
    def active(self) -> bool:
        """Whether it still counts against the limit."""
        return self.status in _ACTIVE

    def takes(self) -> bool:
        """Whether its fault, which may have a number of ``times``, happens once more."""
        left = self.fault.get("times", -1)
        if left:
            self.fault["times"] = left - 1
        return bool(left)

    def told(self) -> dict[str, Any]:
        """What the control endpoint tells of it."""
        hidden = ("result", "needs", "lasts", "steps")
        return {name: value for name, value in vars(self).items() if name not in hidden}


class Jobs:
    """All jobs of the workspace, oldest first."""

    def __init__(self, seed: int) -> None:
        self._rng = Random(f"{seed}:jobs")
        self.all: list[Job] = []
        self.faults: list[JobFault] = []
        self.finish: dict[str, Any] = {}
        """What makes the result of a job that is done, by export: given the job, answers the status it ends with."""

    def start(self, rules: Rules, asked: dict[str, Any], polls: int, seconds: float) -> Job:
        """A new job; 429 ``rate_limit_exceeded`` while there are as many as may be."""
        self.settle()
        active = [job for job in self.all if job.export == rules.name and job.active]
        if len(active) >= rules.most:
            for job in active:
                job.refused += 1
                self._advance(job)
            raise ApiError(429, "rate_limit_exceeded", rules.too_many)
        job = self._new(rules.name, asked, mine=True, needs=polls, lasts=seconds)
        job.fault = next((fault.handed_out() for fault in self.faults if fault.takes(rules.name, asked)), {})
        if job.fault.get("kind") == "stuck":
            job.needs = float("inf")
        return job

    def hold(self, export: str, attempts: int, seconds: float) -> Job:
        """A job of somebody else, which is in the way of so many attempts, and for so long."""
        return self._new(export, {}, mine=False, needs=attempts, lasts=seconds)

    def known(self, rules: Rules, job_id: str) -> Job:
        """The job of that id; 404 ``not_found`` when there is none that we may see."""
        self.settle()
        for job in self.all:
            if job.id == job_id and job.export == rules.name and job.mine and job.status != "vanished":
                return job
        raise ApiError(404, "not_found", rules.unknown.format(job_id))

    def poll(self, rules: Rules, job_id: str) -> Job:
        """The job, one step further; what its fault has in store for this poll happens."""
        job = self.known(rules, job_id)
        job.polls += 1
        self._advance(job)
        at_poll = job.fault.get("at_poll", 1)
        if job.fault.get("kind") == "vanishes" and job.polls >= at_poll:
            job.status = "vanished"
            raise ApiError(404, "not_found", rules.unknown.format(job_id))
        if job.fault.get("kind") == "poll_error" and job.polls >= at_poll and job.takes():
            raise ApiError(job.fault.get("status", 503), "server_error", "The status is not known now")
        return job

    def cancel(self, rules: Rules, job_id: str) -> Job:
        """The job, which is cancelled unless it had ended."""
        job = self.known(rules, job_id)
        if job.active:
            self._end(job, "canceled")
        return job

    def settle(self) -> None:
        """Ends all jobs that are due."""
        for job in self.all:
            if job.active and job.steps >= job.needs and time.time() >= job.asked_at + job.lasts:
                self._end(job, job.fault.get("status", "done") if "kind" not in job.fault else "done")

    def end(self) -> None:
        """Ends all jobs at once, those of others too."""
        for job in self.all:
            if job.active:
                self._end(job, "done")

    def _new(self, export: str, asked: dict[str, Any], *, mine: bool, needs: float, lasts: float) -> Job:
        # a digit in it tells the log that it is an id
        job_id = "".join(self._rng.choices(_ALPHABET, k=15)) + str(self._rng.randrange(10))
        self.all.append(Job(job_id, export, asked, mine, needs, lasts, time.time()))
        return self.all[-1]

    def _advance(self, job: Job) -> None:
        if job.active:
            job.steps += 1
            job.status = "in_progress" if 2 * job.steps >= job.needs else "pending"
            self.settle()

    def _end(self, job: Job, status: str) -> None:
        job.ended_at = time.time()
        job.status = self.finish[job.export](job) if status == "done" and job.mine else status
