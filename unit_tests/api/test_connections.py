"""Connections to a server that really speaks HTTPS."""

import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
import requests
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from intercom_sandbox.certificates import Certificates, issue
from source_intercom.api.budget import RateBudget
from source_intercom.api.connections import Socket
from source_intercom.api.errors import IntercomErrorHandler
from source_intercom.api.session import IntercomSession
from unit_tests.builders import TOKEN

CONNECTIONS = 5


class Server(ThreadingHTTPServer):
    """Answers once as many clients ask as there should be connections."""

    daemon_threads = True

    def __init__(self, certificates: Certificates) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificates.own)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.clients: set[Any] = set()
        self.barrier = Barrier(1)


class Answers(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.barrier.wait()
        self.server.clients.add(self.client_address)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as in http.server
        pass


@pytest.fixture
def certificates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Certificates:
    issued = issue(tmp_path, "127.0.0.1")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(issued.trusted))
    return issued


@pytest.fixture
def server(certificates: Certificates) -> Iterator[Server]:
    with Server(certificates) as running:
        Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What was asked for whenever certificates were loaded."""
    calls: list[dict[str, Any]] = []
    load = ssl.SSLContext.load_verify_locations

    def counted(context: ssl.SSLContext, *args: Any, **kwargs: Any) -> None:
        calls.append(kwargs)
        load(context, *args, **kwargs)

    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", counted)
    return calls


def session(url: str) -> IntercomSession:
    return IntercomSession(url, TOKEN, RateBudget(CONNECTIONS), CONNECTIONS)


def url(server: Server, host: str = "127.0.0.1") -> str:
    return f"https://{host}:{server.server_port}/"


def made_of(error: BaseException) -> tuple[FailureType, str]:
    resolution = IntercomErrorHandler(permission="").interpret_response(error)  # type: ignore[arg-type]
    assert resolution.failure_type
    return resolution.failure_type, str(resolution.error_message)


def test_certificates_are_loaded_once_for_all_connections(server: Server, loaded: list[dict[str, Any]]) -> None:
    """The symptom without it: every connection loads the certificates anew."""
    server.barrier = Barrier(CONNECTIONS)
    shared = session(url(server))
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        for _ in range(2):
            answers = list(pool.map(lambda _: shared.get(url(server)), range(CONNECTIONS)))
            assert [answer.status_code for answer in answers] == [200] * CONNECTIONS
    assert len(server.clients) == CONNECTIONS
    assert len(loaded) == 1


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_connection_is_waited_for_no_longer_than_ten_seconds(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []

    def create(address: object, timeout: float, *args: Any, **kwargs: Any) -> None:
        asked.append(timeout)
        raise TimeoutError

    monkeypatch.setattr("urllib3.util.connection.create_connection", create)
    nowhere = f"{scheme}://127.0.0.1:1/"
    for timeout in (None, 3):
        with pytest.raises(requests.ConnectTimeout):
            session(nowhere).get(nowhere, timeout=timeout)
    assert asked == [10.0, 3]


def test_a_timeout_is_set_once_for_a_connection_and_is_that_of_its_reads(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The symptom without it: each of dozens of threads lets the others run thrice before it has sent anything."""
    given: list[float | None] = []
    settimeout = ssl.SSLSocket.settimeout

    def counted(connected: ssl.SSLSocket, value: float | None) -> None:
        if isinstance(connected, Socket):  # the server's are no such
            given.append(value)
        settimeout(connected, value)

    monkeypatch.setattr(ssl.SSLSocket, "settimeout", counted)
    shared = session(url(server))
    shared.get(url(server))
    assert given[-1] == 60.0
    given.clear()
    for _ in range(3):
        shared.get(url(server))
    assert (given, len(server.clients)) == ([], 1)


def test_a_server_with_a_strange_certificate_is_not_told_the_token(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    with pytest.raises(requests.exceptions.SSLError) as raised:
        session(url(server)).get(url(server))
    assert made_of(raised.value)[0] == FailureType.config_error
    assert "(unable to get local issuer certificate)" in made_of(raised.value)[1]
    assert not server.clients


def test_a_certificate_of_another_host_is_not_trusted(
    server: Server, certificates: Certificates, tmp_path: Path
) -> None:
    with pytest.raises(requests.exceptions.SSLError) as raised:
        session(url(server)).get(url(server, host="127.1"))
    kind, sentence = made_of(raised.value)
    assert kind == FailureType.config_error
    assert "certificate is not valid for '127.1'); if" in sentence
    assert not server.clients


def test_a_handshake_that_breaks_off_is_tried_again() -> None:
    error = requests.exceptions.SSLError(ssl.SSLEOFError(8, "EOF occurred in violation of protocol"))
    assert made_of(error)[0] == FailureType.transient_error


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_certificates_that_cannot_be_read_are_a_config_error(
    content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bundle.pem"
    if content:
        path.write_text(content)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(path))
    with pytest.raises(AirbyteTracedException, match=f"certificates in {path}, which") as raised:
        session("https://127.0.0.1:9/").get("https://127.0.0.1:9/")
    assert raised.value.failure_type == FailureType.config_error


def test_certificates_may_lie_in_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loaded: list[dict[str, Any]]
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path))
    with pytest.raises(requests.ConnectionError):
        session("https://127.0.0.1:9/").get("https://127.0.0.1:9/")
    assert loaded == [{"capath": tmp_path}]
