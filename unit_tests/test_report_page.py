"""The page of the report, as far as it can be judged without a browser."""

import re
from collections import Counter
from html.parser import HTMLParser

import pytest

from source_intercom import report
from source_intercom.api.usage import Span
from source_intercom.report_page import MIN_SLOTS, page
from source_intercom.summary import StreamSummary
from unit_tests.summaries import BEGAN, CONTACTS, TAGS, a_summary

VOID = {"meta", "link"}


class Reader(HTMLParser):
    """What a browser would make of it: all texts, and elements that are closed in the wrong place."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.unclosed: list[str] = []
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open.pop() != tag:
            self.unclosed.append(tag)

    def handle_data(self, data: str) -> None:
        if data.strip() and self.open[-1] != "style":
            self.texts.append(" ".join(data.split()))


def said(html: str) -> str:
    return " | ".join(Reader(html).texts)


def test_every_element_is_closed() -> None:
    reader = Reader(page(a_summary()))
    assert (reader.open, reader.unclosed) == ([], [])


def test_nothing_is_loaded_and_nothing_runs() -> None:
    html = page(a_summary())
    assert re.findall(r"https?:|//|<script|@import|url\(", html) == []
    assert "default-src 'none'" in html


def test_a_failed_read_names_the_streams_that_failed() -> None:
    assert "1 of 2 streams failed: contacts. The log says why." in said(page(a_summary()))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"outcome": "complete"}, "All streams were read to their ends."),
        ({"outcome": "failed", "streams": [TAGS]}, "The log says why."),
        ({"outcome": "reading"}, "This read goes on, or was killed: the numbers are those of 100 s after it began."),
        (
            {"outcome": "stopped", "reason": "The connector was told to stop by SIGTERM."},
            "The connector was told to stop by SIGTERM. The next sync goes on from the last state.",
        ),
        ({"outcome": "stopped"}, "Nobody took its messages any more. The next sync goes on from the last state."),
    ],
)
def test_the_page_says_how_the_read_ended(changes: dict[str, object], sentence: str) -> None:
    html = page(a_summary(**changes))
    assert sentence in said(html)
    assert f"Intercom, | {changes['outcome']} | " in said(html)
    assert ("failed:" in said(html)) == (changes["outcome"] == "failed" and "streams" not in changes)


def test_all_that_was_counted_of_a_stream_is_told() -> None:
    everything = Counter({what: 1000 + place for place, what in enumerate(CONTACTS.counts)})
    everything |= Counter({report.UNREACHABLE: 300, report.GONE: 1, report.MISFITS: 0})
    stream = StreamSummary("contacts", "complete", "", everything, 7.0, 0)
    told = said(page(a_summary(streams=[stream])))
    for count in everything.values():
        assert count == 0 or f"{count:,}" in told or f"{count} " in told
    assert "300 parts beyond Intercom's limit of 500 per conversation" in told
    assert report.MISFITS not in told


def test_what_intercom_does_not_count_is_not_told_as_zero() -> None:
    html = page(a_summary(streams=[TAGS]))
    assert re.search(r'data-key="expected">\s*</td>', html)
    assert re.search(r'data-key="expected">0</td>', page(a_summary(streams=[expecting_nothing()])))


def expecting_nothing() -> StreamSummary:
    return StreamSummary("contacts", "complete", "", Counter({report.EXPECTED: 0}), 1.0, 0)


def test_names_are_text_whatever_they_hold() -> None:
    odd = StreamSummary("<b>&", "failed", "", Counter(), None, 0)
    html = page(a_summary(streams=[odd]))
    assert "<b>" not in html
    assert "<b>&" in said(html)


# The chart


def bars(html: str, kind: str) -> list[tuple[float, float, float]]:
    """Place, top and height of each bar of a kind, in hundredths."""
    found = re.findall(rf'<rect class="{kind}" x="([\d.]+)" y="([\d.]+)" width="0.9" height="([\d.]+)"/>', html)
    return [(float(x), float(y), float(height)) for x, y, height in found]


def test_bars_show_the_shares_of_the_limit_over_time() -> None:
    html = page(a_summary())
    assert bars(html, "ours") == [(0.05, 60, 40), (2.05, 40, 60)]
    assert bars(html, "others") == [(0.05, 50, 10), (2.05, 20, 20)]
    assert bars(html, "refused") == [(2.05, 0, 4)]
    assert f'viewBox="0 0 {MIN_SLOTS} 100"' in html
    assert "22:13:40: 12 requests by this read and 4 by others, of 20; 2 429 answers" in said(html)
    assert "On average 33% by this read and 10% by others." in said(html)


def test_a_bar_never_leaves_the_chart() -> None:
    html = page(a_summary(usage=[Span(BEGAN, 20, 30, 30)]))
    assert bars(html, "ours") == [(0.05, 0, 100)]
    assert bars(html, "others") == [(0.05, 0, 0)]


def test_longer_spans_are_measured_by_what_all_their_windows_allow() -> None:
    html = page(a_summary(usage=[Span(BEGAN, 20, 20, 20), Span(BEGAN + 40 * 30, 20, 80)], span=40))
    assert bars(html, "ours") == [(0.05, 75, 25), (30.05, 0, 100)]
    assert 'viewBox="0 0 31 100"' in html
    assert "a bar is 40 s." in said(html)


@pytest.mark.parametrize("usage", [[], [Span(BEGAN, 0, 5)]])
def test_without_a_limit_there_is_a_sentence_in_the_place_of_the_chart(usage: list[Span]) -> None:
    html = page(a_summary(usage=usage))
    assert "Intercom's answers told of no rate limit." in said(html)
    assert "<svg" not in html
