"""The models of the schema `support`, made by hand: what the page is drawn from where dbt does not run."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

import duckdb

Row = dict[str, Any]
Tables = Mapping[str, Sequence[Row]]

COLUMNS: Final = {
    "conversation_metrics_by_week": {
        "week": "DATE",
        "dimension": "VARCHAR",
        "dimension_id": "VARCHAR",
        "dimension_name": "VARCHAR",
        "conversations": "BIGINT",
        "answered": "BIGINT",
        "median_first_response_seconds": "DOUBLE",
        "p90_first_response_seconds": "DOUBLE",
        "median_first_response_office_seconds": "DOUBLE",
        "closed": "BIGINT",
        "median_resolution_seconds": "DOUBLE",
        "reopened": "BIGINT",
        "reopen_rate": "DOUBLE",
        "rated": "BIGINT",
        "rated_share": "DOUBLE",
        "mean_rating": "DOUBLE",
    },
    "conversation_volume": {
        "weekday": "INTEGER",
        "weekday_name": "VARCHAR",
        "hour": "INTEGER",
        "conversations": "BIGINT",
        "from_contacts": "BIGINT",
    },
    "ratings_by_week": {
        "week": "DATE",
        "ratings": "BIGINT",
        "mean_rating": "DOUBLE",
        "positive_share": "DOUBLE",
        **{f"rating_{rating}": "BIGINT" for rating in range(1, 6)},
        "with_remark": "BIGINT",
    },
    "open_backlog": {
        "team_id": "VARCHAR",
        "team_name": "VARCHAR",
        "age_bucket": "VARCHAR",
        "age_bucket_order": "INTEGER",
        "conversations": "BIGINT",
        "waiting": "BIGINT",
        "snoozed": "BIGINT",
        "oldest_created_at": "TIMESTAMPTZ",
    },
    "fin_share_by_week": {
        "week": "DATE",
        "conversations": "BIGINT",
        "fin_conversations": "BIGINT",
        "fin_share": "DOUBLE",
        "fin_resolved": "BIGINT",
        "fin_resolution_rate": "DOUBLE",
        "fin_escalated": "BIGINT",
        "fin_mean_rating": "DOUBLE",
    },
    "message_performance_by_week": {
        "week": "DATE",
        "ruleset_id": "VARCHAR",
        "content_id": "VARCHAR",
        "title": "VARCHAR",
        "type": "VARCHAR",
        "sent": "BIGINT",
        "delivered": "BIGINT",
        "opened": "BIGINT",
        "clicked": "BIGINT",
        "replied": "BIGINT",
        "completed": "BIGINT",
        "unsubscribed": "BIGINT",
        "bounced": "BIGINT",
        "failed": "BIGINT",
        "delivery_rate": "DOUBLE",
        "open_rate": "DOUBLE",
        "click_rate": "DOUBLE",
        "reply_rate": "DOUBLE",
        "completion_rate": "DOUBLE",
        "unsubscribe_rate": "DOUBLE",
        "bounce_rate": "DOUBLE",
    },
}
"""The columns of each table, with DuckDB's types."""

EMPTY: Final[Tables] = dict.fromkeys(COLUMNS, ())

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
AGES: Final = ("under 1 day", "1 to 3 days", "3 to 7 days", "7 to 30 days", "over 30 days")
TEAMS: Final = {"11": "Billing", "12": "Onboarding", "13": "Technical support", "0": "None"}
TAGS: Final = (
    *("Bug", "Invoice", "Refund", "Feature request", "Login", "Outage", "Import", "Mobile app", "Cancellation"),
    *(
        "Shipping",
        "Translation",
        "Praise",
        "Data protection",
        "Integrations",
        "Trial",
        "Spam",
    ),
)
"""One more than the page shows."""

WEEKS: Final = [date(2025, 6, 9) + timedelta(weeks=number) for number in range(30)]
"""Mondays: four more than the page shows."""


def write(path: Path, tables: Tables) -> None:
    """Makes a DuckDB file that holds these tables; columns that a row does not name are null."""
    with duckdb.connect(path) as database:
        database.execute("CREATE SCHEMA support")
        for table, rows in tables.items():
            columns = COLUMNS[table]
            declared = ", ".join(f"{name} {kind}" for name, kind in columns.items())
            database.execute(f"CREATE TABLE support.{table} ({declared})")
            if rows:
                places = ", ".join("?" * len(columns))
                values = [[row.get(name) for name in columns] for row in rows]
                database.executemany(f"INSERT INTO support.{table} VALUES ({places})", values)


def _workspace() -> dict[str, list[Row]]:
    """A workspace of half a year, always the same."""
    random = Random(1)

    def about(number: float) -> int:
        return round(number * (0.7 + 0.6 * random.random()))

    return {
        "conversation_metrics_by_week": [
            *({"week": week, "dimension": "all", "dimension_id": "0", "conversations": 90} for week in WEEKS),
            *(
                {
                    "week": week,
                    "dimension": "team",
                    "dimension_id": team,
                    "dimension_name": name,
                    "conversations": 30,
                    "answered": about(25),
                    "median_first_response_seconds": float(about(2_400 * place * (1.5 - number / 30))),
                }
                for place, (team, name) in enumerate(TEAMS.items(), start=1)
                for number, week in enumerate(WEEKS)
            ),
            *(
                {
                    "week": week,
                    "dimension": "tag",
                    "dimension_id": str(place),
                    "dimension_name": name,
                    "conversations": about(60 / place) + 1,
                }
                for place, name in enumerate(TAGS, start=1)
                for week in WEEKS
            ),
        ],
        "conversation_volume": [
            {
                "weekday": weekday,
                "weekday_name": name,
                "hour": hour,
                "conversations": about(busy * (12 if weekday < 6 else 3)),
                "from_contacts": about(busy),
            }
            for weekday, name in enumerate(DAYS, start=1)
            for hour in range(24)
            for busy in [max(0.5, 8 - abs(hour - 13))]
        ],
        "ratings_by_week": [
            {
                "week": week,
                "ratings": 0,
                "mean_rating": 3.5 + random.random(),
                **{f"rating_{rating}": about(most) for rating, most in enumerate((3, 2, 4, 9, 20), start=1)},
            }
            for week in WEEKS
        ],
        "open_backlog": [
            {
                "team_id": team,
                "team_name": name,
                "age_bucket": age,
                "age_bucket_order": order,
                "conversations": about(24 / order),
                "waiting": order,
                "snoozed": 2,
            }
            for team, name in TEAMS.items()
            for order, age in enumerate(AGES, start=1)
        ],
        "fin_share_by_week": [
            {
                "week": week,
                "conversations": 90,
                "fin_conversations": about(20 + number),
                "fin_share": about(20 + number) / 90,
                "fin_resolved": about(10),
                "fin_resolution_rate": None if number == 15 else about(40 + number) / 100,
            }
            for number, week in enumerate(WEEKS)
        ],
        "message_performance_by_week": [
            {
                "week": week,
                "ruleset_id": content,
                "content_id": content,
                "sent": count,
                "delivered": 0 if number == 15 else count - 20,
                "opened": 0 if number == 15 else about(count / 2),
                "clicked": 0 if number == 15 else about(count / 8),
                "replied": 0 if number == 15 else about(count / 30),
            }
            for number, week in enumerate(WEEKS)
            for content, most in (("21", 400), ("22", 150))
            for count in [about(most)]
        ],
    }


WORKSPACE: Final[Tables] = _workspace()
