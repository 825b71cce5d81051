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

CONNECT_SECONDS: Final = 10.0
"""For which is waited at most until a connection is there."""

ANSWER_SECONDS: Final = 180.0
"""For which one answer, headers and body, is waited in all; a large search page takes many seconds (API notes 2.1)."""

DOWNLOAD_SECONDS: Final = 7200.0
"""The same for the file of an export."""


class _Bytes(RawIOBase):
    """What comes from a socket; `TimeoutError` once so many seconds have been spent waiting for it.

    Time that passes between two reads does not count.
    """

    def __init__(self, sock: socket, seconds: float) -> None:
        self._sock = sock
        self._file = sock.makefile("rb", buffering=0)
        self._left = seconds
        self._patience = sock.gettimeout() or seconds

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

    def __init__(self, sock: socket, seconds: float) -> None:
        self._sock = sock
        self._seconds = seconds

    def makefile(self, mode: str) -> BufferedReader:
        return BufferedReader(_Bytes(self._sock, self._seconds))


class _Answer(HTTPResponse):
    def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
        source: Any = _Source(sock, self.seconds())
        super().__init__(source, *args, **kwargs)

    @staticmethod
    def seconds() -> float:
        return ANSWER_SECONDS


class _File(_Answer):
    @staticmethod
    def seconds() -> float:
        return DOWNLOAD_SECONDS


class _Connecting(HTTPConnection):
    """Has the timeout of its reads, but for the time in which it connects: whoever gave requests one for each would
    have urllib3 change the socket's twice for every request.
    """

    def connect(self) -> None:
        self.timeout = min(self.timeout or CONNECT_SECONDS, CONNECT_SECONDS)
        super().connect()


def _pools(answer: type[_Answer]) -> dict[str, type]:
    """The pools of connections with such answers, by scheme."""

    class Connection(_Connecting):
        response_class = answer

    class SecureConnection(_Connecting, HTTPSConnection):
        response_class = answer

    class Pool(HTTPConnectionPool):
        ConnectionCls = Connection

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = SecureConnection

    return {"http": Pool, "https": SecurePool}


POOLS: Final = _pools(_Answer)
"""The pools of connections whose answers come in time, by scheme."""

FILE_POOLS: Final = _pools(_File)
"""Those for files, which may take longer."""
