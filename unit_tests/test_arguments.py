"""The command line, as far as it is our own."""

from pathlib import Path

import pytest

from source_intercom.arguments import VARIABLE, parser, report_files

READ = ["read", "--config", "c.json", "--catalog", "k.json"]


def files(*arguments: str) -> list[Path]:
    return report_files(parser().parse_args(arguments))


def test_without_a_word_on_it_there_is_no_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert files(*READ) == []


def test_a_report_may_be_asked_for_in_both_forms() -> None:
    assert files(*READ, "--report", "a/r.html", "--report=r.JSON") == [Path("a/r.html"), Path("r.JSON")]


def test_the_environment_may_ask_for_a_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "/reports/r.json")
    assert files(*READ) == [Path("/reports/r.json")]


def test_the_command_line_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "/reports/r.txt")
    assert files(*READ, "--report", "r.html") == [Path("r.html")]


@pytest.mark.parametrize("arguments", [["spec"], ["check", "--config", "c"], ["discover", "--config", "c"]])
def test_only_a_read_has_a_report(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "/reports/r.txt")
    assert files(*arguments) == []


def test_an_empty_variable_asks_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "")
    assert files(*READ) == []


@pytest.mark.parametrize("name", ["report.txt", "report", ".html", ""])
def test_a_report_of_another_form_is_refused_before_anything_is_read(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        files(*READ, f"--report={name}")
    assert left.value.code == 2
    assert f"argument --report: {name} ends neither in .html nor in .json" in capsys.readouterr().err


def test_a_report_of_another_form_in_the_environment_is_refused_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(VARIABLE, "report.txt")
    with pytest.raises(SystemExit) as left:
        files(*READ)
    assert left.value.code == 2
    assert f"error: {VARIABLE}: report.txt ends neither in .html nor in .json" in capsys.readouterr().err
