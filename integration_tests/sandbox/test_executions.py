"""The results of data connectors."""

import time

import pytest

from integration_tests.sandbox.api import Api, Object, error

SETTINGS = {"contacts": 5, "companies": 5, "conversations": 0, "tickets": 0}
ALL = {"start_ts": 1, "end_ts": 4_000_000_000}


def address(connector_id: str) -> str:
    return f"/data_connectors/{connector_id}/execution_results"


def results(api: Api, connector_id: str, **parameters: object) -> list[Object]:
    pages = api.cursored(address(connector_id), **parameters)
    return [row for page in pages for row in page["data"]]


@pytest.fixture
def connector(api: Api) -> str:
    """The one with most results."""
    return str(api.sandbox.truth("data_connector_results")[0]["data_connector_id"])


@pytest.mark.parametrize("per_page", [None, 7, 30, 100])
def test_pages_deliver_the_truth_newest_first(api: Api, per_page: int | None) -> None:
    truth = {(row["data_connector_id"], row["id"]): row for row in api.sandbox.truth("data_connector_results")}
    found: dict[tuple[str, str], Object] = {}
    for connector in api.sandbox.truth("data_connectors"):
        rows = results(api, connector["id"], **ALL, per_page=per_page)
        assert [row["created_at"] for row in rows] == sorted((row["created_at"] for row in rows), reverse=True)
        found |= {(connector["id"], row["id"]): row | {"data_connector_id": connector["id"]} for row in rows}
    assert found == truth


def test_pages_hold_ten_or_thirty_at_most(api: Api, connector: str) -> None:
    sizes = {
        asked: len(api.get(address(connector), params={**ALL, "per_page": asked}).json()["data"]) for asked in (30, 99)
    }
    assert sizes == {30: 30, 99: 30}
    assert len(api.get(address(connector), params=ALL).json()["data"]) == 10


def test_without_a_range_the_last_hour_is_shown(api: Api, connector: str) -> None:
    assert results(api, connector) == []
    api.sandbox.mutate("create", object="data_connector_results", parents=[connector], at=int(time.time()) - 60)
    assert len(results(api, connector)) == 1


@pytest.mark.parametrize(("bounds", "inside"), [("strict", 0), ("inclusive", 1)])
def test_whether_the_bounds_belong_to_the_range_is_a_setting(
    api: Api, connector: str, bounds: str, inside: int
) -> None:
    second = 1_900_000_000 + 100 * inside
    api.sandbox.mutate("create", object="data_connector_results", parents=[connector], at=second)
    api.sandbox.configure(bounds=bounds)
    after = len(results(api, connector, start_ts=second, end_ts=second + 9))
    before = len(results(api, connector, start_ts=second - 9, end_ts=second))
    assert (after, before) == (inside, inside)


def test_some_results_do_not_name_their_connector(api: Api) -> None:
    rows = [row for each in api.sandbox.truth("data_connectors") for row in results(api, each["id"], **ALL)]
    assert 0 < len([row for row in rows if "data_connector_id" not in row]) < len(rows)


def test_what_makes_no_sense_is_refused(api: Api, connector: str) -> None:
    assert error(api.get(address("nobody"))) == (404, "data_connector_not_found")
    assert error(api.get("/data_connectors/nobody")) == (404, "data_connector_not_found")
    assert error(api.get(address(connector), params={"start_ts": "today"})) == (400, "parameter_invalid")
    assert error(api.get(address(connector), params={"starting_after": "x"})) == (400, "client_error")
