"""What the demo tells, and does: a workspace, two syncs of it, and what is in DuckDB then."""

import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

from integration_tests.demo.attempt import Attempt
from integration_tests.demo.changes import CHANGES, Gone, depart
from integration_tests.demo.connector import PYAIRBYTE, Failure, Stream, answer, streams_of
from integration_tests.demo.dashboard import draw
from integration_tests.demo.life import talk
from integration_tests.demo.measured import BAD, Measured, measure, rate_limit
from integration_tests.demo.questions import answers
from integration_tests.demo.screen import Screen
from integration_tests.demo.warehouse import compare, expected_rows, parts_that_are_not_served, row_counts
from intercom_sandbox.client import Sandbox

DIRECTORY: Final = Path("build/demo")
DATABASE: Final = DIRECTORY / "intercom.duckdb"
PAGE: Final = DIRECTORY / "dashboard.html"

COUNTED: Final = ("contacts", "companies", "conversations", "conversation_parts", "tickets")
"""What is told of the size of the workspace."""

EVERY: Final = 20
"""So many requests, and one of them is answered badly."""

KILLED_AT: Final = 7 / 8
"""How much of all rows the connector prints before it is killed: by then states say how far most streams are."""

ANSWERS: Final = 5
"""Rows that are shown of each answer."""


class Replication(Protocol):
    """What reads the connector's streams into DuckDB."""

    def read(self, kill_after: int | None = None) -> Attempt:
        """Read what is new since the last read, and load it; the connector may be killed on the way."""


class Story:
    """Tells the steps as it does them, one after the other.

    :param temporary: a directory for what is not to stay
    """

    def __init__(self, screen: Screen, sandbox: Sandbox, temporary: Path) -> None:
        self._screen = screen
        self._sandbox = sandbox
        self._temporary = temporary
        self._limit = rate_limit(sandbox)

    def replicate(self, pyairbyte: bool) -> None:
        """Two syncs, between which the workspace changes; then all rows are compared with those of the workspace.

        :raises Failure: the connector, or whoever loads its rows, has failed, or rows differ
        """
        self._introduce()
        config = {
            "credentials": {"auth_type": "AccessToken", "access_token": self._sandbox.access_token},
            "start_date": "2020-01-01T00:00:00Z",
            "apply_deletes": True,
        }
        streams = self._connect(config)
        replication = self._replication(pyairbyte, config, streams)
        reads = self._sync_among_errors(replication)
        first = row_counts(DATABASE, streams)
        gone = self._change()
        reads.append(self._sync("Second sync", "goes on from where the first one ended", replication))
        second, now = reads[-1].attempt.rows, row_counts(DATABASE, streams)
        self._screen.table(
            "Rows in DuckDB after the first sync, read by the second one, and in DuckDB then",
            ["stream", "after the first", "read by the second", "then"],
            [[name, first[name], second.get(name, 0), now[name]] for name in now],
        )
        self._compare(streams, gone)
        self._tell_times(reads, "PyAirbyte" if pyairbyte else "loading")

    def _introduce(self) -> None:
        counts = self._sandbox.counts()
        sizes = ", ".join(f"{counts[name]:,} {name.replace('_', ' ')}" for name in COUNTED)
        self._screen.step("Workspace", f"a local Intercom on {self._sandbox.url} with {sizes}")
        for line in talk(self._sandbox):
            self._screen.step("", line)

    def _connect(self, config: Mapping[str, Any]) -> list[Stream]:
        status = answer("check", config)["connectionStatus"]
        if status["status"] != "SUCCEEDED":
            raise Failure(status["message"])
        streams = streams_of(answer("discover", config)["catalog"])
        incremental = sum(stream.incremental for stream in streams)
        text = f"check has succeeded; discover names {len(streams)} streams, {incremental} of them incremental"
        self._screen.step("Connector", text)
        return streams

    def _replication(self, pyairbyte: bool, config: dict[str, Any], streams: Sequence[Stream]) -> Replication:
        """PyAirbyte, or the demo itself."""
        if pyairbyte:
            self._screen.step("PyAirbyte", f"loads what the connector prints into {DATABASE}")
            with self._screen.quiet():
                from integration_tests.demo.replication import PyAirbyteReplication

                return PyAirbyteReplication(config, streams, DATABASE, self._temporary)
        why = "" if PYAIRBYTE else ", as it runs on no Python newer than 3.12"
        self._screen.step("PyAirbyte", f"is not used{why}: the demo loads what the connector prints into {DATABASE}")
        from integration_tests.demo.plain import PlainReplication

        return PlainReplication(config, DATABASE, self._temporary)

    def _sync_among_errors(self, replication: Replication) -> list[Measured]:
        """The first sync, in which the connector is killed once, and resumed."""
        self._sandbox.faults([{"path": "^/", "every": EVERY, "action": {"status": int(BAD)}}])
        late = int(sum(self._sandbox.counts().values()) * KILLED_AT)
        text = f"every {EVERY}th request is answered {BAD}, and after {late:,} rows the connector is ended by kill -9"
        killed = self._sync("First sync", text, replication, late)
        if not killed.attempt.killed:
            raise Failure("The connector had read everything before it was killed: run the demo again.")
        resumed = self._sync("Resumed", "goes on from the states that had come out", replication)
        self._sandbox.faults([])
        return [killed, resumed]

    def _sync(self, name: str, text: str, replication: Replication, kill_after: int | None = None) -> Measured:
        self._screen.step(name, text)
        with self._screen.quiet(live=True):
            return measure(name, self._sandbox, self._limit, lambda: replication.read(kill_after))

    def _change(self) -> Gone:
        done = [text.format(len(self._sandbox.mutate(**change))) for text, change in CHANGES]
        gone, told = depart(self._sandbox)
        self._screen.step("Changes", ", ".join([*done, *told]))
        return gone

    def _compare(self, streams: Sequence[Stream], gone: Gone) -> None:
        """Tells what was compared; what cannot be in DuckDB, and what is there that the workspace has no more."""
        compared = [compare(DATABASE, each, expected_rows(self._sandbox, each), gone) for each in streams]
        if wrong := [sentence for each in compared for sentence in each.differences]:
            raise Failure("; ".join(wrong))
        rows, values = sum(each.rows for each in compared), sum(each.values for each in compared)
        text = f"{rows:,} rows in DuckDB are all that Intercom returns, each once, with the same {values:,} values"
        self._screen.step("Compared", text)
        if missing := parts_that_are_not_served(self._sandbox):
            where = f"{len(missing)} conversation{'s' if len(missing) > 1 else ''}"
            text = f"{missing.total():,} parts of {where}: Intercom returns the newest 500 of each"
            self._screen.step("Not there", text)
        if cut := [f"{name} of {number:,} {each.stream}" for each in compared for name, number in each.cut.items()]:
            self._screen.step("Cut short", f"by Intercom, to ten entries: the lists {', '.join(cut)}")
        if left := [f"{each.left:,} {each.stream}" for each in compared if each.left]:
            text = "what belonged to those that are gone, since Intercom does not tell what they had"
            self._screen.step("Still there", f"{text}: {', '.join(left)}")

    def _tell_times(self, reads: Sequence[Measured], loader: str) -> None:
        rows = [
            [read.name, read.rows, read.attempt.seconds, read.requests, read.bad, _share(read), read.loading]
            for read in reads
        ]
        self._screen.table(
            "What the connector took: seconds, requests, and their share of all that the rate limit allows meanwhile",
            ["read", "rows", "seconds", "requests", f"answered {BAD}", "share", f"{loader}: seconds"],
            rows,
        )

    def ask(self) -> None:
        """Three questions, and what DuckDB answers."""
        for answered in answers(DATABASE):
            more = len(answered.rows) - ANSWERS
            title = f"{answered.question}{f' The first {ANSWERS} of {len(answered.rows)} rows' if more > 0 else ''}"
            self._screen.table(title, answered.columns, answered.rows[:ANSWERS])

    def draw(self) -> None:
        """The page of charts, where its packages can be had.

        :raises Failure: it cannot be drawn
        """
        self._screen.step("Dashboard", "is drawn of what dbt makes of the tables; both are installed once, into .cache")
        try:
            draw(DATABASE, PAGE, self._temporary)
        except subprocess.CalledProcessError:
            self._screen.step("", "is not drawn: its packages cannot be installed")
            return
        self._screen.step("", f"{PAGE.resolve()}: open it in a browser")

    def tell_where(self) -> None:
        """Where the DuckDB file is, and how to open it."""
        python = Path(sys.executable)
        if python.is_relative_to(Path.cwd()):
            python = python.relative_to(Path.cwd())
        query = f"import duckdb; file = duckdb.connect('{DATABASE}'); print(file.sql('FROM contacts LIMIT 3'))"
        self._screen.step("DuckDB", str(DATABASE.resolve()))
        self._screen.step("", f'open it so: {shlex.quote(str(python))} -c "{query}"')


def _share(read: Measured) -> str:
    """How much was sent of what the rate limit allowed meanwhile."""
    return f"{read.requests / read.allowed:.0%}" if read.allowed else "no limit"
