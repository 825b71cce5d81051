"""Other web pages cannot steer the sandbox, or show its page as theirs."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

import pytest
import requests
from selenium.webdriver import Chrome

from integration_tests.browser.screen import Screen
from integration_tests.front.front import Front
from intercom_sandbox.client import Sandbox

LAG = '{"index_lag": 60}'


@contextmanager
def strange_page() -> Iterator[str]:
    """The address of a page that has nothing to do with the sandbox, on this machine too."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>Stranger</title><body>")

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the base class's name
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


FETCH = """
const [url, body, answered] = arguments;
fetch(url, {method: "POST", mode: "no-cors", body}).then(() => answered("sent"), () => answered("not sent"));
"""
"""Sends what a browser sends without asking first, and cannot read the answer to."""

FRAME = """
const [url, loaded] = arguments;
const frame = document.createElement("iframe");
frame.src = url;
frame.onload = () => loaded(frame.contentDocument === null);
document.body.append(frame);
"""


def lag(sandbox: Sandbox, headers: dict[str, str]) -> tuple[int, float]:
    """The answer to a change of the lag that comes with such headers, and the lag afterwards."""
    response = requests.post(f"{sandbox.url}/_sandbox/settings", data=LAG, headers=headers, timeout=30)
    return response.status_code, sandbox.status()["settings"]["index_lag"]


def test_a_strange_page_changes_nothing(tab_of_module: Chrome, sandbox: Sandbox) -> None:
    screen = Screen(tab_of_module)
    settings = f"{sandbox.url}/_sandbox/settings"
    with strange_page() as stranger:
        screen.show(stranger)
        assert screen.browser.execute_async_script(FETCH, settings, LAG) == "sent"
    assert sandbox.status()["settings"]["index_lag"] == 0


def test_the_sandboxes_own_page_is_let_in_by_the_same_way(front: Front) -> None:
    settings = f"{front.sandbox.url}/_sandbox/settings"
    assert front.browser.execute_async_script(FETCH, settings, LAG) == "sent"
    assert front.sandbox.status()["settings"]["index_lag"] == 60


def test_a_strange_page_cannot_put_the_sandboxes_page_into_a_frame(tab_of_module: Chrome, sandbox: Sandbox) -> None:
    screen = Screen(tab_of_module)
    with strange_page() as stranger:
        screen.show(stranger)
        screen.browser.execute_async_script(FRAME, f"{sandbox.url}/")
        assert any("frame-ancestors" in each for each in screen.complaints())


FOREIGN = [
    {"Origin": "http://stranger.example"},
    {"Origin": "https://127.0.0.1"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1"},
]
FORWARDED = {"Sec-Fetch-Site": "same-origin", "Origin": "https://forwarded.example"}
"""What the sandbox's own page sends where a tunnel gives it another address."""


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_change_that_comes_from_another_origin_is_refused(sandbox: Sandbox, headers: dict[str, str]) -> None:
    assert lag(sandbox, headers) == (403, 0)


def test_a_change_that_comes_from_no_page_or_from_its_own_is_made(sandbox: Sandbox) -> None:
    for headers in ({}, {"Origin": sandbox.url}, {"Sec-Fetch-Site": "none"}, FORWARDED):
        sandbox.configure(index_lag=0)
        assert lag(sandbox, headers) == (200, 60)


@pytest.mark.parametrize("path", ["/_sandbox/counts", "/_sandbox/page/front.js", "/"])
def test_a_name_that_a_stranger_could_own_is_refused(sandbox: Sandbox, path: str) -> None:
    port = urlsplit(sandbox.url).port

    def status(host: str) -> int:
        headers = {"Host": f"{host}:{port}", "Accept": "text/html"}
        return requests.get(sandbox.url + path, headers=headers, timeout=30).status_code

    assert status("stranger.example") == 403
    assert [status(host) for host in ("localhost", "127.0.0.1", "[::1]", "sandbox")] == [200] * 4
