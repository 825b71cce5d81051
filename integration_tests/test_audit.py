"""`make audit`, against an advisory database of our own, none, and the real one."""

import json
import os
import subprocess
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from integration_tests.connector import ROOT
from scripts import lock

NO_ANSWER = "The advisory database gave no answer, so nothing was audited: "
NONE = "No known vulnerabilities in the image."


class Database(BaseHTTPRequestHandler):
    """A database that knows of one package's vulnerability, in the format of OSV."""

    vulnerable: str
    asked: Counter[str]

    def do_POST(self) -> None:
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        package = question["package"]
        self.asked[f"{package['name']}=={question['version']}"] += 1
        ranges = [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "999.1"}]}]
        found = {"id": "PYSEC-1", "aliases": ["CVE-1"], "affected": [{"package": package, "ranges": ranges}]}
        body = json.dumps({"vulns": [found]} if package["name"] == self.vulnerable else {}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@contextmanager
def database(vulnerable: str) -> Iterator[tuple[str, Counter[str]]]:
    """Its address, and how often it was asked for which package."""
    asked: Counter[str] = Counter()
    handler = type("Handler", (Database,), {"vulnerable": vulnerable, "asked": asked})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/", asked
        server.shutdown()
        thread.join()


def audit(url: str = "") -> subprocess.CompletedProcess[str]:
    """`make audit`, with the database of an address on this machine or with the real one."""
    command = [sys.executable, "-m", "scripts.audit"]
    own = {"PIP_AUDIT_OSV_URL": url, **dict.fromkeys(("NO_PROXY", "no_proxy"), "127.0.0.1")} if url else {}
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **own}, capture_output=True, text=True)


def test_every_package_is_asked_for_and_a_vulnerable_one_fails() -> None:
    with database("requests") as (url, asked):
        done = audit(url)
    assert (done.returncode, done.stderr) == (1, "")
    version = lock.of_the_image()["requests"]
    assert done.stdout.startswith(f"Found: requests {version}: PYSEC-1, CVE-1, fixed in 999.1\n")
    assert asked == Counter(f"{name}=={each}" for name, each in {**lock.of_the_image(), **lock.left_out()}.items())


def test_a_database_that_cannot_be_reached_is_said_and_is_no_success() -> None:
    done = audit("http://127.0.0.1:9/")
    assert done.returncode == 2
    assert done.stdout.startswith(NO_ANSWER)


def test_the_lock_has_no_known_vulnerability_or_the_database_cannot_be_reached() -> None:
    """A vulnerability that becomes known fails this test. Where nobody could be asked the run warns."""
    done = audit()
    last = done.stdout.splitlines()[-1]
    if done.returncode == 2 and last.startswith(NO_ANSWER):
        warnings.warn(pytest.PytestWarning(last), stacklevel=1)
    else:
        assert (done.returncode, last) == (0, NONE), done.stdout + done.stderr
