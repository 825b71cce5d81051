"""The report as a page: everything is in it, and it loads nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from source_intercom import report
from source_intercom.api.usage import Span
from source_intercom.outcomes import COMPLETE, FAILED
from source_intercom.report import counted
from source_intercom.summary import KEYS, StreamSummary, Summary, duration

MIN_SLOTS: Final = 12
"""Spans for which the chart has room at least: one alone would fill it."""

_COLUMNS: Final = {
    report.EXPECTED: "expected",
    report.EMITTED: "emitted",
    report.REQUESTS: "requests",
    report.RETRIES: "repeated",
    report.REFUSALS: "answered 429",
}
"""What is counted that has a column of its own, with its heading."""


@dataclass(frozen=True)
class Bar:
    """One span in the chart, in hundredths of the limit, from the bottom up."""

    slot: int
    ours: float
    others: float
    refused: int
    words: str


def page(summary: Summary) -> str:
    """HTML."""
    slots = max(summary.spans(), MIN_SLOTS)
    return _template().render(
        summary=summary,
        failed=[stream.name for stream in summary.streams if stream.outcome == FAILED],
        complete=sum(stream.outcome == COMPLETE for stream in summary.streams),
        emitted=sum(stream.counts[report.EMITTED] for stream in summary.streams),
        used=summary.used(),
        bars=list(_bars(summary)),
        slots=slots,
        times=[_at(summary.usage[0].begins + part * slots * summary.span) for part in (0, 1)] if summary.usage else [],
        columns=_COLUMNS,
        keys=KEYS,
        duration=duration,
        rest_of=_rest_of,
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("source_intercom"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.jinja")


def _bars(summary: Summary) -> Iterator[Bar]:
    for span in summary.usage:
        allowed = summary.allowed(span.limit)
        if allowed:
            ours = min(100 * span.sent / allowed, 100)
            others = min(100 * span.by_others / allowed, 100 - ours)
            slot = (span.begins - summary.usage[0].begins) // summary.span
            yield Bar(slot, ours, others, span.refused, _words(span, allowed))


def _words(span: Span, allowed: int) -> str:
    return (
        f"{_at(span.begins)}: {counted(span.sent, report.REQUESTS)} by this read and "
        f"{span.by_others} by others, of {allowed}; {counted(span.refused, report.REFUSALS)}"
    )


def _rest_of(stream: StreamSummary) -> list[str]:
    """In words, all that was counted and has no column."""
    return [counted(count, what) for what, count in stream.counts.items() if count and what not in _COLUMNS]


def _at(second: int) -> str:
    return f"{datetime.fromtimestamp(second, UTC):%H:%M:%S}"
