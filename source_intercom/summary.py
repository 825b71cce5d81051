"""What a read did, in one value, of which the lines at its end and the report's files are made (docs/report.md)."""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from source_intercom import report
from source_intercom.api.budget import RateBudget
from source_intercom.api.usage import WINDOW_SECONDS, Span
from source_intercom.outcomes import Outcomes
from source_intercom.report import Reports, counted

READING: Final = "reading"
STOPPED: Final = "stopped"
"""What a read may be beside COMPLETE and FAILED, as its streams are: it fails if one of them does."""

KEYS: Final[Mapping[str, str]] = {
    report.EXPECTED: "expected",
    report.EMITTED: "emitted",
    report.CHANGED: "changed_conversations",
    report.GONE: "skipped_as_deleted",
    report.KEYLESS: "skipped_without_key",
    report.UNKNOWN: "skipped_types",
    report.UNDELIVERED: "not_delivered",
    report.UNREAD: "rows_of_tables_not_read",
    report.ALTERED: "attributes_gone_or_new",
    report.CAPPED: "exports_cut",
    report.OVERCOUNTED: "counted_and_not_returned",
    report.CUT: "records_with_lists_cut",
    report.LACKING: "entries_cut",
    report.TRUNCATED: "conversations_cut",
    report.UNREACHABLE: "parts_out_of_reach",
    report.FULL: "tickets_with_500_parts",
    report.MISFITS: "values_that_became_null",
    report.REPLACED: "values_replaced",
    report.REPEATED: "met_again",
    report.RESTARTS: "restarts",
    report.REQUESTS: "requests",
    report.RETRIES: "repeated_requests",
    report.REFUSALS: "answers_429",
}
"""What is counted, by the name that it has in JSON."""


@dataclass(frozen=True)
class StreamSummary:
    """What was read of one stream.

    :param outcome: one of those of outcomes.py
    :param failure: the type of the error with which it failed; empty otherwise
    :param seconds: since it began, until it ended; None where it has not begun
    :param waited: seconds in which at least one of its requests waited for the rate limit
    """

    name: str
    outcome: str
    failure: str
    counts: Counter[str]
    seconds: float | None
    waited: float

    def line(self) -> str:
        """The line in the log."""
        return f"{self.name}: {report.sentence(self.counts)}; {self.ending()}"

    def ending(self) -> str:
        """Its outcome, with the time that it took."""
        said = f"{self.outcome} ({self.failure})" if self.failure else self.outcome
        if self.seconds is None:
            return said
        waited = f", {duration(self.waited)} of it waiting for the rate limit" if self.waited else ""
        return f"{said} after {duration(self.seconds)}{waited}"

    def value(self) -> dict[str, Any]:
        """For JSON: all that can be counted, zeros too; `expected` is null where Intercom does not count."""
        return {
            "stream": self.name,
            "outcome": self.outcome,
            "failure": self.failure,
            "seconds": None if self.seconds is None else round(self.seconds, 3),
            "waited_seconds": round(self.waited, 3),
            **{key: self.counts[what] for what, key in KEYS.items()},
            "expected": self.counts.get(report.EXPECTED),
        }


@dataclass(frozen=True)
class Summary:
    """What a read has done by a moment.

    :param outcome: READING, STOPPED, COMPLETE or FAILED
    :param reason: what stopped it; empty otherwise
    :param seconds: since it began
    :param requests: that were sent, whatever for
    :param refused: those of them that were answered 429
    :param waited: seconds in which at least one request waited for the rate limit
    :param span: seconds that each of `usage` lasts
    :param usage: the rate limit over time, where anything was answered
    """

    outcome: str
    reason: str
    began_at: datetime
    seconds: float
    requests: int
    refused: int
    waited: float
    streams: list[StreamSummary]
    span: int
    usage: list[Span]

    def lines(self) -> list[str]:
        """For the log: a line for each stream, and one or two on the requests of all."""
        sent = f"{counted(self.requests, report.REQUESTS)} sent, {self.refused} of them answered 429."
        return [*(stream.line() for stream in self.streams), sent, *filter(None, [self._shares()])]

    def used(self) -> tuple[float, float] | None:
        """The shares of the rate limit that this read and others have used; None where Intercom did not tell of one."""
        allowed = self.allowed(max((span.limit for span in self.usage), default=0)) * self.spans()
        if not allowed:
            return None
        return sum(span.sent for span in self.usage) / allowed, sum(span.by_others for span in self.usage) / allowed

    def spans(self) -> int:
        """How many spans there are from the first to the last of `usage`, with those in which nothing was answered."""
        return (self.usage[-1].begins - self.usage[0].begins) // self.span + 1 if self.usage else 0

    def allowed(self, limit: int) -> int:
        """Requests that a limit for each window allows in a span."""
        return limit * self.span // WINDOW_SECONDS

    def value(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "outcome": self.outcome,
            "reason": self.reason,
            "began_at": _text(self.began_at),
            "seconds": round(self.seconds, 3),
            "requests": self.requests,
            "answers_429": self.refused,
            "waited_seconds": round(self.waited, 3),
            "streams": [stream.value() for stream in self.streams],
            "rate_limit": {"span_seconds": self.span, "spans": [self._span(span) for span in self.usage]},
        }

    def _shares(self) -> str:
        if (used := self.used()) is None:
            return ""
        ours, others = used
        return (
            f"{ours:.0%} of Intercom's rate limit went to this read and {others:.0%} to others, in "
            f"{duration(self.seconds)}, {duration(self.waited)} of it waiting for the limit."
        )

    def _span(self, span: Span) -> dict[str, Any]:
        return {
            "at": _text(datetime.fromtimestamp(span.begins, UTC)),
            "allowed": self.allowed(span.limit) or None,
            "sent": span.sent,
            "by_others": span.by_others,
            "answers_429": span.refused,
        }


class Summaries:
    """Makes summaries of one read, from what it counts; safe to use from all threads."""

    def __init__(self, outcomes: Outcomes, reports: Reports, budget: RateBudget) -> None:
        self._outcomes = outcomes
        self._reports = reports
        self._budget = budget
        self._began = time.monotonic()
        self._began_at = datetime.now(UTC)

    def now(self, outcome: str, reason: str = "") -> Summary:
        """What the read has done so far."""
        waited, waits = self._budget.usage.waits()
        span, usage = self._budget.usage.spans()
        counts = self._reports.counts()
        now = time.monotonic()
        streams = [
            StreamSummary(name, of.word, of.failure, counts.get(name, Counter()), of.seconds(now), waits.get(name, 0.0))
            for name, of in self._outcomes.all().items()
        ]
        return Summary(
            outcome=outcome,
            reason=reason,
            began_at=self._began_at,
            seconds=now - self._began,
            requests=self._budget.requests,
            refused=self._budget.usage.refused,
            waited=waited,
            streams=streams,
            span=span,
            usage=usage,
        )


def duration(seconds: float) -> str:
    """`0.4 s`, `48 s`, `12 min`, `3.5 h`."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    if seconds < 119.5:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
