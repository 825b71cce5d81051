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
