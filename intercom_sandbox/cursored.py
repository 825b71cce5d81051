"""Lists whose pages follow from a cursor in the query string: the wire shape A (API notes 2.2, 3.13, 3.22)."""

import binascii
from base64 import b64decode, b64encode
from dataclasses import dataclass

import orjson

from intercom_sandbox.asked import Asked
from intercom_sandbox.cursors import foreign_cursor
from intercom_sandbox.errors import invalid
from intercom_sandbox.search import page_size
from intercom_sandbox.store import Key, Record

Place = tuple[int, Key]
"""Where an object stands in the list: before all that were updated earlier; ties by id."""


@dataclass(frozen=True)
class Cursored:
    """Pages of ``per_page`` objects, up to ``most`` when a request asks for them, last updated first and not counted.

    A cursor is ``[updated_at, id]`` of the last object of a page. Nothing is remembered between pages: what was updated
    meanwhile stands before the cursor. ``since`` is the parameter for the second from which on objects were updated;
    whether that second belongs to it follows the setting ``bounds``.
    """

    per_page: int
    most: int
    since: str = ""

    async def answer(self, asked: Asked) -> bytes:
        """``{"type", "pages": {"type", "per_page", "next": {"starting_after"} or null}, "data": […]}``."""
        size = page_size(asked.parameter("per_page"), self.per_page, self.most)
        first, cursor = self._first_second(asked), asked.parameter("starting_after")
        behind = None if cursor is None else decode(cursor, numeric_ids=asked.kind.numeric_ids)
        found = [each for each in asked.collection if first is None or each.updated_at >= first]
        found = sorted((each for each in found if behind is None or _place(each) > behind), key=_place)
        shown = found[:size]
        following = {"starting_after": encode(*_place(shown[-1]))} if len(found) > size else None
        head = {"type": "list", "pages": {"type": "pages", "per_page": size, "next": following}}
        return b'%b,"data":[%b]}' % (orjson.dumps(head)[:-1], b",".join(each.raw for each in shown))

    def _first_second(self, asked: Asked) -> int | None:
        text = asked.parameter(self.since) if self.since else None
        if text is None:
            return None
        if not text.isdecimal():
            raise invalid(f"Invalid {self.since} timestamp")
        return int(text) + int(asked.state.settings.bounds == "strict")


def _place(record: Record) -> Place:
    return -record.updated_at, record.key


def encode(place: int, key: Key) -> str:
    """The cursor of a place, which begins with its time, negative."""
    return b64encode(orjson.dumps([float(-place), key])).decode()


def decode(text: str, *, numeric_ids: bool) -> Place:
    """The place of a cursor. 400 ``client_error`` for what is none."""
    try:
        updated_at, key = orjson.loads(b64decode(text, validate=True))
        if type(updated_at) is float and type(key) is (int if numeric_ids else str):
            return -int(updated_at), key
    except (binascii.Error, ValueError, TypeError):
        pass
    raise foreign_cursor()
