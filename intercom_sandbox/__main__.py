"""Serves a sandbox until it is told to stop. Prints one line of JSON when it is ready."""

import gc
import signal
import socket
import sys
from pathlib import Path
from types import FrameType

import orjson
import uvicorn

from intercom_sandbox.app import build
from intercom_sandbox.certificates import Certificates, issue
from intercom_sandbox.settings import Settings, parse
from intercom_sandbox.state import State


class _Server(uvicorn.Server):
    """Announces on stdout, once requests are accepted, what a client needs."""

    def __init__(self, config: uvicorn.Config, settings: Settings, certificates: Certificates | None) -> None:
        super().__init__(config)
        self._settings = settings
        self._certificates = certificates

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        scheme = "https" if self._certificates else "http"
        ready = {"url": f"{scheme}://{host}:{port}", "access_token": self._settings.access_token}
        if self._certificates:
            ready["certificates"] = str(self._certificates.trusted)
        sys.stdout.write(orjson.dumps(ready).decode() + "\n")
        sys.stdout.flush()


def main() -> None:
    """Generates the data and serves it."""
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, _leave)
    settings = parse()
    gc.disable()  # millions of objects that all stay: looking for garbage among them only costs time
    state = State.create(settings)
    gc.enable()
    gc.freeze()
    certificates = issue(Path(settings.tls), settings.host) if settings.tls else None
    config = uvicorn.Config(
        build(state),
        host=settings.host,
        port=settings.port,
        lifespan="off",
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
        ssl_certfile=certificates.own if certificates else None,
    )
    _Server(config, settings, certificates).run()


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    main()
