"""The sandbox's page, as its reader sees and uses it."""

from typing import Any

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from integration_tests.browser.screen import Screen
from intercom_sandbox.client import Sandbox

COUNTED = "return document.querySelector('#counts dt') !== null"
"""A script that returns true when everything is shown."""


class Front(Screen):
    """The page of one sandbox."""

    def __init__(self, browser: Chrome, sandbox: Sandbox) -> None:
        super().__init__(browser)
        self.sandbox = sandbox

    def open(self, **screen: Any) -> None:
        """Shows the page, on such a screen."""
        self.show(self.sandbox.url, until=COUNTED, **screen)

    def press(self, button: str, **fields: object) -> str:
        """Fills fields of a form in, by their ids, presses its button, and returns what the page says then."""
        for name, value in fields.items():
            self.run("document.getElementById(arguments[0]).value = arguments[1]", name.replace("_", "-"), str(value))
        self.run("document.querySelector('#outcome').textContent = ''")
        self.browser.find_element(By.CSS_SELECTOR, f"button[value='{button}']").click()
        self.wait("return document.querySelector('#outcome').textContent !== ''")
        (said,) = self.texts("#outcome")
        return said

    def counts(self) -> dict[str, int]:
        """The counts that are shown, by stream."""
        rows = zip(self.texts("#counts dt"), self.texts("#counts dd"), strict=True)
        return {stream: int(count.replace(",", "")) for stream, count in rows}

    def wait_for_counts(self, counts: dict[str, int]) -> None:
        """Waits until these counts are shown."""
        self.wait(_COUNTS, counts)

    def wait_for_windows(self, windows: list[list[int]]) -> None:
        """Waits until the table of the chart has these windows: when each began, what was let through and refused."""
        self.wait(_WINDOWS, windows[::-1])

    def wait_for_last(self, requests: list[dict[str, Any]]) -> None:
        """Waits until these entries of the log are shown, in their order."""
        answers = [
            (f"{each['method']} {each['path']}", str(each["status"]).replace("cut", "none")) for each in requests
        ]
        self.wait(_LAST, answers)

    def bars(self) -> list[tuple[str, float, float]]:
        """What a bar says of itself, and the heights of its two parts in shares of the limit's; empty ones left out."""
        bars = [(title, allowed, refused) for title, allowed, refused in self.run(_BARS)]
        return [(title, allowed, refused) for title, allowed, refused in bars if allowed or refused]


_COUNTS = """
const shown = Object.fromEntries([...document.querySelectorAll("#counts div")].map(
  (each) => [each.firstChild.textContent, +each.lastChild.textContent.replaceAll(",", "")]));
return Object.keys(arguments[0]).every((stream) => shown[stream] === arguments[0][stream]);
"""

_WINDOWS = """
const clock = (seconds) => new Date(seconds * 1000).toISOString().slice(11, 19);
const rows = [...document.querySelectorAll("#chart tbody tr")];
const shown = rows.map((row) => [...row.cells].map((cell) => cell.textContent));
return JSON.stringify(shown) === JSON.stringify(arguments[0].map(
  ([start, allowed, refused]) => [clock(start), String(allowed), String(refused)]));
"""

_LAST = """
const rows = [...document.querySelectorAll("#last tbody tr")];
const shown = rows.map(({cells}) => [cells[1].textContent.split("?")[0], cells[2].textContent]);
return JSON.stringify(shown) === JSON.stringify(arguments[0]);
"""

_BARS = """
const plot = document.querySelector("#chart .plot").getBoundingClientRect();
const limit = plot.bottom - document.querySelector("#chart .limit").getBoundingClientRect().bottom;
const share = (part) => part.getBoundingClientRect().height / limit;
return [...document.querySelectorAll("#chart .window")].map(
  (bar) => [bar.title, share(bar.querySelector(".allowed")), share(bar.querySelector(".refused"))]);
"""
