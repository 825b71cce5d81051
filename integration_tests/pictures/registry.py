"""Which pictures there are: what each shows, and how."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from integration_tests.connector import ROOT
from integration_tests.dashboard.window import drawn
from integration_tests.front.front import COUNTED
from integration_tests.pictures import pages

IMAGES = ROOT / "docs" / "images"


@dataclass(frozen=True)
class Picture:
    """A picture of a page.

    :param page: brings the page up, and yields its address
    :param shows: the selector of what is shown, from its top
    :param most: the height of which no more is shown, as `width` in CSS pixels
    :param scale: pixels of the picture for each of CSS
    :param in_charts: whether the words in charts count: on a narrow screen it is up to a machine's fonts which ones fit
    :param before: a script that runs before those of the page
    :param until: a script that returns true once the page is drawn
    """

    name: str
    page: Callable[[], AbstractContextManager[str]]
    shows: str = "html"
    width: int = 1100
    most: int = 5000
    scale: float = 1
    dark: bool = False
    in_charts: bool = True
    before: str = ""
    until: str = "return true"

    @property
    def image(self) -> Path:
        """Its file."""
        return IMAGES / f"{self.name}.png"

    @property
    def words(self) -> Path:
        """The file of what can be read on the page."""
        return IMAGES / f"{self.name}.txt"


PICTURES: Final = (
    Picture("connection-form", pages.form, "#form", width=780, scale=1.5),
    Picture("consent-page", pages.consent, "main", width=640, scale=1.5),
    Picture("dashboard-light", pages.dashboard, until=drawn(dark=False)),
    Picture("dashboard-dark", pages.dashboard, most=790, dark=True, until=drawn(dark=True)),
    Picture("dashboard-phone", pages.dashboard, width=390, most=1380, in_charts=False, until=drawn(dark=False)),
    Picture("sandbox", pages.sandbox, before=pages.FIVE_MINUTES, until=COUNTED),
    Picture("sandbox-phone", pages.sandbox, width=390, most=1380, dark=True, before=pages.FIVE_MINUTES, until=COUNTED),
)
