"""What was sent to whom, and what came of it: a receipt follows from its number, in the order of sending.

A range of sending times is a range of numbers, so an export of any size is told receipt by receipt. What mutations
send and let happen stands beside that, in lists that only grow: how long they were is what a finished job remembers.
"""

import time
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from math import exp
from random import Random
from typing import NamedTuple

from intercom_sandbox.exports.messages import MESSAGES, RESPONSES, Habit, Message
from intercom_sandbox.workspace import Workspace

_FIRST = 71_000_000_000
"""The id of the first receipt."""
_BATCH = 8
"""So many receipts are sent in a run; the first three of them in one second."""
_SAME_SECOND = 3
_LONGEST = 45 * 86_400
_DEVICES = ("desktop", "mobile", "ios", "android")
_REASONS = ("No device, or none that is on", 'Push token "expired"', "element not found: #menu > li, 3")


class Event(NamedTuple):
    """Something that happened to a receipt, at a second; ``more`` are values of further columns of its group."""

    group: str
    at: int
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """One delivery of a message to a contact."""

    number: int
    message: Message
    content_id: str
    contact_id: str
    at: int
    device: str
    events: tuple[Event, ...]

    @property
    def id(self) -> str:
        """Its id, which is a number."""
        return str(_FIRST + self.number)


class Moment(NamedTuple):
    """What was known at a moment: how many mutations had sent or let happen something, and the second itself."""

    sent: int
    happened: int
    second: int


class Outbox:
    """All receipts of the workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._generator = workspace.generator
        settings = self._generator.settings
        self._count = settings.message_receipts if settings.contacts else 0
        self._rng = Random(f"{settings.seed}:exports")
        self._sent: list[Receipt] = []
        self._happened: list[tuple[int, Event]] = []

    def now(self) -> Moment:
        """What is known now."""
        return Moment(len(self._sent), len(self._happened), int(time.time()))

    def receipts(self, after: int, before: int, known: Moment) -> Iterator[Receipt]:
        """Those that were sent in a range, both ends included, with what had come of each by that moment."""
        before = min(before, known.second)
        later: dict[int, list[Event]] = defaultdict(list)
        for number, event in self._happened[: known.happened]:
            later[number].append(event)
        sent = [receipt for receipt in self._sent[: known.sent] if after <= receipt.at <= before]
        numbers = range(self._count)
        first, end = bisect_left(numbers, after, key=self._sent_at), bisect_right(numbers, before, key=self._sent_at)
        rng = Random()
        for number in range(first, end):
            yield _with(self._receipt(number, rng), later, known)
        for receipt in sent:
            yield _with(receipt, later, known)

    def send(self, count: int, at: int) -> list[str]:
        """Sends that many more at a second; nothing has come of them yet."""
        made = []
        for _ in range(count if self._count else 0):
            number = self._count + len(self._sent)
            made.append(self._drawn(number, at, self._rng, events=False))
            self._sent.append(made[-1])
        return [receipt.id for receipt in made]

    def happen(self, ids: list[str] | None, count: int, event: str, at: int) -> list[str]:
        """Lets an event happen to receipts, or to random ones for whose message that is possible."""
        if ids is None:
            ids = self._sample(count, event)
        for each in ids:
            message = self._known(each).message
            if event not in {habit.event for habit in message.habits}:
                raise ValueError(f"No {event} of a {message.content_type}")
            self._happened += [(int(each) - _FIRST, new) for new in _events(self._rng, message, event, at)]
        return ids

    def _sample(self, count: int, event: str) -> list[str]:
        total, ids = self._count + len(self._sent), list[str]()
        for number in self._rng.sample(range(total), total):
            if len(ids) == count:
                break
            receipt = self._known(str(_FIRST + number))
            if event in {habit.event for habit in receipt.message.habits}:
                ids.append(receipt.id)
        return ids

    def _known(self, receipt_id: str) -> Receipt:
        number = int(receipt_id) - _FIRST
        if not 0 <= number < self._count + len(self._sent):
            raise ValueError(f"No receipt {receipt_id}")
        return self._receipt(number, Random()) if number < self._count else self._sent[number - self._count]

    def _sent_at(self, number: int) -> int:
        """When it was sent: never before the one with the number before."""
        batches = -(-self._count // _BATCH)
        place = max(0, number % _BATCH - _SAME_SECOND + 1) / (2 * _BATCH)
        calendar = self._generator.calendar
        first, last = calendar.customers.reading(calendar.first), calendar.customers.reading(calendar.last)
        reading = first + (last - first) * (number // _BATCH + place) / batches
        return max(calendar.first, calendar.customers.moment(reading))

    def _receipt(self, number: int, rng: Random) -> Receipt:
        rng.seed(self._generator.seed << 40 | number)
        return self._drawn(number, self._sent_at(number), rng, events=True)

    def _drawn(self, number: int, at: int, rng: Random, *, events: bool) -> Receipt:
        contacts = self._generator.references["contacts"]
        message = MESSAGES[int(rng.random() * len(MESSAGES))]
        contact = contacts[int(rng.random() * min(len(contacts), self._generator.settings.contacts))]
        content_id = message.content_ids[int(rng.random() * len(message.content_ids))]
        device = _DEVICES[int(rng.random() * len(_DEVICES))]
        happened = tuple(_story(rng, message, at)) if events else ()
        return Receipt(number, message, content_id, contact["id"], at, device, happened)


def _with(receipt: Receipt, later: dict[int, list[Event]], known: Moment) -> Receipt:
    """The receipt with what came later, and without what is still to come."""
    events = (*receipt.events, *later.get(receipt.number, ()))
    if not events:
        return receipt
    shown = tuple(event for event in events if event.at <= known.second)
    return Receipt(
        receipt.number, receipt.message, receipt.content_id, receipt.contact_id, receipt.at, receipt.device, shown
    )


def _story(rng: Random, message: Message, at: int) -> Iterator[Event]:
    for habit in message.habits:
        if rng.random() >= habit.chance:
            continue
        for _ in range(1 + int(rng.random() * habit.most)):
            second = at + _delay(rng, habit)
            yield from _events(rng, message, habit.event, second)
            # two links of a mail, or two windows, in one second: two equal events
            if habit.most > 1 and rng.random() < 0.2:
                yield from _events(rng, message, habit.event, second)
        if habit.ends:
            return


def _delay(rng: Random, habit: Habit) -> int:
    return min(_LONGEST, int(exp(rng.gauss(habit.delay, 1.2)))) if habit.delay else 0


def _events(rng: Random, message: Message, event: str, at: int) -> Iterator[Event]:
    """The events that one is made of: an answer is one for each question that was not skipped."""
    if event == "answer":
        for place, (question_id, question, kind) in enumerate(message.questions):
            if not place or rng.random() < 0.8:
                responses = RESPONSES[kind]
                response = responses[int(rng.random() * len(responses))]
                yield Event(event, at + 5 * place, (question_id, question, kind, response))
    elif event in ("reception_failure", "tour_step_failure"):
        yield Event(event, at, (_REASONS[int(rng.random() * len(_REASONS))],))
    else:
        yield Event(event, at)
