"""The access token, and the OAuth app's secret, are in nothing that a sync leaves behind: printed, or on disk."""

import os
import signal
import subprocess
import time
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

import orjson
import pytest

from integration_tests.conftest import Workspaces
from integration_tests.connector import COMMAND, START_DATE, configured
from integration_tests.faults import fault, fault_of
from integration_tests.sandboxes import start
from intercom_sandbox.client import Sandbox
from unit_tests.contracts import ASKED, EXPORTED, REPRESENTATIVES, Way, by_way, families

TOKEN = "dG9rOjEyMzQ1Njc4X2FiY2RfZWZnaA=="
CLIENT_SECRET = "0f9e8d7c-6b5a-4c3d-2e1f-0a9b8c7d6e5f"
CLIENT = {"auth_type": "Client", "client_id": "client-4711", "client_secret": CLIENT_SECRET}

CREDENTIALS: dict[str, dict[str, Any]] = {
    "token": {"credentials": {"auth_type": "AccessToken", "access_token": TOKEN}},
    "token pasted with white space": {"credentials": {"auth_type": "AccessToken", "access_token": f" {TOKEN}\n"}},
    "OAuth": {"credentials": {**CLIENT, "access_token": TOKEN}},
    "official connector's": {"access_token": TOKEN},
}

FAULTS = [
    fault_of("contacts", status=403),
    fault_of("tickets", kind="reset", times=1),
    fault_of("conversation_parts", status=422, after=20),
    fault_of("tickets", kind="html", times=1),
    fault_of("tickets", status=429, times=1),
    fault_of("articles", status=401, code="token_revoked"),
]

REPORT = "report.html"

QUOTING = "Bad header {authorization} ({encoded}, {base64}, {half}…)"

REFUSED = (403, 400, 422, 402, 404)
"""Statuses of refusals, after which nothing is asked for again."""

OTHERS = (410, 401, 500, 503)
"""Statuses for what a check does not ask for: some are asked for again and again."""


def quoting(body: str) -> list[dict[str, Any]]:
    """Each path quotes the token in its errors, `/me` first."""
    tried = [streams[0] for streams in families().values()]
    others = [name for name in ASKED if name not in tried and name not in by_way(Way.CHILD)]
    statuses = [*zip(tried, cycle(REFUSED), strict=False), *zip(others, cycle(OTHERS), strict=False)]
    quoted: dict[str, Any] = {"message": QUOTING, "body": body, "code": None}
    figures = fault("^/export/reporting_data/get_datasets$", status=401, **quoted)
    # 404 is what a check of exports wants: there is no such job.
    refused = [(name, 403 if name in EXPORTED else code) for name, code in statuses]
    of_streams = [fault_of(name, status=code, **quoted) for name, code in refused]
    return [fault("^/me$", status=401, **quoted), *of_streams, figures]


@dataclass(frozen=True)
class Left:
    """What a run has left: how it ended, what it printed, and the directory that was its home and its TMPDIR."""

    exit_code: int
    printed: bytes
    home: Path

    def assert_silent(self) -> None:
        for secret in (TOKEN.encode(), CLIENT_SECRET.encode()):
            for line in self.printed.splitlines():
                assert not any(piece in line for piece in _pieces(secret)) or _hands_config_back(line), line
            for path in self.files():
                assert secret not in path.read_bytes(), path
            if self.report.exists():  # none is where nothing was read
                assert not any(piece in self.report.read_bytes() for piece in _pieces(secret))

    @property
    def report(self) -> Path:
        """The report of the read."""
        return self.home.with_name(REPORT)

    def files(self) -> list[Path]:
        return [path for path in self.home.rglob("*") if path.is_file()]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with start(rate_limit=0, access_token=TOKEN) as running:
        yield running


@pytest.mark.parametrize(("credentials", "debug"), [("token", False), *((each, True) for each in CREDENTIALS)])
def test_a_failing_sync_tells_no_secret(sandbox: Sandbox, tmp_path: Path, credentials: str, debug: bool) -> None:
    sandbox.faults(FAULTS)
    left = _read(sandbox, tmp_path, CREDENTIALS[credentials], debug=debug)
    sandbox.faults([])
    assert left.exit_code == 1
    assert b"INCOMPLETE" in left.printed
    assert (b'"DEBUG"' in left.printed) == debug
    assert "(config_error)" in left.report.read_text()
    left.assert_silent()
    assert list(left.home.iterdir()) == []


@pytest.mark.parametrize("body", ["json", "html"])
def test_a_server_that_quotes_the_token_in_its_errors_is_not_repeated(
    sandbox: Sandbox, tmp_path: Path, body: str
) -> None:
    burst = fault("", times=3, status=429, message=QUOTING, body=body)
    errors = quoting(body)
    sandbox.faults([burst, *errors])
    read = _read(sandbox, tmp_path / "read", CREDENTIALS["OAuth"], debug=body == "html")
    refused = _run(sandbox, tmp_path / "refused", "check", CREDENTIALS["OAuth"])
    sandbox.faults(errors[1:])
    nothing = _run(sandbox, tmp_path / "nothing", "check", CREDENTIALS["OAuth"])
    sandbox.faults([])

    assert read.exit_code == 1
    assert read.printed.count(b'"INCOMPLETE"') == len(REPRESENTATIVES)
    for left in (read, refused, nothing):
        assert b"(Bad header Bearer ****" in left.printed
        left.assert_silent()
    assert b"cannot read any stream" in nothing.printed


@pytest.mark.parametrize("command", ["check", "discover", "read"])
def test_a_revoked_token_is_not_told(sandbox: Sandbox, tmp_path: Path, command: str) -> None:
    sandbox.revoke()
    left = _run(sandbox, tmp_path, command, CREDENTIALS["token"])
    sandbox.revoke(False)
    assert b"authenticate again" in left.printed or command == "discover"
    left.assert_silent()


@pytest.mark.parametrize("token", [f"{TOKEN}\n{TOKEN}", f"{TOKEN}é", f"{TOKEN}“"])
def test_a_token_that_cannot_be_sent_is_not_told(sandbox: Sandbox, tmp_path: Path, token: str) -> None:
    left = _run(sandbox, tmp_path, "read", {"credentials": {"auth_type": "AccessToken", "access_token": token}})
    assert left.exit_code == 1
    left.assert_silent()


def test_a_wrong_config_is_refused_without_telling_its_secrets(sandbox: Sandbox, tmp_path: Path) -> None:
    wrong = {"credentials": {**CLIENT, "access_token": TOKEN}, "start_date": "soon", "num_workers": CLIENT_SECRET}
    left = _run(sandbox, tmp_path, "read", wrong)
    assert left.exit_code == 1
    left.assert_silent()


@pytest.mark.parametrize("credentials", ["token", "OAuth"])
def test_a_killed_sync_leaves_no_more_than_an_empty_directory_and_a_report_without_an_end(
    workspace: Workspaces, tmp_path: Path, credentials: str
) -> None:
    large = workspace(access_token=TOKEN, companies=3_000)
    process = _start(large, tmp_path, "read", CREDENTIALS[credentials], "--debug")
    assert process.stdout is not None
    printed = b"".join(process.stdout.readline() for _ in range(100))
    time.sleep(2)  # the scroll fills the spool, which outgrows its share of memory
    os.kill(process.pid, signal.SIGKILL)
    left = Left(process.wait(), printed + process.communicate()[0], tmp_path / "home")
    left.assert_silent()
    assert "This read goes on, or was killed" in left.report.read_text()
    assert left.files() == []
    assert len(list(left.home.iterdir())) <= 1


def _read(sandbox: Sandbox, directory: Path, credentials: dict[str, Any], *, debug: bool) -> Left:
    return _run(sandbox, directory, "read", credentials, *(["--debug"] if debug else []))


def _run(sandbox: Sandbox, directory: Path, command: str, config: dict[str, Any], *flags: str) -> Left:
    process = _start(sandbox, directory, command, config, *flags)
    printed, _ = process.communicate()
    return Left(process.returncode, printed, directory / "home")


def _start(
    sandbox: Sandbox, directory: Path, command: str, config: dict[str, Any], *flags: str
) -> subprocess.Popen[bytes]:
    """Starts the connector in a home of its own; what it prints on stderr comes with what it prints on stdout."""
    home, given = directory / "home", directory / "given"
    home.mkdir(parents=True)
    given.mkdir()
    files = {"config": {"start_date": START_DATE, **config}}
    if command == "read":
        files["catalog"] = configured(REPRESENTATIVES, "incremental")
    arguments = [*COMMAND, command, *flags]
    for name, content in files.items():
        (given / name).write_bytes(orjson.dumps(content))
        arguments += [f"--{name}", str(given / name)]
    own = {"HOME": str(home), "TMPDIR": str(home), "INTERCOM_REPORT": str(directory / REPORT)}
    environment = {**os.environ, **sandbox.environment, **own}
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=home, env=environment)


def _hands_config_back(line: bytes) -> bool:
    """Whether a line is the one message that carries the config: it tells the platform today's shape of it."""
    return line.startswith(b"{") and orjson.loads(line)["type"] == "CONTROL"


def _pieces(secret: bytes) -> Iterator[bytes]:
    """A secret, cut off or encoded, still has eight characters in a row."""
    return (form[i : i + 8] for form in (secret, b64encode(secret)) for i in range(len(form) - 8))
