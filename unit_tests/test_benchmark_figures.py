"""The pictures of the benchmarks, and the figures at the top of the README, are those of their page."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping

import pytest

from benchmarks.figures import Initial, initial_syncs, pictures, share_of_limit, times_faster
from benchmarks.plot import HEIGHT, LEFT, MARGIN, RIGHT, TOP, WIDTH, Bars, Lines, svg
from benchmarks.report import page
from benchmarks.results import Results
from benchmarks.run import Run
from benchmarks.suite import Comparison
from benchmarks.workspace import Size
from scripts.pages.benchmark import PAGE, three_figures
from unit_tests.pages import read

SVG = "{http://www.w3.org/2000/svg}"

LINES = Lines("A title", "rows", {"one": [(1_000, 30), (24_490, 388.3)], "other": [(1_000, 3), (24_490, 18.8)]}, " s")
BARS = Bars("A title", ("working", "waiting"), "seconds", {"one": (15, 373), "other": (7, 12)})

RATES = """
| limit per window | GET takes | sent in the full windows | used | per second |
| --- | ---: | ---: | ---: | ---: |
| 167, of which others spend 0% | 0.1 s | 160 | 95.8% | 19 |
| 1,667, of which others spend 50% | 0.1 s | 1,290 | 156.0% | 134 |
| 1,667, of which others spend 0% | 0.5 s | 1,119, 1,486 | 89.1% | 140 |
| 1,667, of which others spend 0% | 0.1 s | 1,667, 1,664 | 99.9% | 163 |
"""


def measured(wall: float, cpu: float, memory: int) -> Run:
    return Run(wall, cpu, memory, 1.0, 438, 0, 3_363, {"segments": set()}, {})


def results() -> Results:
    """Two workspaces, read by both."""
    small, large = Size("small", 250), Size("large", 1750)
    return Results(
        "python -m benchmarks",
        comparisons=[
            Comparison(
                small, 3_365, measured(63.4, 3.54, 95_200_000), measured(3.58, 2.29, 107_000_000), {"segments": 146}, {}
            ),
            Comparison(
                large,
                1_024_490,
                measured(1388.3, 15.1, 101_000_000),
                measured(18.8, 27.17, 114_000_000),
                {"segments": 1022},
                {"segments": 0},
            ),
        ],
    )


def elements(document: str, name: str, **attributes: str) -> list[Mapping[str, str]]:
    """The attributes of the elements of a name that have these among them."""
    found = ET.fromstring(document).iter(f"{SVG}{name}")
    return [each.attrib for each in found if attributes.items() <= each.attrib.items()]


def texts(document: str) -> list[str]:
    return [each.text or "" for each in ET.fromstring(document).iter(f"{SVG}text")]


def numbers(document: str) -> list[float]:
    """What stands at the ticks of all axes."""
    found = [re.fullmatch(r"([\d,.]+)( s)?", text) for text in texts(document)]
    return [float(each[1].replace(",", "")) for each in found if each]


def test_axes_of_lines_end_where_the_data_ends() -> None:
    points = [(float(each["cx"]), float(each["cy"])) for each in elements(svg([LINES]), "circle")]
    assert max(x for x, _ in points) == WIDTH - RIGHT
    assert min(y for _, y in points) == TOP
    assert len(points) == 4


def test_ticks_are_round_numbers_within_the_data() -> None:
    assert numbers(svg([LINES])) == [0, 100, 200, 300, 0, 5_000, 10_000, 15_000, 20_000]
    assert numbers(svg([BARS])) == [0, 100, 200, 300]


@pytest.mark.parametrize("most", [0.07, 1.0, 9.76, 100.0, 101.0, 1_024_490.0])
def test_an_axis_has_a_few_ticks_that_are_told_apart(most: float) -> None:
    found = numbers(svg([Bars("", ("a", "b"), "", {"one": (0, most)})]))
    assert 3 <= len(found) <= 6
    assert len({*found}) == len(found)
    assert 0 == found[0] < found[-1] <= most


def test_a_bar_is_as_long_as_its_parts_together_and_the_longest_ends_the_axis() -> None:
    bars = [each for each in elements(svg([BARS]), "rect") if each.get("height") not in ("8", str(HEIGHT))]
    (first, second), (third, fourth) = [
        [(float(each["x"]), float(each["width"])) for each in bars[number : number + 2]] for number in (0, 2)
    ]
    whole = WIDTH - RIGHT - MARGIN
    assert first[0] == third[0] == MARGIN
    assert sum(second) == pytest.approx(WIDTH - RIGHT)
    for (_, width), part in ((first, 15), (second, 373), (third, 7), (fourth, 12)):
        assert width == pytest.approx(whole * part / 388, abs=0.1)


def test_charts_stand_side_by_side() -> None:
    document = svg([LINES, BARS])
    assert ET.fromstring(document).attrib["viewBox"] == f"0 0 {2 * WIDTH} {HEIGHT}"
    assert [each["transform"] for each in elements(document, "g")] == ["translate(0 0)", f"translate({WIDTH} 0)"]
    assert float(elements(svg([LINES]), "text", **{"font-weight": "bold"})[0]["x"]) == LEFT


def test_what_the_page_says_of_initial_syncs_is_read_back() -> None:
    theirs = "official 0.8.3"
    assert initial_syncs(page(results())) == [
        Initial("small", 3_365, theirs, 63.4, 3.54, 95, 146),
        Initial("small", 3_365, "ours", 3.58, 2.29, 107, 0),
        Initial("large", 1_024_490, theirs, 1388.3, 15.1, 101, 1022),
        Initial("large", 1_024_490, "ours", 18.8, 27.2, 114, 0),
    ]
    assert times_faster(page(results())) == ["17.7", "73.8"]


def test_working_and_waiting_are_the_cpu_and_the_rest_of_the_wall_time() -> None:
    said = texts(pictures(page(results()))["benchmarks.svg"])
    assert "small, official 0.8.3: 63.4 s, 94% of it waiting" in said
    assert "small, ours: 3.6 s, 36% of it waiting" in said
    assert "large, ours: 18.8 s, 0% of it waiting" in said, "two threads may work at a time"


def test_a_page_without_initial_syncs_has_no_pictures() -> None:
    assert pictures(page(Results("python -m benchmarks --only rates"))) == {}


def test_the_page_names_its_pictures() -> None:
    assert {*re.findall(r"\]\(([\w-]+\.svg)\)", page(results()))} == {*pictures(page(results()))}


def test_three_figures_are_how_much_faster_how_much_of_the_limit_and_how_many_rows_are_lost() -> None:
    head, _, below = three_figures(page(results()) + RATES).splitlines()
    assert head == "| 17.7 to 73.8 times faster | 99.9% of the rate limit | 0 rows lost |"
    assert "than Airbyte's own connector 0.8.3, in an initial sync of 3,365 to 1,024,490 rows" in below
    assert "of 1,027,855; Airbyte's own connector loses 1,168 rows" in below


def test_a_page_that_does_not_say_how_much_of_the_limit_is_used_is_an_error() -> None:
    with pytest.raises(ValueError, match="rate limit"):
        share_of_limit(page(results()))


def test_the_figures_of_today_are_on_the_page() -> None:
    today = read(PAGE)
    assert len(initial_syncs(today)) == today.count(" rows: ") > 0
    assert share_of_limit(today) in today
