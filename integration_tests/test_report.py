"""The report of a read: the same numbers in JSON, on a page, in the log, and in what Intercom was asked."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome

from integration_tests.browser.contrast import READABLE, contrast, luminance
from integration_tests.browser.screen import Screen, tab
from integration_tests.connector import Connector, configured
from integration_tests.faults import fault_of
from integration_tests.messages import Run
from integration_tests.sandboxes import start
from intercom_sandbox.client import Sandbox
from source_intercom import report
from source_intercom.summary import KEYS

STREAMS = ("contacts", "conversations", "conversation_parts", "companies", "tags", "admins")

OUTCOMES = {"COMPLETE": "complete", "INCOMPLETE": "failed"}
"""By the last status that the platform is told."""

PHONE, DESK = 360, 1100
"""CSS pixels from the left to the right of a screen."""


@dataclass(frozen=True)
class Read:
    """A read: what it printed and wrote, and what the sandbox was asked."""

    run: Run
    page: Path
    value: dict[str, Any]
    expected: dict[str, int]
    asked: dict[str, Any]
    log: list[dict[str, Any]]

    @property
    def streams(self) -> dict[str, dict[str, Any]]:
        """What the JSON says of each stream."""
        return {stream["stream"]: stream for stream in self.value["streams"]}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A workspace with a rate limit, in which a conversation has 800 parts."""
    with start(contacts=60, conversations=60, parts=1_500, companies=120, scroll_expiry=0.5) as running:
        yield running


@pytest.fixture(scope="module")
def read(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Read:
    """A read in which much goes wrong, and one stream fails."""
    directory = tmp_path_factory.mktemp("report")
    page, value = directory / "report.html", directory / "report.json"
    expected = sandbox.counts()
    oldest = min(sandbox.truth("conversations"), key=lambda row: int(row["updated_at"]))
    deletion = {"operation": "delete", "ids": [oldest["id"]]}
    sandbox.schedule([{"path": "^/conversations/search$", "mutation": deletion}])
    sandbox.faults(
        [
            fault_of("tags", status=429, times=2),
            fault_of("contacts", status=502, times=2),
            fault_of("companies", kind="scroll_dies", after=1, times=1),
            fault_of("admins", status=403, code="forbidden"),
        ]
    )
    connector = Connector(sandbox)
    files = {"config": connector.config(), "catalog": configured(STREAMS, "incremental")}
    run = connector.run("read", f"--report={page}", f"--report={value}", **files)
    asked, log = sandbox.requests(), sandbox.log()
    sandbox.faults([])
    return Read(run, page, json.loads(value.read_text()), expected, asked, log)


# JSON


def test_the_report_says_how_the_read_and_its_streams_ended(read: Read) -> None:
    assert read.run.exit_code == 1
    assert (read.value["outcome"], read.value["reason"]) == ("failed", "")
    assert read.streams.keys() == set(STREAMS)
    ended = {stream: OUTCOMES[statuses[-1]] for stream, statuses in read.run.statuses.items()}
    assert {name: stream["outcome"] for name, stream in read.streams.items()} == ended
    assert [name for name in STREAMS if ended[name] == "failed"] == ["admins"]
    assert {name: stream["failure"] for name, stream in read.streams.items() if stream["failure"]} == {
        name: failure.kind for name, failure in read.run.failed_streams.items()
    }


def test_the_report_counts_what_was_printed(read: Read) -> None:
    assert {name: stream["emitted"] for name, stream in read.streams.items()} == {
        name: len(read.run.records[name]) for name in STREAMS
    }
    assert read.streams["contacts"]["expected"] == read.expected["contacts"]
    assert read.streams["conversations"]["expected"] == read.expected["conversations"]
    assert read.streams["tags"]["expected"] is None


def test_the_report_says_what_was_skipped_and_cut_and_read_again(read: Read) -> None:
    parts = read.streams["conversation_parts"]
    answers = Counter(entry["status"] for entry in read.log if entry["path"].startswith("/conversations/"))
    assert parts["skipped_as_deleted"] == answers[404] == 1
    assert (parts["conversations_cut"], parts["parts_out_of_reach"]) == (1, 300)
    assert read.streams["tags"]["answers_429"] == 2
    assert read.streams["contacts"]["repeated_requests"] == 2
    assert read.streams["companies"]["restarts"] == 1
    assert read.streams["companies"]["met_again"] == 100
    shown = [contact[name] for contact in read.run.records["contacts"] for name in ("tags", "notes", "companies")]
    assert read.streams["contacts"]["entries_cut"] >= sum(bool(each and each.get("has_more")) for each in shown) > 0


def test_the_report_says_what_the_log_says(read: Read) -> None:
    for name, stream in read.streams.items():
        said = read.run.counted[name]
        said[report.EMITTED] = said.pop("records emitted")
        assert {what: stream[key] for what, key in KEYS.items() if stream[key]} == +said


def test_the_report_counts_the_requests_that_intercom_was_asked(read: Read) -> None:
    assert read.value["requests"] == read.asked["total"]
    assert read.value["answers_429"] == read.asked["by_status"]["429"] == 2
    kinds = ("requests", "repeated_requests", "answers_429")
    of_streams = sum(stream[kind] for stream in read.value["streams"] for kind in kinds)
    assert of_streams == read.asked["total"] - read.asked["by_path"]["GET /me"]


def test_the_report_shows_what_each_window_of_the_rate_limit_was_spent_on(read: Read) -> None:
    limit = read.value["rate_limit"]
    assert limit["span_seconds"] == 10
    sent = [(span["sent"], span["answers_429"]) for span in limit["spans"]]
    assert sum(refused for _, refused in sent) == 2
    # The sandbox takes off the limit what it answers 429 because it is told to: that looks like others' requests.
    assert [ours + refused for ours, refused in sent] == [allowed for _, allowed, _ in read.asked["windows"]]
    assert sum(span["by_others"] for span in limit["spans"]) <= 2
    assert {span["allowed"] for span in limit["spans"]} == {1667}


def test_the_report_holds_nothing_of_the_people_that_it_counts(read: Read, sandbox: Sandbox) -> None:
    people = {contact[field] for contact in sandbox.truth("contacts") for field in ("email", "id")}
    people |= {admin["email"] for admin in sandbox.truth("admins")}
    for text in (read.page.read_text(), json.dumps(read.value)):
        assert [each for each in people if each and each in text] == []
        assert sandbox.access_token not in text


def test_where_the_report_cannot_be_written_is_told_and_all_rows_come(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = str(tmp_path / "nowhere" / "report.html")
    monkeypatch.setenv("INTERCOM_REPORT", nowhere)
    run = Connector(sandbox).read(["tags"])
    assert (run.exit_code, len(run.records["tags"])) == (0, sandbox.counts()["tags"])
    (warning,) = run.warnings
    assert warning.startswith(f"The report {nowhere} cannot be written (No such file or directory)")


# The page


@pytest.fixture(scope="module")
def screen(browser: Chrome, read: Read) -> Iterator[Screen]:
    """The page, as it is opened without a network."""
    with tab(browser) as own:
        screen = Screen(own)
        screen.show(read.page.as_uri())
        yield screen


def test_the_page_opens_without_a_complaint_and_loads_nothing(screen: Screen) -> None:
    assert screen.complaints() == []
    assert screen.loaded() == []


def test_the_page_shows_the_numbers_of_the_json(screen: Screen, read: Read) -> None:
    shown = screen.run(
        "return [...document.querySelectorAll('tbody tr')].map((row) => [row.querySelector('th').innerText, "
        "Object.fromEntries([...row.querySelectorAll('td[data-key]')].map((td) => [td.dataset.key, td.innerText]))])"
    )
    assert [name for name, _ in shown] == [stream["stream"] for stream in read.value["streams"]]
    for name, cells in shown:
        stream, rest = read.streams[name], cells.pop("rest").splitlines()
        outcome = f"{stream['outcome']} ({stream['failure']})" if stream["failure"] else stream["outcome"]
        assert cells.pop("outcome") == outcome
        assert cells.keys() == {"expected", "emitted", "requests", "repeated_requests", "answers_429"}
        assert cells == {key: "" if stream[key] is None else f"{stream[key]:,}" for key in cells}
        others = {key: stream[key] for key in KEYS.values() if stream[key] and key not in cells}
        assert sorted(int(line.split()[0]) for line in rest) == sorted(others.values())
    totals = screen.run(
        "return Object.fromEntries([...document.querySelectorAll('dd')].map((dd) => [dd.dataset.key, dd.innerText]))"
    )
    assert totals["requests"] == f"{read.value['requests']:,}"
    assert totals["answers_429"] == "2"
    assert totals["emitted"] == f"{sum(map(len, read.run.records.values())):,}"
    assert totals["complete"] == "5 of 6"


def test_the_chart_has_a_bar_for_each_span(screen: Screen, read: Read) -> None:
    heights = screen.run(
        "return [...document.querySelectorAll('svg rect.ours')].map((bar) => bar.getBoundingClientRect().height / "
        "bar.ownerSVGElement.getBoundingClientRect().height)"
    )
    shares = [span["sent"] / span["allowed"] for span in read.value["rate_limit"]["spans"]]
    assert heights == pytest.approx(shares, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_page_can_be_read_on_small_and_large_screens_in_light_and_in_dark(
    screen: Screen, width: int, scheme: str
) -> None:
    screen.resize(width, 800)
    screen.darken(scheme == "dark")
    assert screen.run("return document.documentElement.scrollWidth") <= width
    paper, *inks = screen.run(
        "const style = (selector) => getComputedStyle(document.querySelector(selector));"
        "return [style('body').backgroundColor, style('body').color, style('.faint').color, style('.failed').color]"
    )
    assert (luminance(paper) > 0.5) == (scheme == "light")
    for ink in inks:
        assert contrast(paper, ink) >= READABLE, ink
