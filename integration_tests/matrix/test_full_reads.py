"""A full refresh of a stream that could be read incrementally: also what changes while it is read."""

from random import Random

import pytest

from integration_tests.comparison import NONE, difference
from integration_tests.connector import CURSORS
from integration_tests.matrix.conditions import SEED
from integration_tests.matrix.runner import Runner
from integration_tests.sandboxes import start
from unit_tests.contracts import Way, by_way

STREAMS = [name for name in CURSORS if name not in by_way(Way.FEED)]
"""Feeds end where there is nothing more: what happens after that, while others are read, they do not look for."""


@pytest.mark.parametrize("scaled", [True, False], ids=["many windows", "one window"])
@pytest.mark.parametrize("number", range(4))
def test_a_full_refresh_has_what_changed_while_it_was_read(number: int, scaled: bool) -> None:
    """All streams ask more often than `last` before they look once more for what changed; with one window only once."""
    rng, last = Random(f"{SEED}:full:{number}"), 5 if scaled else 1
    changes = [("update", kind) for kind in ("contacts", "conversations", "tickets")]
    changes += [("create", kind) for _, kind in changes] + [("add_parts", "conversations")]
    with start(rate_limit=0, seed=SEED + number, contacts=90, conversations=60, parts=300, tickets=60) as sandbox:
        sandbox.schedule(
            [
                {
                    "path": f"^/{kind}/search$",
                    "after": rng.randint(1, last),
                    "mutation": {"operation": operation, "object": kind, "count": 3, "parts": 2},
                }
                for operation, kind in changes
            ]
        )
        run = Runner(sandbox).read(streams=STREAMS, mode="full_refresh", scaled=scaled)
        assert (run.exit_code, run.failures) == (0, [])
        assert {stream: difference(sandbox, stream, run) for stream in STREAMS} == dict.fromkeys(STREAMS, NONE)
