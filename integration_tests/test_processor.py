"""The connector's threads share a processor."""

import os
import time

import psutil
import pytest

from integration_tests.connector import Connector
from intercom_sandbox.client import start


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="Only Linux binds threads to processors.")
def test_a_read_keeps_to_one_processor_that_it_may_leave() -> None:
    with start(rate_limit=0, conversations=3_000, parts=30_000) as sandbox, Connector(sandbox).reading() as reading:
        while b'"RECORD"' not in reading.next_line():
            pass
        deadline = time.monotonic() + 60
        while (bound := _processors(reading.process))[0] != 1 or bound[-2] != 1:
            assert time.monotonic() < deadline, bound
            time.sleep(0.1)
        assert len(bound) > 10
        assert bound[-1] == len(os.sched_getaffinity(0))


def _processors(process: psutil.Process) -> list[int]:
    """On how many processors each thread may run, in ascending order."""
    return sorted(len(os.sched_getaffinity(thread.id)) for thread in process.threads())
