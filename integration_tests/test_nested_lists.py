"""Lists inside rows that Intercom cuts short: each row concerned is counted, whatever the list."""

import re
from typing import Any

import pytest

from integration_tests.conftest import Workspaces
from integration_tests.connector import Connector
from integration_tests.messages import Run

LINK = {"type": "ticket", "id": "1", "category": None}
LINKS = {"type": "list", "data": [LINK], "total_count": 1200, "has_more": True}


def reported(run: Run, stream: str) -> tuple[int, int]:
    """Rows with cut lists, and entries that they lack, by the line at the end of a read."""
    (line,) = [entry["message"] for entry in run.of_type("LOG") if entry["message"].startswith(f"{stream}: ")]
    found = re.search(r"(\d+) records with lists that Intercom cut short, (\d+) entries missing in them", line)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def lacking(contact: dict[str, Any]) -> int:
    lists = [value for value in contact.values() if isinstance(value, dict) and value.get("has_more")]
    # The count may say that nothing is lacking; at least one entry is, then.
    return sum(max(each["total_count"] - len(each["data"]), 1) for each in lists)


def test_every_contact_with_a_cut_list_is_counted_once(workspace: Workspaces) -> None:
    sandbox = workspace(contacts=600)
    expected = [missing for contact in sandbox.truth("contacts") if (missing := lacking(contact))]
    assert len(expected) > 5
    for mode in ("incremental", "full_refresh"):
        run = Connector(sandbox).read(["contacts"], mode=mode)
        assert reported(run, "contacts") == (len(expected), sum(expected))


@pytest.mark.parametrize(("parents", "links"), [("conversations", "conversation_links"), ("tickets", "ticket_links")])
def test_links_beyond_what_intercom_returns_are_counted(workspace: Workspaces, parents: str, links: str) -> None:
    sandbox = workspace()
    before = Connector(sandbox).read([parents, links])
    sandbox.mutate("update", object=parents, count=2, fields={"linked_objects": LINKS})
    after = Connector(sandbox).read([parents, links])
    for stream in (parents, links):
        assert (reported(before, stream), reported(after, stream)) == ((0, 0), (2, 2 * 1199))
