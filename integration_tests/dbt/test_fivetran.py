"""The views for Fivetran's package hold what the workspace holds, in either engine and either format of times."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
import yaml

from integration_tests.comparison import Key, truth
from integration_tests.dbt.conftest import ENGINES, FORMATS, Warehouses
from integration_tests.dbt.fivetran import VIEWS, plain, views
from integration_tests.dbt.warehouse import EXPORTED, PROJECT, STREAMS, Warehouse
from integration_tests.demo.changes import CHANGES
from integration_tests.matrix.destination import DELETED_AT, Deduplicating, Destination
from integration_tests.messages import Record
from integration_tests.sizes import nothing
from intercom_sandbox.client import Sandbox

pytestmark = pytest.mark.timeout(600)

SCHEMA = "fivetran_intercom"
LINKS = ("contact_tags", "contact_companies", "conversation_tags", "conversation_contacts")
MODELS = {"staging": "staging", SCHEMA: "fivetran", "support": "support"}
"""The directory of the models of each schema."""

SELECTED = ("contacts", "contact_tags", "conversations", "teams")
"""Streams without many that are made of them, or that they name."""

UNLINKED: Mapping[str, Any] = {
    "contacts": {"type": "contact.list", "contacts": []},
    "tags": {"type": "tag.list", "tags": []},
}
"""A conversation without contacts and tags."""

SNOOZED: Mapping[str, Any] = {"state": "snoozed", "snoozed_until": 1_800_000_000}

Tables = dict[str, list[Record]]


@dataclass(frozen=True)
class State:
    """What the views hold after a sync, what they should hold, and how many links there are that once were."""

    found: Tables
    expected: Tables
    gone: dict[str, int]


@pytest.fixture(scope="module")
def states(warehouse: Warehouse) -> list[State]:
    """After a first sync, and after a second one between which much has changed, and some of everything has gone."""
    before = held(warehouse.sandbox)
    first = built(warehouse, before)
    change(warehouse.sandbox)
    after = held(warehouse.sandbox)
    # nothing tells that the parts are gone of a conversation that was deleted (docs/promises.md)
    after["conversation_parts"] = before["conversation_parts"] | after["conversation_parts"]
    return [first, built(warehouse, after)]


def change(sandbox: Sandbox) -> None:
    for _, mutation in CHANGES:
        assert sandbox.mutate(**mutation)
    for stream in ("contacts", "conversations", "companies", "articles", "tags"):
        assert sandbox.mutate("delete", object=stream, count=2)
    assert sandbox.mutate("merge_contacts")
    for stream in ("contact_tags", "contact_companies"):
        assert sandbox.mutate("delete", object=stream, count=10)
    assert sandbox.mutate("update", object="conversations", count=10, fields=UNLINKED)
    assert sandbox.mutate("update", object="conversations", count=2, fields=SNOOZED)


def held(sandbox: Sandbox) -> dict[str, dict[Key, Record]]:
    """The workspace's rows of each stream that the views may be made of."""
    return {stream: truth(sandbox, stream) for stream in STREAMS if stream not in EXPORTED}


def built(warehouse: Warehouse, rows: dict[str, dict[Key, Record]]) -> State:
    """A sync, and all models and their tests."""
    warehouse.sync()
    warehouse.dbt("build")
    gone = {stream: len(warehouse.rows("staging", f"stg_intercom__{stream}")) - len(rows[stream]) for stream in LINKS}
    return State(tables(warehouse), views({stream: table.values() for stream, table in rows.items()}), gone)


def tables(warehouse: Warehouse) -> Tables:
    return {view: [plain(row) for row in warehouse.rows(SCHEMA, view)] for view in VIEWS}


def ordered(rows: list[Record]) -> list[Record]:
    return sorted(rows, key=lambda row: [(name, str(value)) for name, value in sorted(row.items())])


@pytest.mark.parametrize("number", [0, 1], ids=["first sync", "second sync"])
@pytest.mark.parametrize("view", VIEWS)
def test_view_holds_what_the_workspace_holds(states: list[State], number: int, view: str) -> None:
    state = states[number]
    assert state.expected[view], "nothing to compare"
    assert ordered(state.found[view]) == ordered(state.expected[view])


def test_links_that_are_gone_are_in_the_tables_and_in_no_view(states: list[State]) -> None:
    first, second = states
    assert set(first.gone.values()) == {0}
    assert min(second.gone.values()) > 0


def test_every_column_of_a_stream_has_a_value_in_some_row(warehouse: Warehouse, states: list[State]) -> None:
    """A column whose name is not the stream's is null in all of them."""
    empty = []
    for model in documented("staging"):
        rows = warehouse.rows("staging", model)
        assert rows, model
        empty += [f"{model}.{name}" for name in rows[0] if all(row[name] is None for row in rows)]
    assert [name for name in empty if not name.endswith((DELETED_AT, "_airbyte_extracted_at"))] == []


@pytest.mark.parametrize("schema", MODELS)
def test_columns_are_those_that_are_documented(warehouse: Warehouse, states: list[State], schema: str) -> None:
    built: dict[str, set[str]] = {}
    for column in warehouse.rows("information_schema", "columns"):
        if column["table_schema"] == schema:
            built.setdefault(column["table_name"], set()).add(column["column_name"])
    assert built == documented(MODELS[schema])


def documented(directory: str) -> dict[str, set[str]]:
    """The columns of each model in a directory, by what is written beside them."""
    pages = [yaml.safe_load(page.read_text()) for page in (PROJECT / "models" / directory).glob("*.yml")]
    models = [model for page in pages for model in page.get("models", ())]
    assert all(each["description"] for model in models for each in (model, *model["columns"]))
    return {model["name"]: {column["name"] for column in model["columns"]} for model in models}


def test_an_empty_workspace_builds(open_warehouse: Warehouses) -> None:
    warehouse = open_warehouse("postgres", nothing(), Deduplicating(), time_format="date-time")
    warehouse.sync()
    warehouse.dbt("build")
    found = tables(warehouse)
    assert found["admin"]
    assert not [view for view in ("contact_history", "conversation_part_history", "tag") if found[view]]
    assert [model for model in documented("support") if warehouse.rows("support", model)] == []


@pytest.mark.parametrize("engine", ENGINES)
def test_without_a_stream_its_views_are_empty_and_kept_rows_of_who_is_gone_are_not_active(
    open_warehouse: Warehouses, engine: str
) -> None:
    """In a destination that keeps rows that are marked as deleted, and with times in each engine's other format."""
    (time_format,) = set(FORMATS.values()) - {FORMATS[engine]}
    sizes = {"contacts": 60, "conversations": 30, "parts": 60}
    options: dict[str, Any] = {"time_format": time_format, "apply_deletes": True, "streams": SELECTED}
    warehouse = open_warehouse(engine, sizes, Destination(), **options)
    warehouse.sync()
    gone = {one: set(warehouse.sandbox.mutate("delete", object=one, count=3)) for one in ("contacts", "conversations")}
    warehouse.sync()
    warehouse.dbt("build", "--select", "+path:models/fivetran", "--indirect-selection", "cautious")

    found = tables(warehouse)
    rows = held(warehouse.sandbox)
    expected = views({stream: rows[stream].values() if stream in SELECTED else [] for stream in STREAMS})
    assert {view for view in VIEWS if expected[view]} == {
        "contact_history",
        "contact_tag_history",
        "conversation_history",
        "team",
    }
    for view in VIEWS:
        active = [row for row in found[view] if row["_fivetran_active"] and not row["_fivetran_deleted"]]
        assert ordered(active) == ordered(expected[view]), view
    for stream, view in (("contacts", "contact_history"), ("conversations", "conversation_history")):
        marked = {row["id"] for row in found[view] if row["_fivetran_deleted"]}
        assert marked == {row["id"] for row in found[view] if not row["_fivetran_active"]}
        assert marked >= gone[stream]
