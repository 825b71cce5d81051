"""The help center."""

from typing import Final

from unit_tests.contracts.contract import Contract, Way

ROWS: Final = (
    Contract(
        "articles",
        Way.PAGES,
        "GET",
        "articles",
        ("data",),
        "Read articles",
        answer="articles",
        single="article",
        without=("statistics",),
    ),
    Contract(
        "collections", Way.PAGES, "GET", "help_center/collections", ("data",), "Read articles", answer="collections"
    ),
    Contract(
        "help_centers", Way.WHOLE, "GET", "help_center/help_centers", ("data",), "Read articles", answer="help_centers"
    ),
    Contract(
        "internal_articles",
        Way.PAGES,
        "GET",
        "internal_articles",
        ("data",),
        "Read articles",
        answer="internal_articles",
    ),
)
