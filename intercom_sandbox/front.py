"""The sandbox's page in a browser, whose files are in ``page/``. It does all by the control endpoint."""

from pathlib import Path

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Scope

from intercom_sandbox.errors import ApiError

_FILES = "/_sandbox/page/"
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_PAGE = {each.name: each for each in Path(__file__).with_name("page").iterdir() if each.suffix in _TYPES}
_HEADERS = {
    # no file of others, no inline code, and no other page around it that leads clicks astray
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "cache-control": "no-cache",
    "vary": "Accept",
}


def is_asked_for(scope: Scope) -> bool:
    """Whether a request is a browser's for the page or one of its files; at ``/`` all others get the API's answer."""
    if scope["path"] == "/":
        return scope["method"] in ("GET", "HEAD") and "text/html" in Headers(scope=scope).get("accept", "")
    return bool(scope["path"].startswith(_FILES))


def routes() -> list[Route]:
    """The page, and its files."""
    return [Route("/", _page), Route(_FILES + "{name}", _file)]


async def _page(request: Request) -> Response:
    return _answer(_PAGE["index.html"])


async def _file(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _PAGE:
        raise ApiError(404, "not_found", f"The page has no file {name}")
    return _answer(_PAGE[name])


def _answer(file: Path) -> Response:
    return Response(file.read_bytes(), media_type=_TYPES[file.suffix], headers=_HEADERS)
