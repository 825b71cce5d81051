"""However a read ends, the process ends with it, with an exit code that says so, and prints nothing but messages."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from integration_tests.connector import COMMAND, Connector
from integration_tests.messages import Run
from integration_tests.sandboxes import start
from intercom_sandbox.client import Sandbox

HERE = Path(__file__).parent

SIGNALS = {
    signal.SIGTERM: "The connector was told to stop by SIGTERM.\n",
    signal.SIGINT: "The connector was told to stop by SIGINT.\n",
    signal.SIGHUP: "The connector was told to stop by SIGHUP.\n",
}

AS_FIRST = ("unshare", "--pid", "--fork", "--kill-child")
"""Makes the connector the process with the number 1, as it is in a container."""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """More than fits into queues and pipes, so that a read that nobody takes stands still in the middle."""
    with start(rate_limit=0, contacts=6_000, companies=500, conversations=1_500, parts=15_000) as running:
        yield running


def has_all(run: Run, sandbox: Sandbox) -> bool:
    return len(run.records["contacts"]) == sandbox.counts()["contacts"]


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("stalls", [False, True], ids=["printing", "stalled"])
def test_a_signal_ends_a_read_between_two_messages_and_leaves_its_report(
    sandbox: Sandbox, number: signal.Signals, stalls: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTERCOM_REPORT", str(tmp_path / "report.json"))
    with Connector(sandbox).reading() as reading:
        for _ in range(100):
            reading.next_line()
        reading.process.send_signal(number)
        if stalls:
            reading.wait()
            run = reading.kill()
        else:
            run = reading.finish()
    assert run.exit_code == 128 + number
    assert not has_all(run, sandbox)
    if not stalls:  # else the process is ended in the middle of its last line
        assert run.stderr.decode() == SIGNALS[number]
    assert told_of(tmp_path) == ("stopped", SIGNALS[number].rstrip())


def told_of(directory: Path) -> tuple[str, str]:
    """The outcome in the one file that is there, and the reason."""
    (file,) = directory.iterdir()
    report = json.loads(file.read_text())
    return report["outcome"], report["reason"]


def test_a_reader_that_leaves_ends_the_read_which_leaves_its_report(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTERCOM_REPORT", str(tmp_path / "report.json"))
    with Connector(sandbox).reading() as reading:
        for _ in range(20):
            reading.next_line()
        run = reading.leave()
    assert run.exit_code == 1
    assert run.stderr == b"Nobody reads the connector's output any more.\n"
    assert told_of(tmp_path)[0] == "stopped"


def test_a_reader_that_leaves_while_nothing_is_printed_ends_the_read(sandbox: Sandbox) -> None:
    sandbox.configure(search_latency=300)
    try:
        with Connector(sandbox).reading(["contacts"]) as reading:
            while b"STARTED" not in reading.next_line():
                pass
            run = reading.leave()
    finally:
        sandbox.configure(search_latency=0, get_latency=0)
    assert run.exit_code == 1


def test_a_signal_ends_a_check_that_hangs(sandbox: Sandbox) -> None:
    sandbox.reset_requests()
    sandbox.configure(get_latency=300)
    try:
        connector = Connector(sandbox)
        with connector.running("check", config=connector.config()) as reading:
            while not sandbox.requests()["most_in_flight"]:
                pass
            reading.process.send_signal(signal.SIGTERM)
            run = reading.finish()
    finally:
        sandbox.configure(search_latency=0, get_latency=0)
    assert run.exit_code == 128 + signal.SIGTERM


def can_be_first() -> bool:
    return subprocess.run([*AS_FIRST, "true"], capture_output=True).returncode == 0


@pytest.mark.skipif(sys.platform != "linux" or not can_be_first(), reason="Needs Linux and the right to be number 1.")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_first_process_of_a_container(sandbox: Sandbox, number: signal.Signals) -> None:
    with Connector(sandbox, [*AS_FIRST, *COMMAND]).reading() as reading:
        for _ in range(100):
            reading.next_line()
        (first,) = reading.process.children()
        first.send_signal(number)
        run = reading.finish()
    assert run.exit_code == 128 + number
    assert run.stderr.decode() == SIGNALS[number]


@pytest.mark.parametrize("threads", [3, 4, 5, 8, 12])
def test_where_no_more_threads_can_be_started_the_read_ends_and_says_so(sandbox: Sandbox, threads: int) -> None:
    limited = (sys.executable, str(HERE / "few_threads.py"), str(threads))
    run = Connector(sandbox, limited).read()
    assert run.exit_code == 1
    assert {failure.kind for failure in run.failures} == {"config_error"}
    assert "The system lets the connector start no more threads" in run.failures[0].message


@pytest.mark.parametrize("bodies", [0, 20, 200])
def test_where_no_more_memory_is_left_the_read_ends(sandbox: Sandbox, bodies: int) -> None:
    limited = (sys.executable, str(HERE / "no_memory.py"), str(bodies))
    run = Connector(sandbox, limited).read()
    assert run.exit_code == 1
    assert "MemoryError" in run.failures[0].message


def test_no_directory_for_temporary_files_is_told(sandbox: Sandbox, tmp_path: Path) -> None:
    nowhere = (sys.executable, str(HERE / "no_disk.py"))
    run = Connector(sandbox, nowhere).read(["tags"])
    assert run.exit_code == 1
    assert run.failure.kind == "config_error"
    assert run.failure.message.startswith("The connector finds no directory for temporary files")
