"""What the benchmarks change of the connector, to measure what it gains, fits the connector of today."""

import sys

import pytest

from benchmarks.without import STEPS
from integration_tests.comparison import NONE, difference
from integration_tests.connector import Connector
from intercom_sandbox.client import Sandbox

STREAMS = ("contacts", "conversation_parts", "tags")


@pytest.mark.parametrize("step", STEPS)
def test_without_a_step_that_saves_time_or_memory_the_same_rows_come(sandbox: Sandbox, step: str) -> None:
    run = Connector(sandbox, (sys.executable, "-m", "benchmarks.without", step)).read(STREAMS)
    assert (run.exit_code, run.failures) == (0, [])
    assert {stream: difference(sandbox, stream, run) for stream in STREAMS} == dict.fromkeys(STREAMS, NONE)
