"""The scroll over companies: one at a time, gone when idle (API notes 5)."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random
from uuid import UUID

from intercom_sandbox.errors import ApiError
from intercom_sandbox.store import Record


@dataclass
class _Walk:
    param: str
    records: list[Record]
    position: int
    expires: float


class Scroll:
    """The live scroll of the workspace, if there is one, in pages of so many. Time is monotonic, in seconds."""

    def __init__(self, seed: int, page_size: int) -> None:
        self._rng = Random(f"{seed}:scroll")
        self._page_size = page_size
        self._walk: _Walk | None = None
        self._held_until = 0.0

    def hold(self, seconds: float) -> None:
        """Occupies the scroll for a while, as another client of the workspace would; 0 releases it."""
        self._held_until = time.monotonic() + seconds

    def held(self) -> float:
        """For how many seconds more it is occupied."""
        return max(0.0, self._held_until - time.monotonic())

    def die(self) -> None:
        """Kills the live scroll, as an internal error does."""
        self._walk = None

    def start(self, records: Iterable[Record], expiry: float) -> tuple[str, list[Record]]:
        """Begins a scroll over a snapshot, in no order of time; answers its param and the first page.

        400 ``scroll_exists`` while another one is live.
        """
        now = time.monotonic()
        if now < self._held_until or (self._walk and now < self._walk.expires):
            raise ApiError(400, "scroll_exists", "scroll already exists for this workspace")
        snapshot = list(records)
        self._rng.shuffle(snapshot)
        self._walk = _Walk(str(UUID(int=self._rng.getrandbits(128), version=4)), snapshot, 0, 0.0)
        return self._page(self._walk, now, expiry)

    def proceed(self, param: str, expiry: float) -> tuple[str, list[Record]]:
        """The next page under the same param; 404 when that scroll expired, ended or never was.

        The page after the last is empty, still carries the param, and ends the scroll.
        """
        now = time.monotonic()
        if self._walk is None or self._walk.param != param or now >= self._walk.expires:
            raise ApiError(404, "not_found", "scroll parameter not found")
        return self._page(self._walk, now, expiry)

    def _page(self, walk: _Walk, now: float, expiry: float) -> tuple[str, list[Record]]:
        page = walk.records[walk.position : walk.position + self._page_size]
        walk.position += self._page_size
        walk.expires = now + expiry
        if not page:
            self._walk = None
        return walk.param, page
