"""Who does what in a conversation, in which order: an opening, questions and answers in turn, an ending."""

from math import exp
from random import Random
from typing import NamedTuple

from intercom_sandbox.data.calendar import Calendar
from intercom_sandbox.data.clock import Clock

_RECENT = 30 * 86400
"""Conversations that changed within that time before the last day are often still open, others seldom."""


class Step(NamedTuple):
    """One part to be: its ``part_type``, who wrote it (``contact``, ``admin``, ``bot``, ``team``), and in which voice.

    The voice is ``contact``, ``admin`` or ``bot`` for a message, ``note`` for what the contact does not see, and None
    for what has no text. ``person`` is the place of the admin among the people, ``assignee`` what an assignment sets,
    as type and place.
    """

    kind: str
    role: str
    voice: str | None = None
    person: int = 0
    assignee: tuple[str, int] | None = None

    def by_admin(self) -> "Step":
        """The same, written by an admin if it was a contact's."""
        if self.role != "contact":
            return self
        return self._replace(role="admin", voice="admin" if self.voice else None)


class Turn(NamedTuple):
    """Steps that follow each other within minutes, each after a pause in seconds.

    The turn comes ``gap`` seconds after the one before, by the clock of who began that one.
    """

    clock: Clock
    gap: float
    steps: list[Step]
    pauses: list[int]


_ARRIVAL = (
    (0.15, Step("language_detection_details", "bot")),
    (0.25, Step("operator_workflow_event", "bot")),
    (0.08, Step("company_updated", "bot")),
    (0.15, Step("conversation_sla_applied_by_rule", "bot")),
    (0.12, Step("channel_and_reply_time_expectation", "bot")),
)
"""What happens by itself when a conversation begins, and how often."""
_ASIDES: tuple[tuple[Step, ...], ...] = (
    *((Step("note", "admin", "note"),),) * 8,
    *((Step("conversation_tags_updated", "admin"),),) * 6,
    *((Step("conversation_attribute_updated_by_admin", "admin"),),) * 4,
    *((Step("priority_changed", "admin"),),) * 3,
    *((Step("custom_action_started", "admin"), Step("custom_action_finished", "admin")),) * 2,
    *((Step("snoozed", "admin"),),) * 2,
    *((Step("participant_added", "admin"),),) * 2,
    *((Step("conversation_sla_target_missed", "bot"),),) * 2,
    *((Step("away_mode_assignment", "team"),),) * 2,
    (Step("call_summary", "bot", "note"),),
)
"""What comes with the reply of an admin; repeated entries are frequent."""
_BOT_SAYS = Step("comment", "bot", "bot")
_CONTACT_SAYS = Step("comment", "contact", "contact")
_RATES = Step("conversation_rating_changed", "contact")
# medians of e^7.2 = 22 minutes, 50 minutes, 80 minutes, 10 hours, 18 minutes
_REPLY, _ANSWER, _CLOSE, _REOPEN, _RATING = (7.2, 1.1), (8.0, 1.3), (8.5, 0.8), (10.5, 1.0), (7.0, 1.2)


def some(rng: Random, count: int) -> int:
    """A place below ``count``, the first ones more often: work is not shared out equally. 0 if there is none."""
    return int(rng.random() ** 2 * count)


def random_step(rng: Random, people: int) -> Step:
    """What may happen at any time in a conversation: a message, a note, an assignment, a close."""
    person = some(rng, people)
    steps = (
        *(_CONTACT_SAYS, _CONTACT_SAYS, _CONTACT_SAYS, _BOT_SAYS),
        *(Step("comment", "admin", "admin", person),) * 3,
        Step("note", "admin", "note", person),
        Step("assignment", "admin", person=person, assignee=("admin", person)),
        Step("close", "admin", person=person),
    )
    return steps[int(rng.random() * len(steps))]


class Plot:
    """Draws the turns of conversations."""

    def __init__(self, rng: Random, calendar: Calendar, people: int, teams: int) -> None:
        self._rng = rng
        self._calendar = calendar
        self._people = people
        self._teams = teams

    def turns(self, count: int, last: int) -> list[Turn]:
        """The turns of a conversation that changes last at that second, ``count`` steps in all.

        The first turn begins with the message that opens the conversation, which is no step.
        """
        rng = self._rng
        person, team = some(rng, self._people), some(rng, self._teams)
        by_bot = count > 1 and rng.random() < 0.4
        resolved = by_bot and count <= 10 and rng.random() < 0.6
        ending = self._ending(count, last, Step("close", "bot") if resolved else Step("close", "admin", person=person))
        room = count - sum(len(turn.steps) for turn in ending)
        turns = [self._opening(room, team, by_bot=by_bot)]
        left = room - len(turns[0].steps)
        waiting = not (by_bot and turns[0].steps)
        while left > 0:
            added = self._exchange(left, person, team, resolved=resolved, waiting=waiting, assigned=len(turns) > 1)
            turns += added
            left -= sum(len(turn.steps) for turn in added)
            waiting = added[-1].clock is self._calendar.customers and not resolved
        return [*turns, *ending]

    def _opening(self, room: int, team: int, *, by_bot: bool) -> Turn:
        """The message that opens the conversation, and what happens at once by itself."""
        rng = self._rng
        steps = [step for chance, step in _ARRIVAL if rng.random() < chance][: room // 3]
        if by_bot and room > 0:
            steps.append(_BOT_SAYS)
        elif self._teams and room > 2 and rng.random() < 0.6:
            steps.append(Step("default_assignment", "bot", assignee=("team", team)))
        return Turn(self._calendar.customers, 0, steps, [1 + int(rng.random() * 20) for _ in steps])

    def _exchange(
        self, left: int, person: int, team: int, *, resolved: bool, waiting: bool, assigned: bool
    ) -> list[Turn]:
        """What comes next, at most ``left`` steps: an answer to the contact who is ``waiting``, or their next message.

        A bot that resolves the conversation answers at once. Now and then it is closed, and opened again.
        """
        rng = self._rng
        if resolved:
            return [self._turn(_ANSWER, [_CONTACT_SAYS, _BOT_SAYS], left)]
        if waiting:
            return [self._turn(_REPLY, self._reply(person, team, assigned=assigned), left)]
        if left > 2 and assigned and rng.random() < 0.08:
            close = self._turn(_CLOSE, [Step("close", "admin", "admin" if rng.random() < 0.3 else None, person)], left)
            return [close, self._turn(_REOPEN, [Step("open", "contact", "contact")], left)]
        said = Step("quick_reply", "contact", "contact") if rng.random() < 0.1 else _CONTACT_SAYS
        return [self._turn(_ANSWER, [said], left)]

    def _reply(self, person: int, team: int, *, assigned: bool) -> list[Step]:
        """The reply of an admin, mostly of the one whose conversation it is, and what they do besides."""
        rng = self._rng
        steps, chance = [], rng.random()
        if not assigned and chance < 0.6:
            steps.append(Step("assignment", "admin", person=person, assignee=("admin", person)))
        elif chance > 0.96:
            colleague = some(rng, self._people)
            steps.append(Step("assignment", "admin", "admin", person, ("admin", colleague)))
        steps.append(Step("comment", "admin", "admin", person if chance < 0.9 else some(rng, self._people)))
        if rng.random() < 0.4:
            for aside in _ASIDES[int(rng.random() * len(_ASIDES))]:
                to_team = self._teams and aside.kind == "away_mode_assignment"
                steps.append(aside._replace(person=person, assignee=("team", team) if to_team else None))
        return steps

    def _ending(self, count: int, last: int, close: Step) -> list[Turn]:
        """How a conversation ends at that second: most are closed, some rated; nobody of the team is up at night."""
        rng = self._rng
        staffed = self._calendar.staff.busy(last)
        if count < 2 or rng.random() < (0.5 if last > self._calendar.last - _RECENT else 0.1):
            if count > 1 and staffed and rng.random() < 0.3:
                return [self._turn(_CLOSE, [close._replace(kind="snoozed", role="admin")], 1)]
            return [] if staffed else [self._turn(_ANSWER, [_CONTACT_SAYS], 1)]
        if count > 2 and rng.random() < (0.15 if staffed else 0.4):
            return [self._turn(_CLOSE, [close], 1), self._turn(_RATING, [_RATES], 1)]
        return [self._turn(_CLOSE, [close if staffed else close._replace(role="bot")], 1)]

    def _turn(self, gap: tuple[float, float], steps: list[Step], left: int) -> Turn:
        """A turn of the first ``left`` of these steps; the clock is that of who begins it."""
        rng = self._rng
        clock = self._calendar.customers if steps[0].role == "contact" else self._calendar.staff
        steps = steps[:left]
        pauses = [0, *(5 + int(rng.random() * (25 if step.role == "bot" else 235)) for step in steps[1:])]
        return Turn(clock, exp(rng.gauss(*gap)), steps, pauses)
