"""The page opens anywhere: without a network, on phones, in the dark, whatever teams and tags are called."""

from pathlib import Path
from typing import Any

import pytest

from integration_tests.browser.contrast import READABLE, contrast, luminance
from integration_tests.dashboard.conftest import Draw
from integration_tests.dashboard.tables import EMPTY, WORKSPACE
from integration_tests.dashboard.window import MARK, Window, drawn

NARROW, WIDE = 390, 1100
HARM = "<img src=x onerror=\"document.title='harmed'\">", "</script><script>document.title='harmed'</script>"


def test_page_draws_every_chart_and_asks_for_nothing(page: Path, window: Window) -> None:
    window.open(page)
    assert window.texts(".nothing") == []
    places = window.run("return [...document.querySelectorAll('.chart')].map((each) => each.id)")
    assert places == [
        "volume",
        "team-0",
        "team-1",
        "team-2",
        "team-3",
        "ratings",
        "fin",
        "backlog",
        "tags",
        "sent",
        "outcomes",
    ]
    assert [place for place in places if not window.texts(f"#{place} {MARK}")] == []
    assert window.run("return document.querySelectorAll('[src], [href], link').length") == 0
    assert window.loaded() == []
    assert window.complaints() == []


def test_what_a_page_asks_for_and_complains_of_is_seen(window: Window, tmp_path: Path) -> None:
    other = tmp_path / "other.html"
    other.write_text(
        "<body data-drawn=light><img src=http://127.0.0.1:9/picture.png><script>throw Error('no chart')</script>"
    )
    window.open(other)
    assert window.loaded() == ["http://127.0.0.1:9/picture.png"]
    assert any("no chart" in each for each in window.complaints())


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Auckland"])
def test_weeks_are_the_same_in_every_time_zone(page: Path, window: Window, zone: str) -> None:
    window.open(page)
    said, bars = window.said(), window.marks("ratings", "bar")
    window.open(page, zone=zone)
    assert window.run("return new Date(0).getTimezoneOffset()") != 0
    assert (window.said(), window.marks("ratings", "bar")) == (said, bars)


def test_page_is_no_wider_than_a_phone(page: Path, window: Window) -> None:
    window.open(page, width=NARROW)
    assert window.run("return [innerWidth, document.documentElement.scrollWidth]") == [NARROW, NARROW]
    edges = window.run("return [...document.querySelectorAll('svg')].map((each) => each.getBoundingClientRect().right)")
    assert max(edges) <= NARROW
    assert min(edges) > NARROW * 0.8, "the width is not used"


def test_charts_follow_the_width_of_the_window(page: Path, window: Window) -> None:
    window.open(page, width=WIDE)
    window.resize(600, 800)
    window.wait("return document.querySelector('#volume svg').getBoundingClientRect().right <= 600")


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_no_word_of_a_chart_covers_another(page: Path, window: Window, width: int) -> None:
    window.open(page, width=width)
    for place, words in window.run(WORDS):
        for number, one in enumerate(words):
            covered = [other["text"] for other in words[:number] if overlap(one, other)]
            assert covered == [], f"{one['text']} in {place}"


WORDS = """
return [...document.querySelectorAll('.chart')].map((chart) => [chart.id, [...chart.querySelectorAll('svg text')]
  .filter((each) => each.getAttribute('opacity') !== '0' && each.textContent)
  .map((each) => ({text: each.textContent, ...each.getBoundingClientRect().toJSON()}))])
"""
"""Each chart, and the words that are seen in it with their places, in CSS pixels."""


def overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two boxes share more than their edges."""
    return all(
        min(one[end], other[end]) - max(one[begin], other[begin]) > 1
        for begin, end in (("left", "right"), ("top", "bottom"))
    )


@pytest.mark.parametrize("dark", [False, True])
def test_all_words_stand_out_from_the_ground(page: Path, window: Window, dark: bool) -> None:
    window.open(page, dark=dark)
    ground = window.run("return getComputedStyle(document.body).backgroundColor")
    assert (luminance(ground) < 0.05) == dark
    colours = set(window.run(COLOURS))
    assert colours
    for colour in colours:
        assert contrast(colour, ground) >= READABLE, colour


COLOURS = """
return [...[...document.querySelectorAll('h1, h2, p, figcaption')].map((each) => getComputedStyle(each).color),
  ...[...document.querySelectorAll('svg text')].map((each) => getComputedStyle(each).fill)]
"""


def test_page_turns_dark_while_it_is_open(page: Path, window: Window) -> None:
    window.open(page)
    light = window.run(COLOURS)
    window.darken(True)
    window.wait(drawn(True))
    assert not {*light} & {*window.run(COLOURS)}
    assert window.complaints() == []


def test_every_chart_has_a_name_for_those_who_do_not_see_it(page: Path, window: Window) -> None:
    window.open(page)
    names = window.run(
        "return [...document.querySelectorAll('.chart[role=graphics-document]')].map((each) => each.ariaLabel)"
    )
    assert len({*names}) == len(names) == len(window.texts(".chart"))
    assert "Line: median first reply of Technical support in hours, by week" in names


def test_names_of_teams_and_tags_do_no_harm_on_a_phone(draw: Draw, window: Window) -> None:
    (row, *_) = (row for row in WORKSPACE["conversation_metrics_by_week"] if row["dimension"] == "team")
    rows = [
        {**row, "dimension": dimension, "dimension_id": str(number), "dimension_name": name}
        for dimension in ("team", "tag")
        for number, name in enumerate(HARM, start=1)
    ]
    window.open(draw({**EMPTY, "conversation_metrics_by_week": rows}), width=NARROW)
    assert window.run("return document.documentElement.scrollWidth") == NARROW
    assert {*window.texts("figcaption")} == {*HARM}
    assert {mark["tag"] for mark in window.marks("tags", "bar")} == {*HARM}
    window.point_at("#tags path[aria-roledescription=bar]")
    window.wait("return document.querySelector('#vg-tooltip-element.visible') !== null")
    assert any(name in "".join(window.texts("#vg-tooltip-element td.value")) for name in HARM)
    assert window.run("return [document.images.length, document.scripts.length, document.title]") == [
        0,
        3,
        "Intercom support",
    ]
    assert window.complaints() == []
