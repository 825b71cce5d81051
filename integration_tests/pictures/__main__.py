"""Draws all pictures anew, each with its words beside it."""

import sys
import tempfile
from pathlib import Path

from integration_tests.browser import chromium
from integration_tests.browser.screen import Screen
from integration_tests.connector import ROOT
from integration_tests.pictures.registry import PICTURES
from integration_tests.pictures.studio import studio


def main() -> None:
    """Writes the pictures and their words, and names each."""
    with (
        tempfile.TemporaryDirectory() as profile,
        chromium.running(Path(profile)) as browser,
        studio(Screen(browser)) as drawn,
    ):
        for picture in PICTURES:
            image, words = drawn(picture)
            picture.image.write_bytes(image)
            picture.words.write_text(words, encoding="utf-8")
            print(picture.image.relative_to(ROOT))  # noqa: T201


if __name__ == "__main__":
    try:
        main()
    except chromium.NoBrowser as missing:
        sys.exit(str(missing))
