"""The connector's threads share a processor."""

import os
import time
from contextlib import suppress

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
        while not _share_one(places := _places(reading.process)):
            assert time.monotonic() < deadline, places
            time.sleep(0.1)


def _share_one(places: list[set[int]]) -> bool:
    """Whether many threads are bound to the same processor, and one is free."""
    *bound, free = sorted(places, key=len)
    if len(bound) <= 10 or free != os.sched_getaffinity(0):
        return False
    return len(bound[0]) == 1 and all(place == bound[0] for place in bound)


def _places(process: psutil.Process) -> list[set[int]]:
    """On which processors each thread may run, but for threads that end meanwhile."""
    places = []
    for thread in process.threads():
        with suppress(ProcessLookupError):
            places.append(os.sched_getaffinity(thread.id))
    return places
