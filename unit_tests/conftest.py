"""Fixtures for all unit tests."""

from collections.abc import Callable, Iterator
from threading import Condition
from types import SimpleNamespace

import pytest
import yaml
from hypothesis import settings
from requests_mock import Mocker

from source_intercom.streams.context import StreamContext
from unit_tests import builders
from unit_tests.builders import NOW, Json
from unit_tests.clock import set_clock
from unit_tests.examples import tries
from unit_tests.syncs import Workspace

settings.register_profile("unit", max_examples=tries(100), deadline=None, database=None)
settings.load_profile("unit")


@pytest.fixture(autouse=True, scope="session")
def _fast_yaml() -> Iterator[None]:
    """The CDK reads the spec in every sync; this loader, which has the same result, is in C."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml, "SafeLoader", yaml.CSafeLoader)
        yield


@pytest.fixture(autouse=True)
def sleeps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Nobody sleeps; the seconds that they would have slept."""
    slept: list[float] = []

    def pause(changed: Condition, is_over: Callable[[], bool], seconds: float) -> bool:
        slept.append(seconds)
        return is_over()

    monkeypatch.setattr("time.sleep", slept.append)
    monkeypatch.setattr("source_intercom.api.open_jobs.pause", pause)
    return slept


@pytest.fixture(autouse=True)
def _no_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INTERCOM_API_URL", raising=False)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Streams believe that it is `NOW`; tests may move `now.second`."""
    clock = SimpleNamespace(second=NOW)
    set_clock(monkeypatch, lambda: clock.second)
    return clock


@pytest.fixture
def config() -> Json:
    """A valid config."""
    return builders.config()


@pytest.fixture
def context() -> StreamContext:
    """What streams are given."""
    return builders.context()


@pytest.fixture
def workspace(requests_mock: Mocker, now: object) -> Workspace:
    """A workspace with a little of everything."""
    return Workspace(requests_mock)
