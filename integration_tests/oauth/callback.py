"""The end of a sign-in: the page of the platform that the provider sends the user back to."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Thread
from urllib.parse import parse_qsl, urlsplit

PATH = "/auth_flow"
"""Where Airbyte's form waits for the user (`OAUTH_REDIRECT_URL` in airbyte-webapp's useConnectorAuth)."""

_PATIENCE = 60
_PAGE = b"<!doctype html><title>Signed in</title><p>You can close this window."


class Callback:
    """A running callback page."""

    def __init__(self, url: str, queries: Queue[dict[str, str]]) -> None:
        self.url = url
        self._queries = queries

    def query(self) -> dict[str, str]:
        """The query with which the user comes back; waits for it."""
        return self._queries.get(timeout=_PATIENCE)

    @property
    def untouched(self) -> bool:
        """Whether nobody came back whom nobody has waited for."""
        return self._queries.empty()


@contextmanager
def listening() -> Iterator[Callback]:
    """A callback page on a free port of this machine."""
    queries: Queue[dict[str, str]] = Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == PATH:
                queries.put(dict(parse_qsl(parts.query)))
            self.send_response(200 if parts.path == PATH else 404)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(_PAGE)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the base class's name
            """Says nothing: the query holds the code."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield Callback(f"http://127.0.0.1:{server.server_port}{PATH}", queries)
        server.shutdown()
