import gc
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from airbyte_cdk.entrypoint import AirbyteEntrypoint
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from requests_mock import Mocker

from source_intercom import run as module
from source_intercom.entrypoint import IntercomEntrypoint, launch
from source_intercom.shutdown import Shutdown
from source_intercom.source import SourceIntercom
from unit_tests.builders import TOKEN, URL, Json, config, error_list, me
from unit_tests.contracts import STREAMS

ROOT = Path(__file__).parents[1]


def make(directory: Path, name: str, value: object) -> str:
    path = directory / f"{name}.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value))
    return str(path)


def run(*arguments: str) -> list[Json]:
    """The messages of a command, in this process."""
    entrypoint = IntercomEntrypoint(SourceIntercom())
    messages: Iterator[str] = iter(entrypoint.run(AirbyteEntrypoint.parse_args(list(arguments))))
    return [json.loads(message) for message in messages]


def outcome(messages: list[Json]) -> Json:
    """The one connection status among messages."""
    (status,) = [message["connectionStatus"] for message in messages if message["type"] == "CONNECTION_STATUS"]
    assert isinstance(status, dict)
    return status


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"region": "UK"}, "region must be one of US, EU, AU."),
        ({"num_workers": 0}, "num_workers must be 2 or more."),
        ({"start_date": "yesterday"}, "start_date must be a date and time such as 2024-01-01T00:00:00Z."),
        ({"credentials": {"auth_type": "AccessToken", "access_token": ""}}, "credentials.access_token is empty."),
    ],
)
def test_a_check_of_a_bad_config_fails_in_our_own_words(
    changes: Json, sentence: str, tmp_path: Path, requests_mock: Mocker
) -> None:
    messages = run("check", "--config", make(tmp_path, "config", config(**changes)))
    assert outcome(messages) == {"status": "FAILED", "message": sentence}
    assert {message["type"] for message in messages} <= {"CONNECTION_STATUS", "LOG"}
    assert requests_mock.call_count == 0


def test_a_check_of_an_older_config_moves_it_first(
    tmp_path: Path, requests_mock: Mocker, capsys: pytest.CaptureFixture[str]
) -> None:
    requests_mock.get(f"{URL}me", status_code=401, json=error_list("token_revoked"))
    flat = {"access_token": TOKEN, "start_date": "2024-01-01T00:00:00Z"}
    status = outcome(run("check", "--config", make(tmp_path, "config", flat)))
    assert "refused the access token" in status["message"]
    assert "CONNECTOR_CONFIG" in capsys.readouterr().out


def test_a_workspace_of_another_region_fails_the_check(tmp_path: Path, requests_mock: Mocker) -> None:
    requests_mock.get(f"{URL}me", json=me(region="EU"))
    status = outcome(run("check", "--config", make(tmp_path, "config", config())))
    assert status["status"] == "FAILED"
    assert "set the region to EU" in status["message"]


def test_discover_prints_a_catalog(tmp_path: Path, requests_mock: Mocker) -> None:
    requests_mock.get(f"{URL}export/reporting_data/get_datasets", status_code=403, json=error_list("forbidden"))
    (message,) = [one for one in run("discover", "--config", make(tmp_path, "config", config())) if "catalog" in one]
    assert [stream["name"] for stream in message["catalog"]["streams"]] == list(STREAMS)


def test_only_messages_are_printed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["source-intercom", "spec"])
    module.run()
    *others, message = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {one["type"] for one in others} <= {"LOG"}
    assert message["type"] == "SPEC"
    assert message["spec"]["connectionSpecification"]["title"] == "Intercom"


def test_garbage_is_collected_again_once_the_modules_are_loaded() -> None:
    frozen = gc.get_freeze_count()
    module.load()
    assert gc.isenabled()
    assert gc.get_freeze_count() > frozen
    gc.unfreeze()


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """main.py, in a process of its own."""
    return subprocess.run(
        [sys.executable, "main.py", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


def test_main_prints_the_spec() -> None:
    done = command("spec")
    assert done.returncode == 0
    kinds = [json.loads(line)["type"] for line in done.stdout.splitlines()]
    assert kinds[-1] == "SPEC"
    assert set(kinds) <= {"SPEC", "LOG"}


def test_a_broken_config_file_is_a_config_error(tmp_path: Path) -> None:
    done = command("check", "--config", make(tmp_path, "config", f'{{"access_token": "{TOKEN}"'))
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    (error,) = [line["trace"]["error"] for line in lines if line["type"] == "TRACE"]
    assert done.returncode == 1
    assert error["failure_type"] == "config_error"
    assert "is not valid JSON" in error["message"]
    assert TOKEN not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["check", "--config", "missing"], "The configuration file missing cannot be read: No such file or directory."),
        (["discover", "--config", "{broken}"], "The configuration file {broken} is not valid JSON: "),
        (["read", "--config", "missing", "--catalog", "x"], "The configuration file missing cannot be read: "),
        (["read", "--config", "{config}", "--catalog", "missing"], "The catalog file missing cannot be read: "),
        (
            ["read", "--config", "{config}", "--catalog", "{empty}", "--state", "missing"],
            "The state file missing cannot be read: ",
        ),
        (
            ["read", "--config", "{config}", "--catalog", "{config}"],
            "The catalog is not a configured Airbyte catalog: ",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_told_once_in_one_sentence(
    arguments: list[str],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    files = {"config": config(), "empty": {"streams": []}, "broken": "{oops"}
    paths = {name: make(tmp_path, name, content) for name, content in files.items()}
    monkeypatch.setattr(sys, "argv", ["source-intercom", *(argument.format(**paths) for argument in arguments)])
    with pytest.raises(SystemExit) as left:
        module.run()
    assert left.value.code == 1
    output, errors = capfd.readouterr()
    (error,) = [one["trace"]["error"] for one in map(json.loads, output.splitlines()) if one["type"] == "TRACE"]
    assert error["failure_type"] == "config_error"
    assert error["message"].startswith(sentence.format(**paths))
    assert error["message"].endswith(".")
    assert error["internal_message"] == error["message"]
    assert "Traceback" not in output + errors
    assert sum(sentence.format(**paths) in line for line in (output + errors).splitlines()) == 1


def test_an_error_that_is_ours_keeps_the_way_that_led_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(IntercomEntrypoint, "run", lambda *_: [1 / 0])
    with pytest.raises(ZeroDivisionError):
        launch(["spec"], Shutdown())


def test_a_check_that_finds_a_bad_config_has_succeeded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = make(tmp_path, "config", config(region="UK"))
    monkeypatch.setattr(sys, "argv", ["source-intercom", "check", "--config", path])
    module.run()  # and exits with 0
    assert outcome([json.loads(line) for line in capsys.readouterr().out.splitlines()])["status"] == "FAILED"


def test_a_read_with_a_bad_config_fails_in_our_own_words(tmp_path: Path) -> None:
    paths = make(tmp_path, "config", config(num_workers=0)), make(tmp_path, "catalog", {"streams": []})
    with pytest.raises(AirbyteTracedException, match="num_workers must be 2 or more") as error:
        run("read", "--config", paths[0], "--catalog", paths[1])
    assert error.value.failure_type == FailureType.config_error


@pytest.mark.parametrize("arguments", [["check"], ["nonsense"], ["read", "--config", "c.json"]])
def test_wrong_arguments_are_told_by_the_exit_code(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["source-intercom", *arguments])
    with pytest.raises(SystemExit) as left:
        module.run()
    assert left.value.code == 2


def test_without_a_command_the_usage_is_told() -> None:
    done = command()
    assert done.returncode == 2
    assert done.stderr.startswith("usage: main.py")
    assert "Traceback" not in done.stdout + done.stderr


def help_of(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    """What `--help` prints."""
    with pytest.raises(SystemExit) as left:
        launch([*command, "--help"], Shutdown())
    assert left.value.code == 0
    return capsys.readouterr().out


def test_help_is_given_and_nothing_else_is_printed() -> None:
    done = command("--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: main.py")
    assert '{"' not in done.stdout


def test_help_offers_the_four_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert "{spec,check,discover,read}" in help_of(capsys)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("spec", set()),
        ("check", {"config"}),
        ("discover", {"config"}),
        ("read", {"config", "catalog", "state", "report"}),
    ],
)
def test_help_offers_options_that_do_something_and_no_others(
    name: str, options: set[str], capsys: pytest.CaptureFixture[str]
) -> None:
    offered = set(re.findall(r"--([\w-]+)", help_of(capsys, name)))
    assert offered == {"help", "debug", *options}


def test_a_command_works_where_the_system_is_not_linux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sitecustomize.py").write_text(NOT_LINUX)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    done = command("spec")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout.splitlines()[-1])["type"] == "SPEC"


NOT_LINUX = """
import ctypes, os, select, signal, sys

class CDLL(ctypes.CDLL):
    def __init__(self, name, *arguments, **options):
        if name is None:
            raise TypeError("argument of type 'NoneType' is not iterable")
        super().__init__(name, *arguments, **options)

ctypes.CDLL = CDLL
for module, names in {
    os: ("sched_getaffinity", "sched_setaffinity", "fork"),
    select: ("poll", "epoll"),
    signal: ("SIGHUP", "sigwait", "pthread_sigmask", "setitimer"),
}.items():
    for name in names:
        if hasattr(module, name):
            delattr(module, name)
sys.modules["resource"] = None
"""
"""What Windows does not have, as far as another system can show it."""
