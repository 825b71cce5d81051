"""How the charts of the page are drawn, each from rows with the columns that it names.

They hold data and shapes; colours are the page's, which has them for light and dark screens.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

import altair as alt

Row = dict[str, Any]

WHOLE = alt.Axis(tickCount=5, tickMinStep=1)
"""An axis for numbers of things."""


def heat_map(rows: list[Row]) -> alt.Chart:
    """A row for each day, a field for each hour."""
    chart: alt.Chart = (
        chart_of(rows, height=210)
        .mark_rect()
        .encode(
            x=alt.X("hour:O", title="hour of the day", axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            y=alt.Y("weekday_name:N", title=None, sort=alt.SortField("weekday")),
            color=alt.Color("conversations:Q", scale=alt.Scale(domainMin=0), legend=alt.Legend(tickMinStep=1)),
            tooltip=[
                alt.Tooltip("weekday_name:N", title="day"),
                alt.Tooltip("hour:O", title="hour of the day"),
                alt.Tooltip("conversations:Q"),
                alt.Tooltip("from_contacts:Q", title="begun by contacts"),
            ],
        )
    )
    return chart


def line(rows: list[Row], of_all: list[Row], unit: str) -> alt.Chart:
    """The medians of a team, on the scales of all teams."""
    longest = max(row["median"] for row in of_all)
    chart: alt.Chart = (
        chart_of(rows, height=130)
        .mark_line(point=True)
        .encode(
            x=week_axis(row["week"] for row in of_all),
            y=alt.Y("median:Q", title=unit, scale=alt.Scale(domain=[0, longest or 1], nice=True)),
            tooltip=[
                week_told(),
                alt.Tooltip("median:Q", title=unit, format=".1f"),
                alt.Tooltip("answered:Q", title="conversations answered"),
            ],
        )
    )
    return chart


def stack(rows: list[Row]) -> alt.Chart:
    """A bar for each week, from its first to its last day, of the ratings one on another."""
    chart: alt.Chart = (
        chart_of(rows, height=220)
        .mark_bar(orient="vertical")
        .encode(
            x=week_axis(),
            x2=alt.X2("last_day:T", timeUnit="utcyearmonthdate", title="week"),
            y=alt.Y("ratings:Q", axis=WHOLE),
            color=alt.Color("rating:O"),
            order=alt.Order("rating:O"),
            tooltip=[
                week_told(),
                alt.Tooltip("rating:O"),
                alt.Tooltip("ratings:Q"),
                alt.Tooltip("mean_rating:Q", title="mean of the week", format=".2f"),
            ],
        )
    )
    return chart


def shares(rows: list[Row], who: str, counted: str) -> alt.Chart:
    """A line for each kind of share, with points of its own shape, which tell the number behind it, too."""
    chart: alt.Chart = (
        chart_of(rows, height=220)
        .mark_line(point=True)
        .encode(
            x=week_axis(),
            y=alt.Y("share:Q", axis=alt.Axis(format=".0%"), scale=alt.Scale(domain=[0, 1])),
            color=alt.Color("what:N", title=None, sort=None),
            shape=alt.Shape("what:N", sort=None, legend=None),
            tooltip=[
                week_told(),
                alt.Tooltip("what:N", title=who),
                alt.Tooltip("share:Q", format=".0%"),
                alt.Tooltip("number:Q", title=counted),
            ],
        )
    )
    return chart


def sent(rows: list[Row]) -> alt.Chart:
    """A bar for each week, from its first to its last day."""
    chart: alt.Chart = (
        chart_of(rows, height=220)
        .mark_bar(orient="vertical")
        .encode(
            x=week_axis(),
            x2=alt.X2("last_day:T", timeUnit="utcyearmonthdate", title="week"),
            y=alt.Y("sent:Q", title="messages", axis=WHOLE),
            tooltip=[week_told(), alt.Tooltip("sent:Q"), alt.Tooltip("delivered:Q")],
        )
    )
    return chart


def bars(rows: list[Row], title: str, told: list[alt.Tooltip]) -> alt.LayerChart:
    """A horizontal bar for each row, with its number beside it, in the order of the rows."""
    base = chart_of(rows, height=26 * len(rows)).encode(
        x=alt.X("conversations:Q", axis=WHOLE),
        y=alt.Y("name:N", title=None, sort=None),
        tooltip=[alt.Tooltip("name:N", title=title), alt.Tooltip("conversations:Q"), *told],
    )
    numbers = base.mark_text(align="left", dx=4, aria=False).encode(text=alt.Text("conversations:Q", format=","))
    room = {"left": 5, "top": 5, "right": 40, "bottom": 5}  # for the number of the longest bar
    return alt.LayerChart(layer=[base.mark_bar(), numbers], padding=room)


def chart_of(rows: list[Row], height: int) -> alt.Chart:
    """A chart of these rows, `height` pixels high without the words below it."""
    return alt.Chart(alt.InlineData(values=rows), height=height)


def week_axis(days: Iterable[str] = ()) -> alt.X:
    """Weeks from left to right, of what is drawn or of all these days. They are the same for every reader: UTC."""
    told = sorted(map(date.fromisoformat, days))
    ends = [alt.DateTime(year=day.year, month=day.month, date=day.day, utc=True) for day in (*told[:1], *told[-1:])]
    axis = alt.Axis(format="%-d %b", tickCount=6, labelOverlap=True)
    return alt.X("week:T", title="week", scale=alt.Scale(type="utc", domain=ends or alt.Undefined), axis=axis)


def week_told() -> alt.Tooltip:
    """A week as text: its Monday."""
    return alt.Tooltip("week:T", title="week of", timeUnit="utcyearmonthdate", format="%-d %B %Y")
