"""What the weekly models and the other counts should hold, told in Python from a row for each conversation."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import product
from math import floor
from typing import Any, Final

from integration_tests.dbt.figures import Figures, Row, gathered

DAY: Final = 86_400
BUCKETS: Final = {"under 1 day": 1, "1 to 3 days": 3, "3 to 7 days": 7, "7 to 30 days": 30}
"""Days at which the next age begins."""
OVER: Final = "over 30 days"
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def week_of(figures: Figures, moment: datetime) -> date:
    """The Monday of the moment's week."""
    day = moment.astimezone(figures.zone).date()
    return day - timedelta(days=day.weekday())


def percentile(share: float, values: Iterable[float | None]) -> float | None:
    """The value below which that share of those that are known is, between two of them where it is none of them."""
    known = sorted(value for value in values if value is not None)
    if not known:
        return None
    place = share * (len(known) - 1)
    below = floor(place)
    above = min(below + 1, len(known) - 1)
    return known[below] + (known[above] - known[below]) * (place - below)


def mean(values: Iterable[float | None]) -> float | None:
    """The mean of those that are known."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def weekly(figures: Figures, column: str) -> dict[date, list[Row]]:
    """Conversations by the week of a moment; those without one are in no week."""
    found: dict[date, list[Row]] = {}
    for row in figures.conversations():
        if row[column] is not None:
            found.setdefault(week_of(figures, row[column]), []).append(row)
    return found


def conversation_metrics_by_week(figures: Figures) -> list[Row]:
    """A row for each week and what its conversations have in common."""
    tags = gathered(figures.links("conversation_tags"), "conversation_id")
    found: dict[tuple[Any, ...], list[Row]] = {}
    for row in figures.conversations():
        groups = [("all", None, "All")]
        groups += [(kind, row[f"{kind}_id"], row[f"{kind}_name"]) for kind in ("team", "admin", "company")]
        tagged = [("tag", tag["tag_id"], tag["tag_name"]) for tag in tags[row["conversation_id"]]]
        for kind, group, name in groups + (tagged or [("tag", None, None)]):
            key = (week_of(figures, row["created_at"]), kind, group or "0", name or group or "None")
            found.setdefault(key, []).append(row)
    names = ("week", "dimension", "dimension_id", "dimension_name")
    return [{**dict(zip(names, key, strict=True)), **_metrics(rows)} for key, rows in found.items()]


def _metrics(rows: Sequence[Row]) -> Row:
    def column(name: str) -> list[Any]:
        return [row[name] for row in rows]

    reopens = [each for each in column("reopens") if each is not None]
    ratings = [each for each in column("rating") if each is not None]
    return {
        "conversations": len(rows),
        "answered": sum(each is not None for each in column("first_admin_reply_at")),
        "median_first_response_seconds": percentile(0.5, column("first_response_seconds")),
        "p90_first_response_seconds": percentile(0.9, column("first_response_seconds")),
        "median_first_response_office_seconds": percentile(0.5, column("first_response_office_seconds")),
        "closed": column("state").count("closed"),
        "median_resolution_seconds": percentile(0.5, column("resolution_seconds")),
        "reopened": sum(each > 0 for each in reopens),
        "reopen_rate": mean([float(each > 0) for each in reopens]),
        "rated": len(ratings),
        "rated_share": len(ratings) / len(rows),
        "mean_rating": mean(ratings),
    }


def conversation_volume(figures: Figures) -> list[Row]:
    """A row for each hour of the week."""
    rows = figures.conversations()
    begun: dict[tuple[int, int], list[str | None]] = {place: [] for place in product(range(7), range(24))}
    for row in rows:
        local = row["created_at"].astimezone(figures.zone)
        begun[local.weekday(), local.hour].append(row["delivered_as"])
    return [
        {
            "weekday": day + 1,
            "weekday_name": WEEKDAYS[day],
            "hour": hour,
            "conversations": len(found),
            "from_contacts": found.count("customer_initiated"),
        }
        for (day, hour), found in begun.items()
        if rows
    ]


def ratings_by_week(figures: Figures) -> list[Row]:
    """A row for each week in which somebody rated."""
    found = []
    for week, rows in weekly(figures, "rated_at").items():
        scores = [row["rating"] for row in rows]
        found.append(
            {
                "week": week,
                "ratings": len(scores),
                "mean_rating": mean(scores),
                "positive_share": sum(score in (4, 5) for score in scores) / len(scores),
                **{f"rating_{score}": scores.count(score) for score in range(1, 6)},
                "with_remark": sum(row["rating_remark"] is not None for row in rows),
            }
        )
    return found


def open_backlog(figures: Figures) -> list[Row]:
    """A row for each team and age of conversations that are not closed."""
    found: dict[tuple[str, str, str], list[Row]] = {}
    for row in figures.conversations():
        if row["state"] != "closed":
            age = next((name for name, days in BUCKETS.items() if row["backlog_age_seconds"] < days * DAY), OVER)
            key = (row["team_id"] or "0", row["team_name"] or row["team_id"] or "None", age)
            found.setdefault(key, []).append(row)
    ages = [*BUCKETS, OVER]
    return [
        {
            "team_id": team,
            "team_name": name,
            "age_bucket": age,
            "age_bucket_order": ages.index(age) + 1,
            "conversations": len(rows),
            "waiting": sum(row["waiting_since"] is not None for row in rows),
            "snoozed": sum(row["state"] == "snoozed" for row in rows),
            "oldest_created_at": min(row["created_at"] for row in rows),
        }
        for (team, name, age), rows in found.items()
    ]


def fin_share_by_week(figures: Figures) -> list[Row]:
    """A row for each week in which conversations were created."""
    found = []
    for week, rows in weekly(figures, "created_at").items():
        with_fin = [row for row in rows if row["fin_participated"]]
        found.append(
            {
                "week": week,
                "conversations": len(rows),
                "fin_conversations": len(with_fin),
                "fin_share": len(with_fin) / len(rows),
                "fin_resolved": sum(row["fin_resolved"] for row in rows),
                "fin_resolution_rate": mean([float(row["fin_resolved"]) for row in with_fin]),
                "fin_escalated": sum(row["fin_resolution_state"] == "escalated" for row in rows),
                "fin_mean_rating": mean([row["fin_rating"] for row in rows]),
            }
        )
    return found
