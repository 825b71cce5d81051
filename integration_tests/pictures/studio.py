"""Where pictures are drawn."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cache

from integration_tests.browser.screen import Screen
from integration_tests.pictures.registry import Picture

Drawn = Callable[[Picture], tuple[bytes, str]]
"""Draws a picture: its PNG, and what can be read on the page."""


@contextmanager
def studio(screen: Screen) -> Iterator[Drawn]:
    """Draws pictures; a page that several show is brought up once."""
    with ExitStack() as stack:

        @cache
        def address(page: Callable[[], AbstractContextManager[str]]) -> str:
            return stack.enter_context(page())

        def draw(picture: Picture) -> tuple[bytes, str]:
            screen.show(
                address(picture.page),
                width=picture.width,
                dark=picture.dark,
                before=picture.before,
                until=picture.until,
            )
            words = screen.said(in_charts=picture.in_charts)  # before the picture, for which the page is laid out anew
            return screen.picture(picture.shows, picture.most, picture.scale), words

        yield draw
