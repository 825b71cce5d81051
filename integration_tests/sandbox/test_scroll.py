"""The companies scroll: one at a time, the same param on every page, gone when idle."""

from typing import Any

import pytest

from integration_tests.sandbox.api import Api, by_id, error
from intercom_sandbox.client import Sandbox

SETTINGS = {"contacts": 10, "companies": 250, "conversations": 0}
DIES = {"path": "/companies/scroll", "times": 1, "action": {"kind": "scroll_dies"}}


@pytest.fixture
def api(sandbox: Sandbox) -> Api:
    """A reader who finds no live scroll."""
    reader = Api(sandbox)
    sandbox.faults([DIES])
    reader.get("/companies/scroll")
    return reader


def test_the_scroll_delivers_the_companies(api: Api) -> None:
    assert by_id(api.scroll()) == by_id(api.sandbox.truth("companies"))


def test_pages_hold_100_and_the_same_param(api: Api) -> None:
    page = api.get("/companies/scroll").json()
    param, sizes = page["scroll_param"], [len(page["data"])]
    for _ in range(3):
        page = api.get(f"/companies/scroll?scroll_param={param}&per_page=5").json()
        assert page["scroll_param"] == param
        sizes.append(len(page["data"]))
    assert sizes == [100, 100, 50, 0]
    assert page == {"type": "list", "data": [], "pages": None, "total_count": None, "scroll_param": param}


def test_the_end_of_the_data_ends_the_scroll(api: Api) -> None:
    page = api.get("/companies/scroll").json()
    param = page["scroll_param"]
    while page["data"]:
        page = api.get(f"/companies/scroll?scroll_param={param}").json()
    assert error(api.get(f"/companies/scroll?scroll_param={param}")) == (404, "not_found")


def test_an_ended_scroll_makes_room_for_the_next(api: Api) -> None:
    assert by_id(api.scroll()) == by_id(api.scroll()) == by_id(api.sandbox.truth("companies"))


def test_companies_come_in_no_order_of_time(api: Api) -> None:
    companies = api.scroll()
    for key in ("created_at", "updated_at"):
        moments = [company[key] for company in companies]
        assert moments != sorted(moments)
        assert moments != sorted(moments, reverse=True)


@pytest.mark.parametrize(("lost", "size"), [(False, 100), (True, 50)])
@pytest.mark.parametrize("action", [{"status": 502}, {"kind": "empty"}, {"kind": "html"}], ids=str)
def test_a_page_whose_answer_is_lost_does_not_come_again(
    api: Api, action: dict[str, Any], lost: bool, size: int
) -> None:
    api.sandbox.faults([{"path": "/companies/scroll", "after": 1, "times": 1, "action": action | {"lost": lost}}])
    page = f"/companies/scroll?scroll_param={api.get('/companies/scroll').json()['scroll_param']}"
    api.get(page)
    assert len(api.get(page).json()["data"]) == size


def test_a_second_scroll_is_refused_while_one_is_live(api: Api) -> None:
    api.get("/companies/scroll")
    response = api.get("/companies/scroll")
    assert error(response) == (400, "scroll_exists")
    assert response.json()["errors"][0]["message"] == "scroll already exists for this workspace"


def test_an_idle_scroll_expires(api: Api) -> None:
    api.sandbox.configure(scroll_expiry=0)
    param = api.get("/companies/scroll").json()["scroll_param"]
    response = api.get(f"/companies/scroll?scroll_param={param}")
    assert error(response) == (404, "not_found")
    assert response.json()["errors"][0]["message"] == "scroll parameter not found"


def test_an_expired_scroll_makes_room_for_the_next(api: Api) -> None:
    api.sandbox.configure(scroll_expiry=0)
    first = api.get("/companies/scroll").json()["scroll_param"]
    assert api.get("/companies/scroll").json()["scroll_param"] != first


def test_an_unknown_param_is_not_found(api: Api) -> None:
    assert error(api.get("/companies/scroll?scroll_param=nonsense")) == (404, "not_found")


def test_an_internal_error_kills_the_scroll_and_a_restart_begins_anew(api: Api) -> None:
    param = api.get("/companies/scroll").json()["scroll_param"]
    api.sandbox.faults([DIES])
    response = api.get(f"/companies/scroll?scroll_param={param}")
    assert error(response) == (500, "server_error")
    assert response.json()["errors"][0]["message"].endswith("Please restart the scroll operation.")
    assert error(api.get(f"/companies/scroll?scroll_param={param}")) == (404, "not_found")
    assert by_id(api.scroll()) == by_id(api.sandbox.truth("companies"))


def test_somebody_else_can_hold_the_scroll(api: Api) -> None:
    api.sandbox.hold_scroll(600)
    assert error(api.get("/companies/scroll")) == (400, "scroll_exists")
    api.sandbox.hold_scroll(0)
    assert api.get("/companies/scroll").status_code == 200
