"""How much of the rate limit our connector uses, and what the sandbox itself can deliver."""

import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http.client import HTTPSConnection
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import orjson

from benchmarks.connectors import Connector
from benchmarks.run import Run, read, sandbox_share
from benchmarks.workspace import LATENCY, NO_LIMIT
from intercom_sandbox.client import Sandbox, start

WINDOW: Final = 10
STREAM: Final = "conversation_parts"
PARTS_PER_CONVERSATION: Final = 4
CAPACITY_THREADS: Final = 4


@dataclass(frozen=True)
class Scenario:
    """A limit per window, the share of it that others spend, how many conversations are read, at how many seconds each.

    The read should last for several windows where the limit is what binds.
    """

    limit: int
    other_clients: float
    conversations: int
    get_latency: float = LATENCY["get_latency"]

    @property
    def available(self) -> float:
        """Requests per window that are left to us."""
        return self.limit * (1 - self.other_clients)


SCENARIOS: Final = (
    Scenario(167, 0, 750),
    Scenario(1667, 0, 7500),
    Scenario(1667, 0.5, 3750),
    Scenario(1667, 0, 7500, get_latency=0.5),
    Scenario(5000, 0, 20000),
)
QUICK_SCENARIOS: Final = (Scenario(167, 0, 400),)


@dataclass(frozen=True)
class RateUse:
    """What happened in the windows that lie wholly within a read; `windows` are (start, allowed, rejected)."""

    scenario: Scenario
    run: Run
    windows: Sequence[tuple[int, int, int]]
    missing: int

    @property
    def used(self) -> float:
        """The share of the available requests that was used, 0 to 1; not a number without a full window."""
        available = self.scenario.available * len(self.windows)
        return sum(allowed for _, allowed, _ in self.windows) / available if available else float("nan")

    @property
    def refused(self) -> float:
        """The share of all requests that was answered 429."""
        return self.run.refused / self.run.requests


@dataclass(frozen=True)
class Capacity:
    """How fast the sandbox answers a simple client: per second, with its CPU seconds per request."""

    what: str
    per_second: float
    bytes_per_second: float
    cpu_per_request: float
    cpu_share: float


def use_of_limit(ours: Connector, directory: Path, scenarios: Sequence[Scenario]) -> Iterator[RateUse]:
    """A read of conversation parts per scenario, each on a sandbox of its own."""
    for scenario in scenarios:
        with start(
            tls=directory,
            rate_limit=scenario.limit,
            other_clients=scenario.other_clients,
            conversations=scenario.conversations,
            parts=scenario.conversations * PARTS_PER_CONVERSATION,
            **{**LATENCY, "get_latency": scenario.get_latency},
        ) as sandbox:
            run = read(ours, sandbox, directory, [STREAM])
            windows = [(start, allowed, rejected) for start, allowed, rejected in sandbox.requests()["windows"]]
            # the first window began before the read did, and the last one ended after it
            yield RateUse(scenario, run, windows[1:-1], sum(run.missing(sandbox).values()))


def capacity(directory: Path, seconds: float) -> Iterator[Capacity]:
    """The sandbox without limit and latency, asked for conversations and for full pages of contacts."""
    search = orjson.dumps(
        {
            "query": {"field": "updated_at", "operator": ">", "value": 0},
            "sort": {"field": "updated_at", "order": "ascending"},
            "pagination": {"per_page": 150},
        }
    )
    with start(tls=directory, rate_limit=NO_LIMIT, contacts=20_000, conversations=2_000, parts=8_000) as sandbox:
        ids = [conversation["id"] for conversation in sandbox.truth("conversations")]
        yield _measure(
            sandbox,
            seconds,
            "GET conversation",
            lambda number: ("GET", f"/conversations/{ids[number % len(ids)]}", b""),
        )
        yield _measure(sandbox, seconds, "search page of 150 contacts", lambda _: ("POST", "/contacts/search", search))


def _measure(sandbox: Sandbox, seconds: float, what: str, request: Callable[[int], tuple[str, str, bytes]]) -> Capacity:
    answers: list[int] = []
    until = time.monotonic() + seconds
    headers = {"Authorization": f"Bearer {sandbox.access_token}", "Intercom-Version": "2.16"}
    trusting = ssl.create_default_context(cafile=sandbox.certificates)

    def ask(first: int) -> None:
        connection = HTTPSConnection(urlsplit(sandbox.url).netloc, context=trusting)
        number = first
        while time.monotonic() < until:
            method, path, body = request(number)
            connection.request(method, path, body, headers)
            answers.append(len(connection.getresponse().read()))
            number += CAPACITY_THREADS
        connection.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CAPACITY_THREADS)]
    with sandbox_share(sandbox) as measured:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    cpu, wall = measured
    return Capacity(what, len(answers) / wall, sum(answers) / wall, cpu / len(answers), cpu / wall)
