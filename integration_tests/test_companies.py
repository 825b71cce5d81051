"""Companies, through a scroll that others hold, that breaks off, and that expires when nobody reads it."""

import time
from collections.abc import Callable

from integration_tests.comparison import NONE, difference, repeated
from integration_tests.conftest import Workspaces
from integration_tests.connector import Connector
from integration_tests.messages import Run
from intercom_sandbox.client import Sandbox

COMPANIES = ["companies"]
SCROLL = "^/companies/scroll$"


def assert_complete(sandbox: Sandbox, run: Run) -> None:
    assert (run.exit_code, run.failures) == (0, [])
    assert repeated("companies", run) == []
    assert difference(sandbox, "companies", run) == NONE


def test_a_scroll_that_breaks_off_begins_again_without_doubling_a_company(workspace: Workspaces) -> None:
    flaky = workspace(companies=450, scroll_expiry=2)
    expired = {"status": 404, "code": "not_found"}
    flaky.faults(
        [
            {"path": SCROLL, "action": {"status": 500}, "times": 1},
            {"path": SCROLL, "action": {"kind": "scroll_dies"}, "after": 2, "times": 1},
            {"path": SCROLL, "action": expired, "after": 5, "times": 1},
        ]
    )
    run = Connector(flaky).read(COMPANIES)
    assert_complete(flaky, run)
    assert "2 restarts" in run.reports["companies"]


def test_a_page_of_the_scroll_that_is_lost_on_its_way_is_not_skipped(workspace: Workspaces) -> None:
    flaky = workspace(companies=450, scroll_expiry=2)
    flaky.faults([{"path": SCROLL, "action": {"kind": "truncated"}, "after": 2, "times": 1}])
    assert_complete(flaky, Connector(flaky).read(COMPANIES))


def test_a_scroll_held_by_somebody_else_is_waited_for(workspace: Workspaces) -> None:
    held = workspace(companies=250)
    held.hold_scroll(3600)
    with Connector(held).reading(COMPANIES) as reading:
        wait_until(lambda: held.requests()["by_status"].get("400", 0) >= 2, "the scroll is asked for again")
        held.hold_scroll(0)
        run = reading.finish()
    assert_complete(held, run)


def test_a_destination_that_stalls_does_not_let_the_scroll_expire(workspace: Workspaces) -> None:
    patient = workspace(companies=3000, scroll_expiry=2)
    with Connector(patient).reading(COMPANIES) as reading:
        reading.next_line()
        pages = 3000 // 100
        wait_until(lambda: patient.requests()["by_path"].get("GET /companies/scroll", 0) > pages, "the scroll ends")
        run = reading.finish()
    assert_complete(patient, run)
    assert "restart" not in run.reports["companies"]


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Waits for something that the connector does while it runs."""
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline, f"not seen: {what}"
        time.sleep(0.1)
