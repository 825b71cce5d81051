from requests_mock import Mocker

from source_intercom import report
from source_intercom.streams.context import StreamContext
from source_intercom.streams.help_center import Articles
from unit_tests.builders import URL, Json, article, articles_page, example, ids, read

ARTICLES = f"{URL}articles"


def pages(*numbers: list[int], total: int) -> list[Json]:
    """One walk: pages with the articles of these numbers."""
    return [
        {"json": articles_page([article(number) for number in page], index, len(numbers), total)}
        for index, page in enumerate(numbers, 1)
    ]


def test_all_pages_are_read(context: StreamContext, requests_mock: Mocker) -> None:
    asked = requests_mock.get(ARTICLES, pages([1, 2], [3, 4], [5], total=5))
    assert ids(read(Articles(context))) == ["1", "2", "3", "4", "5"]
    assert [request.qs for request in asked.request_history] == [
        {"per_page": ["250"], "page": ["1"]},
        {"per_page": ["250"], "page": ["2"]},
        {"per_page": ["250"], "page": ["3"]},
    ]


def test_the_url_of_the_next_page_is_not_followed(context: StreamContext, requests_mock: Mocker) -> None:
    requests_mock.get(ARTICLES, pages([1], [2], total=2))
    read(Articles(context))
    assert {request.hostname for request in requests_mock.request_history} == {"api.intercom.io"}


def test_a_help_center_without_articles_is_asked_once(context: StreamContext, requests_mock: Mocker) -> None:
    empty = {"type": "list", "data": [], "total_count": 0, "pages": {"type": "pages", "page": 1, "total_pages": 0}}
    asked = requests_mock.get(ARTICLES, json=empty)
    assert read(Articles(context)) == []
    assert asked.call_count == 1


def test_the_example_is_read(context: StreamContext, requests_mock: Mocker) -> None:
    requests_mock.get(ARTICLES, json=example("articles"))
    (record,) = read(Articles(context))
    assert record["author_id"] == "991267492"
    assert record["id"] == "39"


def test_an_article_edited_between_two_pages_is_emitted_once(context: StreamContext, requests_mock: Mocker) -> None:
    requests_mock.get(ARTICLES, pages([1, 2], [2, 3], total=3))
    assert ids(read(Articles(context))) == ["1", "2", "3"]


def test_an_article_that_fell_between_two_pages_is_fetched_by_another_walk(
    context: StreamContext, requests_mock: Mocker
) -> None:
    requests_mock.get(ARTICLES, pages([1, 2], [4], total=4) + pages([3, 1], [2, 4], total=4))
    assert sorted(ids(read(Articles(context)))) == ["1", "2", "3", "4"]
    assert context.reports.count("articles", report.RESTARTS) == 1


def test_an_article_deleted_meanwhile_is_not_missed(context: StreamContext, requests_mock: Mocker) -> None:
    moved = [*pages([1, 2], [4], total=4)[:1], *pages([], [4], total=3)[1:]]  # 1 goes, 3 moves to the first page
    asked = requests_mock.get(ARTICLES, [*moved, *pages([2, 3], [4], total=3)])
    assert ids(read(Articles(context))) == ["1", "2", "4", "3"]
    assert asked.call_count == 4
