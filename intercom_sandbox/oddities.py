"""Faults that are no errors: answers with status 200 (or a redirect) in which something is odd."""

import asyncio
import gzip
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from intercom_sandbox.errors import JSON

if TYPE_CHECKING:
    from intercom_sandbox.faults import Exchange

_WINDOW = 10


def _rows(answer: dict[str, Any]) -> list[Any]:
    return next(value for value in answer.values() if isinstance(value, list))


async def _paged(exchange: "Exchange") -> None:
    """A whole list in pages of ``size``; ``next`` is a url, an object, or there are only numbers.

    With ``"endless": true`` every page is the first one, and says that there are more.
    """
    size, style = exchange.action["size"], exchange.action["next"]
    request = Request(exchange.scope)
    number = int(request.query_params.get("starting_after") or request.query_params.get("page") or 1)

    def page(answer: dict[str, Any]) -> None:
        rows = _rows(answer)
        total, endless = -(-len(rows) // size), exchange.action.get("endless")
        first = 0 if endless else (number - 1) * size
        rows[:] = rows[first : first + size]
        pages: dict[str, Any] = {"type": "pages", "page": number, "per_page": size, "total_pages": total}
        if endless or number < total:
            url = str(request.url.include_query_params(page=number + 1))
            pages["total_pages"] = number + 1 if endless else total
            if style != "numbers":
                pages["next"] = url if style == "url" else {"starting_after": str(number + 1)}
        answer["pages"] = pages

    await exchange.respond_otherwise(page)


async def _replaced(exchange: "Exchange") -> None:
    """Some of the body's values are those of ``values``, and those of ``missing`` are not there."""

    def replace(answer: dict[str, Any]) -> None:
        answer.update(exchange.action.get("values", {}))
        for name in exchange.action.get("missing", ()):
            answer.pop(name, None)

    await exchange.respond_otherwise(replace)


async def _bare(exchange: "Exchange") -> None:
    """A list without the object around it."""
    start, body = await exchange.answer()
    await exchange.respond(Response(orjson.dumps(_rows(orjson.loads(body))), start["status"], media_type=JSON))


async def _half_character(exchange: "Exchange") -> None:
    """The text ``field`` of the first row was cut in the middle of a character."""
    _, body = await exchange.answer()
    answer = orjson.loads(body)
    _rows(answer)[0][exchange.action["field"]] = "cut here: @@"
    await exchange.respond(Response(orjson.dumps(answer).replace(b"@@", rb"\ud83d"), media_type=JSON))


async def _trickle(exchange: "Exchange") -> None:
    """The body comes byte by byte, with ``seconds`` before each."""
    start, body = await exchange.answer()
    await exchange.send(start)
    for position in range(len(body)):
        await asyncio.sleep(exchange.action["seconds"])
        await exchange.send({"type": "http.response.body", "body": body[position : position + 1], "more_body": True})
    await exchange.send({"type": "http.response.body"})


async def _inflated(exchange: "Exchange") -> None:
    """The body has ``megabytes`` of blanks more, compressed."""
    _, body = await exchange.answer()
    content = gzip.compress(body[:-1] + b" " * exchange.action["megabytes"] * 1024 * 1024 + body[-1:])
    await exchange.respond(Response(content, media_type=JSON, headers={"Content-Encoding": "gzip"}))


async def _redirect(exchange: "Exchange") -> None:
    """A redirect to ``location``."""
    await exchange.respond(Response(b"", 302, {"Location": exchange.action["location"]}))


async def _rate(exchange: "Exchange") -> None:
    """The true answer, whose headers say that ``remaining`` are left of a window that ends in ``reset_in`` seconds."""
    start, body = await exchange.answer()
    end = int(time.time()) // _WINDOW * _WINDOW + exchange.action["reset_in"]
    told = {"X-RateLimit-Remaining": str(exchange.action["remaining"]), "X-RateLimit-Reset": str(end)}
    await exchange.respond(Response(body, start["status"], told, JSON))


ODDITIES: dict[str, Callable[["Exchange"], Awaitable[None]]] = {
    "paged": _paged,
    "replaced": _replaced,
    "bare": _bare,
    "half_character": _half_character,
    "trickle": _trickle,
    "inflated": _inflated,
    "redirect": _redirect,
    "rate": _rate,
}
