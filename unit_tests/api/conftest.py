"""Fixtures for the tests of the API."""

import pytest

from source_intercom.api.budget import RateBudget
from unit_tests.api.meter import Clock, install


@pytest.fixture
def clock() -> Clock:
    """The clock of the budget."""
    return Clock()


@pytest.fixture
def budget(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> RateBudget:
    """A budget on which nobody waits for real."""
    return install(clock, monkeypatch.setattr)
