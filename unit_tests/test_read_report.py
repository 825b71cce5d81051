"""The report is there whenever a read ends, and a read does not fail for it."""

import json
import logging
import threading
from collections.abc import Callable
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any

import pytest

from source_intercom import read_report as module
from source_intercom.api.budget import RateBudget
from source_intercom.outcomes import Outcomes
from source_intercom.read_report import ReadReport
from source_intercom.report import Reports
from source_intercom.shutdown import Stopped
from source_intercom.summary import Summaries, Summary

LOGGER = logging.getLogger("airbyte.test.report")


@pytest.fixture(autouse=True)
def _said(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, LOGGER.name)


@pytest.fixture
def reports() -> Reports:
    """What a read counts."""
    return Reports()


@pytest.fixture
def summaries(reports: Reports) -> Summaries:
    """Summaries of a read of one stream."""
    return Summaries(Outcomes(["tags"]), reports, RateBudget(10))


def written(file: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(file.read_text())
    return value


def outcome_after(error: BaseException | None, file: Path, summaries: Summaries) -> tuple[str, str]:
    """The outcome in the file, and what stopped the read, after a read that ended by an error."""
    with suppress(type(error)) if error else nullcontext(), ReadReport([file], summaries, LOGGER):
        if error:
            raise error
    return written(file)["outcome"], written(file)["reason"]


def test_while_a_read_goes_on_the_file_says_so(tmp_path: Path, summaries: Summaries, reports: Reports) -> None:
    """So that numbers of the read before are not taken for those of one that was killed."""
    file = tmp_path / "report.json"
    file.write_text('{"outcome": "complete"}')
    with ReadReport([file], summaries, LOGGER):
        assert written(file)["outcome"] == "reading"
        reports.add("tags", "emitted", 3)
    assert written(file)["outcome"] == "complete"
    assert written(file)["streams"][0]["emitted"] == 3


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (None, ("complete", "")),
        (ValueError("alice@example.test has no name"), ("failed", "")),
        (MemoryError(), ("failed", "")),
        (Stopped(143, "Told to stop by SIGTERM."), ("stopped", "Told to stop by SIGTERM.")),
        (GeneratorExit(), ("stopped", "")),
        (KeyboardInterrupt(), ("stopped", "")),
    ],
)
def test_however_a_read_ends_the_file_says_how(
    error: BaseException | None, told: tuple[str, str], tmp_path: Path, summaries: Summaries
) -> None:
    """The words of an error are left to the log: they may hold what a server said."""
    assert outcome_after(error, tmp_path / "report.json", summaries) == told


def test_both_forms_are_written_and_nothing_else_is_left(tmp_path: Path, summaries: Summaries) -> None:
    files = [tmp_path / "report.JSON", tmp_path / "report.html"]
    with ReadReport(files, summaries, LOGGER):
        pass
    assert sorted(tmp_path.iterdir()) == sorted(files)
    assert written(files[0])["outcome"] == "complete"
    assert files[1].read_text().startswith("<!doctype html>")


def test_files_may_be_read_by_whom_others_files_may(tmp_path: Path, summaries: Summaries) -> None:
    """A container's user is not the one who looks at them."""
    other, file = tmp_path / "other", tmp_path / "report.json"
    other.write_text("")
    with ReadReport([file], summaries, LOGGER):
        pass
    assert file.stat().st_mode == other.stat().st_mode


def test_a_link_stays_a_link(tmp_path: Path, summaries: Summaries) -> None:
    target, link = tmp_path / "target.json", tmp_path / "link.json"
    link.symlink_to(target)
    with ReadReport([link], summaries, LOGGER):
        pass
    assert link.is_symlink()
    assert written(target)["outcome"] == "complete"


def test_the_lines_of_the_log_come_without_files_too(summaries: Summaries, caplog: pytest.LogCaptureFixture) -> None:
    others = set(threading.enumerate())
    with ReadReport([], summaries, LOGGER):
        assert set(threading.enumerate()) == others
    assert caplog.messages == [
        "tags: 0 records emitted, 0 requests; not begun",
        "0 requests sent, 0 of them answered 429.",
    ]


def test_files_are_written_again_while_nothing_else_happens(
    tmp_path: Path, summaries: Summaries, reports: Reports, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, times = tmp_path / "report.json", threading.Semaphore(0)
    monkeypatch.setattr(module, "INTERVAL", 0.01)
    made: Callable[[str, str], Summary] = summaries.now

    def now(outcome: str, reason: str = "") -> Summary:
        times.release()
        return made(outcome, reason)

    monkeypatch.setattr(summaries, "now", now)
    others = set(threading.enumerate())
    with ReadReport([file], summaries, LOGGER):
        reports.add("tags", "emitted", 3)
        assert all(times.acquire(timeout=30) for _ in range(4))
        (thread,) = set(threading.enumerate()) - others
        assert thread.daemon
        assert (written(file)["outcome"], written(file)["streams"][0]["emitted"]) == ("reading", 3)
    thread.join(30)
    assert not thread.is_alive()
    assert written(file)["outcome"] == "complete"


def test_where_nobody_takes_messages_any_more_another_thread_writes_what_stopped_the_read(
    tmp_path: Path, summaries: Summaries, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, written_by_then = tmp_path / "report.json", threading.Event()
    replace = module._replace

    def noted(target: Path, text: str) -> None:
        replace(target, text)
        if "SIGTERM" in text:
            written_by_then.set()

    monkeypatch.setattr(module, "_replace", noted)
    with ReadReport([file], summaries, LOGGER) as report:
        report.stop(Stopped(143, "Told to stop by SIGTERM."))
        assert written_by_then.wait(30)
        assert (written(file)["outcome"], written(file)["reason"]) == ("stopped", "Told to stop by SIGTERM.")


def test_nothing_is_written_behind_the_end(tmp_path: Path, summaries: Summaries) -> None:
    file = tmp_path / "report.json"
    with ReadReport([file], summaries, LOGGER) as report:
        pass
    report.stop(Stopped(143, "Told to stop by SIGTERM."))
    assert written(file)["outcome"] == "complete"


# What cannot be written


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]


def cannot(file: Path, reason: str) -> str:
    return (
        f"The report {file} cannot be written ({reason}), and the read goes on without it; name a file in a directory "
        "that is there and that the connector may write to."
    )


def test_a_directory_that_is_not_there_is_told_once_and_before_the_read(
    tmp_path: Path, summaries: Summaries, caplog: pytest.LogCaptureFixture
) -> None:
    there, nowhere = tmp_path / "report.json", tmp_path / "no" / "report.html"
    with ReadReport([nowhere, there], summaries, LOGGER):
        assert warnings(caplog) == [cannot(nowhere, "No such file or directory")]
    assert len(warnings(caplog)) == 1
    assert written(there)["outcome"] == "complete"


def test_a_directory_that_may_not_be_written_to_is_told(
    tmp_path: Path, summaries: Summaries, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "write_text", refuse)  # root may write anywhere
    with ReadReport([tmp_path / "report.json"], summaries, LOGGER):
        pass
    assert warnings(caplog) == [cannot(tmp_path / "report.json", "Permission denied")]
    assert list(tmp_path.iterdir()) == []


def test_a_directory_in_the_place_of_the_file_is_told_and_nothing_is_left_beside_it(
    tmp_path: Path, summaries: Summaries, caplog: pytest.LogCaptureFixture
) -> None:
    place = tmp_path / "report.json"
    place.mkdir()
    with ReadReport([place], summaries, LOGGER):
        pass
    assert warnings(caplog) == [cannot(place, "Is a directory")]
    assert list(tmp_path.iterdir()) == [place]


def test_an_error_of_the_page_itself_costs_the_read_nothing(
    tmp_path: Path, summaries: Summaries, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Summary) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr(module, "FORMS", {".html": fail})
    with ReadReport([tmp_path / "report.html"], summaries, LOGGER):
        pass
    assert warnings(caplog) == [cannot(tmp_path / "report.html", "ZeroDivisionError")]


def test_what_failed_at_first_is_written_once_it_can_be(
    tmp_path: Path, summaries: Summaries, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "later" / "report.json"
    with ReadReport([file], summaries, LOGGER):
        file.parent.mkdir()
    assert written(file)["outcome"] == "complete"
    assert len(warnings(caplog)) == 1
