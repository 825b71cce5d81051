"""Fixtures for the tests of the streams."""

import pytest

from source_intercom.streams import cursors as module
from unit_tests.streams.cursors import Clock, Made


@pytest.fixture
def made() -> Made:
    """What cursors are made with."""
    return Made()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The monotonic clock of the cursors."""
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    return clock
