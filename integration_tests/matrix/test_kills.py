"""The rest of the matrix: the connector is killed at random, again and again, and goes on from the last state."""

import pytest

from integration_tests.matrix.cells import MODES, Mode
from integration_tests.matrix.conditions import SEED, Condition, conditions
from integration_tests.matrix.trial import tried

pytestmark = pytest.mark.timeout(900)

KILLING = [each for each in conditions() if each.kills]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("condition", KILLING, ids=str)
def test_a_killed_sync_goes_on_without_a_loss(condition: Condition, mode: Mode) -> None:
    outcome = tried(condition, mode, SEED)
    assert outcome.bad == []
    assert outcome.kills >= condition.least_kills


def test_there_are_at_least_200_kills() -> None:
    assert len(MODES) * sum(condition.least_kills for condition in KILLING) >= 200
