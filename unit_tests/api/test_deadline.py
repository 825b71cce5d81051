"""Answers whose bytes trickle, from a server on a real socket."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
import requests

from source_intercom.api import deadline
from source_intercom.api.budget import RateBudget
from source_intercom.api.session import IntercomSession
from unit_tests.builders import TOKEN

BODY = b'{"data": []}'
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(BODY)

_sleep = time.sleep


@contextmanager
def serving(at_once: bytes, trickling: bytes) -> Iterator[str]:
    """The URL of a server that sends some bytes at once and the others one by one, for ever in the end."""
    stopped = threading.Event()

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=answer, args=(connection,), daemon=True).start()

    def answer(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.recv(65536)
            connection.sendall(at_once)
            for byte in trickling:
                connection.sendall(bytes([byte]))
                if stopped.wait(0.02):
                    return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        stopped.set()


def ask(url: str) -> requests.Response:
    return IntercomSession(url, TOKEN, RateBudget(100), connections=1).get(url)


@pytest.mark.parametrize(
    ("at_once", "trickling"),
    [
        (b"", b"HTTP/1.1 200 OK\r\nX-Slow: " + b"y" * 5_000),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", b" " * 5_000),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 1_000),
        (b"HTTP/1.1 200 OK\r\n\r\n", b" " * 5_000),
    ],
)
def test_an_answer_that_trickles_is_given_up(at_once: bytes, trickling: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadline, "ANSWER_SECONDS", 0.3)
    with serving(at_once, trickling) as url, pytest.raises(requests.RequestException):
        ask(url)


def test_an_answer_that_is_slow_but_comes_is_read() -> None:
    with serving(HEAD[:-4], HEAD[-4:] + BODY) as url:
        assert ask(url).json() == {"data": []}
