from types import SimpleNamespace
from typing import Any

import pytest
from requests_mock import Mocker

from source_intercom import report
from source_intercom.streams.context import StreamContext
from source_intercom.streams.conversations import ConversationParts
from source_intercom.streams.estimates import FIRST, PartsEstimate
from source_intercom.streams.help_center import Articles
from source_intercom.streams.workspace import DataAttributes, Teams
from unit_tests.builders import (
    NOW,
    URL,
    article,
    articles_page,
    estimates,
    example,
    messages,
    partitions,
    read,
    whole_conversation,
)
from unit_tests.streams.conversations import serve

# Conversation parts


def told_of(expected: int, *counts: Any) -> list[int]:
    """What is told when conversations with these statistics are found, of so many that are expected."""
    told: list[int] = []
    estimate = PartsEstimate(told.append)
    estimate.expect(expected)
    for count in counts:
        estimate.found({"id": "1", "statistics": {"count_conversation_parts": count}})
    return told


def test_the_parts_of_all_conversations_follow_from_those_that_are_found() -> None:
    assert told_of(4 * FIRST, *[11] * FIRST) == [40 * FIRST]


def test_the_estimate_gets_better_as_more_conversations_are_found() -> None:
    counts = [11] * FIRST + [31] * FIRST + [1] * FIRST
    assert told_of(3 * FIRST, *counts) == [30 * FIRST, 60 * FIRST, 40 * FIRST]


def test_few_conversations_are_estimated_when_all_are_found() -> None:
    assert told_of(3, 1, 2, 6) == [6]


def test_no_conversations_have_no_parts() -> None:
    assert told_of(0) == [0]


def test_what_changes_meanwhile_changes_no_estimate() -> None:
    assert told_of(2, 2, 2, 2, 2, 2) == [2]


def test_parts_that_intercom_does_not_return_are_not_expected() -> None:
    assert told_of(1, 801) == [500]


@pytest.mark.parametrize("odd", [None, "7", [], {}])
def test_conversations_without_statistics_count_as_the_others(odd: Any) -> None:
    assert told_of(2, 11, odd) == [20]
    assert told_of(2, odd, odd) == [2]


@pytest.mark.parametrize("statistics", [None, [], "none", 5])
def test_odd_statistics_are_none(statistics: Any) -> None:
    told: list[int] = []
    estimate = PartsEstimate(told.append)
    estimate.expect(1)
    estimate.found({"id": "1", "statistics": statistics})
    assert told == [1]


def test_parts_are_estimated_before_the_conversations_are_fetched(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    serve(requests_mock, *[whole_conversation(number, NOW - 50 - number, parts=3) for number in range(4)])
    stream = ConversationParts(context)
    stream.new_cursor({})
    list(next(iter(partitions(stream))).read())
    assert estimates(messages(stream)) == [("conversation_parts", 12)]


# Lists


def test_a_list_is_estimated_by_its_answer(context: StreamContext, requests_mock: Mocker) -> None:
    for count in (1, 0):
        teams = Teams(context)
        requests_mock.get(f"{URL}teams", json={"teams": example("teams")["teams"][:count]})
        read(teams)
        assert estimates(messages(teams)) == [("teams", count)]


def test_a_list_of_several_answers_is_estimated_by_all_that_have_come(
    context: StreamContext, requests_mock: Mocker
) -> None:
    requests_mock.get(f"{URL}data_attributes", json=example("data_attributes"))
    stream = DataAttributes(context)
    read(stream)
    rows = len(example("data_attributes")["data"])
    assert estimates(messages(stream)) == [(stream.name, rows), (stream.name, 2 * rows)]


def test_articles_are_expected_as_their_first_page_counts_them(context: StreamContext, requests_mock: Mocker) -> None:
    pages = [{"json": articles_page([article(number)], number, 2, 2)} for number in (1, 2)]
    requests_mock.get(f"{URL}articles", pages)
    stream = Articles(context)
    read(stream)
    assert estimates(messages(stream)) == [("articles", 2)]
    assert context.reports.count("articles", report.EXPECTED) == 2


def test_articles_that_are_read_again_are_not_expected_again(context: StreamContext, requests_mock: Mocker) -> None:
    pages = [{"json": articles_page([article(number)], number, 2, 2)} for number in (1, 1, 1, 2)]
    pages[1]["json"]["pages"]["page"] = 2
    del pages[1]["json"]["pages"]["next"]
    requests_mock.get(f"{URL}articles", pages)
    stream = Articles(context)
    read(stream)
    assert context.reports.count("articles", report.RESTARTS) == 1
    assert estimates(messages(stream)) == [("articles", 2)]
    assert context.reports.count("articles", report.EXPECTED) == 2
