"""A destination that stalls: nothing is lost and memory stays as it is."""

import time

from integration_tests.comparison import assert_complete
from integration_tests.connector import Connector
from integration_tests.sandboxes import start
from intercom_sandbox.client import Sandbox

SCROLL_EXPIRY = 2
STALL = 3 * SCROLL_EXPIRY
"""Seconds for which nobody reads stdout; what the connector can do meanwhile it has done long before."""

SIZES = {"contacts": 2_000, "companies": 3_000, "conversations": 300, "parts": 3_000, "tickets": 200, "articles": 100}


def test_a_destination_that_stalls_loses_nothing_and_costs_no_memory() -> None:
    with start(rate_limit=0, scroll_expiry=SCROLL_EXPIRY, **SIZES) as sandbox:
        with Connector(sandbox).reading() as reading:
            for _ in range(50):
                reading.next_line()
            _wait_until_still(sandbox)
            begin = reading.process.memory_info().rss
            asked = sandbox.requests()["total"]
            time.sleep(STALL)
            assert sandbox.requests()["total"] == asked
            assert reading.process.memory_info().rss <= begin * 1.02
            run = reading.finish()
        assert (run.exit_code, run.failures) == (0, [])
        assert_complete(sandbox, run)
        pages = sandbox.requests()["by_path"]["GET /companies/scroll"]
        assert pages == SIZES["companies"] / 100 + 1
        assert "restart" not in run.reports["companies"]


def _wait_until_still(sandbox: Sandbox) -> None:
    """Waits until the connector has asked for nothing for a second: all it could read ahead is read."""
    asked, deadline = -1, time.monotonic() + 60
    while (now := sandbox.requests()["total"]) != asked:
        assert time.monotonic() < deadline, "the connector reads on although nobody takes what it reads"
        asked = now
        time.sleep(1)
