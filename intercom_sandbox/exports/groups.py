"""The groups of a content export: a CSV each, and what their rows say (API notes 10.1)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

import orjson

from intercom_sandbox.exports.outbox import Event, Receipt
from intercom_sandbox.store import Collection

Value = str | int | None
"""An int is a second; everything else that looks like a number is a text."""
Row = tuple[Value, ...]

_TIMES = {
    "open": "opened_at",
    "click": "clicked_at",
    "reply": "replied_at",
    "completion": "completed_at",
    "dismissal": "dismissed_at",
    "unsubscribe": "unsubscribed_at",
    "hard_bounce": "hard_bounced_at",
    "soft_bounce": "soft_bounced_at",
    "reception_failure": "failed_at",
    "goal_success": "succeeded_at",
    "series_completion": "completed_at",
    "series_disengagement": "disengaged_at",
    "series_exit": "exited_at",
    "tour_step_failure": "failed_at",
    "tour_step_view": "viewed_at",
}
_FIRST = (
    *("reply", "completion", "series_completion", "series_disengagement", "series_exit", "goal_success"),
    *("tour_step_failure", "tour_step_view", "open", "click", "dismissal", "unsubscribe", "hard_bounce"),
    *("soft_bounce", "answer"),
)
"""The events of which a receipt tells the first, in the order of its columns."""
_MOST_QUESTIONS = 3
_COUNTED = ("open", "click", "reply", "completion", "dismissal", "unsubscribe", "hard_bounce")

COLUMNS: dict[str, tuple[str, ...]] = {
    "receipt": (
        *("user_id", "user_external_id", "company_id", "company_external_id", "email", "name", "ruleset_id"),
        *("content_id", "content_type", "content_title", "created_via", "device", "ruleset_version_id", "receipt_id"),
        *("received_at", "conversation_id", "series_id", "series_title", "node_id"),
        *(f"first_{event}" for event in _FIRST),
    ),
    **{group: ("receipt_id", name) for group, name in _TIMES.items()},
    "reception_failure": ("receipt_id", "failed_at", "failure_reason"),
    "tour_step_failure": ("receipt_id", "failed_at", "failure_reason"),
    "checkpoint": ("user_id", "series_id", "series_title", "node_id", "checkpointed_at"),
    "answer": ("receipt_id", "question_id", "question", "response_type", "response", "answered_at"),
    "answer_combined": (
        *("receipt_id", "answered_at"),
        *chain.from_iterable((f"question_{n}", f"response_{n}") for n in range(1, _MOST_QUESTIONS + 1)),
    ),
    "overview": (
        *("ruleset_id", "content_id", "content_type", "content_title", "series_id", "sent"),
        *(f"{event}_count" for event in _COUNTED),
    ),
}
"""The columns of each group, in the order of the groups in a file."""


class Addresses:
    """Who the contacts of receipts are, as the workspace has them now; of one who is gone only the id is known."""

    def __init__(self, contacts: Collection, companies: Collection) -> None:
        self._contacts = contacts
        self._companies = companies
        self._known: dict[str, Row] = {}

    def of(self, contact_id: str) -> Row:
        """The first columns of a receipt: contact, company, address and name."""
        if contact_id not in self._known:
            self._known[contact_id] = self._read(contact_id)
        return self._known[contact_id]

    def _read(self, contact_id: str) -> Row:
        record = self._contacts.get(contact_id)
        if record is None:
            return (contact_id, "", "-1", "", "", "")
        contact = orjson.loads(record.raw)
        companies = contact["companies"]["data"]
        company = self._companies.get(companies[0]["id"]) if companies else None
        at_work = (company.id, str(orjson.loads(company.raw)["company_id"])) if company else ("-1", "")
        return (contact_id, contact["external_id"] or "", *at_work, contact["email"] or "", contact["name"] or "")


def rows(
    receipts: Iterable[Receipt], span: tuple[int, int], addresses: Addresses, *, only_in_span: bool = False
) -> Iterator[tuple[str, Row]]:
    """The rows of all groups, each with its group; those of the overview come last.

    :param span: the range of the job: the first times of a receipt count in it only
    :param only_in_span: whether that holds for the rows of events too
    """
    counts: dict[tuple[str, ...], Counter[str]] = {}
    for receipt in receipts:
        yield "receipt", _receipt(receipt, span, addresses)
        message = receipt.message
        series_id = message.series[0] if message.series else "-1"
        content: tuple[str, ...] = (
            message.ruleset_id,
            receipt.content_id,
            message.content_type,
            message.title,
            series_id,
        )
        counted = counts.setdefault(content, Counter())
        counted.update(["sent", *{event.group for event in receipt.events}])
        events = [event for event in receipt.events if not only_in_span or span[0] <= event.at <= span[1]]
        answers = [event for event in events if event.group == "answer"]
        for event in events:
            yield event.group, _event(receipt, event)
        if answers:
            yield "answer_combined", _combined(receipt, answers)
    for content, counted in sorted(counts.items()):
        yield "overview", (*content, str(counted["sent"]), *(str(counted[event]) for event in _COUNTED))


def _receipt(receipt: Receipt, span: tuple[int, int], addresses: Addresses) -> Row:
    message = receipt.message
    first: dict[str, int] = {}
    for event in receipt.events:
        if span[0] <= event.at <= span[1]:
            first[event.group] = min(event.at, first.get(event.group, event.at))
    return (
        *addresses.of(receipt.contact_id),
        *(message.ruleset_id, receipt.content_id, message.content_type, message.title, "", receipt.device),
        *(f"{message.ruleset_id}1", receipt.id, receipt.at, ""),
        *(message.series or ("-1", "", "")),
        *(first.get(event) for event in _FIRST),
    )


def _event(receipt: Receipt, event: Event) -> Row:
    if event.group == "answer":
        return (receipt.id, *event.more, event.at)
    if event.group == "checkpoint":
        return (receipt.contact_id, *(receipt.message.series or ("-1", "", "")), event.at)
    return (receipt.id, event.at, *event.more)


def _combined(receipt: Receipt, answers: list[Event]) -> Row:
    """A question has its place in the row whether it was answered or not; the last answer to one counts."""
    given: dict[str, Any] = {event.more[0]: event.more for event in answers}
    told = [
        (question, given[question_id][3] if question_id in given else "")
        for question_id, question, _ in receipt.message.questions
    ]
    told += [("", "")] * (_MOST_QUESTIONS - len(told))
    return (receipt.id, max(event.at for event in answers), *chain.from_iterable(told))
