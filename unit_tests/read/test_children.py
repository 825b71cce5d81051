"""Requests for each row of a list, or of the scroll: all rows come, however many parents wait and whoever is gone."""

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import pytest
from airbyte_cdk.models import FailureType, SyncMode
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from requests_mock import Mocker

from source_intercom import report
from source_intercom.read import family
from source_intercom.streams.companies import CompanySegments
from source_intercom.streams.context import StreamContext
from source_intercom.streams.help_center import ArticleStatistics, ArticleVersions
from source_intercom.workers import Workers
from unit_tests.builders import URL, Json, article, articles_page, company, error_list, example, ids, read, scroll_page
from unit_tests.syncs import logs, records, sync, told

if TYPE_CHECKING:  # names that only the stubs of requests-mock have
    from requests_mock.request import Request
    from requests_mock.response import Context

SECONDS: Final = 120
"""After which a read counts as one that hangs; it takes a few tenths."""

GONE: Json = {"status_code": 404, "json": error_list("not_found")}
REFUSED: Json = {"status_code": 403, "json": error_list("forbidden", "no scope")}
VERSION = example("article_versions")["data"][0]


def versions_of(number: int) -> list[str]:
    """The ids of the versions of an article."""
    return [f"{number}{index:02}" for index in range(3)]


def serve(mocker: Mocker, count: int) -> list[str]:
    """A list of so many articles, one a page, each with statistics and with three versions in two pages; all ids."""
    numbers = range(1, count + 1)
    listed(mocker, *numbers)
    for number in numbers:
        mocker.get(f"{URL}articles/{number}", json={**article(number), "statistics": {"views": number}})
        mocker.get(f"{URL}articles/{number}/versions", list(version_pages(number)))
    return [each for number in numbers for each in versions_of(number)]


def listed(mocker: Mocker, *numbers: int, then: Sequence[int] | None = None) -> None:
    """A list of these articles, one a page; when it is begun again it has the others."""
    begun = 0

    def page(request: "Request", answer: "Context") -> Json:
        nonlocal begun
        number = int(request.qs.get("page", ["1"])[0])
        begun += number == 1
        shown = numbers if begun == 1 or then is None else then
        return articles_page([article(one) for one in shown[number - 1 : number]], number, len(shown), len(shown))

    mocker.get(f"{URL}articles", json=page)


def version_pages(number: int) -> Iterator[Json]:
    rows = [{**VERSION, "id": each} for each in versions_of(number)]
    for page in (1, 2):
        pages = {"type": "pages", "page": page, "per_page": 2, "total_pages": 2}
        yield {"json": {"type": "list", "pages": pages, "total_count": 3, "data": rows[2 * page - 2 : 2 * page]}}


def asked(mocker: Mocker, pattern: str) -> list[str]:
    """The paths of the requests that match, in their order."""
    paths: list[str] = [one.path for one in mocker.request_history]
    return [path for path in paths if re.fullmatch(pattern, path)]


def without_hanging(reading: Callable[[], Any]) -> Any:
    """What it returns, in a thread of its own."""
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(reading()), daemon=True)
    thread.start()
    thread.join(SECONDS)
    assert not thread.is_alive(), "it hangs"
    return found[0]


def test_children_of_a_list_come_whole_in_all_pages_of_both(context: StreamContext, requests_mock: Mocker) -> None:
    expected = serve(requests_mock, 4)
    rows = read(ArticleVersions(context))
    assert sorted(ids(rows)) == sorted(expected)
    assert {row["id"]: row["article_id"] for row in rows} == {
        each: str(number) for number in range(1, 5) for each in versions_of(number)
    }


@pytest.mark.parametrize("workers", [1, 2, 20])
@pytest.mark.parametrize("names", [["article_versions"], ["article_statistics", "article_versions", "articles"]])
def test_more_parents_than_may_wait_neither_hang_nor_lose_rows(
    names: list[str], workers: int, requests_mock: Mocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(family, "MOST_WAITING", 3)
    # The form allows no less than two.
    beside = workers - max(workers, 2)
    monkeypatch.setattr("source_intercom.sync.Workers", lambda number, failed: Workers(number + beside, failed))
    expected = serve(requests_mock, 12)
    output = without_hanging(lambda: sync(*names, num_workers=max(workers, 2)))
    assert sorted(row["id"] for row in records(output, "article_versions")) == sorted(expected)
    for name in names[:-1]:
        rows = {"article_statistics": 12, "article_versions": 36}[name]
        assert len(records(output, name)) == rows


def test_no_more_parents_are_looked_for_than_may_wait(requests_mock: Mocker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(family, "MOST_WAITING", 3)
    serve(requests_mock, 12)
    sync("article_statistics")
    paths = asked(requests_mock, ".*")
    listings = [place for place, path in enumerate(paths) if path == "/articles"]
    assert len(listings) == 12
    for found, place in enumerate(listings):
        assert found - len([path for path in paths[:place] if path != "/articles"]) <= 3


@pytest.mark.parametrize("kind", [ArticleVersions, ArticleStatistics])
def test_one_thread_that_reads_all_does_not_wait_for_itself(
    kind: Any, context: StreamContext, requests_mock: Mocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(family, "MOST_WAITING", 3)
    serve(requests_mock, 12)
    rows = without_hanging(lambda: list(kind(context).read_records(SyncMode.full_refresh)))
    assert {row["article_id"] for row in rows} == {str(number) for number in range(1, 13)}


def test_a_parent_that_is_gone_is_skipped_and_counted(context: StreamContext, requests_mock: Mocker) -> None:
    expected = serve(requests_mock, 4)
    listed(requests_mock, 1, 2, 3, 4, then=(1, 3, 4))
    for path in ("articles/2/versions", "articles/2"):
        requests_mock.get(f"{URL}{path}", **GONE)
    assert sorted(ids(read(ArticleVersions(context)))) == sorted(set(expected) - set(versions_of(2)))
    assert context.reports.count("article_versions", report.GONE) == 1


def test_a_list_in_which_all_are_there_is_not_looked_at_again(context: StreamContext, requests_mock: Mocker) -> None:
    serve(requests_mock, 4)
    assert len(read(ArticleStatistics(context))) == 4
    assert len(asked(requests_mock, "/articles")) == 4


@pytest.mark.parametrize("kind", [ArticleVersions, ArticleStatistics])
def test_few_parents_that_are_gone_and_listed_all_the_same_are_an_error(
    kind: Any, context: StreamContext, requests_mock: Mocker
) -> None:
    serve(requests_mock, 5)
    requests_mock.get(re.compile(f"{URL}articles/"), **GONE)
    with pytest.raises(AirbyteTracedException, match="404 to articles that it still finds") as caught:
        read(kind(context))
    assert caught.value.failure_type == FailureType.transient_error


def test_one_parent_that_is_gone_and_listed_all_the_same_is_named_and_costs_no_other(requests_mock: Mocker) -> None:
    serve(requests_mock, 4)
    requests_mock.get(f"{URL}articles/2", **GONE)
    output = sync("article_statistics", fails=True)
    assert [row["article_id"] for row in records(output, "article_statistics")] == ["1", "3", "4"]
    ((message, failure),) = told(output, "article_statistics")
    assert "the statistics of article 2" in message
    assert failure == FailureType.transient_error
    (line,) = (line for line in logs(output) if line.startswith("article_statistics: 3 records"))
    assert "1 not delivered by Intercom" in line
    assert report.GONE not in line


def test_parents_that_are_found_by_themselves_while_all_children_are_not_there_are_an_error(
    context: StreamContext, requests_mock: Mocker
) -> None:
    serve(requests_mock, 5)
    requests_mock.get(re.compile("/versions"), **GONE)
    with pytest.raises(AirbyteTracedException) as caught:
        read(ArticleVersions(context))
    assert caught.value.failure_type == FailureType.transient_error
    assert "404 to articles that it still finds" in (caught.value.message or "")
    assert context.reports.count("article_versions", report.GONE) == 0


def test_three_parents_that_are_gone_are_skipped_however_few_were_asked_for_yet(
    context: StreamContext, requests_mock: Mocker
) -> None:
    serve(requests_mock, 25)
    there = [*range(1, 20), 23, 24, 25]
    listed(requests_mock, *range(1, 26), then=there)
    requests_mock.get(re.compile(f"{URL}articles/2[012]$"), **GONE)
    assert len(read(ArticleStatistics(context))) == len(there)
    assert context.reports.count("article_statistics", report.GONE) == 3


def test_more_parents_gone_than_can_be_are_an_error(context: StreamContext, requests_mock: Mocker) -> None:
    serve(requests_mock, 25)
    requests_mock.get(re.compile(f"{URL}articles/"), **GONE)
    rows: list[Json] = []
    with pytest.raises(AirbyteTracedException, match="404 to 20 of 20 articles that it had found") as caught:
        read(ArticleStatistics(context), records=rows)
    assert caught.value.failure_type == FailureType.transient_error
    assert rows == []


def test_a_parent_that_fails_is_left_out_and_said_and_the_others_come(requests_mock: Mocker) -> None:
    expected = serve(requests_mock, 4)
    requests_mock.get(f"{URL}articles/2/versions", status_code=500, text="<html>")
    output = sync("article_versions", "articles", fails=True)
    rows = records(output, "article_versions")
    assert sorted(row["id"] for row in rows) == sorted(set(expected) - set(versions_of(2)))
    ((message, failure),) = told(output, "article_versions")
    assert "the versions of article 2" in message
    assert failure == FailureType.transient_error
    assert len(records(output, "articles")) == 4


@pytest.mark.parametrize(
    "names", [["article_statistics", "article_versions"], ["article_versions", "article_statistics"]]
)
def test_children_that_may_not_be_read_cost_other_children_of_the_list_nothing(
    names: list[str], requests_mock: Mocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(family, "MOST_WAITING", 3)
    expected = serve(requests_mock, 12)
    requests_mock.get(re.compile(rf"{URL}articles/\d+$"), **REFUSED)
    output = without_hanging(lambda: sync(*names, fails=True))
    assert sorted(row["id"] for row in records(output, "article_versions")) == sorted(expected)
    assert told(output, "article_versions") == []
    assert [failure for _, failure in told(output, "article_statistics")] == [FailureType.config_error]


def test_a_parent_that_is_not_selected_emits_nothing_and_counts_for_the_child(
    context: StreamContext, requests_mock: Mocker
) -> None:
    serve(requests_mock, 3)
    rows = read(ArticleStatistics(context))
    assert [row["views"] for row in rows] == [1, 2, 3]
    assert context.reports.count("article_statistics", report.REQUESTS) == 3 + 3
    assert context.reports.count("article_statistics", report.EMITTED) == 3
    assert context.reports.counts().keys() == {"article_statistics"}
    assert not [message for message in context.messages.consume_queue() if message.record]


def test_companies_are_asked_one_by_one_only_when_the_scroll_has_ended(requests_mock: Mocker) -> None:
    pages = [scroll_page(company(2 * page, notes=None), company(2 * page + 1, notes=None)) for page in range(3)]
    child_is_asked_for = threading.Event()

    def late(request: "Request", answer: "Context") -> Json:
        child_is_asked_for.wait(0.5)
        return pages[1]

    def nothing(request: "Request", answer: "Context") -> Json:
        child_is_asked_for.set()
        return {"type": "list", "data": []}

    bodies = (pages[0], late, pages[2], scroll_page())
    requests_mock.get(f"{URL}companies/scroll", [{"json": body} for body in bodies])
    requests_mock.get(re.compile(rf"{URL}companies/[0-9a-f]+/(notes|segments)"), json=nothing)
    sync("company_segments", "companies", "company_notes", "company_tags")
    paths = asked(requests_mock, ".*")
    assert paths[:4] == ["/companies/scroll"] * 4
    assert len(set(paths[4:])) == len(paths[4:]) == 6 * 2


def test_companies_that_a_further_scroll_brings_again_are_asked_once(
    context: StreamContext, requests_mock: Mocker
) -> None:
    first = {"json": scroll_page(company(1), company(2))}
    broken = {"status_code": 500, "json": error_list("server_error", "Please restart the scroll operation.")}
    ends = [{"json": scroll_page(company(3))}, {"json": scroll_page()}]
    requests_mock.get(f"{URL}companies/scroll", [first, broken, first, *ends])
    segments = example("company_segments")
    requests_mock.get(re.compile(rf"{URL}companies/[0-9a-f]+/segments"), json=segments)
    rows = read(CompanySegments(context))
    assert len(asked(requests_mock, ".*/segments")) == 3
    assert [(int(row["company_id"], 16), row["id"]) for row in rows] == [
        (number, one["id"]) for number in (1, 2, 3) for one in segments["data"]
    ]
