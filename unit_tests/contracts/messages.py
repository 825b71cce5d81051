"""Outbound messages, which only an export tells of."""

from typing import Final

from unit_tests.contracts.contract import Contract, Way

_BESIDES: Final = (("POST", "export/content/data"), ("GET", "download/content/data/{id}"))


def _of_export(name: str, key: tuple[str, ...], cursor: str | None = "received_at") -> Contract:
    return Contract(
        name,
        Way.OWN,
        "GET",
        "export/content/data/{id}",
        ("rows",),
        "Export content data",
        key=key,
        cursor=cursor,
        ids="[0-9a-z]+",
        besides=_BESIDES,
    )


ROWS: Final = (
    _of_export("message_receipts", ("receipt_id",)),
    _of_export("message_events", ("subject_id", "event", "at", "index")),
    _of_export("survey_answers", ("receipt_id", "question_id", "index")),
    _of_export("message_overview", ("ruleset_id", "content_id"), cursor=None),
)
