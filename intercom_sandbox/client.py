"""Starts a sandbox from Python and steers it."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import orjson
import requests

_ROOT = Path(__file__).resolve().parents[1]


class Sandbox:
    """A running sandbox: its address, its token, and its control endpoint.

    `certificates` is the file of those that clients have to trust, if it speaks HTTPS.
    """

    def __init__(self, url: str, access_token: str, pid: int, certificates: str | None = None) -> None:
        self.url = url
        self.access_token = access_token
        self.pid = pid
        self.certificates = certificates
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = certificates or True

    def close(self) -> None:
        """Closes the connection to its control endpoint."""
        self._session.close()

    @property
    def environment(self) -> dict[str, str]:
        """The variables with which a connector reads it: its address, and what to trust there."""
        trusted = {"REQUESTS_CA_BUNDLE": self.certificates} if self.certificates else {}
        return {"INTERCOM_API_URL": self.url, **trusted}

    def truth(self, stream: str) -> list[dict[str, Any]]:
        """Every object of a stream that the API would deliver now, in its raw shape."""
        return [orjson.loads(line) for line in self._call("GET", f"truth/{stream}").splitlines()]

    def status(self) -> dict[str, Any]:
        """What steers the sandbox now: settings, fault rules, the scroll, the token."""
        status: dict[str, Any] = orjson.loads(self._call("GET", "status"))
        return status

    def counts(self) -> dict[str, int]:
        """The number of objects of every stream."""
        counts: dict[str, int] = orjson.loads(self._call("GET", "counts"))
        return counts

    def mutate(self, operation: str, **arguments: Any) -> list[str]:
        """Changes data, e.g. ``mutate("update", object="contacts", count=3)``; answers the ids concerned."""
        ids: list[str] = orjson.loads(self._call("POST", "mutate", {"operation": operation, **arguments}))["ids"]
        return ids

    def faults(self, rules: list[dict[str, Any]]) -> None:
        """Replaces the fault rules; an empty list ends all faults."""
        self._call("POST", "faults", rules)

    def add_fault(self, rule: dict[str, Any]) -> None:
        """Puts a fault rule before those that are there."""
        self._call("POST", "faults/add", rule)

    def schedule(self, entries: list[dict[str, Any]]) -> None:
        """Replaces the mutations that are performed while requests are answered."""
        self._call("POST", "schedule", entries)

    def requests(self) -> dict[str, Any]:
        """Counts of the API requests so far."""
        summary: dict[str, Any] = orjson.loads(self._call("GET", "requests"))
        return summary

    def reset_requests(self) -> None:
        """Forgets the requests so far."""
        self._call("POST", "requests/reset")

    def log(self) -> list[dict[str, Any]]:
        """The last API requests, oldest first."""
        entries: list[dict[str, Any]] = orjson.loads(self._call("GET", "log"))
        return entries

    def hold_scroll(self, seconds: float) -> None:
        """Occupies the companies scroll for a while; 0 releases it."""
        self._call("POST", "hold_scroll", {"seconds": seconds})

    def jobs(self) -> list[dict[str, Any]]:
        """All export jobs, oldest first: what was asked, whose they are (``mine``), status, polls, downloads."""
        jobs: list[dict[str, Any]] = orjson.loads(self._call("GET", "jobs"))
        return jobs

    def end_jobs(self) -> None:
        """Ends all export jobs, those of others too."""
        self._call("POST", "jobs/end")

    def hold_export(self, export: str = "content", *, attempts: int = 0, seconds: float = 0, jobs: int = 1) -> None:
        """Somebody else has jobs, which are in the way of so many attempts and for so long."""
        self._call("POST", "jobs/hold", {"export": export, "attempts": attempts, "seconds": seconds, "jobs": jobs})

    def job_faults(self, faults: list[dict[str, Any]]) -> None:
        """Replaces what goes wrong with the jobs that are asked for from now on."""
        self._call("POST", "jobs/faults", faults)

    def revoke(self, revoked: bool = True) -> None:
        """Revokes the access token, or restores it."""
        self._call("POST", "revoke", {"revoked": revoked})

    def configure(self, **settings: Any) -> None:
        """Changes settings of the running server, e.g. ``configure(rate_limit=100)``."""
        self._call("POST", "settings", settings)

    def _call(self, method: str, path: str, body: object = None) -> bytes:
        data = None if body is None else orjson.dumps(body)
        response = self._session.request(method, f"{self.url}/_sandbox/{path}", data=data, timeout=120)
        if response.status_code != 200:
            raise RuntimeError(f"{method} {path}: {response.status_code} {response.text}")
        return response.content


@contextmanager
def start(*flags: str, **settings: Any) -> Iterator[Sandbox]:
    """Runs a sandbox in a process of its own, e.g. ``start(contacts=1000, without_scope=["read_tickets"])``.

    Yields when it accepts requests and kills it at the end. ``RuntimeError`` with its stderr when it does not start.
    """
    command = [sys.executable, "-m", "intercom_sandbox", *flags, *flags_of(settings)]
    path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "PYTHONPATH": path}
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, env=environment)  # noqa: S603
        try:
            assert process.stdout is not None  # noqa: S101 - it is piped
            line = process.stdout.readline()
            if not line:
                process.wait()
                errors.seek(0)
                raise RuntimeError(f"The sandbox did not start: {errors.read().decode(errors='replace')}")
            with closing(Sandbox(**orjson.loads(line), pid=process.pid)) as sandbox:
                yield sandbox
        finally:
            process.kill()
            process.communicate()


def flags_of(settings: dict[str, Any]) -> Iterator[str]:
    """The flags of the command line that settings stand for."""
    for name, value in settings.items():
        flag = f"--{name.replace('_', '-')}"
        if isinstance(value, bool):
            yield from [flag] if value else []
            continue
        for each in value if isinstance(value, list | tuple) else [value]:
            yield f"{flag}={each}"
