"""A proxy as companies have it: clients ask it to CONNECT them to a host, and then talk to that through it."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from select import select
from threading import Thread

PIECE = 65_536


class Proxy(ThreadingHTTPServer):
    """`connected` names the hosts that clients asked for, with their ports.

    :param refusal: the status with which it refuses to connect; None connects
    """

    daemon_threads = True

    def __init__(self, refusal: int | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Tunnel)
        self.refusal = refusal
        self.connected: list[str] = []

    @property
    def url(self) -> str:
        """Its address, as in HTTPS_PROXY."""
        return f"http://127.0.0.1:{self.server_port}"


class _Tunnel(BaseHTTPRequestHandler):
    server: Proxy

    def do_CONNECT(self) -> None:
        self.server.connected.append(self.path)
        if self.server.refusal:
            self.send_response(self.server.refusal)
            self.end_headers()
            return
        host, port = self.path.split(":")
        with socket.create_connection((host, int(port))) as there:
            self.send_response(200)
            self.end_headers()
            other = {self.connection: there, there: self.connection}
            while True:
                for ready in select(list(other), [], [])[0]:
                    piece = ready.recv(PIECE)
                    if not piece:
                        return
                    other[ready].sendall(piece)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as in http.server
        pass


@contextmanager
def proxying(refusal: int | None = None) -> Iterator[Proxy]:
    """A proxy that runs in a thread of its own."""
    with Proxy(refusal) as proxy:
        Thread(target=proxy.serve_forever, daemon=True).start()
        try:
            yield proxy
        finally:
            proxy.shutdown()
