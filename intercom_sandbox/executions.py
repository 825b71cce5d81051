"""The results of a data connector: a range of time, in pages that follow from a cursor (API notes 2.2, 3.22)."""

import time
from dataclasses import dataclass

import orjson

from intercom_sandbox.asked import Asked
from intercom_sandbox.cursored import decode, encode
from intercom_sandbox.errors import ApiError, invalid
from intercom_sandbox.moments import second_of
from intercom_sandbox.search import page_size

_HOUR = 3_600


@dataclass(frozen=True)
class Executed:
    """Pages of ``per_page`` rows, up to ``most`` when a request asks for them, newest first and not counted.

    Those of the last hour, or from ``start_ts`` to ``end_ts``; whether these seconds belong to it follows the setting
    ``bounds``. Without such a connector: 404 ``data_connector_not_found``.
    """

    per_page: int
    most: int

    async def answer(self, asked: Asked) -> bytes:
        """``{"type", "pages": {"type", "per_page", "next": {"starting_after"} or null}, "data": […]}``."""
        size, now = page_size(asked.parameter("per_page"), self.per_page, self.most), int(time.time())
        start, end = _second(asked, "start_ts", now - _HOUR), _second(asked, "end_ts", now)
        inside, cursor = int(asked.state.settings.bounds == "strict"), asked.parameter("starting_after")
        behind = None if cursor is None else decode(cursor, numeric_ids=True)
        rows = [(_place(row), row) for row in _rows(asked)]
        found = sorted(pair for pair in rows if start + inside <= -pair[0][0] <= end - inside)
        found = [pair for pair in found if behind is None or pair[0] > behind]
        shown = found[:size]
        following = {"starting_after": encode(*shown[-1][0])} if len(found) > size else None
        head = {"type": "list", "pages": {"type": "pages", "per_page": size, "next": following}}
        return b'%b,"data":[%b]}' % (orjson.dumps(head)[:-1], b",".join(row for _, row in shown))


def _rows(asked: Asked) -> list[bytes]:
    workspace, item_id = asked.state.workspace, asked.request.path_params["id"]
    _, connector = workspace.parent_of(asked.kind, item_id)
    if connector is None:
        raise ApiError(404, "data_connector_not_found", "Data connector not found")
    return workspace.served(asked.kind, connector)


def _place(raw: bytes) -> tuple[int, int]:
    row = orjson.loads(raw)
    return -second_of(row["created_at"]), int(row["id"])


def _second(asked: Asked, name: str, default: int) -> int:
    text = asked.parameter(name)
    if text is None:
        return default
    if not text.isdecimal():
        raise invalid(f"{name} must be a Unix timestamp (integer)")
    return int(text)
