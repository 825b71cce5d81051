"""Puts the layers together: log, gate, schedule, faults, endpoints; beside them sign-in, control endpoint and page."""

from typing import Any, cast

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from intercom_sandbox import front
from intercom_sandbox.control import Control
from intercom_sandbox.endpoints import Endpoints
from intercom_sandbox.errors import (
    ApiError,
    HtmlError,
    UnreadableBody,
    error_response,
    html_response,
    unreadable_response,
)
from intercom_sandbox.exports.control import ExportsControl
from intercom_sandbox.exports.endpoints import ExportEndpoints
from intercom_sandbox.faults import Faults
from intercom_sandbox.gate import Gate
from intercom_sandbox.guard import Guard
from intercom_sandbox.oauth import PATHS as SIGN_IN
from intercom_sandbox.oauth import OAuth
from intercom_sandbox.schedule import Schedule
from intercom_sandbox.state import State


def build(state: State) -> ASGIApp:
    """The ASGI application of a sandbox."""
    handlers: Any = {ApiError: _refuse, HtmlError: _bare_page, UnreadableBody: _unreadable}
    handlers |= {404: _no_such_path, 405: _no_such_path}
    routes = [*Endpoints(state).routes(), *ExportEndpoints(state).routes()]
    api = Starlette(routes=routes, exception_handlers=handlers)
    faults = Faults(api, state.scroll, state.rng)
    schedule = Schedule(faults, state.mutator)
    counted = Recorder(Gate(schedule, state), state)
    sign_in = Starlette(routes=OAuth(state).routes(), exception_handlers=handlers)
    steering = [*Control(state, faults, schedule).routes(), *ExportsControl(state).routes()]
    control = Guard(Starlette(routes=steering, exception_handlers=handlers), state)
    page = Guard(Starlette(routes=front.routes(), exception_handlers=handlers), state)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if front.is_asked_for(scope):
            await page(scope, receive, send)
        elif scope["path"].startswith("/_sandbox/"):
            await control({**scope, "path": scope["path"].removeprefix("/_sandbox")}, receive, send)
        elif scope["path"] in SIGN_IN:
            await sign_in(scope, receive, send)
        else:
            # faults that break the connection need the transport of the server's request cycle, whose method send is
            scope["transport"] = cast(Any, send).__self__.transport
            await counted(scope, receive, send)

    return app


async def _refuse(request: Request, error: ApiError) -> Response:
    return error_response(request.scope, error)


async def _bare_page(request: Request, error: HtmlError) -> Response:
    return html_response(error.status)


async def _unreadable(request: Request, error: UnreadableBody) -> Response:
    return unreadable_response()


async def _no_such_path(request: Request, error: Exception) -> Response:
    return error_response(request.scope, ApiError(404, "not_found", "The requested resource was not found"))


class Recorder:
    """ASGI layer that counts every request with the status of its answer, before the answer leaves."""

    def __init__(self, app: ASGIApp, state: State) -> None:
        self._app = app
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Notes the request when its answer starts, or as cut off when none does; it is in flight until its end."""
        requests = self._state.requests
        body = b""
        noted = ended = False

        async def receive_and_keep() -> Message:
            nonlocal body
            message = await receive()
            body += message.get("body", b"")
            return message

        def note(status: int | str) -> None:
            nonlocal noted
            noted = True
            query = scope["query_string"].decode("latin-1")
            self._state.requests.add(scope["method"], scope["path"], query, status, _parsed(body))

        def end() -> None:
            nonlocal ended
            if not ended:
                ended = True
                requests.left()

        async def send_and_note(message: Message) -> None:
            if message["type"] == "http.response.start":
                note(message["status"])
            elif not message.get("more_body"):
                end()
            await send(message)

        requests.arrived()
        try:
            await self._app(scope, receive_and_keep, send_and_note)
        finally:
            if not noted:
                note("cut")
            end()


def _parsed(body: bytes) -> object:
    try:
        return orjson.loads(body) if body else None
    except orjson.JSONDecodeError:
        return body.decode("latin-1")
