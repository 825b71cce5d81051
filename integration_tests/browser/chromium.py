"""A headless Chromium."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, ChromeOptions, ChromeService

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_DRIVERS = ("chromedriver",)
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
    "--window-size=1000,2000",
)


class NoBrowser(Exception):  # noqa: N818 - the machine's state, not ours
    """There is no Chromium here, or no driver for it; the message says what to install."""


@contextmanager
def running(profile: Path) -> Iterator[Chrome]:
    """A browser with an empty profile. ``NoBrowser`` where there is none."""
    browser, driver = _first(_BROWSERS), _first(_DRIVERS)
    if browser is None or driver is None:
        raise NoBrowser("No Chromium with chromedriver here. On Debian: apt-get install chromium chromium-driver")
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


def _first(names: tuple[str, ...]) -> str | None:
    return next(filter(None, map(shutil.which, names)), None)
