"""Cursors: base64 of a JSON array ``[sort value in ms, id, page]`` (API notes 2.1, 14)."""

import binascii
from base64 import b64decode, b64encode
from typing import Any, NamedTuple

import orjson

from intercom_sandbox.errors import ApiError
from intercom_sandbox.store import Entry

NULL = -1
"""What stands for null, as a sort value and in a cursor."""


class Cursor(NamedTuple):
    """The last entry of a page, and the number of the page after it."""

    entry: Entry
    page: int


def encode(cursor: Cursor) -> str:
    """The opaque text of a cursor; ids are numbers or strings as they sort."""
    (value, key), page = cursor
    return b64encode(orjson.dumps([value if value == NULL else value * 1000, key, page])).decode()


def decode(text: object, *, numeric_ids: bool) -> Cursor:
    """The cursor of a text. A garbled one, or one of another kind of object, is a 400 ``client_error``."""
    try:
        value, key, page = orjson.loads(b64decode(str(text), validate=True))
        if type(value) is int and type(page) is int and type(key) is (int if numeric_ids else str):
            return Cursor((value // 1000, key), page)
    except (binascii.Error, ValueError, TypeError):
        pass
    raise foreign_cursor()


def foreign_cursor() -> ApiError:
    """The error for a cursor that is none, or not of these pages: 400 ``client_error``."""
    return ApiError(
        400,
        "client_error",
        "Invalid starting_after param. Please try again using a starting_after value from a paginated response",
    )


def search_and_cursor(body: bytes) -> tuple[bytes, str | None, bool]:
    """What is searched for, from where on, and whether in descending order; no search at all has no cursor."""
    try:
        request = orjson.loads(body)
        cursor = (request.get("pagination") or {}).get("starting_after")
        descending = (request.get("sort") or {}).get("order") != "ascending"
        return orjson.dumps([request["query"], descending]), cursor, descending
    except (ValueError, TypeError, KeyError, AttributeError):
        return body, None, False


def position(cursor: str) -> list[Any]:
    """Where a cursor stands in ascending order; a garbled one stands first."""
    try:
        place: list[Any] = orjson.loads(b64decode(cursor))
    except ValueError:
        return []
    return place[:2]
