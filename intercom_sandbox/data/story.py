"""What happens in a conversation: who does what, and when. Its parts and its statistics are both told from this."""

from itertools import accumulate
from random import Random
from typing import NamedTuple

from intercom_sandbox.data.calendar import Calendar
from intercom_sandbox.data.plot import Plot, Step, Turn

STATES = {"close": "closed", "snoozed": "snoozed"}
"""The state after a step of that kind."""


class Event(NamedTuple):
    """A step, the second at which it happened, and the ``state`` of the conversation from then on."""

    step: Step
    moment: int
    state: str


class Story(NamedTuple):
    """A conversation that began at ``opened``; its events ascend, and the last one is at the end of the story.

    ``admin`` is the place of the admin to whom the conversation is assigned in the end, by an assignment or by being
    the first to reply; ``team`` that of the team to which it is assigned; ``closed`` is the last close.
    """

    opened: int
    events: tuple[Event, ...]
    admin: int | None = None
    team: int | None = None
    closed: Event | None = None

    @property
    def state(self) -> str:
        """The state in which the story leaves the conversation."""
        return self.events[-1].state if self.events else "open"


class Stories:
    """Makes stories that end at a given second and have a given number of events."""

    def __init__(self, rng: Random, calendar: Calendar, people: int, teams: int) -> None:
        self._rng = rng
        self._calendar = calendar
        self._plot = Plot(rng, calendar, people, teams)
        self._told: tuple[tuple[int, int, int, bool], Story] | None = None

    def of(self, first: int, last: int, count: int, *, by_contact: bool) -> Story:
        """A story of ``count`` events that ends at ``last``; asked the same again at once, that one for a second time.

        If it is more than a moment, it opens as long before as it takes, whatever is ``first``. Without a contact it is
        admins who write what contacts write otherwise.
        """
        asked = min(first, self._calendar.first) if first < last else last, last, count, by_contact
        if self._told is not None and self._told[0] == asked:
            story, self._told = self._told[1], None
        else:
            story = self._tell(*asked)
            self._told = asked, story
        return story

    def _tell(self, earliest: int, last: int, count: int, by_contact: bool) -> Story:
        if not count:
            return Story(last, ())
        turns = self._plot.turns(count, last)
        opened, moments = self._moments(turns, earliest, last)
        state, events = "open", []
        assigned: dict[str, int] = {}
        replied = closed = None
        for step, moment in zip((step for turn in turns for step in turn.steps), moments, strict=True):
            # a note or a tag leaves the conversation as it is, a message of the contact opens it
            state = STATES.get(step.kind) or ("open" if step.voice == "contact" else state)
            event = Event(step if by_contact else step.by_admin(), moment, state)
            events.append(event)
            if step.assignee:
                assigned.update([step.assignee])
            if step.kind == "close":
                closed = event
            if event.step.voice == "admin" and replied is None:
                replied = step.person
        return Story(opened, tuple(events), assigned.get("admin", replied), assigned.get("team"), closed)

    def _moments(self, turns: list[Turn], earliest: int, last: int) -> tuple[int, list[int]]:
        """When the conversation opens, and the moments of all steps: placed from the last one back to the first."""
        backwards: list[int] = []
        start, following = last, turns[-1]
        for number in range(len(turns) - 1, -1, -1):
            turn = turns[number]
            offsets = list(accumulate(turn.pauses))
            length, end = offsets[-1] if offsets else 0, start
            if number == len(turns) - 1:
                start = last - length
            else:
                start = self._before(turn, start, following, opening=number == 0)
                if length > end - start:
                    offsets = [offset * (end - start) // length for offset in offsets]
            backwards += [start + offset for offset in reversed(offsets)]
            following = turn
        moments = backwards[::-1]
        if start >= earliest:
            return start, moments
        # it has to be faster than people are, but still in their hours
        staff = self._calendar.staff
        until = staff.reading(last)
        share = (until - staff.reading(earliest)) / (until - staff.reading(start))
        pressed = (staff.moment(until - (until - staff.reading(moment)) * share) for moment in moments[:-1])
        return earliest, [*(min(last, max(earliest, moment)) for moment in pressed), last]

    def _before(self, turn: Turn, start: int, following: Turn, *, opening: bool) -> int:
        """When a turn begins that the ``following`` one answers at ``start``: by the clock of its own author.

        What comes in the night or on the weekend waits for the next working day, and of that comes more than by chance.
        """
        calendar, rng = self._calendar, self._rng
        if opening and following.clock is calendar.staff:
            quiet, busy = calendar.staff.pause_before(start)
            if rng.random() < (0.22 if busy - quiet < 86400 else 0.75):
                readings = turn.clock.reading(quiet), turn.clock.reading(busy)
                return min(start, turn.clock.moment(rng.uniform(*readings)))
        return min(start, turn.clock.moment(turn.clock.reading(start) - following.gap))
