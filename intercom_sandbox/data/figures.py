"""The statistics of a conversation, counted and measured from what happened in it (API notes 4.1, 4.2)."""

from statistics import median_low
from typing import Any

from intercom_sandbox.data.clock import Clock
from intercom_sandbox.data.story import Story

Object = dict[str, Any]
_ACTIVE = 180
"""Seconds that an admin is taken to work on one part."""


def statistics(story: Story, *, by_contact: bool) -> Object:
    """Moments, and durations in seconds; those of what did not happen are null.

    No hours are subtracted from the durations, as the workspace has set no office hours. ``count_conversation_parts``
    counts the opening message too, even where there is none.
    """
    opened, events = story.opened, story.events
    messages, replies, assignments, closes = [opened] if by_contact else [], [], [], []
    reopens = by_admins = 0
    for step, at, _ in events:
        if step.voice == "contact":
            messages.append(at)
        elif step.voice == "admin":
            replies.append(at)
        if "assignment" in step.kind:
            assignments.append(at)
        elif step.kind == "close":
            closes.append(at)
        reopens += step.kind == "open"
        by_admins += step.role == "admin"
    answered = [at for at in replies if assignments and at >= assignments[-1]]
    first_reply, last_close = _first(replies), _last(closes)
    # the assignment that the first reply came from
    assigned = [at for at in assignments if first_reply is None or at <= first_reply]
    handled = last_close - assignments[0] if last_close and assignments and last_close > assignments[0] else None
    return {
        "type": "conversation_statistics",
        "time_to_assignment": _since(opened, _last(assigned)),
        "time_to_admin_reply": _since(opened, first_reply),
        "time_to_first_close": _since(opened, _first(closes)),
        "time_to_last_close": _since(opened, last_close),
        "median_time_to_reply": _median_wait(story, by_contact=by_contact),
        "first_contact_reply_at": _first(messages),
        "first_assignment_at": _first(assignments),
        "first_admin_reply_at": first_reply,
        "first_close_at": _first(closes),
        "last_assignment_at": _last(assignments),
        "last_assignment_admin_reply_at": _first(answered),
        "last_contact_reply_at": _last(messages),
        "last_admin_reply_at": _last(replies),
        "last_close_at": last_close,
        "count_reopens": reopens,
        "count_assignments": len(assignments),
        "count_conversation_parts": len(events) + 1,
        "handling_time": handled,
        "adjusted_handling_time": None if handled is None else min(handled, _ACTIVE * by_admins),
    }


def waiting_since(story: Story, *, by_contact: bool) -> int | None:
    """Since when the contact of an open conversation waits for a reply; None when nobody waits."""
    waiting = story.opened if by_contact else None
    for step, at, _ in story.events:
        if step.voice == "admin":
            waiting = None
        elif step.voice == "contact" and waiting is None:
            waiting = at
    return waiting if story.state == "open" else None


def first_response(story: Story, staff: Clock) -> tuple[int, int] | None:
    """How long the assigned team took for its first reply, in seconds and in those of its working hours."""
    given = [at for step, at, _ in story.events if step.assignee and step.assignee[0] == "team"]
    replies = [at for step, at, _ in story.events if step.voice == "admin" and given and at >= given[0]]
    if not replies:
        return None
    return replies[0] - given[0], int(staff.reading(replies[0]) - staff.reading(given[0]))


def _median_wait(story: Story, *, by_contact: bool) -> int | None:
    """The median of how long contacts waited for an admin."""
    waits, since = [], story.opened if by_contact else None
    for step, at, _ in story.events:
        if step.voice == "admin" and since is not None:
            waits.append(at - since)
            since = None
        elif step.voice == "contact" and since is None:
            since = at
    return median_low(waits) if waits else None


def _since(opened: int, moment: int | None) -> int | None:
    return None if moment is None else moment - opened


def _first(moments: list[int]) -> int | None:
    return moments[0] if moments else None


def _last(moments: list[int]) -> int | None:
    return moments[-1] if moments else None
