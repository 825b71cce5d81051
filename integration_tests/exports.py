"""What exports tell, as rows of the connector's streams."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from integration_tests.messages import Record
from intercom_sandbox.client import Sandbox
from intercom_sandbox.exports.groups import COLUMNS

EVENTS: Final = tuple(group for group in COLUMNS if group not in ("receipt", "answer", "answer_combined", "overview"))
"""The groups whose rows are what became of messages."""


def _receipts(sandbox: Sandbox) -> Iterator[Record]:
    yield from _group(sandbox, "receipt")


def _events(sandbox: Sandbox) -> Iterator[Record]:
    sent, met = _sent(sandbox), Counter[tuple[str, str, int]]()
    for event in EVENTS:
        for row in _group(sandbox, event):
            time = next(name for name in row if name.endswith("_at"))
            at, receipt_id = row.pop(time), row.get("receipt_id")
            names = [f"{name}:{row[name]}" for name in ("user_id", "series_id", "node_id") if row.get(name)]
            subject = receipt_id or "/".join(names)
            key = (subject, event, at)
            more = {"subject_id": subject, "event": event, "at": at, "index": met[key]}
            yield {**row, **more, "received_at": sent[receipt_id] if receipt_id else at}
            met[key] += 1


def _answers(sandbox: Sandbox) -> Iterator[Record]:
    sent, met = _sent(sandbox), Counter[tuple[str, str]]()
    for row in _group(sandbox, "answer"):
        key = (row["receipt_id"], row["question_id"])
        yield {**row, "index": met[key], "received_at": sent[row["receipt_id"]]}
        met[key] += 1


def _overview(sandbox: Sandbox) -> Iterator[Record]:
    for row in _group(sandbox, "overview"):
        yield {name: int(value) if name == "sent" or name.endswith("_count") else value for name, value in row.items()}


_ROWS_OF: Final[Mapping[str, Callable[[Sandbox], Iterator[Record]]]] = {
    "message_receipts": _receipts,
    "message_events": _events,
    "survey_answers": _answers,
    "message_overview": _overview,
}
"""How the rows of a stream are made of the groups of a content export."""


def rows_of(sandbox: Sandbox, stream: str) -> Iterator[Record]:
    """The rows of a stream that an export tells."""
    return _ROWS_OF[stream](sandbox)


def _sent(sandbox: Sandbox) -> Mapping[str, int]:
    return {row["receipt_id"]: row["received_at"] for row in _group(sandbox, "receipt")}


def _group(sandbox: Sandbox, group: str) -> list[Record]:
    """The rows of a group; a CSV cannot tell an empty text from none."""
    rows = sandbox.truth(f"content_{group}")
    return [{name: None if value == "" else value for name, value in row.items()} for row in rows]
