"""The control endpoint ``/_sandbox``: no token, no limits, not counted."""

import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict, replace
from itertools import islice
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from intercom_sandbox.errors import ApiError, invalid
from intercom_sandbox.faults import Faults, Rule
from intercom_sandbox.kinds import KINDS
from intercom_sandbox.limits import RateWindows
from intercom_sandbox.mutation import Mutation
from intercom_sandbox.requestlog import RequestLog
from intercom_sandbox.schedule import Entry, Schedule
from intercom_sandbox.settings import with_tuples
from intercom_sandbox.state import State

_LINES = 1000
_SECRET = ("access_token", "client_secret")
"""Settings that are no part of the others: the page shows the first, and nothing needs the second."""


def answer(body: object) -> Response:
    """The answer with that body, as JSON."""
    return Response(orjson.dumps(body), media_type="application/json")


class Control:
    """Shows and changes the state of the sandbox."""

    def __init__(self, state: State, faults: Faults, schedule: Schedule) -> None:
        self._state = state
        self._faults = faults
        self._schedule = schedule

    def routes(self) -> list[Route]:
        """The routes below ``/_sandbox``."""
        return [
            Route("/truth/{stream}", self.truth),
            Route("/status", self.status),
            Route("/counts", self.counts),
            Route("/mutate", self.mutate, methods=["POST"]),
            Route("/faults", self.faults, methods=["POST"]),
            Route("/faults/add", self.add_fault, methods=["POST"]),
            Route("/schedule", self.schedule, methods=["POST"]),
            Route("/requests", self.requests),
            Route("/requests/reset", self.reset_requests, methods=["POST"]),
            Route("/log", self.log),
            Route("/hold_scroll", self.hold_scroll, methods=["POST"]),
            Route("/revoke", self.revoke, methods=["POST"]),
            Route("/settings", self.settings, methods=["POST"]),
        ]

    async def truth(self, request: Request) -> Response:
        """NDJSON of all that the API would deliver of a stream now, with all scopes and a caught-up index."""
        stream = request.path_params["stream"]
        known = self._state.workspace.truth(KINDS[stream]) if stream in KINDS else self._state.exports.truth(stream)
        if known is None:
            raise ApiError(404, "not_found", f"No stream {stream}")
        rows = list(known)  # at once, for mutations may come while it is sent
        return StreamingResponse(_lines(iter(rows)), media_type="application/x-ndjson")

    async def status(self, request: Request) -> Response:
        """What steers the sandbox now: settings, fault rules, the scroll, the token; and whose workspace it is.

        ``time`` is the server's, ``scroll_held`` is in seconds, ``changes`` grows with each mutation.
        """
        state = self._state
        settings = asdict(state.settings)
        workspace = state.workspace.generator.cast.me(state.settings)["app"]
        return answer(
            {
                "time": time.time(),
                "workspace": {name: workspace[name] for name in ("name", "id_code", "region", "timezone")},
                "access_token": settings["access_token"],
                "revoked": state.revoked,
                "settings": {name: value for name, value in settings.items() if name not in _SECRET},
                "faults": [rule.told() for rule in self._faults.rules],
                "scroll_held": state.scroll.held(),
                "changes": state.mutator.performed,
            }
        )

    async def counts(self, request: Request) -> Response:
        """``{stream: number of objects}``."""
        return answer(self._state.workspace.counts())

    async def mutate(self, request: Request) -> Response:
        """Performs a ``Mutation``; answers ``{"ids": […]}``."""
        return answer({"ids": self._state.mutator.perform(Mutation.of(await json_object(request)))})

    async def faults(self, request: Request) -> Response:
        """Replaces the fault rules by a list of ``Rule``."""
        self._faults.rules = [Rule.of(each) for each in await json_list(request)]
        return answer({})

    async def add_fault(self, request: Request) -> Response:
        """Puts a ``Rule`` before those that are there."""
        self._faults.rules.insert(0, Rule.of(await json_object(request)))
        return answer({})

    async def schedule(self, request: Request) -> Response:
        """Replaces the scheduled mutations by a list of ``Entry``."""
        self._schedule.entries = [Entry.of(each) for each in await json_list(request)]
        return answer({})

    async def requests(self, request: Request) -> Response:
        """Counts of the API requests so far."""
        return answer(self._state.requests.summary(self._state.limits))

    async def reset_requests(self, request: Request) -> Response:
        """Forgets the requests so far; the present rate window forgets what it has allowed, too."""
        self._state.requests, self._state.limits = RequestLog(), RateWindows()
        return answer({})

    async def log(self, request: Request) -> Response:
        """The last requests, or the ``last`` n of them, oldest first: when, what, its status, the body of searches."""
        logged = self._state.requests.last
        last = request.query_params.get("last", str(len(logged)))
        if not last.isdecimal():
            raise invalid("last must be a number")
        return answer([*islice(reversed(logged), int(last))][::-1])

    async def hold_scroll(self, request: Request) -> Response:
        """``{"seconds": s}``: somebody else holds the scroll for that long."""
        self._state.scroll.hold(float((await json_object(request))["seconds"]))
        return answer({})

    async def revoke(self, request: Request) -> Response:
        """Revokes the token, or with ``{"revoked": false}`` restores it."""
        self._state.revoked = bool((await json_object(request)).get("revoked", True))
        return answer({})

    async def settings(self, request: Request) -> Response:
        """Changes settings of the running server, e.g. ``{"index_lag": 5}``; sizes of the data no longer matter.

        What searches show already they go on to show, however long the new lag is.
        """
        changes = await json_object(request)
        self._state.workspace.catch_up(time.time() - self._state.settings.index_lag)
        try:
            self._state.settings = replace(self._state.settings, **with_tuples(changes))
        except (TypeError, ValueError, KeyError) as error:
            raise invalid(str(error)) from None
        self._state.exports.settings = self._state.settings
        return answer({})


async def _body(request: Request) -> Any:
    try:
        return orjson.loads(await request.body() or b"{}")
    except orjson.JSONDecodeError as error:
        raise invalid(str(error)) from None


async def json_object(request: Request) -> dict[str, Any]:
    """The JSON object of a request; nothing at all is ``{}``."""
    body = await _body(request)
    if not isinstance(body, dict):
        raise invalid("The body must be a JSON object")
    return body


async def json_list(request: Request) -> list[dict[str, Any]]:
    """The JSON objects of a request."""
    body = await _body(request)
    if not isinstance(body, list) or not all(isinstance(each, dict) for each in body):
        raise invalid("The body must be a list of JSON objects")
    return body


async def _lines(items: Iterator[bytes]) -> AsyncIterator[bytes]:
    while chunk := list(islice(items, _LINES)):
        yield b"\n".join(chunk) + b"\n"
