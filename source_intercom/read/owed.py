"""What Intercom did not deliver.

It is kept in the state until it has come, and asked for first by each sync, so that the state need not wait for it.
"""

import threading
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from source_intercom.read.windows import Window

KEY: Final = "owed"
"""Where it stands in a state: `{"windows": [[start, end], ...], "ids": ["...", ...]}`."""


class Owed:
    """Windows in which records of a search are lacking, and ids of parents whose children are.

    Something may be owed several times, and is owed until it has been paid as often. Safe to use from all threads.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._owed: Counter[Window | str] = Counter()

    @classmethod
    def of(cls, state: Mapping[str, Any] | None) -> "Owed":
        """What a state names.

        :raises ValueError: if it is not in the shape that `state` writes
        """
        owed = cls()
        match (state or {}).get(KEY):
            case None:
                pass
            case {"windows": list(windows), "ids": list(ids)}:
                for window in map(_window, windows):
                    owed.add(window)
                for parent_id in map(_id, ids):
                    owed.add(parent_id)
            case _:
                raise ValueError("what is owed has another shape")
        return owed

    def add(self, what: Window | str) -> None:
        """Note a window or an id."""
        with self._lock:
            self._owed[what] += 1

    def pay(self, what: Window | str) -> None:
        """It has come."""
        with self._lock:
            self._owed[what] -= 1
            if self._owed[what] <= 0:
                del self._owed[what]

    def windows(self) -> list[Window]:
        """The windows, earliest first."""
        with self._lock:
            return sorted(each for each in self._owed if isinstance(each, Window))

    def ids(self) -> list[str]:
        """The ids, in the order in which they were noted."""
        with self._lock:
            return [each for each in self._owed if isinstance(each, str)]

    @property
    def state(self) -> dict[str, Any]:
        """What a state says of it; nothing where nothing is owed."""
        windows, ids = self.windows(), self.ids()
        return {KEY: {"windows": [list(window) for window in windows], "ids": ids}} if windows or ids else {}


def _window(value: Any) -> Window:
    match value:
        case [int(start), int(end)] if 0 <= start < end:
            return Window(start, end)
    raise ValueError("no window")


def _id(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("no id")
    return value
