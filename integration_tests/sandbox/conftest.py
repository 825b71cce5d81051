from collections.abc import Iterator
from dataclasses import asdict, fields

import pytest

from integration_tests.sandbox.api import Api
from intercom_sandbox.client import Sandbox, start
from intercom_sandbox.settings import Settings

CONDUCT = {
    "timezone",
    "contact_dates",
    "bounds",
    "index_lag",
    "fresh_bodies",
    "scroll_expiry",
    "rate_limit",
    "other_clients",
}
CONDUCT |= {"reset_late", "without_scope", "search_latency", "get_latency", "jitter"}
CONDUCT |= {"refused_parameter", "parameter_refusal", "app_version", "activity_log_days"}
CONDUCT |= {each.name for each in fields(Settings) if each.name.startswith(("export_", "report_", "expired_"))}
CONDUCT |= {"newest_version", "deleted_order", "activity_store_down"}


@pytest.fixture(scope="module")
def running(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """One sandbox per module, with the module's SETTINGS."""
    with start(**getattr(request.module, "SETTINGS", {})) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(request: pytest.FixtureRequest, running: Sandbox) -> Iterator[Sandbox]:
    """The module's sandbox; whatever a test switched on is off again afterwards."""
    yield running
    running.faults([])
    running.schedule([])
    running.revoke(False)
    running.hold_scroll(0)
    running.job_faults([])
    running.end_jobs()
    settings = asdict(Settings(**getattr(request.module, "SETTINGS", {})))
    running.configure(**{name: settings[name] for name in CONDUCT})


@pytest.fixture
def api(sandbox: Sandbox) -> Api:
    return Api(sandbox)
