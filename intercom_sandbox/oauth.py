"""Signing in with Intercom: the consent page, and the exchange of a code for a token (API notes 7.2).

An app sends the user to ``GET /oauth``; the user's decision comes back as ``POST /oauth`` and is answered with a
redirect to the app. ``POST /auth/eagle/token`` turns the code into a token that neither expires nor is refreshed.
"""

import base64
import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from random import Random
from urllib.parse import parse_qsl, urlencode, urlsplit

import orjson
from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from intercom_sandbox.consent import consent_page, refusal_page
from intercom_sandbox.errors import JSON, ApiError
from intercom_sandbox.settings import Settings
from intercom_sandbox.state import State

PATHS = ("/oauth", "/auth/eagle/token")
_SEE_OTHER = 303
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Code:
    """An authorization code that waits for its exchange; ``issued`` is on the monotonic clock, in seconds."""

    client_id: str
    issued: float


class Unauthorizable(Exception):  # noqa: N818 - it ends on a page for the user, not in an error
    """A request that cannot be sent back to the app that made it; the message is for the user."""


class OAuth:
    """The two endpoints. They lie outside the gate: no token, no rate limit, and they are not counted."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._rng = Random(f"{state.settings.seed}:oauth")
        self._codes: dict[str, Code] = {}
        self._requests = count(1)

    def routes(self) -> list[Route]:
        """The routes of ``PATHS``."""
        return [
            Route("/oauth", self.ask),
            Route("/oauth", self.decide, methods=["POST"]),
            Route("/auth/eagle/token", self.token, methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        """The consent page: which app asks for which permissions on which workspace."""
        query = dict(request.query_params)
        try:
            callback = self._callback(query)
        except Unauthorizable as error:
            return HTMLResponse(refusal_page(str(error)), 400)
        settings = self._state.settings
        admin = self._state.workspace.generator.cast.me(settings)
        return HTMLResponse(consent_page(admin, settings.without_scope, query | {"redirect_uri": callback}))

    async def decide(self, request: Request) -> Response:
        """Back to the app: with ``code`` and ``state``, or with ``error=access_denied`` and ``state``.

        What a refusal looks like is not documented; this is what OAuth 2.0 asks for (RFC 6749, 4.1.2.1).
        """
        form = dict(parse_qsl((await request.body()).decode()))
        try:
            callback = self._callback(form)
        except Unauthorizable as error:
            return HTMLResponse(refusal_page(str(error)), 400)
        authorized = form.get("decision") == "authorize"
        answer = {"code": self._new_code(form["client_id"])} if authorized else {"error": "access_denied"}
        if "state" in form:
            answer["state"] = form["state"]
        location = URL(callback)
        query = "&".join(filter(None, [location.query, urlencode(answer)]))
        return RedirectResponse(str(location.replace(query=query)), _SEE_OTHER)

    async def token(self, request: Request) -> Response:
        """``{"token_type", "token", "access_token"}`` for code, client id and client secret, as a form or JSON.

        Anything wrong with any of them is 401 "Unauthorized Code": documented for codes, assumed for the client.
        """
        request.scope["request_id"] = f"0005ve6{next(self._requests):013x}"
        fields = _fields(await request.body(), request.headers.get("content-type", ""))
        settings = self._state.settings
        code = self._codes.pop(str(fields.get("code")), None)
        if (
            code is None
            or time.monotonic() - code.issued >= settings.code_lifetime
            or (fields.get("client_id"), fields.get("client_secret")) != (code.client_id, settings.client_secret)
        ):
            raise ApiError(401, "unauthorized", "Unauthorized Code")
        token = self._new_token()
        self._state.issued_tokens.add(token)
        body = {"token_type": "Bearer", "token": token, "access_token": token}
        return Response(orjson.dumps(body), media_type=JSON, headers={"cache-control": "no-store"})

    def _callback(self, asked: Mapping[str, str]) -> str:
        """Where the user is sent afterwards; without ``redirect_uri`` the first registered one."""
        settings = self._state.settings
        if asked.get("client_id") != settings.client_id:
            raise Unauthorizable("No app has this client ID.")
        callback = asked.get("redirect_uri") or next(iter(settings.redirect_uri), "")
        if not _registered(callback, settings):
            raise Unauthorizable("The app has not registered this redirect URL.")
        return callback

    def _new_code(self, client_id: str) -> str:
        """A code; like the real ones it ends in ``=``, which the app must send back too."""
        code = base64.b64encode(self._rng.randbytes(26)).decode()
        self._codes[code] = Code(client_id, time.monotonic())
        return code

    def _new_token(self) -> str:
        """A token in the form of the documented example, ``dG9rOjBiM...``: ``tok:`` and an id in base64."""
        return base64.b64encode(b"tok:%032x:1:0" % self._rng.getrandbits(128)).decode()


def _registered(callback: str, settings: Settings) -> bool:
    """Whether the app may send users there; unless told otherwise, to any HTTPS address and to this machine.

    Intercom wants HTTPS always; a browser test on one machine needs the loopback address.
    """
    if settings.redirect_uri:
        return callback in settings.redirect_uri
    parts = urlsplit(callback)
    return (parts.scheme == "https" and bool(parts.hostname)) or (
        parts.scheme == "http" and parts.hostname in _LOOPBACK
    )


def _fields(body: bytes, content_type: str) -> Mapping[str, object]:
    if not content_type.startswith("application/json"):
        return dict(parse_qsl(body.decode("latin-1")))
    try:
        fields = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return fields if isinstance(fields, dict) else {}
