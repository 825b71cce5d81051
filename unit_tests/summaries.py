"""What a read of two streams did."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from source_intercom import report
from source_intercom.api.usage import Span
from source_intercom.summary import StreamSummary, Summary

BEGAN = 1_700_000_000

TAGS = StreamSummary("tags", "complete", "", Counter({report.EMITTED: 3, report.REQUESTS: 1}), 0.4, 0)
CONTACTS = StreamSummary(
    "contacts",
    "failed",
    "config_error",
    Counter({report.EXPECTED: 100, report.EMITTED: 95, report.REQUESTS: 7, report.GONE: 1, report.REFUSALS: 2}),
    100.2,
    4.0,
)


def a_summary(**changes: Any) -> Summary:
    """It, with fields changed."""
    fields: dict[str, Any] = {
        "outcome": "failed",
        "reason": "",
        "began_at": datetime.fromtimestamp(BEGAN, UTC),
        "seconds": 100.4,
        "requests": 12,
        "refused": 2,
        "waited": 4.0,
        "streams": [TAGS, CONTACTS],
        "span": 10,
        "usage": [Span(BEGAN, 20, 8, 2), Span(BEGAN + 20, 20, 12, 4, 2)],
    }
    return Summary(**{**fields, **changes})
