"""The questions on docs/warehouse.md, asked as they stand there, are answered as Python answers them."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from statistics import mean, median
from typing import Any

import pytest

from integration_tests.connector import ROOT
from integration_tests.dbt.conftest import ENGINES, SIZES, Warehouses
from integration_tests.dbt.warehouse import Warehouse
from integration_tests.matrix.destination import Destination
from integration_tests.messages import Record

Truth = Callable[[str], list[Record]]
Row = tuple[Any, ...]

QUESTIONS = re.findall(r"```sql\n(.*?)```", (ROOT / "docs" / "warehouse.md").read_text(encoding="utf-8"), re.DOTALL)


def names(rows: Iterable[Record]) -> Mapping[str, str]:
    """What rows are called, by their ids."""
    return {str(row["id"]): row["name"] for row in rows}


def first_replies(truth: Truth) -> list[Row]:
    weeks = defaultdict[datetime, list[int]](list)
    for row in truth("conversations"):
        if (seconds := (row.get("statistics") or {}).get("time_to_admin_reply")) is not None:
            created = datetime.fromtimestamp(row["created_at"], UTC)
            monday = created.date() - timedelta(days=created.weekday())
            weeks[datetime(monday.year, monday.month, monday.day, tzinfo=UTC)].append(seconds)
    return [(week, len(found), median(found)) for week, found in weeks.items()]


def by_tag(truth: Truth) -> list[Row]:
    tags = names(truth("tags"))
    used = Counter(str(tag["id"]) for row in truth("conversations") for tag in row["tags"]["tags"])
    return [(tags[tag], count) for tag, count in used.items() if tag in tags]


def backlog(truth: Truth) -> list[Row]:
    teams = names(truth("teams"))
    waiting = defaultdict[str, list[int]](list)
    for row in truth("conversations"):
        if row["open"]:
            waiting[teams.get(str(row["team_assignee_id"]), "nobody")].append(row["created_at"])
    return [(team, len(began), datetime.fromtimestamp(min(began), UTC)) for team, began in waiting.items()]


def ratings(truth: Truth) -> list[Row]:
    admins = names(truth("admins"))
    given = defaultdict[str, list[int]](list)
    for row in truth("conversations"):
        rating = row.get("conversation_rating") or {}
        teammate = str((rating.get("teammate") or {}).get("id"))
        if rating.get("rating") is not None and teammate in admins:
            given[teammate].append(rating["rating"])
    return [(admins[admin], len(found), mean(found)) for admin, found in given.items()]


def people(truth: Truth) -> list[Row]:
    companies = names(truth("companies"))
    members = Counter(str(row["id"]) for row in truth("contact_companies"))
    return [(companies[company], count) for company, count in members.items() if company in companies]


ANSWERS = (first_replies, by_tag, backlog, ratings, people)


@pytest.fixture(scope="module", params=ENGINES)
def warehouse(request: pytest.FixtureRequest, open_warehouse: Warehouses) -> Warehouse:
    """Tables as Airbyte's destinations and PyAirbyte make them."""
    types = ("timestamp with time zone",)
    opened = open_warehouse(request.param, SIZES, Destination(), time_types=types, time_format="date-time")
    opened.sync()
    return opened


def test_there_are_five_questions() -> None:
    assert len(QUESTIONS) == len(ANSWERS) == 5


@pytest.mark.parametrize(("question", "answer"), list(zip(QUESTIONS, ANSWERS, strict=True)), ids=lambda one: "")
def test_a_question_is_answered_as_the_workspace_answers_it(
    warehouse: Warehouse, question: str, answer: Callable[[Truth], list[Row]]
) -> None:
    found = [tuple(map(comparable, row.values())) for row in warehouse.query(question)]
    expected = [tuple(map(comparable, row)) for row in answer(warehouse.sandbox.truth)]
    assert expected
    assert sorted(found, key=str) == sorted(expected, key=str)


def comparable(value: Any) -> Any:
    """Times in UTC; numbers as far as floating point goes."""
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return round(float(value), 6) if isinstance(value, int | float) else value
