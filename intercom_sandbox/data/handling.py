"""When teammates paused the handling of conversations, and resumed it (API notes 4.3)."""

from datetime import UTC, datetime
from itertools import pairwise
from random import Random
from typing import Any

from intercom_sandbox import compact
from intercom_sandbox.data.generator import Generator

Object = dict[str, Any]
_REASONS = ("Paused", "Away", None)


class HandlingEvents:
    """Makes the events of conversations; of many nobody ever paused the handling."""

    def __init__(self, generator: Generator) -> None:
        self._rng = Random(f"{generator.seed}:handling_events")
        people = [person | {"type": "admin", "id": int(person["id"])} for person in generator.cast.people]
        bot = generator.cast.bot
        self._teammates = [*people, {"type": "bot", "id": int(bot["id"]), "name": bot["name"]}]

    def first(self, conversation: Object) -> list[bytes]:
        """Up to three pauses and what ended them, oldest first; at times another pauses as one resumes."""
        rng = self._rng
        moments = sorted({rng.randint(conversation["created_at"], conversation["updated_at"]) for _ in range(4)})
        count = rng.choice((0, 0, 1, 2, 3))
        made = [
            self._event(moment, kind)
            for pause in list(pairwise(moments))[:count]
            for moment, kind in zip(pause, ("paused", "resumed"), strict=True)
        ]
        return [compact.dumps(event) for event in made]

    def make(self, conversation: Object, at: int) -> Object:
        """A pause at that second."""
        return self._event(at, "paused")

    def _event(self, moment: int, kind: str) -> Object:
        """``reason`` is null or, of those that resume, absent."""
        event: Object = {
            "teammate": self._rng.choice(self._teammates),
            "type": kind,
            "timestamp": f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%dT%H:%M:%SZ}",
        }
        return event | ({"reason": self._rng.choice(_REASONS)} if kind == "paused" else {})


def adjust(conversation: Object, events: list[bytes]) -> None:
    """The handling time is another than the adjusted one if there was a pause, and the same if there was none."""
    statistics = conversation["statistics"] or {}
    handled = statistics.get("handling_time")
    if handled is not None and (not events or handled == statistics["adjusted_handling_time"]):
        statistics["adjusted_handling_time"] = handled - bool(events)
