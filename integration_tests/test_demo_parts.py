"""The demo's parts by themselves: whatever is wrong is found and told."""

import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pytest

from integration_tests.conftest import needs_pyairbyte
from integration_tests.connector import Connector
from integration_tests.demo import attempt as module
from integration_tests.demo import story
from integration_tests.demo.attempt import attempt
from integration_tests.demo.connector import Failure, Stream
from integration_tests.demo.screen import Screen
from integration_tests.demo.story import Story
from integration_tests.demo.warehouse import Compared, compare
from integration_tests.sandboxes import start

CONTACTS = Stream("contacts", ("id",), True, {})
NOTES = Stream("contact_notes", ("id",), True, {})
NOBODY: dict[str, set[str]] = {"contact_id": set()}

NOTHING = {"contacts": 0, "companies": 0, "conversations": 0, "parts": 0, "tickets": 0}

RECORD = b'{"type":"RECORD","record":{"stream":"tags","data":{"id":"1"}}}'


def compared(directory: Path, rows: str, gone: dict[str, set[str]], stream: Stream = CONTACTS) -> Compared:
    """Rows of four columns beside two that are expected."""
    path = directory / "some.duckdb"
    with duckdb.connect(path) as database:
        columns = "id VARCHAR, contact_id VARCHAR, name VARCHAR, location JSON"
        database.execute(f"CREATE TABLE {stream.name} ({columns}, _airbyte_raw_id VARCHAR)")
        database.execute(f"INSERT INTO {stream.name} (id, contact_id, name, location) VALUES {rows}")
    expected: dict[tuple[str, ...], dict[str, Any]] = {
        ("1",): {"id": "1", "contact_id": "7", "name": "a", "location": {"x": [1]}},
        ("2",): {"id": "2"},
    }
    return compare(path, stream, expected, gone)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("""('1', '7', 'a', '{"x": [1]}'), ('2', NULL, NULL, NULL)""", []),
        ("""('1', '7', 'a', '{"x": [1]}')""", ["contacts: 1 rows (id) are missing: 2"]),
        (
            """('1', '7', 'a', '{"x": [1]}'), ('2', NULL, NULL, NULL), ('2', NULL, NULL, NULL)""",
            ["contacts: 1 rows (id) are there but should not be: 2"],
        ),
        (
            """('1', '7', 'a', '{"x": [1]}'), ('2', NULL, NULL, NULL), ('3', '7', 'c', NULL)""",
            ["contacts: 1 rows (id) are there but should not be: 3"],
        ),
        (
            """('1', '7', 'b', '{"x": [1]}'), ('2', NULL, 'b', NULL)""",
            ["contacts: 2 rows have another value of name: 1, 2"],
        ),
        (
            """('1', '7', 'a', '{"x": [1, 2]}'), ('2', NULL, NULL, '{}')""",
            ["contacts: 2 rows have another value of location: 1, 2"],
        ),
    ],
    ids=["same", "missing", "twice", "too many", "stale", "other inside"],
)
def test_rows_that_differ_from_the_workspace_are_named(tmp_path: Path, rows: str, expected: list[str]) -> None:
    assert compared(tmp_path, rows, NOBODY).differences == expected


def test_rows_of_who_is_gone_are_counted_apart_and_others_are_not(tmp_path: Path) -> None:
    rows = """('1', '7', 'a', '{"x": [1]}'), ('2', '8', NULL, NULL), ('3', '8', NULL, NULL), ('4', '9', NULL, NULL)"""
    found = compared(tmp_path, rows, {"contact_id": {"8"}}, NOTES)
    assert found.left == 1
    assert found.differences == [
        "contact_notes: 1 rows (id) are there but should not be: 4",
        "contact_notes: 1 rows have another value of contact_id: 2",
    ]


def test_rows_values_and_lists_that_were_cut_short_are_counted(tmp_path: Path) -> None:
    rows = """('1', '7', 'a', '{"x": [1], "has_more": true}'), ('2', NULL, NULL, '{"has_more": false}')"""
    found = compared(tmp_path, rows, NOBODY)
    assert (found.rows, found.values, found.left, found.cut) == (2, 8, 0, Counter(location=1))


@pytest.fixture
def connector(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A script in the connector's place."""
    script = tmp_path / "connector"
    monkeypatch.setattr(module, "CONNECTOR", script)
    return script


def write(script: Path, *lines: str) -> None:
    script.write_text("\n".join(["#!/bin/sh", *lines]))
    script.chmod(0o700)


def test_a_killed_read_leaves_whole_lines(tmp_path: Path, connector: Path) -> None:
    write(connector, *[f"echo '{RECORD.decode()}'"] * 3, "printf half", "exec sleep 60")
    done = attempt([], tmp_path / "messages", kill_after=3)
    assert (done.rows, done.killed, done.failure) == ({"tags": 3}, True, "")
    assert (tmp_path / "messages").read_bytes().splitlines() == [RECORD] * 3


def test_a_read_that_fails_is_told_with_its_reasons(tmp_path: Path, connector: Path) -> None:
    trace = {"type": "TRACE", "trace": {"type": "ERROR", "error": {"message": "tags: no."}}}
    write(connector, f"echo '{RECORD.decode()}'", f"echo '{orjson.dumps(trace).decode()}'", "exit 1")
    done = attempt([], tmp_path / "messages", kill_after=2)
    assert (done.rows, done.killed, done.failure) == ({"tags": 1}, False, "read has ended with exit code 1. tags: no.")


def test_a_read_that_succeeds_has_no_failure(tmp_path: Path, connector: Path) -> None:
    write(connector, f"echo '{RECORD.decode()}'")
    done = attempt([], tmp_path / "messages", kill_after=None)
    assert (done.rows, done.killed, done.failure) == ({"tags": 1}, False, "")
    assert done.seconds > 0


@needs_pyairbyte
@pytest.mark.timeout(600)
def test_a_sync_that_fails_under_pyairbyte_is_told_with_its_reasons(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"AIRBYTE_OFFLINE_MODE": "1", "DO_NOT_TRACK": "1", "AIRBYTE_TEMP_DIR": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AIRBYTE_LOGGING_ROOT", str(tmp_path / "logs"))
    from integration_tests.demo.replication import PyAirbyteReplication

    with start(**NOTHING, without_scope=["read_tickets"]) as sandbox:
        monkeypatch.setenv("INTERCOM_API_URL", sandbox.url)
        config = Connector(sandbox).config()
        tickets = Stream("tickets", ("id",), True, {"properties": {}})
        replication = PyAirbyteReplication(config, [tickets], tmp_path / "some.duckdb", tmp_path)
        with pytest.raises(Failure, match=r"^read has ended with exit code 1\. .*lacks the permission “Read tickets”"):
            replication.read()


def test_a_dashboard_that_cannot_be_had_is_told_and_costs_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def unreachable(*paths: Path) -> None:
        raise subprocess.CalledProcessError(1, "uv")

    monkeypatch.setattr(story, "draw", unreachable)
    with start(**NOTHING) as sandbox:
        Story(Screen(), sandbox, tmp_path).draw()
    assert capsys.readouterr().out.splitlines()[-1].endswith("is not drawn: its packages cannot be installed")
