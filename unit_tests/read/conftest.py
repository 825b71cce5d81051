"""Fixtures for the tests of what is read how."""

import pytest

from source_intercom.read import checkpoints as module
from unit_tests.read.checkpoints import Clock, Made


@pytest.fixture
def made() -> Made:
    """What checkpoints are made with."""
    return Made()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The monotonic clock of the checkpoints."""
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    return clock
