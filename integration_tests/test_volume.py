"""A workspace of ordinary size, with the default options: complete, within bounded memory, cheap to keep up to date."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from integration_tests.comparison import NONE, difference, repeated
from integration_tests.connector import COMMAND, CURSORS, GUARD_SECONDS, STREAMS, TIMED, Connector
from integration_tests.messages import Record, Run
from integration_tests.sandboxes import start
from intercom_sandbox.client import Sandbox

MEMORY = 200 * 1024 * 1024

ORDINARY = {"contacts": 10_000, "companies": 1_000, "conversations": 2_500, "parts": 20_000, "tickets": 1_000}


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """Served by HTTPS, as encrypted connections take memory of their own."""
    with start(rate_limit=0, tls=tmp_path_factory.mktemp("certificates"), **ORDINARY) as running:
        yield running


def active_at(contact: Record) -> int:
    """When a contact was seen or updated last."""
    times: tuple[int, int] = (contact["updated_at"], contact["last_seen_at"] or 0)
    return max(times)


@pytest.fixture(scope="module")
def first(sandbox: Sandbox) -> Run:
    return Connector(sandbox, COMMAND).read()


def test_every_row_of_every_stream_arrives(sandbox: Sandbox, first: Run) -> None:
    assert (first.exit_code, first.failures) == (0, [])
    assert {stream: difference(sandbox, stream, first) for stream in STREAMS} == dict.fromkeys(STREAMS, NONE)
    assert [key for stream in STREAMS for key in repeated(stream, first)] == []
    assert len(first.records["contacts"]) == 10_000


def test_memory_stays_bounded(first: Run) -> None:
    assert 0 < first.peak_memory <= MEMORY


def test_ten_times_the_data_takes_a_quarter_more_memory_at_most(sandbox: Sandbox, first: Run, tmp_path: Path) -> None:
    with start(rate_limit=0, tls=tmp_path, **{name: size // 10 for name, size in ORDINARY.items()}) as small:
        a_tenth = Connector(small, COMMAND).read()
    assert (a_tenth.exit_code, a_tenth.failures) == (0, [])
    # what is needed, not what threads take that meet by chance
    again = (Connector(sandbox, COMMAND).read() for _ in range(2))
    assert any(run.peak_memory <= a_tenth.peak_memory * 1.25 for run in chain((first,), again))


def test_a_second_sync_without_changes_is_cheap(sandbox: Sandbox, connector: Connector, first: Run) -> None:
    sandbox.reset_requests()
    second = connector.read(CURSORS, first.final_states)
    assert second.exit_code == 0
    asked = sandbox.requests()["by_path"]
    assert asked.pop("GET /data_connectors/{id}/execution_results") == len(sandbox.truth("data_connectors"))
    asked.pop("GET /events")
    assert sum(asked.values()) < 40
    oldest = first.final_states["contact_events"]["contact_active_at"] - GUARD_SECONDS
    active = {each["id"] for each in sandbox.truth("contacts") if active_at(each) >= oldest}
    queries = [parse_qs(entry["query"]) for entry in sandbox.log() if entry["path"] == "/events"]
    assert {query["intercom_user_id"][0] for query in queries} == active, "no others are asked for their events"
    for stream, cursor in TIMED.items():
        oldest = first.final_states[stream][cursor] - GUARD_SECONDS
        assert [record for record in second.records[stream] if record[cursor] < oldest] == []
    assert second.final_states == {stream: first.final_states[stream] for stream in CURSORS}
