"""The command `catalog`."""

import io
import json
import sys
from typing import Any

import pytest
from airbyte_cdk.models import ConfiguredAirbyteCatalogSerializer

from source_intercom import run
from source_intercom.configuring import HINT, configure
from unit_tests.builders import Json

LIST: Json = {
    "name": "tags",
    "json_schema": {"type": "object", "properties": {}},
    "supported_sync_modes": ["full_refresh"],
    "source_defined_primary_key": [["id"]],
}
SEARCH: Json = {
    **LIST,
    "name": "contacts",
    "supported_sync_modes": ["full_refresh", "incremental"],
    "source_defined_cursor": True,
    "default_cursor_field": ["updated_at"],
}
LOG = {"type": "LOG", "log": {"level": "INFO", "message": "One."}}
CATALOG = {"type": "CATALOG", "catalog": {"streams": [LIST, SEARCH]}}
NO_CATALOG = (
    "There is no catalog on stdin; pipe into this command what source-intercom discover --config config.json prints."
)


class Terminal(io.StringIO):
    """Where somebody would have to type."""

    def isatty(self) -> bool:
        return True


def printed(*messages: object) -> io.StringIO:
    return io.StringIO("".join(f"{each if isinstance(each, str) else json.dumps(each)}\n" for each in messages))


def made(*arguments: str, of: io.StringIO | None = None) -> dict[str, Any]:
    """The configured streams by name; the CDK takes them for a catalog."""
    catalog = io.StringIO()
    configure(arguments, of or printed(LOG, CATALOG), catalog)
    value = json.loads(catalog.getvalue())
    ConfiguredAirbyteCatalogSerializer.load(value)
    return {each["stream"]["name"]: each for each in value["streams"]}


def told(*arguments: str, of: io.StringIO) -> str:
    """The sentence with which it ends."""
    with pytest.raises(SystemExit) as left:
        made(*arguments, of=of)
    assert isinstance(left.value.code, str)
    return left.value.code


def test_streams_with_a_cursor_are_incremental_and_deduplicated_others_are_overwritten() -> None:
    assert made() == {
        "tags": {
            "stream": LIST,
            "sync_mode": "full_refresh",
            "destination_sync_mode": "overwrite",
            "cursor_field": [],
            "primary_key": [["id"]],
        },
        "contacts": {
            "stream": SEARCH,
            "sync_mode": "incremental",
            "destination_sync_mode": "append_dedup",
            "cursor_field": ["updated_at"],
            "primary_key": [["id"]],
        },
    }


def test_all_can_be_read_in_full() -> None:
    modes = {(each["sync_mode"], each["destination_sync_mode"]) for each in made("--full-refresh").values()}
    assert modes == {("full_refresh", "overwrite")}


def test_named_streams_are_those_that_are_read_each_once() -> None:
    assert list(made("contacts")) == ["contacts"]
    assert list(made("contacts", "tags", "contacts")) == ["tags", "contacts"]


def test_each_stream_has_a_line_that_can_be_taken_out() -> None:
    catalog = io.StringIO()
    configure([], printed(CATALOG), catalog)
    lines = catalog.getvalue().splitlines()
    assert [json.loads(line.rstrip(","))["stream"]["name"] for line in lines[1:-1]] == ["tags", "contacts"]


def test_a_stream_that_is_not_there_is_told_with_those_that_are() -> None:
    assert told("tag", "contacts", "people", of=printed(CATALOG)) == (
        "There is no stream tag and no stream people; choose from tags, contacts."
    )


@pytest.mark.parametrize("messages", [(), (LOG,), ("usage: source-intercom", "[1]")])
def test_an_input_without_a_catalog_is_told(messages: tuple[object, ...]) -> None:
    assert told(of=printed(*messages)) == NO_CATALOG


def test_a_discover_that_failed_is_told_with_its_reason() -> None:
    trace = {"type": "TRACE", "trace": {"type": "ERROR", "error": {"message": "start_date is missing."}}}
    assert told(of=printed(LOG, trace)) == "discover has failed: start_date is missing."


def test_nobody_is_waited_for_at_a_terminal() -> None:
    terminal = Terminal(printed(CATALOG).read())
    assert told(of=terminal) == NO_CATALOG
    assert terminal.tell() == 0


def test_discover_is_listened_to_until_it_ends() -> None:
    lines = printed(CATALOG, LOG)
    assert list(made(of=lines)) == ["tags", "contacts"]
    assert lines.read() == ""


def test_it_is_a_command_of_the_console_script(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["source-intercom", "catalog", "tags"])
    monkeypatch.setattr(sys, "stdin", printed(CATALOG))
    run.run()
    assert json.loads(capsys.readouterr().out)["streams"][0]["stream"] == LIST


def test_the_help_of_the_console_script_names_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["source-intercom", "--help"])
    with pytest.raises(SystemExit) as left:
        run.run()
    assert left.value.code == 0
    assert " ".join(capsys.readouterr().out.split()).endswith(HINT)
