"""The pictures in the documentation show what the pages say now."""

import re
from collections.abc import Iterator

import pytest
from selenium.webdriver import Chrome

from integration_tests.browser.screen import Screen, tab
from integration_tests.connector import ROOT
from integration_tests.pictures.registry import IMAGES, PICTURES, Picture
from integration_tests.pictures.studio import Drawn, studio

PNG = b"\x89PNG\r\n"


@pytest.fixture(scope="module")
def drawn(browser: Chrome) -> Iterator[Drawn]:
    with tab(browser) as own, studio(Screen(own)) as draws:
        yield draws


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_the_pictures_words_are_what_the_page_says(drawn: Drawn, picture: Picture) -> None:
    image, words = drawn(picture)
    assert image.startswith(PNG)
    assert picture.words.read_text(encoding="utf-8") == words, "run: make pictures"


def test_every_picture_is_drawn_and_every_drawn_one_is_shown() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    shown = [
        name
        for page in pages
        for name in re.findall(r"!\[[^\]]+\]\((?:docs/)?images/([\w-]+)\.png\)", page.read_text())
    ]
    assert sorted(shown) == sorted(picture.name for picture in PICTURES)
    assert {*IMAGES.iterdir()} == {file for picture in PICTURES for file in (picture.image, picture.words)}
