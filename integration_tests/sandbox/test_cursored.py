"""Lists whose pages follow from a cursor in the query string, and what can be asked of them."""

import pytest

from integration_tests.sandbox.api import Api, error
from intercom_sandbox.moments import second_of

SETTINGS = {"contacts": 5, "companies": 5, "conversations": 0, "tickets": 0}
PATHS = ("/macros", "/data_connectors")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("cursor", ["", "x", "WzFd", "bnVsbA==", "WzEsMl0=", "W251bGwsIjEiXQ=="])
def test_a_cursor_that_is_none_is_refused(api: Api, path: str, cursor: str) -> None:
    assert error(api.get(path, params={"starting_after": cursor})) == (400, "client_error")


def test_a_cursor_of_another_list_is_refused(api: Api) -> None:
    first, second = (next(api.cursored(path, per_page=5))["pages"]["next"]["starting_after"] for path in PATHS)
    assert error(api.get("/macros", params={"starting_after": second})) == (400, "client_error")
    assert error(api.get("/data_connectors", params={"starting_after": first})) == (400, "client_error")


def test_what_is_updated_between_two_pages_moves_to_the_front_and_shifts_no_other(api: Api) -> None:
    pages = api.cursored("/macros", per_page=10)
    first = next(pages)["data"]
    unread = {row["id"] for row in api.sandbox.truth("macros")} - {row["id"] for row in first}
    moved = min(unread)
    api.sandbox.mutate("update", object="macros", ids=[moved])
    api.sandbox.mutate("delete", object="macros", ids=[first[0]["id"]])
    api.sandbox.mutate("create", object="macros", count=12)
    assert {row["id"] for page in pages for row in page["data"]} == unread - {moved}
    assert moved in {row["id"] for row in api.get("/macros?per_page=13").json()["data"]}


@pytest.mark.parametrize(("bounds", "included"), [("strict", False), ("inclusive", True)])
def test_whether_the_second_since_which_macros_are_asked_for_is_included_can_be_chosen(
    api: Api, bounds: str, included: bool
) -> None:
    api.sandbox.configure(bounds=bounds)
    seconds = sorted({second_of(row["updated_at"]) for row in api.sandbox.truth("macros")})
    found = [row for page in api.cursored("/macros", updated_since=seconds[5], per_page=7) for row in page["data"]]
    assert sorted({second_of(row["updated_at"]) for row in found}) == seconds[5 if included else 6 :]


def test_macros_cannot_be_asked_for_since_what_is_no_second(api: Api) -> None:
    assert error(api.get("/macros?updated_since=yesterday")) == (400, "parameter_invalid")


@pytest.mark.parametrize("path", PATHS)
def test_a_page_size_below_one_is_refused(api: Api, path: str) -> None:
    assert error(api.get(path, params={"per_page": 0})) == (400, "parameter_invalid")
