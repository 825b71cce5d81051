"""A browser's window, as large and as dark as a reader's screen."""

from base64 import b64decode
from pathlib import Path
from typing import Any

from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

PATIENCE = 60
"""Seconds after which charts count as not drawn."""

MARK = "[role='graphics-symbol']"

SAID = """
const texts = (element, selector) => [...element.querySelectorAll(selector)].map((each) => each.textContent);
const kinds = (chart) => [...chart.querySelectorAll("MARK")].map((each) => each.ariaRoleDescription);
const counted = (all) => [...new Set(all)].map((one) => all.filter((each) => each === one).length + " times " + one);
return [...document.querySelectorAll("h1, h2, p, figcaption, .chart")].filter((each) => each.offsetParent).flatMap(
  (each) => each.matches(".chart")
    ? [texts(each, "svg text").join(" | "), counted(kinds(each)).join(", ")]
    : [each.textContent.trim()]);
""".replace("MARK", MARK)
"""What can be read in the page, line by line."""


class Window:
    """One page at a time, without a network."""

    def __init__(self, browser: Chrome) -> None:
        self.browser = browser
        self._tell("Emulation.setScrollbarsHidden", hidden=True)
        self._tell("Network.enable")
        self._tell(
            "Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=-1, uploadThroughput=-1
        )

    def open(self, page: Path, *, width: int = 1100, dark: bool = False, zone: str = "UTC") -> None:
        """Shows a page when its charts are drawn; `width` is in CSS pixels, `zone` is the reader's."""
        self.resize(width, 800)
        self._tell("Emulation.setTimezoneOverride", timezoneId=zone)
        self.darken(dark)
        self.complaints()  # about the page before, which are forgotten with that
        self.browser.get(page.as_uri())
        self.await_scheme(dark)

    def resize(self, width: int, height: int) -> None:
        """Makes it so large, in CSS pixels; narrow ones are phones."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
        self._tell("Emulation.setDeviceMetricsOverride", **metrics)

    def darken(self, dark: bool) -> None:
        """Changes what the reader prefers."""
        preferred = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._tell("Emulation.setEmulatedMedia", features=[preferred])

    def await_scheme(self, dark: bool) -> None:
        """Waits until the charts are drawn in the colours for that."""
        self.wait(f"return document.body.dataset.drawn === '{'dark' if dark else 'light'}'")

    def wait(self, script: str) -> None:
        """Waits until a script in the page returns true."""
        WebDriverWait(self.browser, PATIENCE).until(lambda browser: browser.execute_script(script))

    def run(self, script: str, *arguments: Any) -> Any:
        """What a script in the page returns."""
        return self.browser.execute_script(script, *arguments)

    def texts(self, selector: str) -> list[str]:
        """The texts of all such elements."""
        found: list[str] = self.run(
            "return [...document.querySelectorAll(arguments[0])].map((each) => each.textContent.trim())", selector
        )
        return found

    def point_at(self, selector: str) -> None:
        """Moves the mouse to the first such element."""
        element = self.browser.find_element(By.CSS_SELECTOR, selector)
        self.run("arguments[0].scrollIntoView()", element)
        ActionChains(self.browser).move_to_element(element).perform()

    def marks(self, place: str, kind: str) -> list[dict[str, str]]:
        """What each mark of a kind, such as `bar`, tells of itself in the chart at this place: values by name."""
        labels: list[str] = self.run(
            "return [...document.querySelectorAll(arguments[0])].map((each) => each.getAttribute('aria-label'))",
            f"#{place} {MARK}[aria-roledescription='{kind}']",
        )
        return [dict(value.split(": ", 1) for value in label.split("; ")) for label in labels]

    def said(self) -> str:
        """All that can be read on the page: a line for each text, for the words in a chart, and for its marks."""
        return "\n".join(self.run(SAID)) + "\n"

    def complaints(self) -> list[str]:
        """Errors and warnings of the console since the page was opened, or since this was asked."""
        entries: list[dict[str, str]] = self.browser.get_log("browser")  # type: ignore[no-untyped-call]
        return [entry["message"] for entry in entries]

    def loaded(self) -> list[str]:
        """The addresses of all that the page has asked for, besides itself."""
        found: list[str] = self.run("return performance.getEntriesByType('resource').map((each) => each.name)")
        return found

    def picture(self, most: int) -> bytes:
        """The page from its top, as PNG; so high as it is, or so many CSS pixels."""
        width, height = self.run("return [innerWidth, document.documentElement.scrollHeight]")
        self.resize(width, min(height, most))
        return b64decode(self.browser.get_screenshot_as_base64())

    def _tell(self, command: str, **parameters: Any) -> None:
        self.browser.execute_cdp_cmd(command, parameters)
