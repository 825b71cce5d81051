"""What a workspace writes besides articles, and what its AI agents use."""

from typing import Final

from unit_tests.contracts.contract import Contract, Way

ROWS: Final = (
    Contract(
        "macros",
        Way.CURSORS,
        "GET",
        "macros",
        ("data",),
        "Read conversations",
        answer="macros",
        cursor="updated_at",
    ),
    Contract(
        "news_items",
        Way.PAGES,
        "GET",
        "news/news_items",
        ("data",),
        "Read and List news items and newsfeeds",
        answer="news_items",
    ),
    Contract(
        "newsfeeds",
        Way.PAGES,
        "GET",
        "news/newsfeeds",
        ("data",),
        "Read and List news items and newsfeeds",
        answer="newsfeeds",
    ),
    Contract(
        "content_snippets",
        Way.PAGES,
        "GET",
        "content_snippets",
        ("data",),
        "",
        answer="content_snippets",
        scope="read_content_snippets",
    ),
    Contract("audiences", Way.PAGES, "GET", "audiences", ("data",), "", answer="audiences", scope="read_audiences"),
    Contract(
        "ai_content_import_sources",
        Way.PAGES,
        "GET",
        "ai/content_import_sources",
        ("data",),
        "",
        answer="ai_content_import_sources",
        scope="read_content_import_sources",
    ),
    Contract(
        "ai_external_pages",
        Way.PAGES,
        "GET",
        "ai/external_pages",
        ("data",),
        "",
        answer="ai_external_pages",
        scope="read_external_pages",
    ),
    Contract(
        "data_connectors",
        Way.CURSORS,
        "GET",
        "data_connectors",
        ("data",),
        "",
        answer="data_connectors",
        scope="read_data_connectors",
    ),
)
