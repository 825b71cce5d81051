import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
import requests
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom.api.network import distrust, proxy_before, refused_by_proxy, words_of
from unit_tests.builders import URL, context

PASSWORD = "geheim-4711"


@contextmanager
def answering(answer: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """A proxy that gives every request the same answer; its address, and the requests."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    asked.append(connection.recv(65_536))
                    connection.sendall(answer)

        Thread(target=serve, daemon=True).start()
        yield f"127.0.0.1:{server.getsockname()[1]}", asked
        server.shutdown(socket.SHUT_RDWR)


def refusal(status: str) -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()


def failure(monkeypatch: pytest.MonkeyPatch, proxy: str) -> AirbyteTracedException:
    """What is said of a request through a proxy."""
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with pytest.raises(AirbyteTracedException) as error:
        context().api.me()
    return error.value


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("407 Proxy Authentication Required", "did not take the connector's name and password, or was given none"),
        ("403 Forbidden", "refused to connect to Intercom"),
    ],
)
def test_a_proxy_that_refuses_is_a_config_error_at_once_that_names_it_and_not_its_password(
    status: str, words: str, monkeypatch: pytest.MonkeyPatch, sleeps: list[float]
) -> None:
    with answering(refusal(status)) as (proxy, asked):
        error = failure(monkeypatch, f"http://somebody:{PASSWORD}@{proxy}")
    assert str(error).startswith(f"The proxy {proxy} {words} ({status});")
    assert error.failure_type == FailureType.config_error
    assert PASSWORD not in str(error.as_airbyte_message())
    assert (len(asked), sleeps) == (1, [])


def test_a_proxy_that_fails_is_tried_again_and_named(monkeypatch: pytest.MonkeyPatch, sleeps: list[float]) -> None:
    with answering(refusal("502 Bad Gateway")) as (proxy, asked):
        error = failure(monkeypatch, f"http://{proxy}")
    assert str(error).startswith(f"No connection came about through the proxy {proxy} (502 Bad Gateway);")
    assert error.failure_type == FailureType.transient_error
    assert len(asked) == len(sleeps) + 1 > 1


def test_a_proxy_that_does_not_run_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        proxy = f"127.0.0.1:{server.getsockname()[1]}"
    error = failure(monkeypatch, f"http://somebody:{PASSWORD}@{proxy}")
    assert str(error).startswith(f"No connection came about through the proxy {proxy} (Connection refused);")
    assert error.failure_type == FailureType.transient_error


def test_a_proxy_whose_name_is_not_known_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    error = failure(monkeypatch, f"http://somebody:{PASSWORD}@proxy.invalid:3128")
    assert str(error).startswith("No connection came about through the proxy proxy.invalid:3128 (")
    assert error.failure_type == FailureType.transient_error


@pytest.mark.parametrize("address", ["http://somebody:{}@proxy:x", "http://a:{}@[::1", "nosuch://a:{}@proxy:3128"])
def test_an_address_that_makes_no_sense_is_a_config_error_without_its_password(
    address: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    error = failure(monkeypatch, address.format(PASSWORD))
    assert str(error).startswith("The address of the proxy ")
    assert error.failure_type == FailureType.config_error
    assert PASSWORD not in "".join(capfd.readouterr()) + str(error)


@pytest.mark.parametrize(
    ("proxy", "named"),
    [
        ("http://proxy:3128", "proxy:3128"),
        ("http://a:b@proxy:3128/", "proxy:3128"),
        ("http://a:b/c@d@proxy:3128", "proxy:3128"),
        ("a:b@proxy:3128", "proxy:3128"),
        ("proxy", "proxy"),
        ("http://a:b@[::1]:3128", "[::1]:3128"),
    ],
)
def test_a_proxy_is_named_by_its_host_and_port(proxy: str, named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    assert proxy_before(URL) == named


def test_without_a_proxy_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert proxy_before(URL) is None


def test_what_is_wrapped_is_found_and_cycles_end() -> None:
    refused = OSError("Tunnel connection failed: 407 Proxy Authentication Required")
    assert refused_by_proxy(requests.exceptions.ProxyError(Exception("x", refused))) == (
        "407 Proxy Authentication Required"
    )
    untrusted = ssl.SSLCertVerificationError()
    untrusted.verify_message = "self-signed certificate."
    assert distrust(requests.exceptions.SSLError(untrusted)) == "self-signed certificate"
    assert words_of(requests.ConnectionError(ConnectionResetError(104, "Connection reset by peer"))) == (
        "Connection reset by peer"
    )
    round_about = requests.ConnectionError()
    round_about.args = (round_about,)
    assert words_of(round_about) == "ConnectionError"
    assert (distrust(None), refused_by_proxy(None)) == (None, None)
