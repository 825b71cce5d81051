"""The help center."""

from intercom_sandbox.data.articles import Articles
from intercom_sandbox.data.collections import HelpCenterCollections
from intercom_sandbox.kind import Kind, Path
from intercom_sandbox.pages import Next, Numbered, last_updated_first
from intercom_sandbox.scopes import ARTICLES

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
)
