"""The endpoints of the API, in the shapes of 2.16 (API notes 2 to 5)."""

import time
from collections.abc import Callable
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from intercom_sandbox.errors import JSON, ApiError, HtmlError, invalid
from intercom_sandbox.flags import asked_for
from intercom_sandbox.gate import TICKETS, missing_scope
from intercom_sandbox.search import SEARCHABLES, Search, cursor_of, dialect_for, envelope, page_size, parse, run
from intercom_sandbox.state import State
from intercom_sandbox.versions import adapt

_ARTICLES_PER_PAGE, _MOST_ARTICLES = 25, 250
_CONTACTS_PER_PAGE = 10


def _json(body: bytes) -> Response:
    return Response(body, media_type=JSON)


def _not_found() -> ApiError:
    return ApiError(404, "not_found", "Resource Not Found")


class Endpoints:
    """Answers requests that passed the gate."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._collections = state.workspace.collections

    def routes(self) -> list[Route]:
        """The routes of all endpoints."""
        lists = [
            self._whole("/admins", "admin.list", "admins"),
            self._whole("/teams", "team.list", "teams"),
            self._whole("/tags", "list", "data", kind="tags"),
        ]
        return [
            *lists,
            *(Route(f"/{kind}/search", self._search(kind), methods=["POST"]) for kind in SEARCHABLES),
            Route("/me", self.me),
            Route("/contacts", self._list("contacts", _CONTACTS_PER_PAGE)),
            Route("/conversations", self._list("conversations", SEARCHABLES["conversations"].per_page)),
            Route("/conversations/{id}", self.conversation),
            Route("/tickets/{id}", self.ticket),
            Route("/companies/scroll", self.scroll),
            Route("/segments", self.segments),
            Route("/data_attributes", self.data_attributes),
            Route("/articles", self.articles),
        ]

    async def me(self, request: Request) -> Response:
        """``GET /me``: the admin who owns the token, with the workspace (API notes 7.4). Needs no scope."""
        return _json(orjson.dumps(self._state.workspace.generator.cast.me(self._state.settings)))

    def _whole(self, path: str, envelope_type: str, key: str, kind: str | None = None) -> Route:
        """An endpoint that lists a collection on one page (API notes 2.2, style G)."""

        async def endpoint(request: Request) -> Response:
            fields = asked_for(request.scope)
            items = b",".join(record.served(fields) for record in self._collections[kind or key])
            return _json(b'{"type":"%b","%b":[%b]}' % (envelope_type.encode(), key.encode(), items))

        return Route(path, endpoint)

    def _search(self, kind: str) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            return self._page(kind, parse(await request.body(), SEARCHABLES[kind]), request)

        return endpoint

    def _list(self, kind: str, per_page: int) -> Callable[[Request], Any]:
        """``GET /contacts`` and ``GET /conversations``: everything, last updated first (API notes 3.1, 4.1)."""

        async def endpoint(request: Request) -> Response:
            size = page_size(request.query_params.get("per_page"), per_page)
            cursor = cursor_of(request.query_params.get("starting_after"), SEARCHABLES[kind])
            return self._page(kind, Search(None, "updated_at", descending=True, per_page=size, cursor=cursor), request)

        return endpoint

    def _page(self, kind: str, search: Search, request: Request) -> Response:
        """A page of search results. Conversations that are tickets need the tickets scope too (API notes 4.1)."""
        settings, version = self._state.settings, request.scope["version"]
        collection = self._collections[kind]
        index = collection.index
        index.catch_up(time.time() - settings.index_lag)
        dialect = dialect_for(SEARCHABLES[kind], settings, version)
        hide_tickets = kind == "conversations" and TICKETS in settings.without_scope
        page = run(search, index, dialect, hide_tickets=hide_tickets)
        records = collection.current(page.records) if settings.fresh_bodies else page.records
        fields = asked_for(request.scope)
        items = [adapt(kind, record.served(fields), version) for record in records]
        return _json(envelope(SEARCHABLES[kind], search, page, items))

    async def conversation(self, request: Request) -> Response:
        """``GET /conversations/{id}`` with its parts; a missing one is JSON or, by its id, a bare page.

        API notes 4.2. Without the tickets scope a conversation that is a ticket cannot be read (API notes 4.1).
        """
        item_id = request.path_params["id"]
        record = self._collections["conversations"].get(item_id)
        body = self._state.workspace.conversation(item_id)
        if record is None or body is None:
            raise HtmlError(404) if item_id.isdigit() and int(item_id) % 2 else _not_found()
        if record.is_ticket and TICKETS in self._state.settings.without_scope:
            raise missing_scope(TICKETS)
        return _json(adapt("conversations", body, request.scope["version"]))

    async def ticket(self, request: Request) -> Response:
        """``GET /tickets/{id}`` (API notes 3.4)."""
        record = self._collections["tickets"].get(request.path_params["id"])
        if record is None:
            raise ApiError(404, "ticket_not_found", "Ticket not found")
        return _json(adapt("tickets", record.raw, request.scope["version"]))

    async def scroll(self, request: Request) -> Response:
        """``GET /companies/scroll`` (API notes 5)."""
        param, expiry = request.query_params.get("scroll_param"), self._state.settings.scroll_expiry
        if param:
            param, records = self._state.scroll.proceed(param, expiry)
        else:
            param, records = self._state.scroll.start(self._collections["companies"], expiry)
        data = b",".join(record.raw for record in records)
        tail = b'"pages":null,"total_count":null,"scroll_param":"%b"}' % param.encode()
        return _json(b'{"type":"list","data":[%b],%b' % (data, tail))

    async def segments(self, request: Request) -> Response:
        """``GET /segments``: those of people, or with ``type=company`` those of companies (API notes 3.8)."""
        companies = request.query_params.get("type") == "company"
        segments = [record.parse() for record in self._collections["segments"]]
        of_companies = self._state.workspace.generator.cast.company_segments
        segments = [segment for segment in segments if (segment["id"] in of_companies) is companies]
        if request.query_params.get("include_count") != "true":
            for segment in segments:
                del segment["count"]
        return _json(orjson.dumps({"type": "segment.list", "segments": segments}))

    async def data_attributes(self, request: Request) -> Response:
        """``GET /data_attributes?model=&include_archived=`` (API notes 5b)."""
        model, archived = request.query_params.get("model"), request.query_params.get("include_archived") == "true"
        if model == "conversation" and request.scope["version"] >= (2, 16):
            message = "model=conversation is no longer supported. Use GET /conversations/attributes instead"
            raise ApiError(422, "parameter_invalid", message)
        if model not in (None, "contact", "company", "conversation"):
            raise invalid(f"Unknown model {model}")
        attributes = [record.parse() for record in self._collections["data_attributes"]]
        chosen = [each for each in attributes if model in (None, each["model"]) and (archived or not each["archived"])]
        return _json(orjson.dumps({"type": "list", "data": chosen}))

    async def articles(self, request: Request) -> Response:
        """``GET /articles``: page by page, last updated first; ``next`` is a URL, absent on the last page.

        Page 0 shows what page 1 shows (API notes 2.2, 3.10).
        """
        per_page = page_size(request.query_params.get("per_page"), _ARTICLES_PER_PAGE, _MOST_ARTICLES)
        asked = request.query_params.get("page", "1")
        if not asked.isdecimal():
            raise invalid("page must be a number")
        number = int(asked)
        records = sorted(self._collections["articles"], key=lambda record: (-record.updated_at, record.key))
        start = (max(number, 1) - 1) * per_page
        pages: dict[str, Any] = {"type": "pages", "page": number, "per_page": per_page}
        pages["total_pages"] = -(-len(records) // per_page)
        if number < pages["total_pages"]:
            pages["next"] = str(request.url.replace(query=f"per_page={per_page}&page={number + 1}"))
        head = orjson.dumps({"type": "list", "pages": pages, "total_count": len(records)})
        items = b",".join(record.raw for record in records[start : start + per_page])
        return _json(b'%b,"data":[%b]}' % (head[:-1], items))
