"""The models of support: their numbers are those that Python counts from what the workspace holds."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from integration_tests.dbt import figures_by_week as weekly
from integration_tests.dbt import figures_of_messages as of_messages
from integration_tests.dbt import figures_of_tickets as of_tickets
from integration_tests.dbt.changes import change
from integration_tests.dbt.conftest import ENGINES, FORMATS, Warehouses
from integration_tests.dbt.figures import LINKS, Figures, Row
from integration_tests.matrix.destination import Deduplicating, Destination

pytestmark = pytest.mark.timeout(600)

AS_OF = datetime(2026, 1, 4, tzinfo=UTC)
"""The moment as of which ages are counted."""

MODELS: Mapping[str, Callable[[Figures], list[Row]]] = {
    "conversations": Figures.conversations,
    "team_first_responses": Figures.team_first_responses,
    "fin_content": Figures.fin_content,
    "contacts_per_company": Figures.contacts_per_company,
    **{f"live_{stream}": partial(Figures.links, stream=stream) for stream in LINKS},
    "tickets": of_tickets.tickets,
    "ticket_time_in_state": of_tickets.ticket_time_in_state,
    "conversation_metrics_by_week": weekly.conversation_metrics_by_week,
    "conversation_volume": weekly.conversation_volume,
    "ratings_by_week": weekly.ratings_by_week,
    "open_backlog": weekly.open_backlog,
    "fin_share_by_week": weekly.fin_share_by_week,
    "message_performance_by_week": of_messages.message_performance_by_week,
}

SIZES = {"contacts": 150, "companies": 40, "conversations": 100, "parts": 700, "tickets": 30, "first_day": "2025-10-01"}

STATES = {"the first sync": "UTC", "changes": "Pacific/Auckland"}
"""What came before a run of dbt, and the time zone whose weeks it counts."""


@dataclass(frozen=True)
class Outcome:
    """The rows of each model after a run, those that Python counts, and how many rows the streams of links have."""

    found: Mapping[str, list[Row]]
    expected: Mapping[str, list[Row]]
    links: Mapping[str, int]


@pytest.fixture(scope="module", params=ENGINES)
def outcomes(request: pytest.FixtureRequest, open_warehouse: Warehouses) -> dict[str, Outcome]:
    """What there is after each state of the workspace was synced.

    What is gone stays in the tables of the one engine, where other streams tell of it, and is deleted in the other.
    The project's own tests of its models are run elsewhere, in each build of test_fivetran.py.
    """
    # what has become of messages that are older than the days of the default is read again, too
    options: dict[str, Any] = {"time_format": FORMATS[request.param], "message_lookback_days": 3650}
    if request.param == "duckdb":
        warehouse = open_warehouse("duckdb", SIZES, Destination(), **options)
    else:
        warehouse = open_warehouse("postgres", SIZES, Deduplicating(), apply_deletes=True, **options)
    outcomes: dict[str, Outcome] = {}
    for state, zone in STATES.items():
        if outcomes:
            change(warehouse.sandbox, AS_OF)
        warehouse.sync()
        variables = json.dumps({"as_of": AS_OF.isoformat(), "time_zone": zone})
        warehouse.dbt("run", "--select", "+path:models/support", "--vars", variables)
        figures = Figures(warehouse.sandbox, AS_OF, zone)
        outcomes[state] = Outcome(
            {model: warehouse.rows("support", model) for model in MODELS},
            {model: count(figures) for model, count in MODELS.items()},
            {stream: len(warehouse.rows("staging", f"stg_intercom__{stream}")) for stream in LINKS},
        )
    return outcomes


def in_order(rows: list[Row]) -> list[Row]:
    """Rows with moments in UTC, in the order of what is no number with decimals."""
    rows = [{name: it.astimezone(UTC) if isinstance(it, datetime) else it for name, it in row.items()} for row in rows]
    return sorted(rows, key=lambda row: [str(row[name]) for name in sorted(row) if not isinstance(row[name], float)])


def nearly(rows: list[Row]) -> list[Row]:
    """Rows that equal others whose numbers differ in the last decimals."""
    return [{name: pytest.approx(it) if isinstance(it, float) else it for name, it in row.items()} for row in rows]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("model", MODELS)
def test_a_model_holds_what_is_counted_from_the_workspace(outcomes: dict[str, Outcome], model: str, state: str) -> None:
    outcome = outcomes[state]
    assert in_order(outcome.found[model]) == nearly(in_order(outcome.expected[model]))


@pytest.mark.parametrize("model", MODELS)
def test_there_is_something_to_count_and_it_changes(outcomes: dict[str, Outcome], model: str) -> None:
    before, after = (in_order(outcomes[state].expected[model]) for state in STATES)
    assert before
    assert after
    assert before != after


def test_there_are_conversations_and_tickets_of_every_kind(outcomes: dict[str, Outcome]) -> None:
    expected = outcomes["changes"].expected
    values = {name: {row[name] for row in expected["conversations"]} for name in expected["conversations"][0]}
    assert [name for name, found in values.items() if len(found) == 1] == []
    assert values["state"] == {"open", "closed", "snoozed"}
    assert {1, 5} < values["rating"]
    assert {0, 1} < values["reopens"]
    assert {row["age_bucket"] for row in expected["open_backlog"]} == {*weekly.BUCKETS, weekly.OVER}
    assert any(row["reopens"] for row in expected["tickets"])
    assert any(row["position"] > 2 for row in expected["ticket_time_in_state"])


@pytest.mark.parametrize("stream", [each for each in LINKS if each != "conversation_contacts"])
def test_links_that_are_gone_are_in_their_streams_and_not_live(outcomes: dict[str, Outcome], stream: str) -> None:
    assert outcomes["changes"].links[stream] > len(outcomes["changes"].found[f"live_{stream}"])


def test_there_are_messages_of_every_fate(outcomes: dict[str, Outcome]) -> None:
    rows = outcomes["changes"].expected["message_performance_by_week"]
    totals = {name: sum(row[name] for row in rows) for name in rows[0] if isinstance(rows[0][name], int)}
    assert min(totals.values()) > 0
    assert totals["bounced"] + totals["failed"] > totals["sent"] - totals["delivered"], "none arrived that had bounced"
    assert any(row["open_rate"] is None for row in rows)
