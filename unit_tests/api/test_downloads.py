"""Files of exports, which are larger than any other body and may take longer."""

import gzip
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from tempfile import TemporaryFile

import pytest
import requests
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from requests_mock import Mocker

from source_intercom.api import deadline, transfer
from source_intercom.api.budget import RateBudget
from source_intercom.api.connections import Connections
from source_intercom.api.deadline import FILE_POOLS, POOLS
from source_intercom.api.errors import IntercomErrorHandler
from source_intercom.api.reader import GoneError, Reader
from source_intercom.api.session import IntercomSession
from source_intercom.streams.context import StreamContext
from unit_tests.builders import TOKEN, URL, error_list

PATH = "download/content/data/job1"
PLAIN = b"receipt_id,received_at\r\n1,5\r\n"


def downloaded(context: StreamContext) -> bytes:
    with TemporaryFile() as kept:
        handler = IntercomErrorHandler("Export content data", may_be_gone=True)
        reports, messages, logger = context.reports, context.messages, logging.getLogger("airbyte")
        Reader(context.api, "exports", handler, reports, messages, logger).download(PATH, {}, kept)
        kept.seek(0)
        return kept.read()


@pytest.mark.parametrize("encoding", ["gzip", "zip", "br", "deflate"])
@pytest.mark.parametrize("content", [PLAIN, gzip.compress(PLAIN, mtime=0)], ids=["plain", "packed"])
def test_a_file_comes_as_it_is_whatever_its_headers_say(
    content: bytes, encoding: str, context: StreamContext, requests_mock: Mocker
) -> None:
    requests_mock.get(f"{URL}{PATH}", content=content, headers={"Content-Encoding": encoding})
    assert downloaded(context) == content


def test_a_file_may_be_larger_than_any_other_body(
    context: StreamContext, requests_mock: Mocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "LARGEST", 10)
    requests_mock.get(f"{URL}{PATH}", content=PLAIN * 1_000)
    assert downloaded(context) == PLAIN * 1_000


def test_what_is_no_success_is_no_file(context: StreamContext, requests_mock: Mocker, sleeps: list[float]) -> None:
    requests_mock.get(f"{URL}{PATH}", status_code=404, json=error_list("not_found"))
    with pytest.raises(GoneError):
        downloaded(context)
    requests_mock.get(f"{URL}{PATH}", [{"status_code": 503, "text": "busy"}, {"content": PLAIN}])
    assert downloaded(context) == PLAIN


def test_no_other_host_is_asked_for_a_file(context: StreamContext, requests_mock: Mocker) -> None:
    requests_mock.get(f"{URL}{PATH}", status_code=302, headers={"Location": "https://elsewhere.test/file"})
    with pytest.raises(AirbyteTracedException, match=r"redirect to elsewhere\.test"):
        downloaded(context)
    assert {request.hostname for request in requests_mock.request_history} == {"api.intercom.io"}


def test_files_have_more_time_than_other_answers() -> None:
    session = IntercomSession(URL, TOKEN, RateBudget(1), connections=1)
    adapters = [session.get_adapter(f"{URL}{path}") for path in (PATH, "export/x")]
    pools = [each.poolmanager.pool_classes_by_scheme for each in adapters if isinstance(each, Connections)]
    assert pools == [FILE_POOLS, POOLS]
    assert deadline.DOWNLOAD_SECONDS > deadline.ANSWER_SECONDS


@contextmanager
def serving(content: bytes) -> Iterator[str]:
    """The URL of a server that sends some bytes to everybody and then hangs up."""

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection:
                    connection.recv(65536)
                    connection.sendall(content)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + PLAIN,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n",
    ],
    ids=["shorter than it says", "without its last piece"],
)
def test_a_file_that_breaks_off_is_no_file(answer: bytes) -> None:
    with serving(answer) as url, pytest.raises(requests.RequestException):
        fetch(url)


def test_a_file_that_trickles_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadline, "DOWNLOAD_SECONDS", 0.0)
    with serving(b"HTTP/1.1 200 OK\r\n\r\nabc") as url, pytest.raises(requests.RequestException):
        fetch(url)


def fetch(url: str) -> None:
    session = IntercomSession(url, TOKEN, RateBudget(1), connections=1)
    with TemporaryFile() as file:
        session.send(session.prepare_request(requests.Request("GET", f"{url}{PATH}")), into=file)
