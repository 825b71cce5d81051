"""The pictures in the documentation show what the page says now.

Pictures differ from machine to machine, by fonts for one; so the words of the page are kept beside them. Both are made
anew where the environment variable SCREENSHOTS says so, see docs/dashboard.md.
"""

from pathlib import Path

import pytest

from integration_tests.connector import ROOT
from integration_tests.dashboard.window import Window
from integration_tests.oauth.browser import save

WORDS = ROOT / "docs" / "images" / "dashboard.txt"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_pictures_words_are_what_the_page_says(page: Path, window: Window, dark: bool) -> None:
    window.open(page, dark=dark)
    said = window.said()
    save(said.encode(), WORDS.name)
    if dark:
        save(window.picture(790), "dashboard-dark.png")
    else:
        save(window.picture(5_000), "dashboard-light.png")
    assert WORDS.read_text(encoding="utf-8") == said


def test_the_picture_of_a_phone_has_the_same_titles(page: Path, window: Window) -> None:
    window.open(page, width=390)
    titles = window.texts("h1, h2, figcaption")
    save(window.picture(1_380), "dashboard-phone.png")
    assert titles
    assert [line for line in WORDS.read_text(encoding="utf-8").splitlines() if line in titles] == titles
