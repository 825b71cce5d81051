"""Reading response bodies: JSON objects, or None for what is none (empty, HTML, cut off)."""

from typing import Any

import orjson
import requests

Body = dict[str, Any]

_PARSED = "_intercom_body"


def json_object(response: requests.Response) -> Body | None:
    """The response's JSON object, or None where the body is anything else.

    Proxies answer 200 with empty or HTML bodies, and nginx sends HTML with 404, 502 and 504
    (API notes 6). A body is parsed once, however often it is asked for.
    """
    if _PARSED not in response.__dict__:
        try:
            body = orjson.loads(response.content)
        except orjson.JSONDecodeError:
            body = None
        response.__dict__[_PARSED] = body if isinstance(body, dict) else None
    parsed: Body | None = response.__dict__[_PARSED]
    return parsed


def first_error(response: requests.Response) -> tuple[str, str]:
    """Code and message of the first error in an error body; empty strings where there are none.

    Shape: `{"type": "error.list", "request_id", "errors": [{"code", "message"?, "field"?}]}` (API notes 6).
    """
    errors = (json_object(response) or {}).get("errors")
    if isinstance(errors, list) and errors and isinstance(errors[0], dict):
        return str(errors[0].get("code") or ""), str(errors[0].get("message") or "")
    return "", ""
