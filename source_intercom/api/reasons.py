"""What an answer that is no success says of its reason, fit for a sentence (API notes 6, 14).

Intercom's own: `{"type": "error.list", "errors": [{"code", "message"?, "field"?}]}`, `{"errors": {field: message}}`,
and `{"status", "error"}` where a body was no JSON. Proxies and firewalls send HTML, plain text, or JSON of theirs.
"""

import html
import re
from dataclasses import dataclass
from typing import Final

import requests

from source_intercom.api.bodies import Body, json_object
from source_intercom.api.secrets import mask

MAX_LENGTH: Final = 100
"""Characters of somebody else's words in a sentence: an answer that is no success may quote people's data."""

_MAX_PAGE: Final = 20_000
"""Bytes of a page in which its title is looked for."""

_TITLE: Final = re.compile(r"<(?:title|h1)\b[^<>]*>([^<]*\w[^<]*)<", re.IGNORECASE)
_WORDS: Final = ("message", "error", "error_description", "detail", "title", "code")


@dataclass(frozen=True)
class Reason:
    """Why a request was refused.

    `code`   Intercom's error code; "" where there is none
    `words`  one line of at most MAX_LENGTH characters, without secrets; "" where nothing was said
    `is_intercoms`  whether the body is one of Intercom's: else something before it has answered
    """

    code: str
    words: str
    is_intercoms: bool


def reason_of(response: requests.Response) -> Reason:
    """What a refusal says, whatever its body holds."""
    body = json_object(response)
    if body is None:
        return Reason("", one_line(_of_page(response)), is_intercoms=False)
    errors = body.get("errors")
    listed = errors if isinstance(errors, list) else [errors]
    told = [(code, words) for code, words in map(_of_error, listed) if code or words]
    code, words = told[0] if told else ("", "")
    is_intercoms = body.get("type") == "error.list" or bool(told)
    return Reason(code, one_line(words or _first_text(body) or code), is_intercoms)


def one_line(text: str, most: int = MAX_LENGTH) -> str:
    """Somebody's words as a part of a sentence: printable, bounded, without secrets and without a full stop."""
    readable = "".join(character if character.isprintable() else " " for character in mask(text[: 20 * most]))
    line = " ".join(readable.split()).rstrip(" .…")
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def _of_error(error: object) -> tuple[str, str]:
    if isinstance(error, str):
        return "", error
    if not isinstance(error, dict):
        return "", ""
    code = error.get("code")
    words = _first_text(error) or next((f"{name}: {text}" for name, text in error.items() if isinstance(text, str)), "")
    return code if isinstance(code, str) else "", words


def _first_text(body: Body) -> str:
    return next((text for name in _WORDS if isinstance(text := body.get(name), str) and text.strip()), "")


def _of_page(response: requests.Response) -> str:
    """The title of a page without the status that it repeats; or the text, where it is no more than a line."""
    page = response.content[:_MAX_PAGE].decode(errors="replace")
    title = _TITLE.search(page)
    if title:
        return html.unescape(title[1]).strip().removeprefix(str(response.status_code))
    text = page.strip()
    return text if len(text) <= MAX_LENGTH and re.fullmatch(r"[^<{\[\n]*", text) else ""
