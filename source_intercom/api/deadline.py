"""Answers that come within a bounded time, however slowly their bytes trickle.

A timeout of requests holds for each read from the socket: a byte every minute would keep it from ever passing.
"""

import time
from http.client import HTTPResponse
from io import BufferedReader, RawIOBase
from socket import socket
from typing import Any, Final

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

ANSWER_SECONDS: Final = 180.0
"""For which one answer, headers and body, is waited in all; a large search page takes many seconds (API notes 2.1)."""


class _Bytes(RawIOBase):
    """What comes from a socket; `TimeoutError` once ANSWER_SECONDS have been spent waiting for it.

    Time that passes between two reads does not count.
    """

    def __init__(self, sock: socket) -> None:
        self._sock = sock
        self._file = sock.makefile("rb", buffering=0)
        self._left = ANSWER_SECONDS
        self._patience = sock.gettimeout() or ANSWER_SECONDS

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self._left <= 0:
            raise TimeoutError("the answer takes too long")
        self._sock.settimeout(min(self._patience, self._left))
        began = time.monotonic()
        try:
            return self._file.readinto(buffer)
        finally:
            self._left -= time.monotonic() - began

    def close(self) -> None:
        self._file.close()
        super().close()


class _Source:
    """All that an HTTPResponse wants of a socket."""

    def __init__(self, sock: socket) -> None:
        self._sock = sock

    def makefile(self, mode: str) -> BufferedReader:
        return BufferedReader(_Bytes(self._sock))


class _Answer(HTTPResponse):
    def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
        source: Any = _Source(sock)
        super().__init__(source, *args, **kwargs)


class _Connection(HTTPConnection):
    response_class = _Answer


class _SecureConnection(HTTPSConnection):
    response_class = _Answer


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


POOLS: Final[dict[str, type]] = {"http": _Pool, "https": _SecurePool}
"""The pools of connections whose answers come in time, by scheme."""
