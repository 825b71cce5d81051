"""HTTPS, its certificates and proxies: what lies between the connector and Intercom."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from integration_tests.comparison import NONE, difference
from integration_tests.connector import STREAMS, Connector
from integration_tests.proxy import proxying
from integration_tests.sandboxes import start
from intercom_sandbox.client import Sandbox


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A workspace that is served as Intercom's are, by HTTPS."""
    with start(rate_limit=0, tls=tmp_path_factory.mktemp("certificates")) as running:
        yield running


def test_every_row_comes_by_https(sandbox: Sandbox, connector: Connector) -> None:
    run = connector.read()
    assert sandbox.url.startswith("https://")
    assert run.exit_code == 0
    assert [difference(sandbox, stream, run) for stream in STREAMS] == [NONE] * len(STREAMS)


def test_every_row_comes_through_a_proxy(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    named = sandbox.url.replace("127.0.0.1", "localhost")
    with proxying() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        beyond = Sandbox(named, sandbox.access_token, sandbox.pid, sandbox.certificates)
        run = Connector(beyond).read(["conversation_parts"])
    assert run.exit_code == 0
    assert set(proxy.connected) == {named.removeprefix("https://")}
    assert difference(sandbox, "conversation_parts", run) == NONE


def test_a_proxy_that_wants_a_password_is_told_at_once_by_name(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = sandbox.url.replace("127.0.0.1", "localhost")
    beyond = Connector(Sandbox(named, sandbox.access_token, sandbox.pid, sandbox.certificates))
    with proxying(refusal=407) as proxy:
        host = proxy.url.removeprefix("http://")
        monkeypatch.setenv("HTTPS_PROXY", f"http://somebody:geheim-4711@{host}")
        check, read = beyond.check(), beyond.read(["tags"])
    sentence = f"The proxy {host} did not take the connector's name and password, or was given none (407 "
    assert check.status[0] == "FAILED"
    assert check.status[1].startswith(sentence)
    assert read.failed_streams["tags"].kind == "config_error"
    assert read.failed_streams["tags"].message.startswith(sentence)
    assert len(proxy.connected) == 2
    assert b"geheim" not in check.stdout + check.stderr + read.stdout + read.stderr


def test_a_certificate_that_is_not_trusted_is_told_at_once(sandbox: Sandbox) -> None:
    stranger = Connector(Sandbox(sandbox.url, sandbox.access_token, sandbox.pid))
    check, read = stranger.check(), stranger.read(["tags", "contacts"])
    sentence = "The certificate that Intercom's address showed is not trusted (unable to get local issuer certificate)"
    assert (check.exit_code, check.status[0]) == (0, "FAILED")
    assert check.status[1].startswith(sentence)
    assert read.exit_code == 1
    assert {name: failure.kind for name, failure in read.failed_streams.items()} == {
        "tags": "config_error",
        "contacts": "config_error",
    }
    assert all(failure.message.startswith(sentence) for failure in read.failed_streams.values())


def test_certificates_that_cannot_be_read_are_named(sandbox: Sandbox, tmp_path: Path) -> None:
    missing = str(tmp_path / "missing.pem")
    run = Connector(Sandbox(sandbox.url, sandbox.access_token, sandbox.pid, missing)).check()
    assert (run.exit_code, run.status[0]) == (0, "FAILED")
    assert run.status[1].startswith(f"The certificates in {missing}, which REQUESTS_CA_BUNDLE")
