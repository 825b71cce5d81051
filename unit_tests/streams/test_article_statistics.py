from typing import Any

import pytest
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from requests_mock import Mocker

from source_intercom import report
from source_intercom.streams.context import StreamContext
from source_intercom.streams.help_center import ArticleStatistics
from unit_tests.builders import URL, Json, article, articles_page, example, read


def statistics(context: StreamContext, mocker: Mocker, answer: Json) -> list[Json]:
    """The rows of one article, about which that is answered."""
    mocker.get(f"{URL}articles", json=articles_page([article(7)], 1, 1, 1))
    mocker.get(f"{URL}articles/7", json=answer)
    return read(ArticleStatistics(context))


def test_an_articles_statistics_are_a_row_with_its_id(context: StreamContext, requests_mock: Mocker) -> None:
    told = example("article_statistics")["statistics"]
    (row,) = statistics(context, requests_mock, {**article(7), "statistics": {**told}})
    assert row == {**told, "article_id": "7"}


@pytest.mark.parametrize("absent", [{}, {"statistics": None}])
def test_an_article_without_statistics_is_a_row_with_nothing_but_its_id(
    absent: Json, context: StreamContext, requests_mock: Mocker
) -> None:
    assert statistics(context, requests_mock, {**article(7), **absent}) == [{"article_id": "7"}]
    assert context.reports.count("article_statistics", report.KEYLESS) == 0


@pytest.mark.parametrize("value", ["text", 5, [], [{"views": 5}], True])
def test_statistics_that_are_no_object_are_skipped_and_counted(
    value: Any, context: StreamContext, requests_mock: Mocker
) -> None:
    assert statistics(context, requests_mock, {**article(7), "statistics": value}) == []
    assert context.reports.count("article_statistics", report.KEYLESS) == 1


def test_an_answer_that_is_no_article_is_no_article_without_statistics(
    context: StreamContext, requests_mock: Mocker
) -> None:
    with pytest.raises(AirbyteTracedException, match="the statistics of article 7"):
        statistics(context, requests_mock, {"type": "list", "data": []})
