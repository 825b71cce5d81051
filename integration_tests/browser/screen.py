"""A browser's window, as large and as dark as a reader's screen."""

from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium.webdriver import Chrome
from selenium.webdriver.support.wait import WebDriverWait

PATIENCE = 60
"""Seconds after which what is waited for counts as not there."""

_SAID = Path(__file__).with_name("said.js").read_text(encoding="utf-8")


class Screen:
    """One page at a time. A page that is a file has no network."""

    def __init__(self, browser: Chrome) -> None:
        self.browser = browser
        self._tell("Emulation.setScrollbarsHidden", hidden=True)
        self._tell("Network.enable")

    def show(
        self,
        address: str,
        *,
        width: int = 1100,
        dark: bool = False,
        zone: str = "UTC",
        before: str = "",
        until: str = "return true",
    ) -> None:
        """Opens a page.

        :param width: in CSS pixels
        :param zone: the reader's
        :param before: a script that runs before those of the page
        :param until: a script that returns true once the page is drawn
        """
        self.resize(width, 800)
        self._tell("Emulation.setTimezoneOverride", timezoneId=zone)
        self.darken(dark)
        offline = address.startswith("file:")
        speed = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        self._tell("Network.emulateNetworkConditions", offline=offline, **speed)
        self.complaints()  # about the page before, which are forgotten with that
        script = self._tell("Page.addScriptToEvaluateOnNewDocument", source=before)
        self.browser.get(address)
        self._tell("Page.removeScriptToEvaluateOnNewDocument", **script)
        self.wait(until)

    def resize(self, width: int, height: int) -> None:
        """Makes it so large, in CSS pixels; narrow ones are phones."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
        self._tell("Emulation.setDeviceMetricsOverride", **metrics)

    def darken(self, dark: bool) -> None:
        """Changes what the reader prefers."""
        preferred = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._tell("Emulation.setEmulatedMedia", features=[preferred])

    def wait(self, script: str, *arguments: Any) -> None:
        """Waits until a script in the page returns true."""
        WebDriverWait(self.browser, PATIENCE).until(lambda browser: browser.execute_script(script, *arguments))

    def run(self, script: str, *arguments: Any) -> Any:
        """What a script in the page returns."""
        return self.browser.execute_script(script, *arguments)

    def texts(self, selector: str) -> list[str]:
        """The texts of all such elements."""
        found: list[str] = self.run(
            "return [...document.querySelectorAll(arguments[0])].map((each) => each.textContent.trim())", selector
        )
        return found

    def said(self, *, in_charts: bool = True) -> str:
        """All that can be read on the page: a line for each text and field, for the words in a chart, for its marks.

        :param in_charts: False leaves out the words in charts
        """
        return "\n".join(self.run(_SAID, in_charts)) + "\n"

    def complaints(self) -> list[str]:
        """Errors and warnings of the console since the page was opened, or since this was asked."""
        entries: list[dict[str, str]] = self.browser.get_log("browser")  # type: ignore[no-untyped-call]
        return [entry["message"] for entry in entries]

    def loaded(self) -> list[str]:
        """The addresses of all that the page has asked for, besides itself."""
        found: list[str] = self.run("return performance.getEntriesByType('resource').map((each) => each.name)")
        return found

    def picture(self, selector: str, most: int, scale: float) -> bytes:
        """An element from its top, as PNG; so high as it is, or so many CSS pixels. A pixel of CSS has `scale`."""
        box = self.run(_BOX, selector)
        clip = {**box, "height": min(box["height"], most), "scale": scale}
        taken = self._tell("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)
        return b64decode(taken["data"])

    def _tell(self, command: str, **parameters: Any) -> Any:
        return self.browser.execute_cdp_cmd(command, parameters)


_BOX = """
const {x, y, width, height} = document.querySelector(arguments[0]).getBoundingClientRect();
return {x: x + scrollX, y: y + scrollY, width, height};
"""
"""The place of an element in the page, in CSS pixels."""


@contextmanager
def tab(browser: Chrome) -> Iterator[Chrome]:
    """A tab of its own: what its page was shown with ends with it."""
    before = browser.current_window_handle
    browser.switch_to.new_window("tab")
    try:
        yield browser
    finally:
        browser.close()
        browser.switch_to.window(before)
