"""Faults: the ways in which the API, its proxy or the network fail, switched on by rules.

Errors with a status, stalls, resets, cut and empty bodies, pages of HTML, repeating cursors, dying scrolls.
"""

import asyncio
import re
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import Random
from typing import Any

import orjson
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from intercom_sandbox.cursors import position, search_and_cursor
from intercom_sandbox.errors import JSON, ApiError, error_response, html_response, invalid
from intercom_sandbox.oddities import ODDITIES
from intercom_sandbox.quoting import quoting
from intercom_sandbox.scroll import Scroll

_CODES = {401: "unauthorized", 403: "forbidden", 404: "not_found", 408: "request_timeout", 409: "conflict"}
_CODES |= {429: "rate_limit_exceeded", 500: "server_error"}
_FROM_PROXY = (502, 503, 504)
_SCROLL_DIED = "Request failed due to an internal network error. Please restart the scroll operation."


@dataclass
class Rule:
    """Which requests fail, and how.

    Of the requests that match path and method the first ``after`` pass, then each ``every``-th fails, with
    ``probability``, at most ``times`` times (None: for ever). ``action`` is ``{"status": …}`` or ``{"kind": …}``; with
    ``"lost": true`` the API has done what was asked, as far as a scroll that moves on, and its answer is lost.
    """

    path: re.Pattern[str]
    action: dict[str, Any]
    method: str | None = None
    after: int = 0
    every: int = 1
    times: int | None = None
    probability: float = 1.0
    seen: int = 0
    fired: int = 0

    @classmethod
    def of(cls, request: dict[str, Any]) -> "Rule":
        """The rule that a request describes; 400 when it is none."""
        try:
            rule = cls(**request | {"path": re.compile(request["path"])})
        except (KeyError, TypeError, re.error) as error:
            raise invalid(f"Bad fault rule: {error}") from None
        if rule.kind not in KINDS:
            raise invalid(f"Unknown fault {rule.action}")
        return rule

    def told(self) -> dict[str, Any]:
        """The rule as a request describes it, with how many it has ``seen``, and how many of them have ``fired``."""
        return vars(self) | {"path": self.path.pattern}

    @property
    def kind(self) -> str:
        """The name of the fault."""
        return str(self.action.get("kind", "status" if "status" in self.action else None))

    def takes(self, method: str, path: str, rng: Random) -> bool:
        """Counts a request; whether it shall fail."""
        if not self.path.search(path) or self.method not in (None, method):
            return False
        self.seen += 1
        late = self.seen - self.after
        if late <= 0 or late % self.every or self.fired == self.times:
            return False
        if self.probability < 1 and rng.random() >= self.probability:
            return False
        self.fired += 1
        return True


@dataclass(frozen=True)
class Exchange:
    """A request that shall fail, and the means to make it fail."""

    app: ASGIApp
    scope: Scope
    receive: Receive
    send: Send
    action: dict[str, Any]
    scroll: Scroll

    async def answer(self) -> tuple[Message, bytes]:
        """What the API would have answered: the start message and the body."""
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self.app(self.scope, self.receive, keep)
        return messages[0], b"".join(message.get("body", b"") for message in messages[1:])

    async def respond(self, response: Response) -> None:
        """Sends a response instead."""
        await response(self.scope, self.receive, self.send)

    async def respond_otherwise(self, change: Callable[[dict[str, Any]], None]) -> None:
        """Sends what the API would have answered, changed if it is no error."""
        start, body = await self.answer()
        if start["status"] == 200:
            answer = orjson.loads(body)
            change(answer)
            body = orjson.dumps(answer)
        await self.respond(Response(body, start["status"], media_type=JSON))

    async def send_half(self, start: Message, body: bytes) -> None:
        """Sends the headers of an answer, which promise its whole length, and half of its body."""
        await self.send(start)
        await self.send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})

    async def client_gone(self, seconds: float | None = None) -> None:
        """Waits until the connection is lost, at most ``seconds``."""

        async def disconnected() -> None:
            while (await self.receive())["type"] != "http.disconnect":
                pass

        try:
            await asyncio.wait_for(disconnected(), seconds)
        except TimeoutError:
            return

    async def close(self) -> None:
        """Closes the connection after what was sent, as a crashed server does."""
        self.scope["transport"].close()
        await self.client_gone()


async def _status(exchange: Exchange) -> None:
    """An error with a status; ``body`` is json, html, empty or truncated, by default what the status usually has.

    ``code`` may be null. ``message``, on a page its title, may quote the request, see ``quoting``.
    """
    status = exchange.action["status"]
    body = exchange.action.get("body", "html" if status in _FROM_PROXY else "json")
    code = exchange.action.get("code", _CODES.get(status, "service_unavailable"))
    message = quoting(exchange.scope, exchange.action.get("message"))
    response = error_response(exchange.scope, ApiError(status, code, message or "Injected fault"))
    if body == "html":
        response = html_response(status, message)
    elif body == "empty":
        response = Response(b"", status)
    response.headers.update(exchange.action.get("headers", {}))
    if body != "truncated":
        await exchange.respond(response)
        return
    start = {"type": "http.response.start", "status": status, "headers": response.raw_headers}
    await exchange.send_half(start, bytes(response.body))
    await exchange.close()


async def _stall(exchange: Exchange) -> None:
    """Nothing more comes for ``seconds``, then the connection closes; ``where`` is headers (default) or body."""
    if exchange.action.get("where") == "body":
        await exchange.send_half(*await exchange.answer())
    await exchange.client_gone(exchange.action["seconds"])
    await exchange.close()


async def _reset(exchange: Exchange) -> None:
    """The connection is reset without an answer."""
    transport = exchange.scope["transport"]
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
    await exchange.client_gone()


async def _truncated(exchange: Exchange) -> None:
    """The true answer, cut in the middle of its body."""
    await exchange.send_half(*await exchange.answer())
    await exchange.close()


async def _empty(exchange: Exchange) -> None:
    """200 without a body."""
    await exchange.respond(Response(b"", media_type=JSON))


async def _html(exchange: Exchange) -> None:
    """200 with a page of HTML."""
    await exchange.respond(html_response(200))


async def _repeat_cursor(exchange: Exchange) -> None:
    """A search answers with the cursor of the page before this one, so that its pages go A, B, A, B."""
    cursor = exchange.scope.get("earlier_cursor")

    def repeat(answer: dict[str, Any]) -> None:
        if cursor:
            answer["pages"]["next"] = {"page": answer["pages"]["page"], "starting_after": cursor}

    await exchange.respond_otherwise(repeat)


async def _left_out(exchange: Exchange) -> None:
    """A page of a search lacks one of the records that it counts."""

    def leave_out(answer: dict[str, Any]) -> None:
        records = next(value for value in answer.values() if isinstance(value, list))
        if records:
            del records[len(records) // 2]

    await exchange.respond_otherwise(leave_out)


async def _refused_record(exchange: Exchange) -> None:
    """A page of a search that would hold one of ``ids`` is answered with ``status``; all others are answered well."""
    start, body = await exchange.answer()
    records = orjson.loads(body) if start["status"] == 200 else {}
    shown = {each["id"] for value in records.values() if isinstance(value, list) for each in value}
    if shown & set(exchange.action["ids"]):
        error = ApiError(exchange.action["status"], "not_found", "Conversation not found. It was deleted.")
        await exchange.respond(error_response(exchange.scope, error))
    else:
        await exchange.respond(Response(body, start["status"], media_type=JSON))


async def _scroll_dies(exchange: Exchange) -> None:
    """An internal error that kills the scroll (API notes 5)."""
    exchange.scroll.die()
    await exchange.respond(error_response(exchange.scope, ApiError(500, "server_error", _SCROLL_DIED)))


KINDS: dict[str, Callable[[Exchange], Awaitable[None]]] = {
    "status": _status,
    "stall": _stall,
    "reset": _reset,
    "truncated": _truncated,
    "empty": _empty,
    "html": _html,
    "repeat_cursor": _repeat_cursor,
    "left_out": _left_out,
    "refused_record": _refused_record,
    "scroll_dies": _scroll_dies,
    **ODDITIES,
}


class Faults:
    """ASGI layer. Rules are asked in their order; a request that one takes is not seen by the next."""

    def __init__(self, app: ASGIApp, scroll: Scroll, rng: Random) -> None:
        self._app = app
        self._scroll = scroll
        self._rng = rng
        self._cursors: dict[tuple[str, bytes], set[str]] = {}
        self.rules: list[Rule] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a request fail if a rule takes it."""
        if any(rule.kind == "repeat_cursor" for rule in self.rules) and scope["path"].endswith("/search"):
            receive = await self._remember_cursor(scope, receive)
        for rule in self.rules:
            if rule.takes(scope["method"], scope["path"], self._rng):
                exchange = Exchange(self._app, scope, receive, send, rule.action, self._scroll)
                if rule.action.get("lost"):
                    await exchange.answer()
                await KINDS[rule.kind](exchange)
                return
        await self._app(scope, receive, send)

    async def _remember_cursor(self, scope: Scope, receive: Receive) -> Receive:
        """Puts the cursor of the page before, as any walk of the same search had it, into the scope if there is one."""
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        search, cursor, descending = search_and_cursor(body)
        if cursor:
            known = self._cursors.setdefault((scope["path"], search), set())
            known.add(cursor)
            place = sorted(known, key=position, reverse=descending)
            scope["earlier_cursor"] = next(reversed(place[: place.index(cursor)]), None)
        unread: list[Message] = [{"type": "http.request", "body": body}]

        async def replay() -> Message:
            return unread.pop() if unread else await receive()

        return replay
