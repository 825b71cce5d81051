"""A sync that the rate limit holds up says why, how far it is, and lets its streams take turns."""

import re
import sys

import pytest

from integration_tests.comparison import NONE, difference
from integration_tests.connector import Connector
from integration_tests.messages import Run
from integration_tests.sandboxes import start
from unit_tests.contracts import CONTRACTS, Way, by_way

OFTEN = """
from source_intercom import progress_log, run
progress_log.INTERVAL = 1
run.run()
"""
"""The console script, with a line on the progress every second."""

STREAMS = ("contacts", "conversation_parts", *by_way(Way.WHOLE))
"""A long one, one of few requests, and short ones."""

LIMIT = 60
CONVERSATIONS = 200
"""So many that they take some windows of the rate limit, and wait for most of their time."""


@pytest.fixture(scope="module")
def slow_sync() -> tuple[Run, list[str]]:
    """A sync, and the paths of its requests in their order."""
    with start(rate_limit=LIMIT, conversations=CONVERSATIONS, contacts=400) as sandbox:
        run = Connector(sandbox, (sys.executable, "-c", OFTEN)).read(STREAMS)
        assert {stream: difference(sandbox, stream, run) for stream in STREAMS} == dict.fromkeys(STREAMS, NONE)
        return run, [entry["path"] for entry in sandbox.log()]


@pytest.fixture(scope="module")
def slow(slow_sync: tuple[Run, list[str]]) -> Run:
    """What it printed."""
    return slow_sync[0]


def test_the_platform_is_told_that_the_rate_limit_holds_a_stream_up(slow: Run) -> None:
    statuses = [trace["stream_status"] for trace in slow.of_type("TRACE") if trace["type"] == "STREAM_STATUS"]
    parts = [status for status in statuses if status["stream_descriptor"]["name"] == "conversation_parts"]
    assert [status["status"] for status in parts if not status.get("reasons")] == ["STARTED", "RUNNING", "COMPLETE"]
    waits = [status for status in parts if status.get("reasons")]
    assert waits
    assert waits[-1] != parts[-1]
    for status in waits:
        assert status["status"] == "RUNNING"
        (reason,) = status["reasons"]
        assert reason["type"] == "RATE_LIMITED"
        assert round(reason["rate_limited"]["quota_reset"] / 1000) % 10 == 0  # where the sandbox's windows end


def test_the_log_says_once_that_a_sync_waits(slow: Run) -> None:
    (line,) = [line for line in slow.logs if line.startswith("Intercom's rate limit is used up")]
    assert "conversation_parts" in line.partition("Waiting: ")[2]


def test_the_log_says_how_far_each_stream_is(slow: Run) -> None:
    lines = [line for line in slow.logs if line.startswith("Reading ")]
    pattern = rf"conversation_parts (\d+) of {CONVERSATIONS} conversations, \d+\.\d requests a second"
    done = [int(found[1]) for line in lines if (found := re.search(pattern, line))]
    assert len(set(done)) > 1
    assert done == sorted(done)
    assert any("less than a minute left" in line for line in lines)
    assert any(re.search(r" Requests under way: \d+, waiting: [1-9]\d*\.$", line) for line in lines)


def test_short_streams_do_not_wait_for_long_ones(slow_sync: tuple[Run, list[str]]) -> None:
    def places(stream: str) -> list[int]:
        return [number for number, path in enumerate(slow_sync[1]) if re.match(CONTRACTS[stream].pattern, path)]

    fetched = places("conversation_parts")
    assert len(fetched) == CONVERSATIONS
    for stream in by_way(Way.WHOLE):
        assert places(stream)[-1] < fetched[CONVERSATIONS // 2]
