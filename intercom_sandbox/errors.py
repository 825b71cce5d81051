"""The error bodies of the API (API notes 6).

``{"type": "error.list", "request_id": …, "errors": [{"code": …, "message": …}]}``; and the bare pages of its proxy.
"""

import html
from typing import Any

import orjson
from starlette.responses import Response
from starlette.types import Scope

JSON = "application/json; charset=utf-8"
_REASONS = {404: "Not Found", 500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable"}
_REASONS |= {504: "Gateway Time-out"}


class ApiError(Exception):
    """A request that the API refuses: status, code and message of the answer."""

    def __init__(self, status: int, code: str | None, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


class HtmlError(Exception):
    """A request that only the proxy answers, with a bare page."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def invalid(message: str) -> ApiError:
    """The error for a parameter, body or query that makes no sense: 400 ``parameter_invalid``."""
    return ApiError(400, "parameter_invalid", message)


class UnreadableBody(Exception):  # noqa: N818
    """A request whose body is no JSON."""


def unreadable_response() -> Response:
    """The answer to such a request, which is no list of errors (API notes 14)."""
    message = "There was a problem in the JSON you submitted. Please check that it is valid."
    return Response(orjson.dumps({"status": 400, "error": message}), 400, media_type=JSON)


def error_response(scope: Scope, error: ApiError) -> Response:
    """The answer to a refused request; it repeats the request's id."""
    body: dict[str, Any] = {
        "type": "error.list",
        "request_id": scope.get("request_id"),
        "errors": [{"code": error.code, "message": error.message}],
    }
    return Response(orjson.dumps(body), error.status, media_type=JSON)


def html_response(status: int, title: str | None = None) -> Response:
    """A bare nginx page, as the proxy in front of the API sends it (API notes 4.2, 6)."""
    reason = html.escape(title or f"{status} {_REASONS.get(status, 'OK')}")
    page = (
        f"<html>\r\n<head><title>{reason}</title></head>\r\n<body>\r\n<center><h1>{reason}</h1></center>\r\n"
        "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    )
    return Response(page, status, media_type="text/html")
