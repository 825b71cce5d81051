"""The demo, run as its user runs it, with a smaller workspace."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from integration_tests.conftest import needs_pyairbyte
from integration_tests.connector import STREAMS
from integration_tests.demo.connector import Stream
from integration_tests.demo.warehouse import differences
from integration_tests.sandboxes import start
from unit_tests.contracts import CONTRACTS, CURSORS

pytestmark = pytest.mark.timeout(900)

ROOT = Path(__file__).parents[1]
SIZES = ("--contacts=80", "--companies=20", "--conversations=40", "--parts=300", "--tickets=30")
PLAIN = "--without-pyairbyte"
LINE = re.compile(r"^ +(\w+) +([\d,]+) +([\d,]+) +([\d,]+) *$", re.MULTILINE)


def run(directory: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "integration_tests.demo", *SIZES, *flags]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True, check=False)


WAYS = [pytest.param((), id="with PyAirbyte", marks=needs_pyairbyte), pytest.param((PLAIN,), id="without")]


@pytest.mark.parametrize("flags", WAYS)
def test_table_says_what_was_read_and_what_is_in_duckdb(tmp_path: Path, flags: tuple[str, ...]) -> None:
    done = run(tmp_path, *flags)

    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    table = {name: [int(n.replace(",", "")) for n in numbers] for name, *numbers in LINE.findall(done.stdout)}
    with start(*SIZES) as sandbox:
        first = {name: count for name, count in sandbox.counts().items() if name in STREAMS}
    assert {name: numbers[0] for name, numbers in table.items()} == first

    created = {"contacts": 5, "contact_activities": 5, "conversation_parts": 12, "companies": 1}
    changed = {"contacts": 30, "conversations": 4, "conversation_parts": 12, "tickets": 6}
    with duckdb.connect(tmp_path / "build" / "demo" / "intercom.duckdb", read_only=True) as database:
        for name, (_, second, now) in table.items():
            key = ", ".join(CONTRACTS[name].key)
            counted = f'SELECT count(*), count(DISTINCT ({key})) FROM "{name}"'
            assert database.execute(counted).fetchone() == (now, now), name
            expected = first[name] + created.get(name, 0)
            assert now >= expected if CONTRACTS[name].parent else now == expected, name  # new ones bring links along
            if name in CURSORS:
                assert changed.get(name, 0) <= second < first[name], name
            else:
                assert second == now, name

    compared, cut = done.stdout.splitlines()[-2:]
    assert compared.endswith(" DuckDB holds every object of the workspace once, with all values that Intercom returns")
    assert re.match(r"Cut short +by Intercom, to ten entries: the lists \w+ of \d+ contacts", cut)

    assert "sandbox-token" not in done.stdout
    assert {path.name for path in tmp_path.iterdir()} == {"build"}
    for log in (tmp_path / "build").rglob("*.log"):
        assert "sandbox-token" not in log.read_text()


@pytest.mark.parametrize("flags", WAYS)
def test_failed_sync_is_told_and_fails_the_demo(tmp_path: Path, flags: tuple[str, ...]) -> None:
    done = run(tmp_path, "--without-scope=read_tickets", *flags)

    assert done.returncode == 1
    assert "lacks the permission “Read tickets”" in done.stdout
    assert "Compared" not in done.stdout


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("""('1', 'a', '{"x": [1]}'), ('2', NULL, NULL)""", []),
        ("""('1', 'a', '{"x": [1]}')""", ["contacts: 1 rows (id) are missing: 2"]),
        (
            """('1', 'a', '{"x": [1]}'), ('2', NULL, NULL), ('2', NULL, NULL)""",
            ["contacts: 1 rows (id) are there but should not be: 2"],
        ),
        (
            """('1', 'a', '{"x": [1]}'), ('2', NULL, NULL), ('3', 'c', NULL)""",
            ["contacts: 1 rows (id) are there but should not be: 3"],
        ),
        (
            """('1', 'b', '{"x": [1]}'), ('2', 'b', NULL)""",
            ["contacts: 2 rows have another value of name: 1, 2"],
        ),
        (
            """('1', 'a', '{"x": [1, 2]}'), ('2', NULL, '{}')""",
            ["contacts: 2 rows have another value of location: 1, 2"],
        ),
    ],
    ids=["same", "missing", "twice", "too many", "stale", "other inside"],
)
def test_rows_that_differ_from_the_workspace_are_named(tmp_path: Path, rows: str, expected: list[str]) -> None:
    path = tmp_path / "some.duckdb"
    with duckdb.connect(path) as database:
        database.execute("CREATE TABLE contacts (id VARCHAR, name VARCHAR, location JSON, _airbyte_raw_id VARCHAR)")
        database.execute(f"INSERT INTO contacts (id, name, location) VALUES {rows}")
    truth: dict[tuple[str, ...], dict[str, Any]] = {
        ("1",): {"id": "1", "name": "a", "location": {"x": [1]}},
        ("2",): {"id": "2"},
    }

    assert list(differences(path, Stream("contacts", ("id",), True, {}), truth)) == expected
