"""What reading costs, in requests and in minutes."""

import logging
import re

import pytest

from source_intercom.read import price
from unit_tests.contracts import CONTRACTS, Way, by_way
from unit_tests.syncs import Workspace, logs, sync


@pytest.mark.parametrize(
    ("records", "requests"),
    [(0, 1), (1, 1), (150, 1), (151, 2), (600, 4), (15_000, 115), (1_000_000, 6_800)],
)
def test_a_search_costs_its_pages_and_what_cuts_its_windows(records: int, requests: int) -> None:
    assert price.of_search(records, 11_250) == requests


def test_planning_stays_below_a_twentieth_of_a_large_search() -> None:
    assert price.of_search(1_000_000, 11_250) < 1.05 * 1_000_000 / 150


@pytest.mark.parametrize(("records", "per_page", "requests"), [(0, 50, 1), (50, 50, 1), (51, 50, 2), (999, None, 1)])
def test_a_list_costs_its_pages(records: int, per_page: int | None, requests: int) -> None:
    assert price.of_list(records, per_page) == requests


def test_segments_cost_their_pages_and_one_that_is_not_full_for_each() -> None:
    assert [price.of_segments(20, contacts) for contacts in (0, 1, 3_000)] == [20, 21, 40]


def test_transcripts_cost_the_list_of_calls_and_a_search_for_twenty_conversations() -> None:
    assert [price.of_transcripts(calls, 25) for calls in (0, 1, 100, 101)] == [1, 2, 9, 11]


def test_a_scroll_ends_with_an_empty_page() -> None:
    assert [price.of_scroll(records) for records in (0, 1, 100, 101)] == [1, 2, 2, 3]


@pytest.mark.parametrize(("requests", "limit", "minutes"), [(1, 1_667, 1), (10_002, 1_667, 1), (500_000, 1_667, 50)])
def test_minutes_are_those_of_the_limit_in_ten_seconds(requests: int, limit: int, minutes: int) -> None:
    assert price.minutes(requests, limit) == minutes


def test_the_time_is_told_where_the_limit_is_known() -> None:
    assert price.told(500_000, 1_667) == (
        "up to 500000 requests, one for each, 50 minutes at Intercom's rate limit of 1667 in 10 seconds"
    )
    assert price.told(1, 0) == "up to 1 request, one for each"


@pytest.mark.parametrize("name", by_way(Way.CHILD))
def test_a_stream_that_asks_parent_by_parent_says_its_price_once(
    name: str, workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    parent = CONTRACTS[name].parent
    assert parent
    count = len(workspace.rows[parent.stream])
    said = [
        line for line in logs(sync(name)) if re.match(rf"{name}: asking for {count} {parent.stream} takes up to", line)
    ]
    assert len(said) == 1
