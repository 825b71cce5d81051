"""Every chart shows the numbers of its model, and all of them: of models made by hand, and of those that dbt makes."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

import pytest

from integration_tests.dashboard.command import dashboard
from integration_tests.dashboard.conftest import Draw
from integration_tests.dashboard.tables import AGES, COLUMNS, DAYS, EMPTY, WORKSPACE, Row, Tables
from integration_tests.dashboard.window import Window
from integration_tests.dbt.engines import DuckDB
from integration_tests.dbt.warehouse import Warehouse
from integration_tests.matrix.destination import Deduplicating
from integration_tests.sandboxes import start

pytestmark = pytest.mark.timeout(600)

SIZES = {"contacts": 60, "companies": 20, "conversations": 150, "parts": 600, "tickets": 5, "first_day": "2025-06-01"}
STREAMS = (
    *("contacts", "conversations", "conversation_parts", "conversation_tags", "admins", "teams", "tags"),
    *("message_receipts", "message_events"),
)


@dataclass(frozen=True)
class Source:
    """A page, and the models that it is drawn from."""

    page: Path
    tables: Tables

    def shown(self, table: str, dimension: str = "") -> list[Row]:
        """The rows of the weeks that are shown; of a dimension, if the table has some."""
        weekly = ("conversation_metrics_by_week", "message_performance_by_week")
        newest = max(row["week"] for name in weekly for row in self.tables[name])
        rows = [row for row in self.tables[table] if row["week"] > newest - timedelta(weeks=26)]
        return [row for row in rows if row.get("dimension", "") == dimension]


@pytest.fixture(scope="module")
def by_dbt(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """What dbt makes of the tables that the connector has filled."""
    directory = tmp_path_factory.mktemp("by_dbt")
    engine = DuckDB(directory)
    with start(rate_limit=0, **SIZES) as sandbox:
        warehouse = Warehouse(sandbox, engine, directory, Deduplicating(), STREAMS)
        warehouse.sync()
    warehouse.dbt("run", "--select", "+path:models/support")
    page = directory / "page.html"
    done = dashboard(engine.environment["DBT_DUCKDB_PATH"], page)
    assert done.returncode == 0, done.stderr
    return Source(page, {table: warehouse.rows("support", table) for table in COLUMNS})


@pytest.fixture(params=["by hand", "by dbt"])
def source(request: pytest.FixtureRequest, page: Path) -> Source:
    """Models of either kind."""
    return request.getfixturevalue("by_dbt") if request.param == "by dbt" else Source(page, WORKSPACE)


def told(week: date) -> str:
    return f"{week.day} {week:%B %Y}"


def test_models_made_by_hand_have_the_columns_of_those_that_dbt_makes(by_dbt: Source) -> None:
    assert {table: [*rows[0]] for table, rows in by_dbt.tables.items()} == {
        table: [*columns] for table, columns in COLUMNS.items()
    }


def test_heat_map_shows_the_conversations_of_every_hour(source: Source, window: Window) -> None:
    window.open(source.page)
    shown = {
        (mark["day"], mark["hour of the day"]): (mark["conversations"], mark["begun by contacts"])
        for mark in window.marks("volume", "rect mark")
    }
    assert shown == {
        (row["weekday_name"], str(row["hour"])): (str(row["conversations"]), str(row["from_contacts"]))
        for row in source.tables["conversation_volume"]
    }
    assert len(shown) == 7 * 24
    assert [word for word in window.texts("#volume svg text") if word in DAYS] == list(DAYS)


def test_first_replies_are_the_medians_of_each_team(source: Source, window: Window) -> None:
    window.open(source.page)
    rows = source.shown("conversation_metrics_by_week", "team")
    answered = [row for row in rows if row["median_first_response_seconds"] is not None]
    answered.sort(key=lambda row: (row["dimension_id"] == "0", row["dimension_name"], row["dimension_id"]))
    teams = [list(of_team) for _, of_team in groupby(answered, key=lambda row: row["dimension_id"])]
    names = [rows[0]["dimension_name"] if rows[0]["dimension_id"] != "0" else "no team" for rows in teams]
    assert window.texts("figcaption:has(+ [id^=team])") == names
    assert len(names) > 2
    longest = max(row["median_first_response_seconds"] for row in answered)
    unit, size = ("hours", 3_600) if longest <= 3 * 86_400 else ("days", 86_400)
    for number, rows in enumerate(teams):
        marks = {mark["week of"]: mark for mark in window.marks(f"team-{number}", "point")}
        assert marks.keys() == {told(row["week"]) for row in rows}
        for row in rows:
            mark = marks[told(row["week"])]
            assert float(mark[unit]) == pytest.approx(row["median_first_response_seconds"] / size, abs=0.051)
            assert mark["conversations answered"] == str(row["answered"])


@pytest.mark.parametrize(
    ("seconds", "unit", "number"), [(300, "minutes", 5), (90_000, "hours", 25), (864_000, "days", 10)]
)
def test_first_replies_are_told_in_a_unit_that_fits(
    draw: Draw, window: Window, seconds: int, unit: str, number: int
) -> None:
    (row, *_) = (row for row in WORKSPACE["conversation_metrics_by_week"] if row["dimension"] == "team")
    window.open(draw({**EMPTY, "conversation_metrics_by_week": [{**row, "median_first_response_seconds": seconds}]}))
    assert f"First reply of each team: median in {unit}, by week" in window.texts("h2")
    (mark,) = window.marks("team-0", "point")
    assert float(mark[unit]) == number


def test_ratings_are_counted_by_week_and_rating(source: Source, window: Window) -> None:
    window.open(source.page)
    shown = {(mark["week of"], mark["rating"]): int(mark["ratings"]) for mark in window.marks("ratings", "bar")}
    assert shown == {
        (told(row["week"]), str(rating)): row[f"rating_{rating}"]
        for row in source.shown("ratings_by_week")
        for rating in range(1, 6)
        if row[f"rating_{rating}"]
    }
    assert shown


def test_fins_shares_are_those_of_each_week(source: Source, window: Window) -> None:
    window.open(source.page)
    shown = {(mark["week of"], mark["Fin"]): mark["share"] for mark in window.marks("fin", "point")}
    expected = {
        (told(row["week"]), what): row[column]
        for row in source.shown("fin_share_by_week")
        for what, column in {"took part": "fin_share", "resolved, of those": "fin_resolution_rate"}.items()
        if row[column] is not None
    }
    assert shown.keys() == expected.keys()
    assert len({what for _, what in shown}) == 2
    for key, share in shown.items():
        assert int(share.removesuffix("%")) == pytest.approx(100 * expected[key], abs=0.51)


def test_backlog_is_that_of_all_teams_by_age(source: Source, window: Window) -> None:
    window.open(source.page)
    expected: dict[str, Counter[str]] = {}
    for row in source.tables["open_backlog"]:
        numbers = {name: row[name] for name in ("conversations", "waiting", "snoozed")}
        expected.setdefault(row["age_bucket"], Counter()).update(numbers)
    shown = {
        mark["age"]: {
            "conversations": int(mark["conversations"]),
            "waiting": int(mark["the contact waits"]),
            "snoozed": int(mark["snoozed"]),
        }
        for mark in window.marks("backlog", "bar")
    }
    assert shown == expected
    words = window.texts("#backlog svg text")
    assert [word for word in words if word in AGES] == [age for age in AGES if age in expected]


def test_tags_are_those_of_most_conversations(source: Source, window: Window) -> None:
    window.open(source.page)
    expected: Counter[str] = Counter()
    for row in source.shown("conversation_metrics_by_week", "tag"):
        if row["dimension_id"] != "0":
            expected[row["dimension_name"]] += row["conversations"]
    shown = [(mark["tag"], int(mark["conversations"])) for mark in window.marks("tags", "bar")]
    assert shown == sorted(expected.items(), key=lambda tag: (-tag[1], tag[0]))[:15]
    assert shown


def test_messages_are_shown_where_there_are_no_conversations(draw: Draw, window: Window) -> None:
    week = WORKSPACE["message_performance_by_week"][-1]["week"]
    lost = {"week": week, "sent": 3, "delivered": 0}
    window.open(draw({**EMPTY, "message_performance_by_week": [lost]}))
    assert window.texts("header p") == [f"From intercom.duckdb; the newest week is that of Monday, {week}."]
    assert [mark["sent"] for mark in window.marks("sent", "bar")] == ["3"]
    assert window.texts("#outcomes") == []


def test_messages_are_those_sent_in_each_week_and_what_became_of_those_delivered(
    source: Source, window: Window
) -> None:
    window.open(source.page)
    totals: dict[str, Counter[str]] = {}
    for row in source.shown("message_performance_by_week"):
        counts = {name: row[name] for name in ("sent", "delivered", "opened", "clicked", "replied")}
        totals.setdefault(told(row["week"]), Counter()).update(counts)
    bars = {mark["week of"]: mark for mark in window.marks("sent", "bar")}
    assert {week: (int(mark["sent"]), int(mark["delivered"])) for week, mark in bars.items()} == {
        week: (total["sent"], total["delivered"]) for week, total in totals.items()
    }
    shown = {(mark["week of"], mark["messages"]): mark for mark in window.marks("outcomes", "point")}
    assert shown.keys() == {
        (week, what) for week in totals if totals[week]["delivered"] for what in ("opened", "clicked", "replied")
    }
    assert shown
    for (week, what), mark in shown.items():
        share = totals[week][what] / totals[week]["delivered"]
        assert int(mark["share"].removesuffix("%")) == pytest.approx(100 * share, abs=0.51)
        assert int(mark["number"].replace(",", "")) == totals[week][what]
