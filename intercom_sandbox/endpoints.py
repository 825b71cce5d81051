"""The endpoints of the API: those of the kinds, and ``/me``; in the shapes of 2.16 (API notes 2 to 5)."""

from collections.abc import Callable
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from intercom_sandbox.asked import Asked
from intercom_sandbox.errors import JSON
from intercom_sandbox.kind import Kind, Path
from intercom_sandbox.kinds import KINDS
from intercom_sandbox.state import State
from intercom_sandbox.versions import unavailable


class Endpoints:
    """Answers requests that passed the gate."""

    def __init__(self, state: State) -> None:
        self._state = state

    def routes(self) -> list[Route]:
        """The routes of all endpoints; a path with an id comes after those that it would match too."""
        paths = [(kind, path) for kind in KINDS.values() for path in kind.paths]
        paths.sort(key=lambda pair: "{" in pair[1].path)
        answers = [Route(path.path, self._answer(kind, path), methods=[path.method]) for kind, path in paths]
        return [Route("/me", self.me), *answers]

    async def me(self, request: Request) -> Response:
        """``GET /me``: the admin who owns the token, with the workspace (API notes 7.4). Needs no scope."""
        return _json(orjson.dumps(self._state.workspace.generator.cast.me(self._state.settings)))

    def _answer(self, kind: Kind, path: Path) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            asked = Asked(self._state, kind, path, request)
            if asked.version < path.since:
                raise unavailable()
            return _json(await path.shape.answer(asked))

        return endpoint


def _json(body: bytes) -> Response:
    return Response(body, media_type=JSON)
