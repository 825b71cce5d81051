"""Two syncs through PyAirbyte into PostgreSQL, and what the tables hold after each."""

from pathlib import Path

import pytest

from integration_tests.comparison import NONE, Key, compare
from integration_tests.conftest import Workspaces, needs_pyairbyte
from integration_tests.connector import CURSORS, STREAMS
from integration_tests.demo.changes import CHANGES
from integration_tests.matrix.changes import DELETED
from integration_tests.messages import Record
from integration_tests.postgres import replication
from integration_tests.postgres.replication import counts, environment, rows, run, sync
from integration_tests.postgres.server import Server
from integration_tests.sizes import SMALL
from intercom_sandbox.client import Sandbox

pytestmark = [needs_pyairbyte, pytest.mark.timeout(900)]

ODD = {"name": "a\u0000b \\u0000", "external_id": "0042", "browser_version": "126.0", "last_seen_at": 1}
"""What is easily taken for something else: NUL, what only looks like it, text made of digits, a time near zero."""


def test_tables_hold_what_the_workspace_holds(workspace: Workspaces, postgres: Server, tmp_path: Path) -> None:
    sandbox = workspace(**SMALL)
    variables = environment(sandbox, postgres, "two_syncs", tmp_path)
    (odd,) = sandbox.mutate("update", object="contacts", count=1, fields=ODD)

    said = sync(variables)
    first = {stream: held(sandbox, stream) for stream in STREAMS}
    assert_tables(postgres, first, said)
    assert first["contacts"][(odd,)]["name"] == "ab \\u0000"

    for _, change in CHANGES:
        assert sandbox.mutate(**change)
    for stream in DELETED:
        assert sandbox.mutate("delete", object=stream, count=2)

    sandbox.reset_requests()
    said = sync(variables)
    second = {stream: held(sandbox, stream) for stream in STREAMS}
    # no search tells of deletions, so these tables keep the rows (docs/promises.md)
    assert_tables(postgres, {**second, **{stream: {**first[stream], **second[stream]} for stream in CURSORS}}, said)
    assert all(first[stream].keys() - second[stream].keys() for stream in (*DELETED, "conversation_parts"))
    fetched = sandbox.requests()["by_path"]["GET /conversations/{id}"]
    assert fetched < SMALL["conversations"], "the second sync has begun anew"


def test_a_stream_that_fails_costs_no_other_one_its_table(
    workspace: Workspaces, postgres: Server, tmp_path: Path
) -> None:
    sandbox = workspace(**SMALL, without_scope="read_tickets")
    variables = environment(sandbox, postgres, "one_fails", tmp_path)

    done = run(variables, "contacts", "tickets", "tags")

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "Not loaded, for the reasons above: tickets. All other streams are."
    assert "lacks the permission “Read tickets”" in done.stderr
    said = counts(done)
    assert set(said) == {"contacts", "tags"}
    for stream in said:
        found = rows(postgres, stream, "one_fails")
        assert compare(dict(found), held(sandbox, stream)) == NONE, stream


def held(sandbox: Sandbox, stream: str) -> dict[Key, Record]:
    """The workspace's rows, as columns can hold them: no text has a NUL in it."""
    return {
        key: {name: without_nul(value) for name, value in record.items()}
        for key, record in replication.held(sandbox, stream).items()
    }


def without_nul(value: object) -> object:
    return value.replace("\0", "") if isinstance(value, str) else value


def assert_tables(server: Server, expected: dict[str, dict[Key, Record]], said: dict[str, int]) -> None:
    assert server.rows("contacts", "two_syncs")[0]["updated_at"].tzinfo, "the time zone is lost"
    for stream in STREAMS:
        found = rows(server, stream, "two_syncs")
        assert compare(dict(found), expected[stream]) == NONE, stream
        assert len(found) == len(expected[stream]) == said[stream], stream
