"""Incremental syncs: what changed arrives, nothing is lost at any edge, and little is read again."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from integration_tests.comparison import NONE, Difference, Key, difference, repeated, table, truth
from integration_tests.conftest import Workspaces
from integration_tests.connector import CURSORS, GUARD_SECONDS, TIMED, Connector
from integration_tests.messages import Record, Run
from integration_tests.sandboxes import start
from intercom_sandbox.client import Sandbox
from unit_tests.contracts import CONTRACTS, SEARCHED, Way, by_way, lineage, relying_on

JUNE_2025 = 1_750_000_000
DAY = 86_400

FOUND = [stream for stream in CURSORS if stream in relying_on(*SEARCHED) and stream not in by_way(Way.OWN)]
"""The streams that are searched, and what belongs to their rows and is found by the same times."""

CHANGING = (*SEARCHED, *(stream for stream in by_way(Way.CURSORS) if stream in CURSORS))
"""Those whose rows change by themselves."""


@dataclass(frozen=True)
class History:
    """Syncs of one workspace, each from the last one's states: the first, one without news, one after changes."""

    first: Run
    first_differences: dict[str, Difference]
    quiet: Run
    quiet_requests: int
    changed: Run
    deleted: dict[str, set[Key]]


@pytest.fixture(scope="module")
def history(sandbox: Sandbox, connector: Connector) -> History:
    first = connector.read(CURSORS)
    first_differences = {stream: difference(sandbox, stream, first) for stream in CURSORS}
    sandbox.reset_requests()
    quiet = connector.read(CURSORS, first.final_states)
    quiet_requests = sandbox.requests()["total"]
    deleted = change_everything(sandbox)
    changed = connector.read(CURSORS, quiet.final_states)
    return History(first, first_differences, quiet, quiet_requests, changed, deleted)


def change_everything(sandbox: Sandbox) -> dict[str, set[Key]]:
    """Does to a workspace what its users do; returns the keys of what was there before and is gone."""
    before = {stream: truth(sandbox, stream).keys() for stream in CURSORS}
    for kind in CHANGING:
        sandbox.mutate("create", object=kind, count=5)
        sandbox.mutate("update", object=kind, count=5)
    for operation in ("add_parts", "edit_parts", "redact_parts"):
        sandbox.mutate(operation, count=5, parts=3)
    rows = {stream: truth(sandbox, stream) for stream in CURSORS}
    merged = sandbox.mutate("merge_contacts", count=2)
    conversations = {(each,) for each in sandbox.mutate("delete", object="conversations", count=2)}
    deleted: dict[str, set[Key]] = {
        "contacts": {(each,) for each in merged[::2]},
        "conversations": conversations,
        "tickets": rows["tickets"].keys() & conversations,
        "macros": {(each,) for each in sandbox.mutate("delete", object="macros", count=2)},
    }
    for stream in CURSORS:
        parent = CONTRACTS[stream].parent
        gone = deleted.get(parent.stream, set()) if parent else set()
        deleted.setdefault(
            stream, {key for key, row in rows[stream].items() if parent and (row[parent.field],) in gone}
        )
    return {stream: keys & before[stream] for stream, keys in deleted.items()}


def test_the_first_sync_reads_everything(history: History) -> None:
    assert history.first.exit_code == 0
    assert history.first_differences == dict.fromkeys(CURSORS, NONE)
    for stream, cursor in TIMED.items():
        *_, root = (each for each in lineage(stream) if each in CURSORS)  # of parents without rows, too
        root = stream if stream in by_way(Way.OWN) else root
        newest = max(record[CURSORS.get(root, cursor)] for record in history.first.records[root])
        assert history.first.final_states[stream] == {cursor: newest}


def test_a_sync_without_news_reads_almost_nothing(sandbox: Sandbox, history: History) -> None:
    """Only data connectors are asked one by one whether there is news."""
    assert history.quiet.exit_code == 0
    assert history.quiet_requests < 40 + sandbox.counts()["data_connectors"]
    assert_not_older_than_guard(history.quiet, history.first)
    assert history.quiet.final_states == history.first.final_states


@pytest.mark.parametrize("stream", CURSORS)
def test_every_change_arrives_with_the_next_sync(sandbox: Sandbox, history: History, stream: str) -> None:
    assert history.changed.exit_code == 0
    left = difference(sandbox, stream, history.first, history.quiet, history.changed)
    assert (left.lost, left.stale) == ([], [])
    assert set(left.extra) == history.deleted[stream]
    assert_not_older_than_guard(history.changed, history.quiet)


def test_an_older_state_brings_everything_since(sandbox: Sandbox, connector: Connector, history: History) -> None:
    seconds = {stream: sorted(row[TIMED[stream]] for row in truth(sandbox, stream).values()) for stream in TIMED}
    # Events are of the last weeks, wherever June 2025 is.
    began = {stream: max(JUNE_2025, found[0] + DAY) for stream, found in seconds.items()}
    since = connector.read(TIMED, {stream: {cursor: began[stream]} for stream, cursor in TIMED.items()})
    for stream, cursor in TIMED.items():
        rows = truth(sandbox, stream)
        expected = {key: row for key, row in rows.items() if row[cursor] >= began[stream] - GUARD_SECONDS}
        assert table(stream, since) == expected
        assert 0 < len(expected) < len(rows)


def test_a_full_refresh_ignores_the_state(sandbox: Sandbox, connector: Connector, history: History) -> None:
    again = connector.read(CURSORS, history.changed.final_states, mode="full_refresh")
    assert {stream: difference(sandbox, stream, again) for stream in CURSORS} == dict.fromkeys(CURSORS, NONE)


def test_hundreds_of_records_of_one_second_and_edits_within_it_all_arrive(workspace: Workspaces) -> None:
    busy = workspace(contacts=100, conversations=20, parts=40, tickets=20)
    second = max(row["updated_at"] for kind in SEARCHED for row in busy.truth(kind)) + 1
    created = {kind: busy.mutate("create", object=kind, count=400, at=second) for kind in SEARCHED}
    connector = Connector(busy)
    first = connector.read(CURSORS)
    for kind, ids in created.items():
        busy.mutate("update", object=kind, ids=ids[:2] + ids[-2:], at=second)
    busy.mutate("edit_parts", ids=created["conversations"][5:7], at=second)
    second_sync = connector.read(CURSORS, first.final_states)

    for stream in FOUND:
        assert repeated(stream, first) == []
        assert first.final_states[stream] == second_sync.final_states[stream] == {CURSORS[stream]: second}
        assert difference(busy, stream, first, second_sync) == NONE
    for stream in (*SEARCHED, "conversation_parts"):
        assert len(table(stream, second_sync)) >= 400


def test_the_seconds_at_the_edges_of_a_sync_are_read(workspace: Workspaces) -> None:
    began, state = JUNE_2025, JUNE_2025 + 40_000
    guarded = state - GUARD_SECONDS
    small = workspace(contacts=0, conversations=0, parts=0, tickets=0)

    def create(*seconds: int) -> None:
        for kind in SEARCHED:
            for second in seconds:
                small.mutate("create", object=kind, at=second)

    create(began - 1, began, began + 1, guarded - 1, guarded, state)
    connector = Connector(small)
    first = connector.read(CURSORS, start_date="2025-06-15T15:06:40Z")
    create(guarded + 1)  # found by the search only now, although it is older than the state
    second_sync = connector.read(CURSORS, first.final_states, start_date="2025-06-15T15:06:40Z")
    expected = ([began, began + 1, guarded - 1, guarded, state], [guarded, guarded + 1, state])
    for stream in FOUND:
        for run, seconds in zip((first, second_sync), expected, strict=True):
            read = sorted(record[CURSORS[stream]] for record in run.records[stream])
            assert set(read) <= set(seconds)
            assert read == seconds or stream not in (*SEARCHED, "conversation_parts")


@pytest.fixture(scope="module")
def dense() -> Iterator[Sandbox]:
    """Four conversations and four tickets in every second of half an hour, and nothing else.

    They are too many for one window, so wherever windows meet, there are records on both sides of the border.
    """
    with start(contacts=0, conversations=0, parts=0, tickets=0, rate_limit=0) as running:
        for second in range(JUNE_2025, JUNE_2025 + 2_000):
            running.mutate("create", object="conversations", count=4, parts=1, at=second)
            running.mutate("create", object="tickets", count=4, at=second)
        yield running


@pytest.mark.parametrize("bounds", ["strict", "inclusive"])
def test_no_second_is_lost_or_doubled_where_windows_meet(dense: Sandbox, bounds: str) -> None:
    dense.configure(bounds=bounds)
    dense.reset_requests()
    run = Connector(dense).read(["conversations", "tickets"])
    borders = lower_bounds(dense)
    for stream in ("conversations", "tickets"):
        assert repeated(stream, run) == []
        assert difference(dense, stream, run) == NONE
        assert [second for second in borders[stream] if JUNE_2025 < second < JUNE_2025 + 2_000]


def test_no_conversation_is_lost_or_doubled_for_its_parts_where_windows_meet(dense: Sandbox) -> None:
    dense.configure(bounds="inclusive")
    run = Connector(dense).read(["conversation_parts"])
    assert repeated("conversation_parts", run) == []
    assert difference(dense, "conversation_parts", run) == NONE


def lower_bounds(sandbox: Sandbox) -> dict[str, set[int]]:
    """The lower bounds of the searches that read pages, by what is searched."""
    bounds: dict[str, set[int]] = {kind: set() for kind in SEARCHED}
    for entry in sandbox.log():
        _, kind, what = entry["path"].split("/")
        if what == "search" and entry["body"]["pagination"]["per_page"] > 1:
            bounds[kind].add(entry["body"]["query"]["value"][0]["value"])
    return bounds


def assert_not_older_than_guard(run: Run, before: Run) -> None:
    """A sync has read nothing that lies further back than the guard interval before its states."""
    for stream, cursor in TIMED.items():
        oldest = before.final_states[stream][cursor] - GUARD_SECONDS
        too_old: list[Record] = [record for record in run.records[stream] if record[cursor] < oldest]
        assert too_old == []
