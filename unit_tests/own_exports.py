"""The streams of exports: their example rows, and how a small workspace serves them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from unit_tests.builders import NOW, Json
from unit_tests.exports import Exporter, zipped

if TYPE_CHECKING:
    from unit_tests.syncs import Workspace

RECEIPT: Final[Json] = {
    "user_id": "6762f0dd1bb69f9f2193bb83",
    "user_external_id": "70",
    "company_id": "-1",
    "email": "joe@bloggs.example",
    "name": "Joe Bloggs",
    "ruleset_id": "40001",
    "content_id": "70001",
    "content_type": "Email",
    "content_title": 'Été, "50 % off"\nonly today',
    "ruleset_version_id": "400011",
    "series_id": "-1",
    "series_title": None,
    "node_id": None,
}


def tables(times: Sequence[int]) -> dict[str, list[Json]]:
    """An export with receipts of these seconds: each was opened twice in one second, and answered to, in a series."""
    groups: dict[str, list[Json]] = {name: [] for name in ("receipt", "open", "checkpoint", "answer", "overview")}
    for number, second in enumerate(sorted(times)):
        receipt_id = str(second)
        first = {"first_open": second + 10, "first_click": None, "first_dismisall": None}
        groups["receipt"].append({**RECEIPT, "receipt_id": receipt_id, "received_at": second, **first})
        groups["open"] += [{"receipt_id": receipt_id, "opened_at": second + 10}] * 2
        series = {"user_id": f"contact{second}", "series_id": "61001", "series_title": "Onboarding", "node_id": "901"}
        groups["checkpoint"].append({**series, "checkpointed_at": second})
        asked = {"receipt_id": receipt_id, "question_id": str(number % 2), "question": "How, exactly?"}
        groups["answer"].append({**asked, "response_type": "nps", "response": "9", "answered_at": second + 20})
    if times:
        counts = {"sent": len(times), "open_count": len(times)}
        names = {name: RECEIPT[name] for name in ("ruleset_id", "content_id", "content_type", "content_title")}
        groups["overview"].append({**names, "series_id": "-1", **counts})
    return groups


def rows(stream: str, times: Sequence[int]) -> list[Json]:
    """The rows that such an export has of a stream, with the fields of their key."""
    groups = tables(times)
    match stream:
        case "message_receipts":
            return [_spelt(row) for row in groups["receipt"]]
        case "message_events":
            return list(_events(groups))
        case "survey_answers":
            return [{**row, "index": 0, "received_at": int(row["receipt_id"])} for row in groups["answer"]]
        case _:
            return groups["overview"]


def _spelt(row: Json) -> Json:
    return {name.replace("dismisall", "dismissal"): value for name, value in row.items()}


def _events(groups: Mapping[str, list[Json]]) -> Iterator[Json]:
    for number, row in enumerate(groups["open"]):
        own = {"subject_id": row["receipt_id"], "event": "open", "at": row["opened_at"], "index": number % 2}
        yield {"receipt_id": row["receipt_id"], **own, "received_at": int(row["receipt_id"])}
    for row in groups["checkpoint"]:
        subject = "/".join(f"{name}:{row[name]}" for name in ("user_id", "series_id", "node_id"))
        at = row["checkpointed_at"]
        own = {"subject_id": subject, "event": "checkpoint", "at": at, "index": 0, "received_at": at}
        yield {name: value for name, value in row.items() if name != "checkpointed_at"} | own


def serve(workspace: "Workspace") -> None:
    """Have the workspace export its messages."""

    def file(asked: Json) -> bytes:
        first, last = asked["created_at_after"], asked["created_at_before"]
        return zipped(tables([second for second in workspace.times if first <= second <= last]))

    Exporter(workspace.mocker, file)


def bodies() -> Mapping[str, Any]:
    """What a stream of exports that is read alone is answered, by route."""
    job = {"job_identifier": "job1", "status": "pending", "download_url": "", "download_expires_at": ""}
    return {
        "export/content/data": job,
        "export/content/data/job1": {**job, "status": "completed"},
        "download/content/data/job1": zipped(tables([NOW - 5000, NOW - 4000])),
    }
