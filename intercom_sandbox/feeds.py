"""What tells of objects that are gone: a feed that goes on from any place, and orders of lists (API notes 8)."""

import re
from dataclasses import dataclass

import orjson

from intercom_sandbox.asked import Asked
from intercom_sandbox.cursors import foreign_cursor
from intercom_sandbox.search import page_size
from intercom_sandbox.store import Object

_PLACE = re.compile(r"[0-9]+\.[0-9a-f]+")


@dataclass(frozen=True)
class Feed:
    """A: all events behind the place ``starting_after``, oldest first.

    Every page says where it ends, the last one too; an empty one says again what it was asked. While the store of the
    events is down, none are shown, and nothing is said of a place.
    """

    per_page: int
    most: int

    async def answer(self, asked: Asked) -> bytes:
        """``{"type", "data": […], "pages"}``. 400 ``client_error`` for a place that is none."""
        size = page_size(asked.parameter("per_page"), self.per_page, self.most, "invalid_per_page")
        after = asked.parameter("starting_after") or ""
        if after and not _PLACE.fullmatch(after):
            raise foreign_cursor()
        is_down = asked.state.settings.activity_store_down
        events = [] if is_down else [each for each in asked.collection if each.id > after][:size]
        place = events[-1].id if events else after
        pages: Object = {"type": "pages", "per_page": size}
        if place and not is_down:
            pages["next"] = {"starting_after": place}
        shown = b",".join(each.raw for each in events)
        return b'{"type":"list","data":[%b],"pages":%b}' % (shown, orjson.dumps(pages))


def deleted(asked: Asked) -> list[bytes]:
    """All that was deleted, by its deletion or by its id, as the setting says, in the ``order`` that is asked for."""
    by_id = asked.state.settings.deleted_order == "id"
    records = [(0 if by_id else record.parse()["deleted_at"], record.key, record.raw) for record in asked.collection]
    return [raw for *_, raw in sorted(records, reverse=asked.parameter("order") != "asc")]


def in_no_order(asked: Asked) -> list[bytes]:
    """All objects, in an order that says nothing of them; a new one may come between any others."""
    return [record.raw for record in sorted(asked.collection, key=lambda record: record.id[::-1])]
