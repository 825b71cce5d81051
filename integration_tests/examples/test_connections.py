"""Several connectors on one workspace at the same time: split by streams, and all on the companies."""

from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from typing import Any
from urllib.parse import parse_qs

import yaml

from integration_tests.comparison import NONE, difference, repeated
from integration_tests.conftest import Workspaces
from integration_tests.connector import ROOT, STREAMS, Connector, Reading
from integration_tests.test_companies import wait_until
from intercom_sandbox.client import Sandbox

RATE_LIMIT = 60
"""Requests in a window: fewer than the two connectors need together."""

HELD = b"another client of this workspace, or a read that was killed a minute ago, holds the one scroll"
"""What the log says of the companies meanwhile."""


def split() -> list[list[str]]:
    """The streams of each connection in the example."""
    connections: list[dict[str, Any]] = yaml.safe_load((ROOT / "examples/kubernetes/connections.yaml").read_text())
    return [[stream["name"] for stream in each["configurations"]["streams"]] for each in connections]


def test_connections_split_by_streams_lose_nothing_under_one_rate_limit(workspace: Workspaces) -> None:
    # a few requests in ten seconds: whoever starts first waits, so that both are there when there is something to spend
    shared = workspace(rate_limit=4, conversations=50, companies=3000, articles=10)
    parts = split()
    with ThreadPoolExecutor() as pool:
        reading = pool.map(Connector(shared).read, parts)
        wait_until(lambda: all(asked(shared) & set(streams) for streams in parts), "both ask for something")
        shared.configure(rate_limit=RATE_LIMIT)
        runs = list(reading)

    for streams, run in zip(parts, runs, strict=True):
        assert (run.exit_code, run.failures) == (0, [])
        for stream in streams:
            assert difference(shared, stream, run) == NONE, stream
    assert {stream for streams in parts for stream in streams} <= set(STREAMS)
    assert sum(allowed for _, allowed, _ in shared.requests()["windows"]) > RATE_LIMIT, "one window was enough"


def asked(sandbox: Sandbox) -> set[str]:
    """What was asked for so far, with or without success."""
    return {entry["path"].split("/")[1] for entry in sandbox.log()}


def test_connectors_that_all_read_companies_take_turns(workspace: Workspaces) -> None:
    busy = workspace(companies=850, get_latency=0.2)
    busy.hold_scroll(3600)
    with Connector(busy).reading(["companies"]) as one, Connector(busy).reading(["companies"]) as other:
        wait_for_line(one, HELD)
        wait_for_line(other, HELD)
        busy.hold_scroll(0)
        runs = [one.finish(), other.finish()]

    for run in runs:
        assert (run.exit_code, run.failures) == (0, [])
        assert repeated("companies", run) == []
        assert difference(busy, "companies", run) == NONE
        assert "restart" not in run.reports["companies"]
    pages = [entry for entry in busy.log() if entry["path"] == "/companies/scroll" and entry["status"] == 200]
    scrolls = [parse_qs(page["query"])["scroll_param"] for page in pages if page["query"]]
    assert len(list(groupby(scrolls))) == len(runs), "one has read in the midst of the other"


def wait_for_line(reading: Reading, text: bytes) -> None:
    """Reads what a connector prints until a line has this text."""
    assert any(text in line for line in iter(reading.next_line, b"")), f"never printed: {text!r}"
