"""Reading response bodies: JSON objects, or None for what is none (empty, HTML, cut off)."""

from typing import Any, Final

import orjson
import requests

from source_intercom.api import lenient

Body = dict[str, Any]

_PARSED: Final = "_intercom_body"
_REPLACED: Final = "_intercom_replaced"


def json_object(response: requests.Response, list_key: str | None = None) -> Body | None:
    """The response's JSON object, or None where the body is anything else.

    Proxies answer 200 with empty or HTML bodies, and nginx sends HTML with 404, 502 and 504
    (API notes 6). What strict JSON refuses although it holds an object is mended. A body is parsed once, however
    often it is asked for.

    :param list_key: where the object has its list, if the list may come without the object (API notes 3.18)
    """
    if _PARSED not in response.__dict__:
        replaced = 0
        try:
            body = orjson.loads(response.content)
        except orjson.JSONDecodeError:
            body, replaced = lenient.loads(response.content)
        response.__dict__[_PARSED] = body
        response.__dict__[_REPLACED] = replaced
    parsed = response.__dict__[_PARSED]
    if list_key is not None and isinstance(parsed, list):
        return {list_key: parsed}
    return parsed if isinstance(parsed, dict) else None


def set_aside(response: requests.Response) -> None:
    """Note that a body went to a file: it counts as an empty object."""
    response.__dict__[_PARSED] = {}


def replaced_in(response: requests.Response) -> int:
    """How many characters and numbers of a body that has been read were replaced, since JSON cannot hold them."""
    replaced: int = response.__dict__.get(_REPLACED, 0)
    return replaced


def records_in(body: Body, key: str) -> list[Any] | None:
    """The list at a key, or in the list object there, as conversations hold their parts; None where there is none."""
    found = body.get(key)
    if isinstance(found, dict):
        found = found.get(key)
    return found if isinstance(found, list) else None


def has_records(body: Body | None, key: str | None) -> bool:
    """Whether a body is an object with the list that belongs there; None stands for no list."""
    return body is not None and (key is None or records_in(body, key) is not None)
