"""What every API request passes before it is answered: token, rate limit, version, scope, latency."""

import asyncio
import time
from itertools import count

from starlette.datastructures import Headers, QueryParams
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from intercom_sandbox.errors import ApiError, error_response, invalid
from intercom_sandbox.kinds import needed_scope
from intercom_sandbox.limits import Verdict
from intercom_sandbox.state import State
from intercom_sandbox.versions import version_of

_FIXED_HEADERS = [
    (b"status", b"200 OK"),
    (b"cache-control", b"max-age=0, private, must-revalidate"),
    (b"vary", b"Accept-Encoding"),
    (b"x-intercom-version", b"5f2c1d0e9b8a7f6e5d4c3b2a1f0e9d8c7b6a5f4e"),
    (b"x-request-queueing", b"0"),
]


class Gate:
    """ASGI layer that refuses requests as the API does, and gives answers the API's headers."""

    def __init__(self, app: ASGIApp, state: State) -> None:
        self._app = app
        self._state = state
        self._requests = count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on with ``version`` and ``request_id`` in its scope."""
        scope["request_id"] = f"0005ve5{next(self._requests):013x}"
        headers = Headers(scope=scope)
        extra = [(b"x-request-id", scope["request_id"].encode()), *_FIXED_HEADERS]

        async def send_with_headers(message: Message) -> None:
            # a page of the proxy carries none of them
            if (
                message["type"] == "http.response.start"
                and (b"content-type", b"text/html; charset=utf-8") not in message["headers"]
            ):
                status = (b"status", b"%d" % message["status"])
                present = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(status if each[0] == b"status" else each for each in extra if each[0] not in present),
                ]
            await send(message)

        try:
            self._authenticate(headers.get("authorization", ""))
            verdict = self._state.limits.admit(time.time(), self._state.settings)
            extra += verdict.headers()
            self._within_limit(verdict)
            version = headers.get("intercom-version", self._state.settings.app_version)
            scope["version"] = version_of(version, self._state.settings.newest_version)
            extra.append((b"intercom-version", version.encode()))
            self._check_scope(scope["path"])
            self._check_parameters(scope)
        except ApiError as error:
            await error_response(scope, error)(scope, receive, send_with_headers)
            return
        await self._wait(scope["method"])
        await self._app(scope, receive, send_with_headers)

    def _authenticate(self, authorization: str) -> None:
        scheme, _, token = authorization.partition(" ")
        if scheme != "Bearer" or not (token == self._state.settings.access_token or token in self._state.issued_tokens):
            raise ApiError(401, "unauthorized", "Access Token Invalid")
        if self._state.revoked:
            raise ApiError(401, "token_revoked", "Access Token Revoked")

    def _within_limit(self, verdict: Verdict) -> None:
        if not verdict.allowed:
            message = f"Exceeded rate limit of {verdict.limit} in 10_seconds"
            raise ApiError(429, "rate_limit_exceeded", message)

    def _check_scope(self, path: str) -> None:
        needed = needed_scope(path)
        if needed is not None and needed.id in self._state.settings.without_scope:
            raise needed.refusal()

    def _check_parameters(self, scope: Scope) -> None:
        settings, asked = self._state.settings, QueryParams(scope["query_string"])
        parameter = next((each for each in settings.refused_parameter if each in asked), None)
        if parameter and settings.parameter_refusal == "forbidden":
            raise ApiError(403, "forbidden", f"This workspace may not use {parameter}")
        if parameter:
            raise invalid(f"{parameter} is not a valid parameter")

    async def _wait(self, method: str) -> None:
        settings = self._state.settings
        latency = settings.search_latency if method == "POST" else settings.get_latency
        latency += settings.jitter * self._state.rng.random() if settings.jitter else 0
        if latency:
            await asyncio.sleep(latency)
