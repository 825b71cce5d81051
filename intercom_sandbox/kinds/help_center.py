"""The help center."""

from intercom_sandbox.data.articles import Articles
from intercom_sandbox.data.collections import HelpCenterCollections
from intercom_sandbox.kind import Kind, Path
from intercom_sandbox.pages import Next, Numbered, last_updated_first
from intercom_sandbox.scopes import ARTICLES
from intercom_sandbox.shapes import Whole

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
        (Path("/help_center/help_centers", Whole("list", "data"), ARTICLES),),
        visible="display_name",
        numeric_ids=True,
        count=4,
    ),
    Kind(
        "internal_articles",
        (Path("/internal_articles", Numbered(last_updated_first, Next.NUMBERS, per_page=25, most=50), ARTICLES),),
        visible="title",
        numeric_ids=True,
        count=60,
    ),
)
