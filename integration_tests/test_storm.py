"""Errors that pass, on every path: all are waited out, and nothing is lost."""

from collections.abc import Iterator
from itertools import cycle
from typing import Any

from integration_tests.comparison import assert_complete
from integration_tests.conftest import Workspaces
from integration_tests.connector import Connector
from integration_tests.faults import fault, fault_of
from unit_tests.contracts import ASKED, Way, by_way

UNAVAILABLE: list[dict[str, Any]] = [
    {"kind": "reset"},
    {"kind": "html"},
    {"status": 504},
    {"status": 503},
    {"status": 500},
    {"status": 502, "body": "empty"},
    {"kind": "html"},
    {"status": 408},
    {"status": 409},
    {"status": 503, "body": "truncated"},
]
"""One for the first request of each stream, in turn."""

ONE_BY_ONE: list[dict[str, Any]] = [
    {"status": 500},
    {"status": 502},
    {"status": 503, "body": "json"},
    {"status": 504},
    {"kind": "reset"},
    {"kind": "truncated"},
    {"kind": "empty"},
    {"kind": "html"},
]
"""For requests that are sent for one row of a parent each."""

REPEATS = 4
"""So many failures one request outlives: some streams have few parents, and one of them may meet them all."""


def storm() -> Iterator[dict[str, Any]]:
    yield fault("^/me$", times=1, status=500)
    lists = [name for name in ASKED if name not in by_way(Way.CHILD)]
    assert len(lists) >= len(UNAVAILABLE)
    yield from (fault_of(name, times=1, **action) for name, action in zip(lists, cycle(UNAVAILABLE), strict=False))
    for name, kind in zip(by_way(Way.SEARCH), cycle(("truncated", "empty")), strict=False):
        yield fault_of(name, times=1, kind=kind, after=1)
    yield from (fault_of(name, times=1, status=502, after=3) for name in by_way(Way.SCROLL))
    yield from (fault_of("conversation_parts", times=5, **action) for action in ONE_BY_ONE)
    actions = cycle(ONE_BY_ONE)
    yield from (fault_of(name, times=1, **next(actions)) for name in by_way(Way.CHILD) for _ in range(REPEATS))


def test_a_storm_of_errors_that_pass_loses_nothing(workspace: Workspaces) -> None:
    stormy = workspace(companies=330, scroll_expiry=2)
    stormy.faults(list(storm()))
    run = Connector(stormy).read()
    assert (run.exit_code, run.failures) == (0, [])
    assert_complete(stormy, run)
    assert {"408", "409", "500", "502", "503", "504", "cut"} <= stormy.requests()["by_status"].keys()
    assert "repeated requests" in run.reports["conversation_parts"]


def test_a_burst_of_429_answers_is_waited_out(workspace: Workspaces) -> None:
    busy = workspace(rate_limit=1667)
    busy.faults([fault_of(name, times=1, status=429) for name in ASKED])
    run = Connector(busy).read()
    assert (run.exit_code, run.failures) == (0, [])
    assert_complete(busy, run)
    assert busy.requests()["by_status"]["429"] >= len(ASKED)
