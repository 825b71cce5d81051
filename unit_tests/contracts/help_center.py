"""The help center."""

from typing import Final

from unit_tests.contracts.contract import Contract, Parent, Way

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
        "article_statistics",
        Way.CHILD,
        "GET",
        "articles/{id}",
        ("statistics",),
        "Read articles",
        answer="article_statistics",
        key=("article_id",),
        parent=Parent("articles", "article_id"),
        told_apart_by=(),
    ),
    Contract(
        "article_versions",
        Way.CHILD,
        "GET",
        "articles/{id}/versions",
        ("data",),
        "Read articles",
        answer="article_versions",
        parent=Parent("articles", "article_id"),
    ),
    Contract(
        "collections", Way.PAGES, "GET", "help_center/collections", ("data",), "Read articles", answer="collections"
    ),
    Contract(
        "help_centers", Way.WHOLE, "GET", "help_center/help_centers", ("data",), "Read articles", answer="help_centers"
    ),
    Contract(
        "help_center_redirects",
        Way.CHILD,
        "GET",
        "help_center/help_centers/{id}/redirects",
        ("data",),
        permission="",
        answer="help_center_redirects",
        parent=Parent("help_centers", "help_center_id"),
        scope="read_help_center_redirects_scope",
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
