"""The installed command, not a line of it changed, killed and resumed."""

from random import Random

import pytest

from integration_tests.comparison import truth
from integration_tests.connector import CURSORS, Connector
from integration_tests.matrix.conditions import SEED
from integration_tests.matrix.destination import Destination
from integration_tests.matrix.runner import KILLED
from integration_tests.sandboxes import start


@pytest.mark.parametrize("number", range(2))
def test_a_killed_process_is_resumed_without_a_loss(number: int) -> None:
    rng = Random(f"{SEED}:plain:{number}")
    sizes = {"contacts": 400, "companies": 0, "conversations": 400, "parts": 3000, "tickets": 400, "articles": 0}
    with start(rate_limit=0, seed=SEED + number, get_latency=0.02, jitter=0.1, **sizes) as sandbox:
        connector, destination = Connector(sandbox), Destination()
        with connector.reading(CURSORS) as reading:
            for _ in range(rng.randint(1, 4000)):
                reading.next_line()
            killed = reading.kill()
        assert killed.exit_code == KILLED
        destination.apply(killed)
        destination.apply(connector.read(CURSORS, destination.states))
        for stream in CURSORS:
            assert destination.rows[stream] == truth(sandbox, stream)
