"""What a state message promises: everything before its second is printed before it, and any of them can be resumed."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from integration_tests.comparison import truth
from integration_tests.connector import CURSORS, TIMED, key_of
from integration_tests.matrix.destination import Rows
from integration_tests.matrix.runner import Runner
from integration_tests.messages import Record, Run
from integration_tests.sandboxes import start
from intercom_sandbox.client import Sandbox
from unit_tests.contracts import REPRESENTATIVES

RUNS = 4

AT_THE_END = ("deleted_conversations", "macros", "data_connector_results")
"""Streams whose only state comes when all is read."""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Answers take unequal times, so that windows and conversations are done in any order."""
    with start(rate_limit=0, jitter=0.05, contacts=130, conversations=110, parts=400, tickets=130) as running:
        yield running


@pytest.fixture(scope="module")
def runs(sandbox: Sandbox) -> list[Run]:
    return [Runner(sandbox).read(streams=CURSORS) for _ in range(RUNS)]


@pytest.mark.parametrize("stream", TIMED)
def test_states_promise_what_is_printed_and_never_go_back(sandbox: Sandbox, runs: list[Run], stream: str) -> None:
    cursor = TIMED[stream]
    expected = truth(sandbox, stream)
    distinct = []
    for run in runs:
        states = run.states_of(stream)
        seconds = [state.value[cursor] for state in states if state.value]
        distinct.append(len(set(seconds)))
        assert all(earlier <= later for earlier, later in pairwise(seconds))
        for state in states:
            printed = {key_of(stream, record) for record in run.records_before(state)}
            promised = {key for key, row in expected.items() if state.value and row[cursor] < state.value[cursor]}
            assert promised <= printed
    assert max(distinct) > 1 or stream in AT_THE_END, "no run had a state before its last"


@pytest.mark.parametrize("stream", [each for each in CURSORS if each in REPRESENTATIVES])
def test_a_sync_goes_on_from_any_of_its_states(sandbox: Sandbox, runs: list[Run], stream: str) -> None:
    expected = truth(sandbox, stream)
    states = runs[0].states_of(stream)
    for state in states[:: max(1, len(states) // 8)]:
        resumed = Runner(sandbox).read({stream: state.value}, streams=[stream])
        assert _rows(stream, runs[0].records_before(state) + resumed.records[stream]) == expected


def _rows(stream: str, records: list[dict[str, Any]]) -> Rows:
    rows: dict[tuple[Any, ...], Record] = {key_of(stream, record): record for record in records}
    return rows
