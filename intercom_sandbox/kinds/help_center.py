"""The help center."""

from intercom_sandbox.data.articles import Articles
from intercom_sandbox.data.beside import article_statistics, copies
from intercom_sandbox.data.collections import HelpCenterCollections
from intercom_sandbox.errors import ApiError
from intercom_sandbox.kind import Beside, Derived, Kind, Path
from intercom_sandbox.pages import Next, Numbered, last_updated_first, newest_first_of_parent
from intercom_sandbox.scopes import ARTICLES, unnamed
from intercom_sandbox.shapes import Single, Whole, WithRow


def _not_there(item_id: str) -> Exception:
    return ApiError(404, "not_found", "Resource Not Found")


ROWS = (
    Kind(
        "articles",
        (Path("/articles", Numbered(last_updated_first, Next.URL_OR_ABSENT, per_page=25, most=250), ARTICLES),),
        visible="title",
        numeric_ids=True,
        stage=3,
        builder=lambda generator: Articles(generator.seed, generator.cast, generator.texts).make,
    ),
    Kind(
        "article_statistics",
        (Path("/articles/{id}", WithRow("statistics", _not_there), ARTICLES),),
        nested=Derived("articles", {"article_id": "id"}, article_statistics),
        key=("article_id",),
    ),
    Kind(
        "article_versions",
        (
            Path(
                "/articles/{id}/versions",
                Numbered(
                    newest_first_of_parent(lambda _, item_id: _not_there(item_id)), Next.NUMBERS, per_page=25, most=50
                ),
                ARTICLES,
            ),
        ),
        nested=Beside("articles", {"article_id": "id"}, copies("article_versions", "article_id", 25)),
        visible="title",
    ),
    Kind(
        "collections",
        (
            Path(
                "/help_center/collections",
                Numbered(last_updated_first, Next.NUMBERS, per_page=20, most=150),
                ARTICLES,
            ),
        ),
        numeric_ids=True,
        stage=5,
        builder=lambda generator: HelpCenterCollections(generator).make,
    ),
    Kind(
        "help_centers",
        (
            Path("/help_center/help_centers", Whole("list", "data"), ARTICLES),
            Path("/help_center/help_centers/{id}", Single(_not_there), ARTICLES),
        ),
        visible="display_name",
        numeric_ids=True,
        count=4,
    ),
    Kind(
        "help_center_redirects",
        (
            Path(
                "/help_center/help_centers/{id}/redirects",
                Numbered(
                    newest_first_of_parent(lambda _, item_id: _not_there(item_id)), Next.NUMBERS, per_page=50, most=250
                ),
                unnamed("read_help_center_redirects_scope", "List all redirects of help centers"),
            ),
        ),
        nested=Beside("help_centers", {"help_center_id": "id"}, copies("help_center_redirects", "help_center_id", 250)),
        visible="from_url",
    ),
    Kind(
        "internal_articles",
        (Path("/internal_articles", Numbered(last_updated_first, Next.NUMBERS, per_page=25, most=50), ARTICLES),),
        visible="title",
        numeric_ids=True,
        count=60,
    ),
)
