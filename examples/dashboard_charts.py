"""The charts of the page: what each asks of the models, and what is said beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import altair as alt
from dashboard_shapes import Row, bars, heat_map, line, sent, shares, stack

Ask = Callable[[str], list[Row]]
"""Answers a query with rows."""

VOLUME, METRICS, RATINGS, BACKLOG, FIN, MESSAGES = MODELS = (
    "support.conversation_volume",
    "support.conversation_metrics_by_week",
    "support.ratings_by_week",
    "support.open_backlog",
    "support.fin_share_by_week",
    "support.message_performance_by_week",
)

WEEKS = 26
NEWEST = f"(SELECT max(week) FROM (SELECT week FROM {METRICS} UNION ALL SELECT week FROM {MESSAGES}))"
RECENT = f"week > {NEWEST} - {WEEKS * 7}"
TAGS = 15

UNITS = (("minutes", 60, 3 * 3_600), ("hours", 3_600, 3 * 86_400), ("days", 86_400, float("inf")))
"""Units of durations: their name, their seconds, and the longest duration in seconds that is still told in them."""


@dataclass(frozen=True)
class Drawing:
    """One chart: the id of its place in the page, and its name for those who do not see it.

    Where a figure has several, `name` says what this one shows.
    """

    place: str
    description: str
    chart: alt.Chart | alt.LayerChart
    name: str = ""

    def specification(self) -> dict[str, Any]:
        """What Vega-Lite is to draw: as wide as its place, whatever words stand beside it."""
        fitting = alt.AutoSizeParams(type="fit-x", contains="padding")
        chart = self.chart.properties(description=self.description, width="container", autosize=fitting)
        specification: dict[str, Any] = chart.to_dict()
        return specification


@dataclass(frozen=True)
class Figure:
    """Charts with a title and a text; `nothing` is said in their place where there are none."""

    title: str
    text: str
    nothing: str
    drawings: list[Drawing]
    wide: bool = False


def figures(ask: Ask) -> list[Figure]:
    """All of the page, from top to bottom."""
    return [volume(ask), first_replies(ask), ratings(ask), fin(ask), backlog(ask), tags(ask), messages(ask)]


def newest_week(ask: Ask) -> str | None:
    """The Monday of the newest week with conversations or messages; None where there are none."""
    (row,) = ask(f"SELECT {NEWEST}::TEXT AS week")
    week: str | None = row["week"]
    return week


def volume(ask: Ask) -> Figure:
    """The hours of the week."""
    rows = ask(f"SELECT weekday, weekday_name, hour, conversations, from_contacts FROM {VOLUME} ORDER BY weekday, hour")
    return Figure(
        "When conversations begin: number by weekday and hour",
        "Conversations created in each hour of the week, in all weeks together. Hours are in UTC, or in the time zone "
        "that dbt was given.",
        "No conversations yet.",
        [Drawing("volume", "Heat map: conversations created in each hour of the week", heat_map(rows))] if rows else [],
        wide=True,
    )


def first_replies(ask: Ask) -> Figure:
    """A chart for each team: there may be more teams than colours that can be told apart."""
    rows = ask(
        "SELECT dimension_id AS id, CASE dimension_id WHEN '0' THEN 'no team' ELSE dimension_name END AS team, "
        "week::TEXT AS week, answered, median_first_response_seconds AS seconds "
        f"FROM {METRICS} WHERE dimension = 'team' AND seconds IS NOT NULL AND {RECENT} "
        "ORDER BY id = '0', team, id, week"
    )
    longest = max((row["seconds"] for row in rows), default=0)
    unit, size, _ = next(each for each in UNITS if longest <= each[2])
    told = [row | {"median": row["seconds"] / size} for row in rows]
    name = "Line: median first reply of {} in {}, by week"
    drawings = [
        Drawing(f"team-{number}", name.format(team, unit), line(list(of_team), told, unit), team)
        for number, ((_, team), of_team) in enumerate(groupby(told, key=lambda row: (row["id"], row["team"])))
    ]
    return Figure(
        f"First reply of each team: median in {unit}, by week",
        "From the beginning of a conversation to the first answer of an admin, for the conversations created in the "
        f"week: half of them were answered sooner. The last {WEEKS} weeks.",
        "No team has answered a conversation yet.",
        drawings,
        wide=True,
    )


def ratings(ask: Ask) -> Figure:
    """What contacts rated, week by week."""
    rows = ask(
        "SELECT week::TEXT AS week, (week + 6)::TEXT AS last_day, mean_rating, right(name, 1) AS rating, ratings "
        f"FROM (UNPIVOT (SELECT * EXCLUDE ratings FROM {RATINGS}) "
        "ON rating_1, rating_2, rating_3, rating_4, rating_5 INTO NAME name VALUE ratings) "
        f"WHERE ratings > 0 AND {RECENT} ORDER BY week, rating"
    )
    return Figure(
        "Ratings: number by week",
        f"What contacts rated in the week, from 1 (worst) to 5 (best). The last {WEEKS} weeks.",
        "No ratings yet.",
        [Drawing("ratings", "Stacked bars: number of ratings from 1 to 5, by week", stack(rows))] if rows else [],
    )


def fin(ask: Ask) -> Figure:
    """What Fin took part in, and what it resolved of that."""
    rows = ask(
        "SELECT week::TEXT AS week, 'took part' AS what, fin_share AS share, fin_conversations AS number "
        f"FROM {FIN} WHERE {RECENT} "
        "UNION ALL SELECT week::TEXT, 'resolved, of those', fin_resolution_rate, fin_resolved "
        f"FROM {FIN} WHERE fin_resolution_rate IS NOT NULL AND {RECENT} ORDER BY what DESC, week"
    )
    name = "Two lines: Fin's share of conversations and of resolutions, by week"
    return Figure(
        "Fin's share of conversations: percent by week",
        "In how many of the conversations created in the week Fin took part, and how many of those it resolved. "
        f"The last {WEEKS} weeks.",
        "No conversations yet.",
        [Drawing("fin", name, shares(rows, "Fin", "conversations"))] if rows else [],
    )


def backlog(ask: Ask) -> Figure:
    """A bar for each age of what is open."""
    rows = ask(
        "SELECT age_bucket AS name, sum(conversations)::BIGINT AS conversations, sum(waiting)::BIGINT AS waiting, "
        f"sum(snoozed)::BIGINT AS snoozed FROM {BACKLOG} "
        "GROUP BY age_bucket, age_bucket_order ORDER BY age_bucket_order"
    )
    told = [alt.Tooltip("waiting:Q", title="the contact waits"), alt.Tooltip("snoozed:Q")]
    return Figure(
        "Open conversations: number by age",
        "Conversations that were not closed when dbt ran, by the time since they were created.",
        "No open conversations.",
        [Drawing("backlog", "Bars: number of open conversations by age", bars(rows, "age", told))] if rows else [],
    )


def tags(ask: Ask) -> Figure:
    """A bar for each of the tags that are used most; those of the same name are one to the reader."""
    rows = ask(
        "SELECT dimension_name AS name, sum(conversations)::BIGINT AS conversations "
        f"FROM {METRICS} WHERE dimension = 'tag' AND dimension_id <> '0' AND {RECENT} "
        f"GROUP BY dimension_name ORDER BY conversations DESC, name LIMIT {TAGS}"
    )
    return Figure(
        "Tags: number of conversations",
        f"The {TAGS} tags that most conversations of the last {WEEKS} weeks have; a conversation with several tags "
        "counts for each.",
        "No tagged conversations yet.",
        [Drawing("tags", "Bars: number of conversations by tag", bars(rows, "tag", []))] if rows else [],
    )


def messages(ask: Ask) -> Figure:
    """How many were sent, and beside it what became of them."""
    totals = ("sent", "delivered", "opened", "clicked", "replied")
    summed = ", ".join(f"sum({name})::BIGINT AS {name}" for name in totals)
    rows = ask(
        f"SELECT week::TEXT AS week, (week + 6)::TEXT AS last_day, {summed} "
        f"FROM {MESSAGES} WHERE {RECENT} GROUP BY week ORDER BY week"
    )
    became = [
        {"week": row["week"], "what": what, "share": row[what] / row["delivered"], "number": row[what]}
        for what in totals[2:]
        for row in rows
        if row["delivered"]
    ]
    numbers = Drawing("sent", "Bars: number of messages sent, by week", sent(rows), "Sent: number by week")
    outcomes = Drawing(
        "outcomes",
        "Three lines: shares of messages opened, clicked and replied to, by week",
        shares(became, "messages", "number"),
        "Opened, clicked, replied to: percent of those delivered, by week",
    )
    return Figure(
        "Outbound messages",
        "E-mails, posts, chats and others by the week in which they were sent, whenever they were opened. "
        f"The last {WEEKS} weeks.",
        "No outbound messages: the stream message_receipts has none, or is not among those that are read.",
        [*([numbers] if rows else []), *([outcomes] if became else [])],
        wide=True,
    )
