"""Activity logs: a range of them, newest first."""

from collections import Counter

import pytest

from integration_tests.sandbox.api import Api, error

SETTINGS = {"contacts": 5, "companies": 5, "conversations": 0, "tickets": 0, "activity_logs": 330}


def test_activity_logs_come_newest_first_under_their_own_key(api: Api) -> None:
    page = api.get("/admins/activity_logs?created_at_after=1&per_page=250").json()
    moments = [log["created_at"] for log in page["activity_logs"]]
    assert (page["type"], len(moments), "total_count" in page) == ("activity_log.list", 250, False)
    assert moments == sorted(moments, reverse=True)
    assert Counter(moments).most_common(1)[0][1] > 100


@pytest.mark.parametrize(("bounds", "included"), [("strict", False), ("inclusive", True)])
def test_whether_the_bounds_of_activity_logs_are_included_can_be_chosen(api: Api, bounds: str, included: bool) -> None:
    api.sandbox.configure(bounds=bounds)
    moments = sorted({log["created_at"] for log in api.sandbox.truth("activity_logs")})
    low, inside, high = moments[3:6]
    found = api.numbered(
        "/admins/activity_logs", "activity_logs", created_at_after=low, created_at_before=high, per_page=250
    )
    assert {log["created_at"] for log in found} == ({low, inside, high} if included else {inside})


def test_activity_logs_need_a_beginning(api: Api) -> None:
    assert error(api.get("/admins/activity_logs")) == (404, "parameter_not_found")
    assert error(api.get("/admins/activity_logs?created_at_after=yesterday")) == (400, "parameter_invalid")


def test_long_ranges_of_activity_logs_can_be_an_internal_error(api: Api) -> None:
    api.sandbox.configure(activity_log_days=7)
    long, short = (
        f"/admins/activity_logs?created_at_after=1718000000&created_at_before={end}"
        for end in (1718000000 + 7 * 86400 + 1, 1718000000 + 7 * 86400)
    )
    assert (
        error(api.get(long))
        == error(api.get("/admins/activity_logs?created_at_after=1718000000"))
        == (
            500,
            "server_error",
        )
    )
    assert api.get(short).status_code == 200
