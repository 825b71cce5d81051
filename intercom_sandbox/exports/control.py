"""What the control endpoint has for exports."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from intercom_sandbox.control import answer, json_list, json_object
from intercom_sandbox.errors import invalid
from intercom_sandbox.exports.job_faults import JobFault
from intercom_sandbox.exports.jobs import CONTENT, REPORTING
from intercom_sandbox.state import State


class ExportsControl:
    """Shows and steers the jobs."""

    def __init__(self, state: State) -> None:
        self._state = state

    def routes(self) -> list[Route]:
        """The routes below ``/_sandbox``."""
        return [
            Route("/jobs", self.jobs),
            Route("/jobs/end", self.end, methods=["POST"]),
            Route("/jobs/hold", self.hold, methods=["POST"]),
            Route("/jobs/faults", self.faults, methods=["POST"]),
        ]

    async def jobs(self, request: Request) -> Response:
        """All jobs, oldest first."""
        self._state.exports.jobs.settle()
        return answer([job.told() for job in self._state.exports.jobs.all])

    async def end(self, request: Request) -> Response:
        """Ends all active jobs."""
        self._state.exports.jobs.end()
        return answer({})

    async def hold(self, request: Request) -> Response:
        """``{"export", "attempts", "seconds", "jobs"}``: somebody else has jobs."""
        asked: dict[str, Any] = {"export": CONTENT.name, "attempts": 0, "seconds": 0, "jobs": 1}
        asked |= await json_object(request)
        if asked["export"] not in (CONTENT.name, REPORTING.name):
            raise invalid(f"No export {asked['export']}")
        for _ in range(asked["jobs"]):
            self._state.exports.jobs.hold(asked["export"], asked["attempts"], asked["seconds"])
        return answer({})

    async def faults(self, request: Request) -> Response:
        """Replaces the job faults by a list of ``JobFault``."""
        self._state.exports.jobs.faults = [JobFault.of(each) for each in await json_list(request)]
        return answer({})
