"""The directory in which the standard tests find the connector's files, and configs for a sandbox among them."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from integration_tests.connector import CURSORS, ROOT, START_DATE, state_messages

CONFIG_FILES: Final = ("acceptance-test-config.yml", "metadata.yaml", "integration_tests/acceptance/configs")

FUTURE: Final = 9_999_999_999
"""A second that no record reaches before the year 2286."""

current: Path = ROOT
"""The project's own directory, or, within `connector_root`, the temporary one."""


@contextmanager
def connector_root(directory: Path, access_token: str) -> Iterator[Path]:
    """Lets the suites meanwhile find the connector's files in a directory, together with configs for a sandbox."""
    root = directory / "source-intercom"
    for name in CONFIG_FILES:
        target = root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target)
        else:
            shutil.copy(ROOT / name, target)
    with configs_for_sandbox(root, access_token), pytest.MonkeyPatch.context() as patch:
        patch.setattr(f"{__name__}.current", root)
        yield root


@contextmanager
def configs_for_sandbox(root: Path, access_token: str) -> Iterator[None]:
    """Meanwhile keeps the files that acceptance-test-config.yml names in a connector's directory, below secrets/."""
    directory = root / "secrets"
    directory.mkdir()
    files: dict[str, Any] = {
        **_configs(access_token),
        "incremental_catalog": {"streams": [_configured(stream) for stream in CURSORS]},
        "future_state": state_messages({stream: {cursor: FUTURE} for stream, cursor in CURSORS.items()}),
    }
    for name, content in files.items():
        (directory / f"{name}.json").write_text(json.dumps(content))
    try:
        yield
    finally:
        shutil.rmtree(directory)


def _configured(stream: str) -> dict[str, Any]:
    """A stream that is read incrementally."""
    return {
        "stream": {"name": stream, "json_schema": {}, "supported_sync_modes": ["full_refresh", "incremental"]},
        "sync_mode": "incremental",
        "destination_sync_mode": "append_dedup",
    }


def _configs(access_token: str) -> dict[str, dict[str, Any]]:
    app = {"client_id": "client-of-the-sandbox-1", "client_secret": "secret-of-the-sandbox-1"}
    return {
        "config": {
            "credentials": {"auth_type": "AccessToken", "access_token": access_token},
            "start_date": START_DATE,
        },
        "oauth_config": {
            "credentials": {"auth_type": "Client", **app, "access_token": access_token},
            "start_date": START_DATE,
            "region": "US",
            "lookback_window": 1,
            "num_workers": 4,
        },
        "flat_config": {
            "access_token": access_token,
            "start_date": START_DATE,
            "lookback_window": 0,
            "activity_logs_time_step": 30,
        },
    }
