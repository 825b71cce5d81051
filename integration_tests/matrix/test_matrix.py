"""The matrix but for the kills: whatever happens while the connector reads, nothing is lost and nothing stale."""

import pytest

from integration_tests.matrix.cells import MODES, Mode
from integration_tests.matrix.conditions import SEED, Condition, conditions
from integration_tests.matrix.trial import tried


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("condition", [each for each in conditions() if not each.kills], ids=str)
def test_nothing_is_lost(condition: Condition, mode: Mode) -> None:
    assert tried(condition, mode, SEED).bad == []
