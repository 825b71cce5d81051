"""A headless Chromium."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, ChromeOptions, ChromeService

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_DRIVERS = ("chromedriver",)
_MISSING = "No Chromium with chromedriver here. On Debian: apt-get install chromium chromium-driver"
_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--no-proxy-server",
    "--no-first-run",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-device-scale-factor=1.5",
    "--window-size=1000,2000",
)


@contextmanager
def running(profile: Path) -> Iterator[Chrome]:
    """A browser with an empty profile; skips the test where there is none, but fails it when CI is set."""
    browser, driver = _first(_BROWSERS), _first(_DRIVERS)
    if browser is None or driver is None:
        if os.environ.get("CI"):
            pytest.fail(_MISSING)
        pytest.skip(_MISSING)
    options = ChromeOptions()
    options.binary_location = browser
    for flag in (*_FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("NO_PROXY", "127.0.0.1,localhost")
        started = Chrome(options, ChromeService(driver))
        try:
            yield started
        finally:
            started.quit()


def save(content: bytes, name: str) -> None:
    """Writes a file into the directory that the environment variable SCREENSHOTS names, if it does."""
    if directory := os.environ.get("SCREENSHOTS"):
        Path(directory).mkdir(parents=True, exist_ok=True)
        Path(directory, name).write_bytes(content)


def _first(names: tuple[str, ...]) -> str | None:
    return next(filter(None, map(shutil.which, names)), None)
