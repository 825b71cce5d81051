"""What a workspace writes for its customers and its AI agent besides articles, and what that agent may use."""

from intercom_sandbox.cursored import Cursored
from intercom_sandbox.data.beside import copies
from intercom_sandbox.data.executions import Executions
from intercom_sandbox.errors import ApiError
from intercom_sandbox.executions import Executed
from intercom_sandbox.kind import Beside, Kind, Path
from intercom_sandbox.pages import Next, Numbered, last_updated_first, newest_first_of_parent
from intercom_sandbox.scopes import CONVERSATIONS, NEWS, Scope
from intercom_sandbox.shapes import Single

_TEN = Numbered(last_updated_first, Next.NUMBERS, per_page=10, most=50)
_FIFTY = Numbered(last_updated_first, Next.NUMBERS, per_page=50, most=50)
_FIFTY_ON_TOP = Numbered(last_updated_first, Next.TOP_LEVEL, per_page=50, most=50)


def _no_newsfeed(item_id: str) -> Exception:
    return ApiError(404, "not_found", "Resource Not Found")


def _scope(what: str) -> Scope:
    """A scope that Intercom's documentation does not name (API notes 7.3)."""
    name = f"read_{what.replace(' ', '_')}"
    return Scope(name, f"Read {what}", f"List all {what}", told=True)


_CONNECTORS = _scope("data connectors")


def _no_connector(item_id: str) -> Exception:
    return ApiError(404, "data_connector_not_found", "Data connector not found")


ROWS = (
    Kind("macros", (Path("/macros", Cursored(50, 150, "updated_since"), CONVERSATIONS),), count=40),
    Kind("news_items", (Path("/news/news_items", _TEN, NEWS),), visible="title", numeric_ids=True, count=23),
    Kind(
        "newsfeeds",
        (Path("/news/newsfeeds", _TEN, NEWS), Path("/news/newsfeeds/{id}", Single(_no_newsfeed), NEWS)),
        numeric_ids=True,
        count=12,
    ),
    Kind(
        "newsfeed_items",
        (
            Path(
                "/news/newsfeeds/{id}/items",
                Numbered(
                    newest_first_of_parent(lambda _, item_id: _no_newsfeed(item_id)), Next.NUMBERS, per_page=20, most=50
                ),
                NEWS,
            ),
        ),
        nested=Beside("newsfeeds", {"newsfeed_id": "id"}, copies("newsfeed_items", page=20)),
        key=("newsfeed_id", "id"),
        visible="title",
    ),
    Kind(
        "content_snippets",
        (Path("/content_snippets", _FIFTY_ON_TOP, _scope("content snippets")),),
        visible="title",
        numeric_ids=True,
        count=60,
    ),
    Kind("audiences", (Path("/audiences", _FIFTY_ON_TOP, _scope("audiences")),), numeric_ids=True, count=55),
    Kind(
        "ai_content_import_sources",
        (Path("/ai/content_import_sources", _FIFTY, _scope("content import sources")),),
        visible="url",
        numeric_ids=True,
        count=55,
    ),
    Kind(
        "ai_external_pages",
        (Path("/ai/external_pages", _FIFTY, _scope("external pages")),),
        visible="title",
        numeric_ids=True,
        count=110,
    ),
    Kind(
        "data_connectors",
        (
            Path("/data_connectors", Cursored(20, 50), _CONNECTORS),
            Path("/data_connectors/{id}", Single(_no_connector), _CONNECTORS),
        ),
        numeric_ids=True,
        count=55,
    ),
    Kind(
        "data_connector_results",
        (Path("/data_connectors/{id}/execution_results", Executed(10, 30), _CONNECTORS),),
        nested=Beside("data_connectors", {"data_connector_id": "id"}, Executions),
        key=("data_connector_id", "id"),
        visible="request_url",
    ),
)
