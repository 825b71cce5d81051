"""The line per stream at the end of a read adds up: with what was printed, and with what Intercom was asked."""

import re

from integration_tests.connector import STREAMS, Connector
from integration_tests.matrix.runner import Runner
from integration_tests.sandboxes import start
from unit_tests.contracts import SEARCHED


def test_what_was_read_and_skipped_is_told_and_adds_up() -> None:
    with start(rate_limit=0, companies=250, conversations=120, scroll_expiry=0.5) as sandbox:
        no_tickets = [row for row in sandbox.truth("conversations") if not row["ticket"]]
        oldest = sorted(no_tickets, key=lambda row: int(row["updated_at"]))
        expected = sandbox.counts()
        delete = {"operation": "delete", "object": "conversations", "ids": [oldest[5]["id"]]}
        sandbox.schedule([{"path": r"^/conversations/\d+$", "after": 1, "mutation": delete}])
        sandbox.faults(
            [
                {"path": "^/companies/scroll$", "after": 1, "times": 1, "action": {"kind": "scroll_dies"}},
                {"path": "^/tags$", "times": 2, "action": {"status": 503}},
                {"path": "^/teams$", "times": 1, "action": {"status": 429}},
            ]
        )
        # So few workers that the conversation is deleted after it was found and before it is fetched.
        run = Runner(sandbox).read(num_workers=2)
        asked = sandbox.requests()

    assert (run.exit_code, run.failures) == (0, [])
    assert run.reports.keys() == set(STREAMS)
    counted = run.counted
    for stream in STREAMS:
        assert counted[stream]["records emitted"] == len(run.records[stream])
    for stream in SEARCHED:
        assert counted[stream]["expected"] == expected[stream]
    assert counted["conversation_parts"]["changed conversations"] == expected["conversations"]
    assert counted["conversation_parts"]["skipped as deleted since they were found"] == 1
    assert counted["conversation_parts"]["conversations with more parts than Intercom returns"] == 1
    assert counted["conversation_parts"]["parts beyond Intercom's limit of 500 per conversation"] == 300
    assert counted["companies"]["restarts"] == 1
    assert counted["companies"]["met again and not emitted twice"] == 100
    assert counted["tags"]["repeated requests"] == 2
    assert counted["teams"]["429 answers"] == 1

    kinds = ("requests", "repeated requests", "429 answers")
    workspace = asked["by_path"]["GET /me"]
    assert sum(count.get(kind, 0) for count in counted.values() for kind in kinds) == asked["total"] - workspace
    assert f"{asked['total']} requests sent, 1 of them answered 429." in run.logs


def test_parts_that_intercom_does_not_return_are_told_with_their_conversation() -> None:
    with start(rate_limit=0) as sandbox:
        run = Connector(sandbox).read(["conversation_parts"])
    (warning,) = run.warnings
    assert re.search(r"conversation \d+ has 300 older parts that Intercom does not return", warning)
