"""A PostgreSQL server of the test's own: its files are in a temporary directory, and it ends with the test."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier

NO_SERVER = "PostgreSQL's server is not installed (Debian: postgresql), so nothing is synced into it here."
HOST = "127.0.0.1"
USERS = ("postgres", "nobody")
"""Who runs the server where the tests run as root, which it refuses: the first of these that there is."""

PATIENCE = 60
"""Seconds after which a server counts as not starting."""

FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
"""What is lost with the machine is of no interest here."""

PASSWORD = "p@ss/w%rd"
"""With characters that mean something in a URL."""


@dataclass(frozen=True)
class Server:
    """A running server, with one user and one database."""

    port: int
    host: str = HOST
    user: str = "warehouse"
    database: str = "postgres"

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which PostgreSQL's clients find it."""
        return {
            "PGHOST": self.host,
            "PGPORT": str(self.port),
            "PGUSER": self.user,
            "PGPASSWORD": PASSWORD,
            "PGDATABASE": self.database,
        }

    def rows(self, table: str, schema: str = "intercom") -> list[dict[str, Any]]:
        """All rows of a table, as dictionaries; JSON as what it means."""
        with self.connect() as connection, connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(SQL("SELECT * FROM {}").format(Identifier(schema, table))).fetchall()

    def answers(self) -> bool:
        """Whether it takes connections."""
        with suppress(psycopg.OperationalError), self.connect():
            return True
        return False

    def connect(self) -> "psycopg.Connection[tuple[Any, ...]]":
        """A connection, as the one user."""
        return psycopg.connect(host=self.host, port=self.port, user=self.user, password=PASSWORD, dbname=self.database)


@contextmanager
def running() -> Iterator[Server]:
    """Runs a server meanwhile. A missing one skips the test, except in CI, where it fails it."""
    programs = _programs()
    if programs is None:
        assert not os.environ.get("CI"), NO_SERVER
        pytest.skip(NO_SERVER)
    identity = _identity()
    server = Server(_free_port())
    with tempfile.TemporaryDirectory(prefix="postgres-") as directory:
        data, password = Path(directory, "data"), Path(directory, "password")
        password.write_text(PASSWORD)
        for path in (directory, password) if identity else ():
            shutil.chown(path, **identity)
        account = (f"--username={server.user}", f"--pwfile={password}", "--auth=scram-sha-256")
        initdb: list[str | Path] = [programs / "initdb", "--no-sync", "--no-locale", "--encoding=UTF8", *account, data]
        done = subprocess.run(initdb, capture_output=True, text=True, cwd=directory, **identity)
        assert done.returncode == 0, done.stderr
        settings = (f"listen_addresses={HOST}", f"port={server.port}", "unix_socket_directories=", *FAST)
        postgres: list[str | Path] = [programs / "postgres", "-D", data, *(f"--{setting}" for setting in settings)]
        with Path(directory, "log").open("wb") as log:
            process = subprocess.Popen(postgres, stdout=log, stderr=log, cwd=directory, **identity)
        try:
            deadline = time.monotonic() + PATIENCE
            while not server.answers():
                silent = process.poll() is not None or time.monotonic() > deadline
                assert not silent, Path(directory, "log").read_text(errors="replace")
                time.sleep(0.1)
            yield server
        finally:
            process.kill()
            process.wait()


def _programs() -> Path | None:
    """The directory with the newest server; Debian keeps each version's in one that is not on the path."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).resolve().parent] if on_path else []
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    found += sorted(versions, key=lambda path: int(path.parent.name), reverse=True)
    return next((path for path in found if (path / "initdb").exists() and (path / "postgres").exists()), None)


def _identity() -> dict[str, Any]:
    """`user` and `group` of the server's processes; empty where they are the tests' own."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    account = pwd.getpwnam(next(name for name in USERS if name in names))
    return {"user": account.pw_uid, "group": account.pw_gid}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
