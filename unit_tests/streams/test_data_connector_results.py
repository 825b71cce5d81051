from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from airbyte_cdk.models import FailureType
from requests_mock import Mocker

from source_intercom import report
from source_intercom.read.families import families
from source_intercom.streams import content
from source_intercom.streams.content import DataConnectorResults
from source_intercom.streams.context import StreamContext
from unit_tests import syncs
from unit_tests.builders import NOW, START, URL, Json, error_list, example, messages, read, states
from unit_tests.syncs import INCREMENTAL, records, sync, told

if TYPE_CHECKING:  # names that only the stubs of requests-mock have
    from requests_mock.request import Request
    from requests_mock.response import Context

CONNECTOR = example("data_connectors")["data"][0]
RESULT = example("data_connector_results")["data"][0]


def iso(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).isoformat().replace("+00:00", "Z")


class Connectors:
    """Data connectors with results at some seconds, in pages of one connector and of `size` results.

    `before_page` is called before a page of the list of connectors is answered.
    """

    def __init__(self, mocker: Mocker, results: dict[str, list[int]], size: int = 2) -> None:
        self.mocker = mocker
        self.results = results
        self.size = size
        self.queries: list[tuple[str, dict[str, list[str]]]] = []
        self.before_page: Any = lambda number: None
        mocker.get(f"{URL}data_connectors", json=self._list)
        for each in results:
            mocker.get(f"{URL}data_connectors/{each}", json={**CONNECTOR, "id": each})
            mocker.get(f"{URL}data_connectors/{each}/execution_results", json=self._results)

    def _list(self, request: "Request", answer: "Context") -> Json:
        number, names = int(request.qs.get("starting_after", ["0"])[0]), list(self.results)
        self.before_page(number)
        following = {"starting_after": str(number + 1)} if number + 1 < len(names) else None
        rows = [{**CONNECTOR, "id": each} for each in names[number : number + 1]]
        return {"type": "list", "data": rows, "pages": {"type": "pages", "per_page": 1, "next": following}}

    def _results(self, request: "Request", answer: "Context") -> Json:
        name = request.path.split("/")[2]
        self.queries.append((name, request.qs))
        first, last = (int(request.qs[one][0]) for one in ("start_ts", "end_ts"))
        inside = sorted((second for second in self.results[name] if first <= second <= last), reverse=True)
        start = int(request.qs.get("starting_after", ["0"])[0])
        following = {"starting_after": str(start + self.size)} if start + self.size < len(inside) else None
        rows = [{**RESULT, "id": str(n), "created_at": iso(n)} for n in inside[start : start + self.size]]
        return {"type": "list", "data": rows, "pages": {"type": "pages", "per_page": self.size, "next": following}}

    def fails(self, name: str, status: int) -> None:
        path = f"{URL}data_connectors/{name}/execution_results"
        self.mocker.get(path, status_code=status, json=error_list("data_connector_not_found"))


def pairs(rows: list[Json]) -> list[tuple[str, int]]:
    return [(row["data_connector_id"], row["created_at"]) for row in rows]


@pytest.mark.usefixtures("now")
def test_all_pages_of_each_connector_are_read_and_times_are_seconds(
    context: StreamContext, requests_mock: Mocker
) -> None:
    server = Connectors(requests_mock, {"1": [NOW - 9, NOW - 8, NOW - 7], "2": [], "3": [NOW - 8]})
    rows = read(DataConnectorResults(context))
    assert pairs(rows) == [("1", NOW - 7), ("1", NOW - 8), ("1", NOW - 9), ("3", NOW - 8)]
    assert [name for name, _ in server.queries] == ["1", "1", "2", "3"]


@pytest.mark.usefixtures("now")
def test_one_range_is_asked_for_from_the_start_date_to_the_beginning_of_the_read_and_never_any_bodies(
    context: StreamContext, requests_mock: Mocker
) -> None:
    server = Connectors(requests_mock, {"1": [], "2": []})
    read(DataConnectorResults(context), {})
    asked = {"per_page": ["30"], "start_ts": [str(START - 1)], "end_ts": [str(NOW + 1)]}
    assert server.queries == [("1", asked), ("2", asked)]


@pytest.mark.usefixtures("now")
def test_a_sync_goes_on_ten_minutes_before_its_state(context: StreamContext, requests_mock: Mocker) -> None:
    state = NOW - 5000
    server = Connectors(requests_mock, {"1": [state - 601, state - 600, state + 1], "2": [state - 7000]})
    stream = DataConnectorResults(context)
    assert pairs(read(stream, {"created_at": state})) == [("1", state + 1), ("1", state - 600)]
    assert {query["start_ts"][0] for _, query in server.queries} == {str(state - 601)}
    assert states(messages(stream))[-1] == {"created_at": state + 1}


def test_what_happens_while_it_is_read_is_left_to_the_next_sync(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    """Else the state of a connector that is asked late would pass results of one that was asked early."""
    server = Connectors(requests_mock, {"1": [NOW - 9], "2": [NOW - 8]})
    later = NOW + 5000

    def moves_on(number: int) -> None:
        now.second = later
        server.results = {name: [*seconds, later - 1] for name, seconds in server.results.items()}

    server.before_page = moves_on
    stream = DataConnectorResults(context)
    assert pairs(read(stream, {})) == [("1", NOW - 9), ("2", NOW - 8)]
    assert states(messages(stream))[-1] == {"created_at": NOW - 8}


@pytest.mark.usefixtures("now")
def test_no_state_passes_what_a_connector_has_not_brought_that_is_not_even_found_yet(
    context: StreamContext, requests_mock: Mocker
) -> None:
    """The first connector is read by another thread while the list is at its second page."""
    server = Connectors(requests_mock, {"1": [NOW - 10], "2": [NOW - 4000]})
    stream = DataConnectorResults(context)
    state = {"created_at": NOW - 5000}
    stream.new_cursor(state)
    tasks = families([stream])[stream.name].tasks(stream)
    seen: list[Any] = []

    def read_what_waits(number: int) -> None:
        if number and not seen:
            seen.extend(row["created_at"] for _, row in next(tasks).read())
            seen.append(dict(stream.checkpoints.state))

    server.before_page = read_what_waits
    list(next(tasks).read())
    assert seen == [NOW - 10, state]
    for task in tasks:
        seen.extend(row["created_at"] for _, row in task.read())
    assert seen[2:] == [NOW - 4000]
    assert stream.checkpoints.state == {"created_at": NOW - 10}


@pytest.mark.usefixtures("now")
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_state_waits_for_all_connectors_in_whatever_order_they_are_read(
    order: tuple[int, int], context: StreamContext, requests_mock: Mocker
) -> None:
    Connectors(requests_mock, {"1": [NOW - 10], "2": [NOW - 4000]})
    stream = DataConnectorResults(context)
    stream.new_cursor({"created_at": NOW - 5000})
    tasks = families([stream])[stream.name].tasks(stream)
    list(next(tasks).read())
    children = [next(tasks), next(tasks)]
    list(children[order[0]].read())
    assert stream.checkpoints.state == {"created_at": NOW - 5000}
    list(children[order[1]].read())
    assert stream.checkpoints.state == {"created_at": NOW - 10}


@pytest.mark.usefixtures("now")
def test_a_connector_that_is_not_delivered_is_owed_and_read_from_the_start_date_when_it_is(
    requests_mock: Mocker, context: StreamContext
) -> None:
    """States have passed its results by then."""
    server = Connectors(requests_mock, {"1": [NOW - 9000], "2": [NOW - 10]})
    server.fails("1", 500)
    output = sync("data_connector_results", mode=INCREMENTAL, fails=True)
    ((message, kind),) = told(output, "data_connector_results")
    assert kind == FailureType.transient_error
    assert "the results of data connector 1" in message
    state = {"created_at": NOW - 10, "owed": {"windows": [], "ids": ["1"]}}
    server = Connectors(requests_mock, {"1": [NOW - 9000], "2": [NOW - 10]})
    stream = DataConnectorResults(context)
    assert ("1", NOW - 9000) in pairs(read(stream, state))
    assert server.queries[0] == (
        "1",
        {"per_page": ["30"], "start_ts": [str(START - 1)], "end_ts": [str(NOW + 1)]},
    )
    assert states(messages(stream))[-1] == {"created_at": NOW - 10}


@pytest.mark.usefixtures("now")
def test_a_connector_that_was_deleted_since_it_was_found_is_counted(
    context: StreamContext, requests_mock: Mocker
) -> None:
    server = Connectors(requests_mock, {"1": [NOW - 9], "2": [NOW - 8]})

    def is_gone(request: "Request", answer: "Context") -> Json:
        server.results.pop("1", None)
        answer.status_code = 404
        return error_list("data_connector_not_found")

    requests_mock.get(f"{URL}data_connectors/1/execution_results", json=is_gone)
    requests_mock.get(f"{URL}data_connectors/1", json=is_gone)
    stream = DataConnectorResults(context)
    assert pairs(read(stream, {})) == [("2", NOW - 8)]
    assert context.reports.count("data_connector_results", report.GONE) == 1
    assert states(messages(stream))[-1] == {"created_at": NOW - 8}


@pytest.mark.usefixtures("now")
def test_a_connector_that_is_listed_although_it_is_not_there_is_owed(requests_mock: Mocker) -> None:
    server = Connectors(requests_mock, {"1": [NOW - 9], "2": [NOW - 8]})
    server.fails("1", 404)
    requests_mock.get(f"{URL}data_connectors/1", status_code=404, json=error_list("data_connector_not_found"))
    output = sync("data_connector_results", mode=INCREMENTAL, fails=True)
    assert pairs(records(output, "data_connector_results")) == [("2", NOW - 8)]
    ((message, kind),) = told(output, "data_connector_results")
    assert kind == FailureType.transient_error
    assert "the results of data connector 1 (Intercom answers 404 to data_connectors that it still finds" in message
    owed = syncs.states(output, "data_connector_results")[-1]["owed"]
    assert owed == {"windows": [], "ids": ["1"]}


@pytest.mark.usefixtures("now")
def test_many_results_are_handed_on_bit_by_bit(
    monkeypatch: pytest.MonkeyPatch, context: StreamContext, requests_mock: Mocker
) -> None:
    monkeypatch.setattr(content, "BATCH", 2)
    server = Connectors(requests_mock, {"1": [NOW - number for number in range(9)]})
    stream = DataConnectorResults(context)
    stream.new_cursor(None)
    batches = stream.fetch({"id": "1", "data_connector_id": "1"})
    assert [len(next(batches)), len(server.queries)] == [2, 1]
    assert [len(batch) for batch in batches] == [2, 2, 2, 1]
