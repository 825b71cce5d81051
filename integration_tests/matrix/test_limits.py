"""What no reader of Intercom's API can know, as docs/promises.md says it."""

from integration_tests.comparison import truth
from integration_tests.connector import CURSORS, GUARD_SECONDS
from integration_tests.matrix import changes
from integration_tests.matrix.destination import Destination
from integration_tests.matrix.runner import Runner
from integration_tests.sandboxes import start

SEARCHED = ("contacts", "conversations", "tickets")


def test_what_the_index_shows_after_more_than_the_guard_takes_a_lookback_window() -> None:
    with start(rate_limit=0, companies=0) as sandbox:
        runner, destination = Runner(sandbox), Destination()
        changes.touch(sandbox)
        destination.apply(runner.read(streams=CURSORS))
        changes.come_late(sandbox, GUARD_SECONDS + 300)
        destination.apply(runner.read(destination.states, streams=CURSORS))
        for stream in SEARCHED:
            assert len(truth(sandbox, stream).keys() - destination.rows[stream].keys()) == 2
        destination.apply(runner.read(destination.states, streams=CURSORS, lookback_window=1))
        for stream in CURSORS:
            assert destination.rows[stream] == truth(sandbox, stream)


def test_what_is_deleted_remains_where_a_stream_is_read_incrementally() -> None:
    with start(rate_limit=0) as sandbox:
        runner, destination = Runner(sandbox), Destination()
        destination.apply(runner.read())
        deleted = {kind: sandbox.mutate("delete", object=kind, count=2) for kind in (*SEARCHED, "companies", "tags")}
        run = runner.read(destination.states)
        destination.apply(run)
        assert run.exit_code == 0
        for stream in SEARCHED:
            assert destination.rows[stream].keys() - truth(sandbox, stream).keys() >= {
                (each,) for each in deleted[stream]
            }
        for stream in ("companies", "tags"):
            assert destination.rows[stream] == truth(sandbox, stream)
