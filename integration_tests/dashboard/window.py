"""The page of charts, as its reader sees it."""

from pathlib import Path

from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By

from integration_tests.browser.screen import Screen

MARK = "[role='graphics-symbol']"


def drawn(dark: bool) -> str:
    """A script that returns true when the charts are drawn in the colours for that."""
    return f"return document.body.dataset.drawn === '{'dark' if dark else 'light'}'"


class Window(Screen):
    """Shows pages whose charts are drawn."""

    def open(self, page: Path, *, width: int = 1100, dark: bool = False, zone: str = "UTC") -> None:
        """Shows a page when its charts are drawn; `width` is in CSS pixels, `zone` is the reader's."""
        self.show(page.as_uri(), width=width, dark=dark, zone=zone, until=drawn(dark))

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
