"""The demo, run as its user runs it, with a smaller workspace."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from integration_tests.connector import STREAMS
from integration_tests.demo.questions import ASKED, answers
from integration_tests.demo.story import KILLED_AT
from integration_tests.sandboxes import start
from unit_tests.contracts import CONTRACTS, CURSORS

pytestmark = pytest.mark.timeout(900)

ROOT = Path(__file__).parents[1]
SIZES = ("--contacts=60", "--companies=15", "--conversations=30", "--parts=1400", "--tickets=20")
DAYS = ("--first-day=2025-01-01", "--last-day=2025-12-31")
NUMBER = r" +([\d,.]+)"


def run(directory: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "integration_tests.demo", *flags]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"}
    return subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True, check=False)


class Told:
    """What a run of the demo has printed, and the directory in which it ran."""

    def __init__(self, directory: Path, done: subprocess.CompletedProcess[str]) -> None:
        self.directory = directory
        self.done = done
        self.database = directory / "build" / "demo" / "intercom.duckdb"

    def line(self, name: str) -> str:
        """What is told of a step."""
        (text,) = re.findall(rf"^{name} +(.+)$", self.done.stdout, re.MULTILINE)
        return str(text)

    def numbers(self, name: str, count: int) -> dict[str, list[float]]:
        """The rows of tables with so many numbers, by what stands before these; `name` matches that."""
        found = re.findall(rf"^ +({name}){NUMBER * count} *$", self.done.stdout.replace("%", ""), re.MULTILINE)
        return {first: [float(each.replace(",", "")) for each in numbers] for first, *numbers in found}

    def query(self, query: str) -> list[tuple[Any, ...]]:
        """What is in DuckDB."""
        with duckdb.connect(self.database, read_only=True) as database:
            return database.execute(query).fetchall()


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """One run for all: with PyAirbyte, where it can be installed."""
    directory = tmp_path_factory.mktemp("demo")
    return Told(directory, run(directory, *SIZES, *DAYS))


def test_demo_succeeds_and_leaves_nothing_but_what_it_names(told: Told) -> None:
    assert (told.done.returncode, told.done.stderr) == (0, ""), told.done.stdout
    assert {path.name for path in told.directory.iterdir()} == {"build"}
    assert "sandbox-token" not in told.done.stdout
    for log in (told.directory / "build").rglob("*.log"):
        assert "sandbox-token" not in log.read_text()


def test_nothing_is_told_twice(told: Told) -> None:
    lines = [" ".join(line.split()) for line in told.done.stdout.splitlines()]
    assert sorted(line for line in {*lines} if lines.count(line) > 1 and re.search(r"\w", line)) == []


def test_workspace_is_one_in_which_people_talk(told: Told) -> None:
    said = re.findall(r"^ +\d\d \w{3} \d\d:\d\d [^:]+: \S+", told.done.stdout, re.MULTILINE)
    assert len(said) > 1


def test_table_says_what_is_in_duckdb_and_what_was_read(told: Told) -> None:
    table = told.numbers(r"\w+", 3)
    with start(*SIZES, *DAYS) as sandbox:
        first = {name: count for name, count in sandbox.counts().items() if name in STREAMS}
    assert {name: numbers[0] for name, numbers in table.items()} == first

    changed = {"contacts": 30, "conversations": 4, "conversation_parts": 12, "tickets": 6}
    for name, (_, second, now) in table.items():
        key = ", ".join(CONTRACTS[name].key)
        assert told.query(f'SELECT count(*), count(DISTINCT ({key})) FROM "{name}"') == [(now, now)], name
        assert second >= changed.get(name, 0), name
        assert second <= first[name] if name in CURSORS else second == now, name
    came_and_went = {"contacts": 5 - 4, "conversations": -2, "tickets": 0, "companies": 1, "inactive_contacts": 4}
    assert {name: table[name][2] - first[name] for name in came_and_went} == came_and_went


def test_first_sync_is_read_among_errors_killed_and_resumed(told: Told) -> None:
    killed, resumed, second = told.numbers("First sync|Resumed|Second sync", 6).values()
    with start(*SIZES, *DAYS) as sandbox:
        whole = sum(sandbox.counts().values())
    assert int(whole * KILLED_AT) <= killed[0] < whole <= killed[0] + resumed[0]
    assert resumed[0] < whole, "it goes on from states"
    assert killed[3] + resumed[3] == pytest.approx((killed[2] + resumed[2]) / 20, abs=3)
    assert second[3] == 0
    for _, seconds, requests, _, share, loading in (killed, resumed, second):
        assert seconds > 0 < loading
        assert requests > 0
        assert 0 < share <= 100


def test_all_that_is_in_duckdb_was_compared(told: Told) -> None:
    columns = dict(
        told.query(
            "SELECT table_name, count(*) FROM duckdb_columns() "
            "WHERE schema_name = 'main' AND column_name NOT LIKE '\\_airbyte\\_%' ESCAPE '\\' GROUP BY 1"
        )
    )
    left = {name: int(number) for number, name in re.findall(r"(\d+) (\w+)", told.line("Still there"))}
    assert left.keys() <= {name for name, contract in CONTRACTS.items() if contract.parent}
    rows = {name: told.query(f'SELECT count(*) FROM "{name}"')[0][0] - left.get(name, 0) for name in STREAMS}
    values = sum(number * columns[name] for name, number in rows.items())
    text = f"{sum(rows.values()):,} rows in DuckDB are all that Intercom returns, each once"
    assert told.line("Compared") == f"{text}, with the same {values:,} values"


def test_what_cannot_be_there_is_counted(told: Told) -> None:
    assert told.line("Not there") == "300 parts of 1 conversation: Intercom returns the newest 500 of each"
    assert re.match(r"by Intercom, to ten entries: the lists \w+ of \d+ contacts", told.line("Cut short"))


def test_three_questions_are_answered(told: Told) -> None:
    found = list(answers(told.database))
    assert [answer.question for answer in found] == list(ASKED)
    for answer in found:
        below = told.done.stdout.partition(answer.question)[2].splitlines()
        assert [word for word in below[2].split() if word] == answer.columns
        assert str(answer.rows[0][0]) in below[4]


def test_duckdb_opens_as_it_is_told(told: Told) -> None:
    command = told.done.stdout.partition("open it so: ")[2].splitlines()[0]
    done = subprocess.run(shlex.split(command), cwd=told.directory, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "3 rows" in done.stdout


def test_dashboard_is_drawn_where_it_is_told(told: Told) -> None:
    (page,) = re.findall(r"^ +(/.+): open it in a browser$", told.done.stdout, re.MULTILINE)
    assert Path(page) == told.directory / "build" / "demo" / "dashboard.html"
    assert "From intercom.duckdb" in Path(page).read_text()


def test_failed_sync_is_told_and_fails_the_demo(tmp_path: Path) -> None:
    """Whoever loads the rows: that PyAirbyte's failures come here is in test_demo_parts.py."""
    tiny = ("--contacts=30", "--companies=5", "--conversations=5", "--parts=10", "--tickets=10")
    done = run(tmp_path, *tiny, "--without-scope=read_tickets", "--without-pyairbyte")

    assert done.returncode == 1
    failed = done.stdout.splitlines()[-1]
    assert failed.startswith("Failed       read has ended with exit code 1. ")
    assert "lacks the permission “Read tickets”" in failed
    assert "PyAirbyte    is not used" in done.stdout
    assert "Compared" not in done.stdout
