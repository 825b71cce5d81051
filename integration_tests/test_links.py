"""Links of contacts that come and go: those that are live can be told, and all of a contact's streams cost one walk."""

import re
import sqlite3
import time
from collections.abc import Mapping
from itertools import pairwise

import pytest

from integration_tests.comparison import NONE, Key, difference, repeated, truth
from integration_tests.conftest import Workspaces
from integration_tests.connector import Connector, key_of
from integration_tests.matrix.destination import Destination
from integration_tests.messages import Record
from intercom_sandbox.client import Sandbox
from unit_tests.pages import ROOT, read

LINKS = {"contact_tags": "tags", "contact_companies": "companies", "contact_subscriptions": "subscriptions"}
LISTS = ("tags", "companies", "opted_in_subscription_types", "opted_out_subscription_types")
STREAMS = ("contacts", *LINKS, "contact_merges")

MANY = 12
"""Links that take a contact over the ten that it carries."""


def live(destination: Destination, stream: str) -> dict[Key, Record]:
    """The rows of a stream of links that the page about the streams says are live."""
    (query,) = re.findall(r"```sql\n(.*?)```", read(ROOT / "docs" / "streams.md"), re.DOTALL)
    tables = {"contacts": "id, updated_at", stream: "contact_id, id, contact_updated_at"}
    with sqlite3.connect(":memory:") as warehouse:
        warehouse.row_factory = sqlite3.Row
        for name, columns in tables.items():
            warehouse.execute(f"create table {name} ({columns})")
            rows = [tuple(row[column] for column in columns.split(", ")) for row in destination.rows[name].values()]
            warehouse.executemany(f"insert into {name} values ({', '.join('?' for _ in columns.split(', '))})", rows)
        found = [key_of(stream, dict(row)) for row in warehouse.execute(query.replace("contact_tags", stream))]
    assert len(set(found)) == len(found)
    return {key: destination.rows[stream][key] for key in found}


def few(sandbox: Sandbox) -> list[str]:
    """Contacts that have no links of any kind."""
    return [each["id"] for each in sandbox.truth("contacts") if not any(each[name]["data"] for name in LISTS)]


def come_and_go(sandbox: Sandbox, stream: str, gone: list[Record], contacts: list[str]) -> list[Record]:
    """Links of a kind are taken away, those that are gone since the last time come again, and others are new.

    A contact gets more links than it carries, one that has so many loses most of them. Returns what is gone.
    """
    for row in gone:
        fields = {"url": f"/{LINKS[stream]}/{row['id']}"} | {
            name: row[name] for name in ("id", "consent") if name in row
        }
        sandbox.mutate("create", object=stream, parents=[row["contact_id"]], fields=fields)
    sandbox.mutate("create", object=stream, parents=contacts[:8])
    sandbox.mutate("create", object=stream, parents=[contacts[8]] * MANY)
    rows, crowds = truth(sandbox, stream), dict[str, list[str]]()
    for contact_id, link_id in rows:
        crowds.setdefault(contact_id, []).append(link_id)
    crowded, left = next((one, ids) for one, ids in crowds.items() if len(ids) > 10 and one != contacts[8])
    sandbox.mutate("delete", object=stream, ids=[f"{crowded}:{each}" for each in left[3:]])
    taken = sandbox.mutate("delete", object=stream, count=15)
    return [rows[tuple(each.split(":"))] for each in taken]


@pytest.mark.parametrize("stream", LINKS)
def test_live_links_are_those_that_are_as_new_as_their_contact(workspace: Workspaces, stream: str) -> None:
    sandbox = workspace(contacts=300, companies=60, tags=40)
    connector, destination = Connector(sandbox), Destination()
    contacts, gone = few(sandbox), list[Record]()
    tables: list[Mapping[Key, Record]] = []
    for number in range(3):
        if number:
            gone = come_and_go(sandbox, stream, gone, contacts[9 * number :])
        run = connector.read(["contacts", stream], destination.states)
        assert run.exit_code == 0
        time.sleep(1)  # what goes in the second in which its contact was read does not move that (docs/promises.md)
        destination.apply(run)
        expected = truth(sandbox, stream)
        assert live(destination, stream) == expected
        dead = destination.rows[stream].keys() - expected.keys()
        assert bool(dead) == bool(number)
        tables.append(expected)
    for before, after in pairwise(tables):
        assert before.keys() - after.keys()
        assert after.keys() - before.keys()
    assert (tables[0].keys() - tables[1].keys()) & tables[2].keys(), "some came again"


def beyond_ten(sandbox: Sandbox) -> int:
    """Requests that the lists of contacts take which carry not all of their links."""
    wanted = [("tags",), ("companies",), ("opted_in_subscription_types", "opted_out_subscription_types")]
    contacts = sandbox.truth("contacts")
    return sum(any(contact[name]["has_more"] for name in names) for contact in contacts for names in wanted)


@pytest.mark.parametrize("mode", ["incremental", "full_refresh"])
def test_all_streams_of_contacts_cost_one_search_and_the_lists_beyond_ten(workspace: Workspaces, mode: str) -> None:
    sandbox = workspace(contacts=600)
    connector = Connector(sandbox)

    def requests(*streams: str) -> int:
        sandbox.reset_requests()
        run = connector.read(streams, mode=mode)
        assert run.exit_code == 0
        for stream in streams:
            assert repeated(stream, run) == []
            assert difference(sandbox, stream, run) == NONE
        total: int = sandbox.requests()["total"]
        return total

    alone = requests("contacts")
    assert beyond_ten(sandbox) > 30
    assert requests(*STREAMS) <= 1.15 * alone + beyond_ten(sandbox)


def test_links_alone_bring_what_they_bring_beside_their_contacts(workspace: Workspaces) -> None:
    sandbox = workspace(contacts=300)
    for stream in (*LINKS, "contact_merges"):
        assert difference(sandbox, stream, Connector(sandbox).read([stream])) == NONE
